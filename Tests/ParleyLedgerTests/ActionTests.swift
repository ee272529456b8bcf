import ParleyActions
import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyLedger

@Suite("What an agent may do, and its row")
struct ActionTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private let text = #"{"message":"You are booked for Tuesday."}"#

    @Test("A caller who agreed gets one text: consent, action and message stand in the record with their evidence")
    func agreed() async throws {
        let ledger = try Ledger.open(folder)
        let consent = await ledger.agreeing()
        #expect(consent.outcome == .committed)
        let id = try #require(consent.consent)
        let sent = await ledger.run("send_sms", text, turn: 3)
        #expect(sent.outcome == .committed)
        #expect(sent.text?.body == "Riverside Dental: You are booked for Tuesday. Reply STOP to opt out")
        #expect(await ledger.settle())

        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(record.consents.count == 1)
        let row = record.consents[0]
        #expect(row.id == id)
        #expect(row.number == "+12125550123")
        #expect(row.sender == "+15555550100")
        #expect(row.purpose == "transactional_in_call")
        #expect(row.means == "spoken")
        #expect(row.wording == "May we text you the confirmation?")
        #expect(row.heard == "May we text you the confirmation?")
        #expect(row.answer == "Yes, please.")
        #expect([row.turn, row.spanBeganMs, row.spanEndedMs] == [2, 4_000, 4_800])
        #expect(row.agent == "dentist")
        #expect(row.givenAt == 1_773_500_966_000)
        #expect(row.withdrawnAt == nil)
        #expect(record.messages.map(\.state) == ["recorded"])
        #expect(record.messages[0].consent == id)
        #expect(record.messages[0].id == sent.text?.id)
        #expect(record.actions.map(\.outcome) == ["committed", "committed"])
    }

    @Test(
        "Without an explicit yes in the caller's own turn there is no consent, and no text",
        arguments: [("No, thank you.", false), ("okay", false), ("2", true), ("yes, that's my name", false)])
    func noYes(answer: String, isKeyed: Bool) async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        ledger.say(answer, turn: 2, isKeyed: isKeyed)
        // The agent may believe what it likes.
        let claim = #"{"wording":"May we?","granted":true,"answer":"yes","how":"spoken"}"#
        #expect(await ledger.run("record_consent", claim, turn: 2).outcome == .refused("no_explicit_yes"))
        #expect(await ledger.run("send_sms", text, turn: 2).outcome == .refused("no_consent"))
        #expect(await ledger.settle())
        #expect(try folder.sql("SELECT count(*) FROM messages", as: Int.self) == [0])
        #expect(try folder.sql("SELECT count(*) FROM consents", as: Int.self) == [0])
        #expect(
            try folder.sql("SELECT rule FROM actions ORDER BY name", as: String.self) == [
                "no_explicit_yes", "no_consent",
            ])
    }

    @Test("A yes in another turn, or in a turn that was never recorded, does not count")
    func otherTurn() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        ledger.reply("May we text you?", generation: 1)
        ledger.say("yes", turn: 1)
        #expect(await ledger.run("record_consent", #"{"wording":"w"}"#, turn: 2).outcome == .refused("no_explicit_yes"))
        #expect(await ledger.run("record_consent", #"{"wording":"w"}"#, turn: 1).outcome == .committed)
    }

    @Test("A yes to another question is no consent, whatever wording the agent claims; one to a repeated question is")
    func otherQuestion() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        ledger.say("yes", turn: 1)
        #expect(await ledger.run("record_consent", "{}", turn: 1).outcome == .refused("wording_missing"))
        ledger.reply("Is Tuesday good?", generation: 2)
        ledger.say("yes", turn: 2)
        let claim = #"{"wording":"May we text you?"}"#
        #expect(await ledger.run("record_consent", claim, turn: 2).outcome == .refused("consent_not_asked"))
        ledger.reply("May we text you?", generation: 3)
        ledger.say("hm", turn: 3)
        ledger.reply("Please say yes or no.", generation: 4)
        ledger.say("yes", turn: 4)
        #expect(await ledger.run("record_consent", claim, turn: 4).outcome == .committed)
    }

    @Test("Key 1 is consent; a later no withdraws it")
    func keyedAndWithdrawn() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        ledger.reply("For a text message press 1.", generation: 2)
        ledger.say("1", turn: 2, isKeyed: true)
        #expect(await ledger.run("record_consent", #"{"wording":"Press 1."}"#, turn: 2).outcome == .committed)
        #expect(await ledger.run("send_sms", text, turn: 2).outcome == .committed)
        ledger.say("actually no", turn: 3)
        let no = await ledger.run("record_consent", #"{"wording":"w","granted":false}"#, turn: 3)
        #expect(no.outcome == .committed)
        #expect(no.rule == "declined")
        #expect(no.consent == nil)
        #expect(await ledger.run("send_sms", #"{"message":"One more."}"#, turn: 3).outcome == .refused("no_consent"))
        #expect(try ledger.reader.call("CALL1")?.consents.map(\.means) == ["key_press"])
        #expect(try ledger.reader.call("CALL1")?.consents[0].withdrawnAt != nil)
    }

    @Test("Consent given in one call covers no other call")
    func otherCall() async throws {
        let ledger = try Ledger.open(folder)
        _ = await ledger.agreeing()
        ledger.start("CALL2")
        #expect(await ledger.run("send_sms", text, turn: 1, call: "CALL2").outcome == .refused("no_consent"))
    }

    @Test("100 of the same invocation at once: one row, one text, one answer")
    func once() async throws {
        let ledger = try Ledger.open(folder, messaging: .carrying)
        _ = await ledger.agreeing()
        let receipts = await withTaskGroup(of: ActionReceipt.self, returning: [ActionReceipt].self) { group in
            for number in 0..<100 {
                let spelling = number % 2 == 0 ? text : #"{ "message" : "You are b\u006foked for Tuesday." }"#
                group.addTask { await ledger.run("send_sms", spelling, turn: 3, number: UInt32(number)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(receipts.count == 100)
        #expect(receipts.allSatisfy { $0.outcome == .committed })
        #expect(receipts.filter { !$0.isRepeat }.count == 1)
        #expect(try await ledger.carry().count == 1)
        #expect(try folder.sql("SELECT count(*) FROM messages", as: Int.self) == [1])
        #expect(try folder.sql("SELECT count(*) FROM actions WHERE name = 'send_sms'", as: Int.self) == [1])
        #expect(ledger.status.actionsCommitted == 2)
    }

    @Test("The same invocation after a restart is answered alike and not done again")
    func onceAcrossRestart() async throws {
        let first = try Ledger.open(folder, messaging: .carrying)
        _ = await first.agreeing()
        #expect(await first.run("send_sms", text, turn: 3).isRepeat == false)
        #expect(try await first.carry().count == 1)
        first.close()
        let second = try Ledger.open(folder, messaging: .carrying)
        let again = await second.run("send_sms", text, turn: 3)
        #expect(again == ActionReceipt(.committed, isRepeat: true))
        #expect(try await second.carry().isEmpty)
    }

    @Test(
        "A refused request has a row too, and is refused alike the second time",
        arguments: [
            ("rm_rf", "{}", "unknown_action"), ("send_sms", "{", "arguments_not_json: at byte 1"),
            ("send_sms", "{}", "arguments_invalid: message is missing"),
        ])
    func refused(name: String, arguments: String, rule: String) async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        #expect(await ledger.run(name, arguments, turn: 1).outcome == .refused(rule))
        #expect(await ledger.run(name, arguments, turn: 1) == ActionReceipt(.refused(rule), isRepeat: true))
        #expect(try folder.sql("SELECT rule FROM actions", as: String.self) == [rule])
        #expect(
            await ledger.run(name, arguments, turn: 1, call: "NEVER").outcome
                == .refused(
                    "unknown_call"))
    }

    @Test(
        "A caller without a number that can be texted gets none",
        arguments: [
            ("", "number_missing"), ("anonymous", "number_not_e164"), ("911", "number_short_or_emergency"),
            ("+18005550123", "number_not_messageable"),
        ])
    func unfit(caller: String, rule: String) async throws {
        let ledger = try Ledger.open(folder)
        #expect(await ledger.agreeing(caller: caller).outcome == .refused(rule))
        #expect(await ledger.run("send_sms", text, turn: 3).outcome == .refused(rule))
    }

    @Test("The fourth text of a call, a text of too many parts, a text of nothing")
    func bounds() async throws {
        let ledger = try Ledger.open(folder)
        _ = await ledger.agreeing()
        #expect(await ledger.run("send_sms", #"{"message":" "}"#, turn: 3).outcome == .refused("text_empty"))
        let long = #"{"message":""# + String(repeating: "a", count: 900) + #""}"#
        #expect(
            await ledger.run("send_sms", long, turn: 3).outcome == .refused("text_too_long: 7 parts, at most 3"))
        for turn in UInt32(3)...5 {
            #expect(await ledger.run("send_sms", #"{"message":"Text \#(turn)."}"#, turn: turn).outcome == .committed)
        }
        #expect(await ledger.run("send_sms", text, turn: 6).outcome == .refused("cap_per_call"))
    }

    @Test("One fact is one text in a call: asked for again later, it was said before")
    func oneFact() async throws {
        let ledger = try Ledger.open(folder)
        _ = await ledger.agreeing()
        let first = await ledger.run("send_sms", text, turn: 3)
        let again = await ledger.run("send_sms", text, turn: 7)
        #expect(again.outcome == .committed)
        #expect(again.rule == "said_before: \(first.text?.id ?? "")")
        #expect(again.text == nil)
        #expect(try ledger.reader.messages().count == 1)
    }

    @Test("Recorded texts use up no cap of their recipient: ten calls in a row each get theirs; carried ones do")
    func recipientCaps() async throws {
        let recording = try Ledger.open(folder)
        for number in 0..<10 {
            _ = await recording.agreeing("R\(number)")
            #expect(await recording.run("send_sms", text, turn: 3, call: "R\(number)").outcome == .committed)
        }
        recording.close()
        let clock = WallClock()
        let carrying = try Ledger.open(folder, clock: clock, messaging: .carrying)
        var rules: [ActionResult.Outcome] = []
        for number in 0..<14 {
            if number > 3 { clock.advance(1_200_001) }
            _ = await carrying.agreeing("S\(number)")
            rules.append(await carrying.run("send_sms", text, turn: 3, call: "S\(number)").outcome)
        }
        #expect(rules[..<3].allSatisfy { $0 == .committed })
        #expect(rules[3] == .refused("cap_per_recipient_10min"))
        #expect(rules[4..<11].allSatisfy { $0 == .committed })
        #expect(rules[11...].allSatisfy { $0 == .refused("cap_per_recipient_day") })
    }

    @Test("A stop is durable when it is answered, blocks what comes and suppresses what waits")
    func optOut() async throws {
        let ledger = try Ledger.open(folder, messaging: .carrying)
        _ = await ledger.agreeing()
        #expect(await ledger.run("send_sms", text, turn: 3).outcome == .committed)
        try await ledger.optOut(OptOut(number: "+12125550123", means: "operator", at: 0))
        #expect(try folder.sql("SELECT state FROM messages", as: String.self) == ["suppressed"])
        #expect(await ledger.run("send_sms", text, turn: 4).outcome == .refused("opted_out"))
        #expect(await ledger.agreeing("CALL2").outcome == .committed)
        #expect(await ledger.run("send_sms", text, turn: 4, call: "CALL2").outcome == .refused("opted_out"))
        #expect(try await ledger.carry().isEmpty)
    }

    @Test("A stop by word of mouth holds whatever the agent makes of it; a clear yes later in the call lifts it")
    func spokenStop() async throws {
        let ledger = try Ledger.open(folder)
        _ = await ledger.agreeing()
        ledger.say("please don't text me", turn: 3)
        #expect(await ledger.run("send_sms", text, turn: 3).outcome == .refused("opted_out"))
        ledger.reply("May we text you the confirmation?", generation: 4)
        ledger.say("Yes, please.", turn: 4)
        #expect(await ledger.run("record_consent", "{}", turn: 4).outcome == .committed)
        #expect(await ledger.run("send_sms", text, turn: 4).outcome == .committed)
    }

    @Test("A text that was durable and not handed over goes after a restart, through the gate again")
    func waiting() async throws {
        let first = try Ledger.open(folder, messaging: .carrying)
        _ = await first.agreeing()
        #expect(await first.run("send_sms", text, turn: 3).outcome == .committed)
        // Claimed by a process that is gone.
        _ = try await first.outbox.claim(ClaimRoom(owner: "gone", limit: 1), now: WallClock().now)
        first.close()
        let second = try Ledger.open(folder, messaging: .carrying)
        #expect(try await second.carry().count == 1)
        #expect(try second.reader.messages().map { [$0.state, $0.providerMessage] } == [["accepted", "SM1"]])
        second.close()
        let third = try Ledger.open(folder, messaging: .carrying)
        #expect(try await third.carry().isEmpty)
    }

    @Test("...and stays where it is if its recipient opted out meanwhile")
    func waitingAndStopped() async throws {
        let first = try Ledger.open(folder, messaging: .carrying)
        _ = await first.agreeing()
        #expect(await first.run("send_sms", text, turn: 3).outcome == .committed)
        let claim = try #require(
            try await first.outbox.claim(ClaimRoom(owner: "me", limit: 1), now: WallClock().now).claims.first)
        guard case .send = try await first.outbox.begin(claim, now: WallClock().now) else {
            Issue.record("it may go")
            return
        }
        try await first.optOut(OptOut(number: "+12125550123", means: "sms", at: 0))
        guard case .instead = try await first.outbox.lastLook(claim, now: WallClock().now) else {
            Issue.record("it may not")
            return
        }
        #expect(try first.reader.messages().map { [$0.state, $0.detail] } == [["suppressed", "opted_out"]])
    }

    @Test("A decision can be made again on what it was made on, with the same rule")
    func audited() async throws {
        let ledger = try Ledger.open(folder, messaging: .carrying)
        ledger.start()
        _ = await ledger.run("send_sms", text, turn: 1)
        _ = await ledger.agreeing("CALL2")
        _ = await ledger.run("send_sms", text, turn: 3, call: "CALL2")
        let audits = try ledger.reader.audit(calls: ["CALL1", "CALL2"], messaging: .carrying)
        #expect(audits.map(\.recorded) == ["refused: no_consent", "committed", "committed"])
        #expect(audits.map(\.again) == audits.map(\.recorded))
        // Another rule gives another answer.
        var changed = Ledger.Messaging.carrying
        changed.plan.caps.maxInCall = 0
        #expect(
            try ledger.reader.audit(calls: ["CALL2"], messaging: changed).map(\.again).last == "refused: cap_per_call")
    }
}
