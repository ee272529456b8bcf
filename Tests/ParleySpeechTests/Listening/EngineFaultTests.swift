import FakeEngines
import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Recognisers that fail, over real sockets (reliability.md 4.1)")
struct EngineFaultTests {
    private static let line = "Book a table for two."
    private static let next = "Yes."

    /// One turn with the fault and one behind it, which goes well.
    private func run(
        _ kind: EngineKind, _ fault: FakeFault.Kind, fails: Bool, detail: String = ""
    ) async throws {
        let isOfConnection =
            switch fault {
            case .slowToConnect, .neverConnects: true
            default: false
            }
        // A turn that failed is not told again here: the second turn has the second line.
        var script = FakeScript(
            lines: [Self.line, Self.next], faults: [FakeFault(fault, connection: 0, turn: isOfConnection ? nil : 0)])
        script.numbering = .connection
        if fails { script.lines = [Self.line, Self.line] }
        let fake = kind.fake(script)
        try await fake.start()
        let call = try EngineCall(try kind.recognizer(fake))
        call.speak(milliseconds: 1_500)
        call.session.finish(TurnID(1))
        let first = try await call.end(of: 1)
        if fails {
            #expect(first == .failed(TurnID(1)))
            let news = try await call.news.first { $0.kind == .failed }
            #expect(news.detail.contains(detail), "\(news)")
        } else {
            #expect(first == .final(TurnID(1), kind.spelled(Self.line)))
        }
        call.speak(milliseconds: 1_500)
        call.session.finish(TurnID(2))
        // A connection for each turn begins with the first line each time.
        let second = fails || kind == .wyoming ? Self.line : Self.next
        #expect(try await call.end(of: 2) == .final(TurnID(2), kind.spelled(second)))
        #expect(call.ends(of: 1) == 1 && call.ends(of: 2) == 1)
        #expect(fake.violations.all == [])
        call.session.close()
        await fake.stop()
    }

    @Test(
        "Refused as the call begins: told once, and the first word tries again at once",
        arguments: EngineKind.allCases.filter { $0 != .wyoming })
    func refusedOnce(kind: EngineKind) async throws {
        let script = FakeScript(
            lines: [Self.line], faults: [FakeFault(.refuse(status: 429, retryAfter: 1), connection: 0)])
        let fake = kind.fake(script)
        try await fake.start()
        let call = try EngineCall(try kind.recognizer(fake))
        let news = try await call.news.first { $0.kind == .failed }
        #expect(news.detail.contains("429"))
        call.speak(milliseconds: 1_500)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .final(TurnID(1), kind.spelled(Self.line)))
        #expect(call.news.all.map(\.kind) == [.failed, .reconnected])
        call.session.close()
        await fake.stop()
    }

    @Test("Refused always: the turn fails", arguments: EngineKind.allCases)
    func refusedAlways(kind: EngineKind) async throws {
        let fake = kind.fake(FakeScript(lines: [Self.line], faults: [FakeFault(.refuse(status: 500))]))
        try await fake.start()
        let call = try EngineCall(try kind.recognizer(fake))
        call.speak(milliseconds: 1_500)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .failed(TurnID(1)))
        #expect(call.ends(of: 1) == 1)
        call.session.close()
        await fake.stop()
    }

    @Test("Slow to connect: what was said meanwhile is heard", arguments: EngineKind.allCases)
    func slow(kind: EngineKind) async throws {
        try await run(kind, .slowToConnect(.milliseconds(300)), fails: false)
    }

    @Test("Never connects: given up after two seconds", arguments: EngineKind.allCases.filter { $0 != .wyoming })
    func never(kind: EngineKind) async throws {
        try await run(kind, .neverConnects, fails: true, detail: "2000 ms")
    }

    @Test("Closed in mid-turn", arguments: EngineKind.allCases)
    func closes(kind: EngineKind) async throws { try await run(kind, .closesMidTurn(code: 1011), fails: true) }

    @Test("Dropped in mid-turn", arguments: EngineKind.allCases)
    func drops(kind: EngineKind) async throws { try await run(kind, .dropsMidTurn, fails: true) }

    @Test(
        "A few messages of garbage cost nothing", arguments: EngineKind.allCases,
        [
            FakeFault.Garbage.notJSON, .wrongTypes, .unknownType, .empty,
        ])
    func garbage(kind: EngineKind, garbage: FakeFault.Garbage) async throws {
        // Over a stream of bytes, what is no event leaves nothing to go by.
        let isFatal = kind == .wyoming && (garbage == .notJSON || garbage == .empty)
        guard !isFatal else { return try await run(kind, .garbage(.notJSON, times: 3), fails: true) }
        try await run(kind, .garbage(garbage, times: 3), fails: false)
    }

    @Test(
        "Ten messages of garbage: the connection is not believed any more",
        arguments: EngineKind.allCases.filter { $0 != .wyoming })
    func muchGarbage(kind: EngineKind) async throws {
        try await run(kind, .garbage(.notJSON, times: 10), fails: true, detail: "not of its protocol")
    }

    @Test("Finals out of order: each word once, none lost", arguments: [EngineKind.deepgram, .assemblyAI])
    func outOfOrder(kind: EngineKind) async throws {
        try await run(kind, .outOfOrder, fails: false)
    }

    @Test("Repeated finals: each word once", arguments: EngineKind.allCases)
    func repeated(kind: EngineKind) async throws { try await run(kind, .repeatedFinals(times: 3), fails: false) }

    @Test("A final that is a little late", arguments: EngineKind.allCases)
    func late(kind: EngineKind) async throws { try await run(kind, .late(.milliseconds(200)), fails: false) }

    @Test("A message without end", arguments: EngineKind.allCases)
    func endless(kind: EngineKind) async throws { try await run(kind, .endlessMessage, fails: true) }

    @Test("A message too long", arguments: EngineKind.allCases.filter { $0 != .wyoming })
    func huge(kind: EngineKind) async throws {
        try await run(kind, .hugeMessage(bytes: 100_000), fails: true)
    }

    @Test("Words without end", arguments: [EngineKind.deepgram, .assemblyAI, .vosk])
    func flood(kind: EngineKind) async throws {
        try await run(kind, .endlessPartials, fails: true)
    }

    @Test("The engine says that it cannot", arguments: [EngineKind.deepgram, .assemblyAI, .wyoming])
    func reports(kind: EngineKind) async throws { try await run(kind, .reportsError, fails: true) }

    @Test(
        "Times of a wrong rate are noticed: no word goes to another turn",
        arguments: [
            EngineKind.deepgram, .assemblyAI,
        ])
    func wrongRate(kind: EngineKind) async throws {
        try await run(kind, .wrongRate, fails: true, detail: "more audio than it was sent")
    }
}
