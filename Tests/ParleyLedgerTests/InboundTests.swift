import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyLedger

@Suite("Texts that come in, in the record")
struct InboundTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func text(_ body: String, id: String = "x1", from: String = "+12125550123") -> TextArrival {
        TextArrival(
            InboundMessage(providerID: id, from: from, to: "+12125550100", body: body), provider: "twilio",
            channel: "sms")
    }

    @Test("A stop is not lost to an id that was used before, nor to a number without a plus")
    func reusedID() async throws {
        let ledger = try Ledger.open(folder, messaging: .carrying)
        _ = try await ledger.received(text("hello", from: "+12125550199"))
        #expect(try await ledger.received(text("STOP")) == .settled)
        #expect(try await ledger.received(text("STOP")) == .repeated)
        #expect(try await ledger.received(text("STOP", from: "(212) 555-0124")) == .settled)
        #expect(try ledger.reader.consentChain("+12125550123").isOptedOut)
        #expect(try ledger.reader.consentChain("+12125550124").isOptedOut)
        #expect(try await ledger.received(text("STOP", from: "nobody")) == .unreadable)
    }

    @Test("Answers use up no cap of what we send by ourselves; a stop a minute is confirmed twenty times a day")
    func caps() async throws {
        let clock = WallClock()
        let ledger = try Ledger.open(folder, clock: clock, messaging: .carrying)
        for index in 0..<30 {
            _ = try await ledger.received(text("STOP", id: "s\(index)"))
            _ = try await ledger.received(text("START", id: "t\(index)"))
            clock.advance(61_000)
        }
        let notices = try ledger.reader.messages(limit: 200).count
        #expect(notices == 20)
        _ = await ledger.agreeing()
        #expect(await ledger.run("send_sms", #"{"message":"Booked."}"#, turn: 3).outcome == .committed)
    }

    @Test("What was erased while it waited does not leave as an empty text, and is not sent again")
    func blank() async throws {
        let ledger = try Ledger.open(folder, messaging: .carrying)
        _ = await ledger.agreeing()
        _ = await ledger.run("send_sms", #"{"message":"Booked."}"#, turn: 3)
        try folder.write("UPDATE messages SET body = ''")
        #expect(try await ledger.carry().isEmpty)
        #expect(try ledger.reader.messages().map(\.detail) == ["text_erased"])
    }

    @Test("A booking that they asked to be cancelled is not confirmed by late news of it")
    func cancelled() async throws {
        let ledger = try Ledger.open(folder, messaging: .carrying)
        ledger.start()
        _ = await ledger.run("booking_confirmed", "{}", turn: 1)
        #expect(try ledger.reader.thread("+12125550123")?.booking.status == .confirmed)
        guard case .wantsAnswer(let question) = try await ledger.received(text("C")) else {
            Issue.record("it is for the agent")
            return
        }
        try await ledger.answer(question, with: TextAnswer(reply: nil, events: [.cancelRequested]))
        _ = await ledger.run("booking_confirmed", "{}", turn: 2)
        #expect(try ledger.reader.thread("+12125550123")?.booking.status == .cancelRequested)
    }

    @Test("Nobody abroad and none of our own numbers is answered")
    func abroad() async throws {
        let ledger = try Ledger.open(folder, messaging: .carrying)
        for (index, from) in ["+447700900123", "+12125550100"].enumerated() {
            let outcome = try await ledger.received(text("hello", id: "h\(index)", from: from))
            guard case .wantsAnswer(let question) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            try await ledger.answer(question, with: TextAnswer(reply: "Hello."))
        }
        #expect(try ledger.reader.messages().isEmpty)
    }
}
