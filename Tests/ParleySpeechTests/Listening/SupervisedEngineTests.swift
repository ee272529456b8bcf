import FakeEngines
import ParleyCore
import Testing

@testable import ParleySpeech

/// Recognisers behind whoever stands in for them, over real sockets: what an operator is told of a fault.
@Suite("What is told of a recogniser's faults, over real sockets", .timeLimit(.minutes(1)))
struct SupervisedEngineTests {
    private static let line = "Book a table for two."

    private func call(
        _ kind: EngineKind, _ fake: FakeRecognizer
    ) throws -> (call: EngineCall, health: EngineHealth) {
        let health = EngineHealth(.recognizer, kind.rawValue)
        return (try EngineCall(SupervisedRecognizer([(try kind.recognizer(fake), health)])), health)
    }

    @Test(
        "The reason that an engine gives is the one on record, and it is told once",
        arguments: [EngineKind.deepgram, .assemblyAI, .wyoming])
    func reason(kind: EngineKind) async throws {
        var script = FakeScript(
            lines: [Self.line], faults: [FakeFault(.reportsError, connection: 0, turn: 0)])
        script.numbering = .connection
        let fake = kind.fake(script)
        try await fake.start()
        let (call, health) = try call(kind, fake)
        call.speak(milliseconds: 1_500)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .final(TurnID(1), kind.spelled(Self.line)))
        #expect(call.news.all.map(\.kind) == [.failed, .reconnected])
        let told = try #require(call.news.all.first?.detail)
        #expect(told != "it gave a turn up" && health.figures.lastFault == told)
        if kind == .wyoming { #expect(told == "the model has failed") }
        #expect(health.figures.failures == 1 && health.figures.reconnects == 1)
        call.session.close()
        await fake.stop()
    }

    @Test(
        "What is not of its protocol is counted for every engine alike",
        arguments: [(EngineKind.wyoming, FakeFault.Garbage.wrongTypes), (.deepgram, .notJSON), (.vosk, .notJSON)])
    func garbage(kind: EngineKind, garbage: FakeFault.Garbage) async throws {
        let fake = kind.fake(
            FakeScript(
                lines: [Self.line], faults: [FakeFault(.garbage(garbage, times: 3), connection: 0, turn: 0)]))
        try await fake.start()
        let (call, health) = try call(kind, fake)
        call.speak(milliseconds: 1_500)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .final(TurnID(1), kind.spelled(Self.line)))
        #expect(health.figures.garbage == 3 && health.figures.failures == 0)
        #expect(call.news.all == [])
        call.session.close()
        await fake.stop()
    }

    @Test("Bytes that are no events count, too, before they end a Wyoming connection")
    func noEvents() async throws {
        var script = FakeScript(
            lines: [Self.line], faults: [FakeFault(.garbage(.notJSON, times: 1), connection: 0, turn: 0)])
        script.numbering = .connection
        let fake = EngineKind.wyoming.fake(script)
        try await fake.start()
        let (call, health) = try call(.wyoming, fake)
        call.speak(milliseconds: 1_500)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .final(TurnID(1), Self.line))
        #expect(health.figures.garbage == 1 && health.figures.lastFault == "a header that is none")
        call.session.close()
        await fake.stop()
    }

    @Test("Where no connection comes to stand again nobody is told that one did", arguments: EngineKind.allCases)
    func gone(kind: EngineKind) async throws {
        let fake = kind.fake(FakeScript(lines: [Self.line]))
        try await fake.start()
        let recognizer = try kind.recognizer(fake)
        await fake.stop()
        let health = EngineHealth(.recognizer, kind.rawValue)
        let call = try EngineCall(SupervisedRecognizer([(recognizer, health)]))
        call.speak(milliseconds: 600)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .failed(TurnID(1)))
        #expect(!call.news.all.isEmpty && call.news.all.allSatisfy { $0.kind == .failed })
        #expect(health.figures.failures > 0 && health.figures.reconnects == 0)
        call.session.close()
    }
}
