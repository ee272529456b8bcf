import ParleyActions
import Foundation
import ParleyCore
import Testing

@testable import ParleyAgents

/// The sample flow, as it is shipped.
func dentist() throws -> Flow { try shipped.get() }

private let shipped = Result {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Sources/ParleyGateway/Resources/dentist.yaml")
    return try FlowLoader.load(text: String(contentsOf: file, encoding: .utf8), file: "dentist.yaml")
}

private let greeting =
    "Thank you for calling Bright Smile Dental. What can I book for you: a check-up, a cleaning, or is it a toothache?"
private let wording =
    "Great. May Bright Smile Dental send you one text message to confirm this booking? "
    + "Message and data rates may apply. Reply STOP to end texts. Please say yes or no."
private let tuesday = "Tuesday the 24th of November at three p.m., for a cleaning. Is that right?"

@Test("The sample flow loads without an error or a warning")
func dentistLoads() throws {
    let flow = try dentist()
    #expect(flow.warnings == [])
    #expect(flow.slotNames == ["reason", "when"])
    #expect(flow.actionNames == ["record_consent", "send_sms"])
    #expect(flow.transferTargets == [])
    #expect(flow.settings.name == "Bright Smile Dental")
}

@Test("A caller books a cleaning and agrees to the text")
func booking() throws {
    var call = FlowTranscript(try dentist())
    #expect(call.line("open") == greeting)
    #expect(call.expectation.digits == 1)
    guard case .choice(let phrases) = call.expectation.answer else {
        Issue.record("the first question is no choice")
        return
    }
    #expect(phrases.contains("cleaning"))
    #expect(call.line("said I'd like a cleaning, please.") == "Right, a cleaning. Which day and time would suit you?")
    #expect(call.value("reason") == "cleaning")
    #expect(call.line("said Uh, next Tuesday at three in the afternoon please.") == tuesday)
    #expect(call.value("when") == "2026-11-24T15:00")
    #expect(call.value("when.date") == "2026-11-24")
    #expect(call.value("when.time") == "15:00")
    #expect(call.line("said Yes.") == wording)
    #expect(call.expectation == Expectation(digits: 1, interruption: .never, answer: .yesNo))
    #expect(call.line("said Yes, please.") == "")
    #expect(call.isOpen)
    #expect(call.value("may_text") == "yes")
    #expect(call.actions.count == 1)
    #expect(call.actions[0].name == "record_consent")
    guard case .consent(let consent)? = call.machine.flow.step("may_text")?.kind else { return }
    let version = consent.version
    #expect(version.count == 16 && version.allSatisfy { $0.isHexDigit })
    #expect(
        call.actions[0].arguments
            == "{\"purpose\":\"transactional_in_call\",\"granted\":true,\"wording\":\"\(wording)\",\"wording_version\":\"\(version)\",\"language\":\"en\",\"answer\":\"Yes, please.\",\"how\":\"spoken\"}"
    )
    #expect(call.line("committed") == "")
    #expect(call.isOpen)
    let reference = CallReference.make(callID: "01JD0000000000000000000001")
    #expect(
        call.actions.last
            == ActionRequest(
                name: "send_sms",
                arguments:
                    "{\"recipient\":\"contact\",\"purpose\":\"transactional_in_call\",\"message\":\"Bright Smile Dental: you are booked for a cleaning on Tue 24 Nov at 3:00 pm. Reference \(reference). Reply STOP to opt out.\"}"
            ))
    #expect(
        call.line("committed")
            == " Done, your confirmation is on its way by text. See you on Tuesday the 24th of November at three p.m. Goodbye."
    )
    #expect(call.ended == .end)
    #expect(!call.isOpen)
}

/// What a row ends with: the reply's words hold `says`, and the slots are these.
struct Row: CustomTestStringConvertible {
    var testDescription: String
    var lines: [String]
    var says: String
    var slots: [String: String] = [:]
    var actions = 0

    init(_ title: String, _ lines: [String], says: String, slots: [String: String] = [:], actions: Int = 0) {
        testDescription = title
        self.lines = lines
        self.says = says
        self.slots = slots
        self.actions = actions
    }
}

private let toConfirm = ["open", "said cleaning", "said Tuesday at three"]
private let toConsent = toConfirm + ["said yes"]

@Test(
    "The dentist's conversation",
    arguments: [
        Row(
            "keys choose", ["open", "keys 3"], says: "Right, an urgent visit for a toothache.",
            slots: ["reason": "toothache"]),
        Row("a wrong key asks again", ["open", "keys 9"], says: "You can say check-up, cleaning or toothache"),
        Row("noise asks again", ["open", "said blah"], says: "You can say check-up"),
        Row("noise twice asks in other words", ["open", "said blah", "said blah"], says: "For a check-up press 1"),
        Row("noise three times ends", ["open", "said blah", "said blah", "said blah"], says: "Please call again."),
        Row("silence asks again", ["open", "silence 1"], says: "You can say check-up"),
        Row("over the question, the question again in full", ["open", "cut blah"], says: greeting),
        Row(
            "over the question, an answer counts", ["open", "cut a cleaning"], says: "Right, a cleaning.",
            slots: ["reason": "cleaning"]),
        Row(
            "everything at once", ["open", "said I need a cleaning next Tuesday at three in the afternoon"],
            says: tuesday,
            slots: ["reason": "cleaning", "when": "2026-11-24T15:00"]),
        Row(
            "the day ahead of its question", ["open", "said a cleaning on Tuesday"],
            says: "Right, a cleaning. Tuesday the 24th of November. What time would suit you?",
            slots: ["when.date": "2026-11-24"]),
        Row(
            "the time follows", ["open", "said a cleaning on Tuesday", "said three"], says: tuesday,
            slots: ["when": "2026-11-24T15:00"]),
        Row(
            "day first", ["open", "said cleaning", "said Tuesday"],
            says: "Tuesday the 24th of November. What time would suit you?"),
        Row("time first", ["open", "said cleaning", "said at three"], says: "three p.m. On which day?"),
        Row("time first, then the day", ["open", "said cleaning", "said at three", "said Tuesday"], says: tuesday),
        Row(
            "a misheard four", ["open", "said cleaning", "said Tuesday", "said for"],
            says: "Tuesday the 24th of November at four p.m."),
        Row(
            "the morning is kept", ["open", "said cleaning", "said tomorrow morning", "said nine"],
            says: "Friday the 20th of November at nine a.m."),
        Row(
            "half known, noise asks for the rest alone", ["open", "said cleaning", "said Tuesday", "said blah"],
            says: "Sorry, I did not catch that. What time would suit you?"),
        Row(
            "a closed day", ["open", "said cleaning", "said Sunday at three"],
            says: "We are closed on Sundays. On which day?"),
        Row(
            "another day keeps the time", ["open", "said cleaning", "said Sunday at three", "said Monday then"],
            says: "Monday the 23rd of November at three p.m."),
        Row(
            "an hour that is closed", ["open", "said cleaning", "said Tuesday at 8 pm"],
            says: "On Tuesdays we are open from eight a.m. to six p.m. What time would suit you?"),
        Row(
            "an hour that has passed", ["open", "said cleaning", "said today at 9 a.m."],
            says: "That time has passed already."),
        Row(
            "a day that has passed", ["open", "said cleaning", "said November 3rd 2026 at three"],
            says: "That day has passed already. On which day?"),
        Row(
            "a weekday that is not that day", ["open", "said cleaning", "said Friday the 28th at three"],
            says: "The 28th is a Saturday, not a Friday."),
        Row(
            "refused for ever ends", ["open", "said cleaning"] + Array(repeating: "said Sunday at three", count: 6),
            says: "Please call again."),
        Row(
            "no, with the right day", toConfirm + ["said No, Wednesday."],
            says: "Wednesday the 25th of November at three p.m., for a cleaning.",
            slots: ["when": "2026-11-25T15:00"]),
        Row(
            "no, with the right time", toConfirm + ["said no, at four"],
            says: "Tuesday the 24th of November at four p.m.",
            slots: ["when": "2026-11-24T16:00"]),
        Row("no, with a bare time", toConfirm + ["said no, four thirty"], says: "at four thirty p.m."),
        Row(
            "no, with the right treatment", toConfirm + ["said no, a check-up"], says: "at three p.m., for a check-up.",
            slots: ["reason": "check_up"]),
        Row("make it", toConfirm + ["said Could you make it four o'clock?"], says: "at four p.m., for a cleaning."),
        Row("no, to a closed day", toConfirm + ["said no, Sunday"], says: "We are closed on Sundays. On which day?"),
        Row("just no", toConfirm + ["said no"], says: "What should I change, the treatment or the day and time?"),
        Row(
            "just no, then what", toConfirm + ["said no", "said the day and time"],
            says: "Which day and time would suit you?"),
        Row("just no, then the time", toConfirm + ["said no", "said the time"], says: "What time would suit you?"),
        Row(
            "just no, then the time, mended", toConfirm + ["said no", "said the time", "said five"],
            says: "at five p.m., for a cleaning."),
        Row(
            "just no, then the treatment", toConfirm + ["said no", "said the treatment"],
            says: "What can I book for you"),
        Row(
            "just no, then the treatment, mended", toConfirm + ["said no", "said the treatment", "said check-up"],
            says: "three p.m., for a check-up."),
        Row(
            "just no, then the value", toConfirm + ["said no", "said Wednesday"],
            says: "Wednesday the 25th of November at three p.m."),
        Row("confirmed by key", toConfirm + ["keys 1"], says: "May Bright Smile Dental send you"),
        Row("denied by key", toConfirm + ["keys 2"], says: "What should I change"),
        Row(
            "the same again is a yes", toConfirm + ["said yes, Tuesday at three"],
            says: "May Bright Smile Dental send you"),
        Row("consent: no", toConsent + ["said no thanks"], says: "", slots: ["may_text": "no"], actions: 1),
        Row(
            "consent: no, recorded", toConsent + ["said no thanks", "committed"],
            says: "No problem, no text. Your reference is ", actions: 1),
        Row(
            "consent: no, not recorded", toConsent + ["said no thanks", "failed"], says: "No problem, no text.",
            actions: 1),
        Row(
            "consent: key 1", toConsent + ["keys 1", "committed", "committed"], says: "on its way by text", actions: 2),
        Row("consent: key 2", toConsent + ["keys 2", "committed"], says: "No problem, no text.", actions: 1),
        Row("consent: okay asks once more", toConsent + ["said okay"], says: "Please say yes or no: may we text you"),
        Row(
            "consent: okay, then yes", toConsent + ["said okay", "said yes", "committed", "committed"],
            says: "on its way", actions: 2),
        Row(
            "consent: okay twice is no", toConsent + ["said okay", "said okay", "committed"], says: "no text",
            slots: ["may_text": "no"], actions: 1),
        Row(
            "consent: maybe twice is no", toConsent + ["said maybe", "said maybe", "committed"], says: "no text",
            actions: 1),
        Row(
            "consent: a bare number twice is no", toConsent + ["said one", "said one", "committed"], says: "no text",
            actions: 1),
        Row(
            "consent: silence twice is no", toConsent + ["silence 1", "silence 2", "committed"], says: "no text",
            actions: 1),
        Row("consent: yes over the wording hears it again", toConsent + ["cut yes"], says: wording),
        Row(
            "consent: yes over the wording, then after it",
            toConsent + ["cut yes", "said yes", "committed", "committed"], says: "on its way", actions: 2),
        Row(
            "consent: yes over the wording, always, is no",
            toConsent + ["cut yes", "cut yes", "cut yes", "cut yes", "committed"], says: "no text", actions: 1),
        Row("consent: a key over the wording hears it again", toConsent + ["cutkeys 1"], says: wording),
        Row(
            "consent: a key over the wording costs no second chance", toConsent + ["cutkeys 1", "silence 1"],
            says: "Please say yes or no"),
        Row("consent: no over the wording is no", toConsent + ["cut no", "committed"], says: "no text", actions: 1),
        Row("consent: say it again", toConsent + ["said can you repeat that"], says: wording),
        Row(
            "consent not stored", toConsent + ["said yes", "failed"],
            says: "I could not send the text, but you are booked", actions: 1),
        Row(
            "text refused", toConsent + ["said yes", "committed", "refused"], says: "I could not send the text",
            actions: 2),
        Row(
            "text failed", toConsent + ["said yes", "committed", "failed"], says: "I could not send the text",
            actions: 2),
        Row(
            "repeat", ["open", "said cleaning", "said repeat please"],
            says: "Right, a cleaning. Which day and time would suit you?"),
        Row(
            "are you a machine", ["open", "said are you a machine"],
            says: "Yes, I am a machine: the automated assistant of Bright Smile Dental. What can I book for you"),
        Row("help", ["open", "said what can you do"], says: "I can book an appointment at Bright Smile Dental."),
        Row(
            "a person, where there is none", ["open", "said operator"],
            says: "I am sorry, I cannot put you through to a person. What can I book"),
        Row("one moment", ["open", "said one moment please"], says: "Take your time."),
        Row("goodbye", ["open", "said goodbye"], says: "Thank you for calling Bright Smile Dental. Goodbye."),
        Row(
            "the end, cut off, is said again", ["open", "said goodbye", "cut wait"],
            says: "Thank you for calling Bright Smile Dental. Goodbye."),
        Row("nothing said", ["open", "said "], says: "You can say check-up"),
    ])
func dentistRows(row: Row) throws {
    var call = FlowTranscript(try dentist())
    var reply = ""
    for line in row.lines { reply = call.line(line) }
    if row.says.isEmpty { #expect(reply == "") } else { #expect(reply.contains(row.says), "\(reply)") }
    for (slot, value) in row.slots { #expect(call.value(slot) == value) }
    #expect(call.actions.count == row.actions)
    // Last words always come with the end of the call.
    if case .over = call.machine.position { #expect(call.ended == .end) } else { #expect(call.ended == nil) }
}

@Test("An action whose reply was cut goes on, and its outcome is told at the next turn")
func cutWhileActing() throws {
    var call = FlowTranscript(try dentist())
    for line in toConsent { _ = call.line(line) }
    #expect(call.line("said yes") == "")
    call.cancel()
    #expect(call.line("committed") == "")  // consent is stored; nobody listens
    #expect(call.actions.count == 1)
    #expect(call.line("said hello?") == "")  // goes on with the text
    #expect(call.actions.count == 2)
    #expect(call.line("committed").contains("on its way by text"))
    #expect(call.ended == .end)
}

@Test("A turn while an action runs gets the outcome as its reply")
func askedWhileActing() throws {
    var call = FlowTranscript(try dentist())
    for line in toConsent + ["said yes", "committed"] { _ = call.line(line) }
    call.cancel()
    #expect(call.line("said are you there") == "")
    #expect(call.isOpen)
    #expect(call.line("committed").contains("on its way by text"))
    #expect(call.line("silence 1").contains("on its way by text"))
}

@Test("An outcome nobody waits for changes nothing")
func strayOutcome() throws {
    var machine = FlowTranscript(try dentist()).machine
    let stray = ActionInvocation(
        number: 1, generation: Generation(1), turn: TurnID(1), request: ActionRequest(name: "send_sms", arguments: "{}")
    )
    #expect(machine.finished(stray, .committed) == nil)
    #expect(machine.position == .notStarted)
}

@Test(
    "Input of any kind gets one answer and never a crash",
    arguments: [
        String(repeating: "a ", count: 5_120), String(repeating: "9", count: 10_240), "\u{0}\u{1}\u{7f}\u{202e}", "👨‍👩‍👧‍👦🦷🦷",
        "{{when}}", "{{", "\"}]}", "half past", "quarter to", "the", "at", "double", "in", "week", "next", "no",
        "sorry", "not", "of",
        "november", "99:99", "24:00", "0:0", "::::", "....", "3.", ".3", "+", "/", "1/", "/1", "13/13", "2026-99-99",
        "0", "00000",
        "one hundred", "thousand", "\u{301}\u{301}", "İstanbul ŞŞ", "٣ مساءً", "9999999999999999999999",
        "twenty twenty twenty",
        String(repeating: "no sorry ", count: 400), String(repeating: "{{", count: 2_000),
    ])
func hostileInput(text: String) throws {
    for prefix in [["open"], ["open", "said cleaning"], toConfirm, toConfirm + ["said no"], toConsent] {
        var call = FlowTranscript(try dentist())
        for line in prefix { _ = call.line(line) }
        #expect(!call.ask(.said(text)).isEmpty || call.isOpen)
        _ = call.ask(.keyed(text))
    }
}

@Test("A broken wall clock does not stop a call", arguments: [Double.nan, .infinity, -.infinity, -1, 0, 1e300])
func brokenClock(wallClock: Double) throws {
    var call = FlowTranscript(try dentist(), wallClock: wallClock)
    #expect(call.line("open") == greeting)
    _ = call.line("said cleaning")
    #expect(!call.line("said in two weeks at three").isEmpty)
}
