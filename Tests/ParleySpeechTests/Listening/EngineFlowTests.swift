import FakeEngines
import NIOCore
import NIOPosix
import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleySpeech

@Suite("Recognisers over real sockets")
struct EngineFlowTests {
    private static let lines = ["Book a table for two.", "Yes.", "At seven o'clock tonight please."]

    @Test(
        "Three turns in a call: each has its words, and the engine finds nothing wrong", arguments: EngineKind.allCases)
    func turns(kind: EngineKind) async throws {
        let fake = kind.fake(FakeScript(lines: Self.lines))
        try await fake.start()
        let recognizer = try kind.recognizer(fake)
        let call = try EngineCall(recognizer)
        for (index, line) in Self.lines.enumerated() {
            call.speak(milliseconds: 2_000)
            call.session.finish(TurnID(UInt32(index + 1)))
            #expect(try await call.end(of: index + 1) == .final(TurnID(UInt32(index + 1)), kind.spelled(line)))
        }
        for turn in 1...3 { #expect(call.ends(of: turn) == 1) }
        if recognizer.capabilities.hasPartials { #expect(call.hasPartials(of: 1)) }
        #expect(fake.violations.all == [])
        #expect(call.news.all == [])
        call.session.close()
        await fake.stop()
    }

    @Test("A leg of 16 kHz", arguments: EngineKind.allCases)
    func wide(kind: EngineKind) async throws {
        let fake = kind.fake(FakeScript(lines: Self.lines))
        try await fake.start()
        let call = try EngineCall(try kind.recognizer(fake), sampleRate: 16_000)
        call.speak(milliseconds: 2_000)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .final(TurnID(1), kind.spelled(Self.lines[0])))
        #expect(fake.violations.all == [])
        call.session.close()
        await fake.stop()
    }

    @Test("Turns that follow each other without waiting for words", arguments: EngineKind.allCases)
    func pressed(kind: EngineKind) async throws {
        let fake = kind.fake(FakeScript(lines: Self.lines))
        try await fake.start()
        let call = try EngineCall(try kind.recognizer(fake))
        for index in 0..<3 {
            call.speak(milliseconds: 1_500)
            call.session.finish(TurnID(UInt32(index + 1)))
        }
        for (index, line) in Self.lines.enumerated() {
            #expect(try await call.end(of: index + 1) == .final(TurnID(UInt32(index + 1)), kind.spelled(line)))
        }
        #expect(fake.violations.all == [])
        call.session.close()
        await fake.stop()
    }

    @Test(
        "A turn that is cancelled in its middle: nothing of it is told, and the next has its own words",
        arguments: EngineKind.allCases)
    func cancel(kind: EngineKind) async throws {
        // The engine hears the cancelled turn too, where its protocol has no way to take it back.
        let fake = kind.fake(FakeScript(lines: ["Hello.", "Never mind.", "Yes."]))
        try await fake.start()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let call = try await loop.submit { try EngineCall(try kind.recognizer(fake)) }.get()
        // With one turn behind it the connection stands: what comes now is sent at once.
        call.speak(milliseconds: 1_000)
        call.session.finish(TurnID(1))
        try await call.end(of: 1)
        // In one go, so that nothing is told before the cancel.
        try await loop.submit {
            call.speak(milliseconds: 1_000)
            call.session.cancel(TurnID(2))
        }.get()
        call.speak(milliseconds: 1_000)
        call.session.finish(TurnID(3))
        let isTakenBack = [.openAI, .openAIBeta, .wyoming].contains(kind)
        let words = isTakenBack ? "Never mind." : kind.spelled("Yes.")
        #expect(try await call.end(of: 3) == .final(TurnID(3), words))
        #expect(!call.hasPartials(of: 2) && call.ends(of: 2) == 0 && call.ends(of: 3) == 1)
        #expect(fake.violations.all == [])
        call.session.close()
        await fake.stop()
    }

    @Test("Decoded in the pause, the words are there when the turn ends")
    func pause() async throws {
        var script = FakeScript(lines: ["Yes.", "No."])
        script.hearsSilence = true
        script.pauseMilliseconds = 400
        let fake = EngineKind.deepgram.fake(script)
        try await fake.start()
        let call = try EngineCall(try EngineKind.deepgram.recognizer(fake))
        let silence = [Int16](repeating: 0, count: 160)
        call.speak(milliseconds: 600)
        for _ in 0..<10 { call.session.feed(silence.span) }
        call.session.pause(TurnID(1))
        try await call.answers.first { $0 == .partial(TurnID(1), "Yes.") }
        for _ in 0..<15 { call.session.feed(silence.span) }
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .final(TurnID(1), "Yes."))
        call.speak(milliseconds: 600)
        call.session.finish(TurnID(2))
        #expect(try await call.end(of: 2) == .final(TurnID(2), "No."))
        #expect(fake.violations.all == [])
        call.session.close()
        await fake.stop()
    }

    @Test("After close nothing is told", arguments: EngineKind.allCases)
    func close(kind: EngineKind) async throws {
        let fake = kind.fake(FakeScript(lines: Self.lines))
        try await fake.start()
        let call = try EngineCall(try kind.recognizer(fake))
        call.speak(milliseconds: 1_000)
        call.session.finish(TurnID(1))
        try await call.end(of: 1)
        call.speak(milliseconds: 1_000)
        call.session.finish(TurnID(2))
        call.session.close()
        let told = call.answers.count
        // The engine has answered by the time it hears of another call.
        let other = try EngineCall(try kind.recognizer(fake))
        other.speak(milliseconds: 1_000)
        other.session.finish(TurnID(1))
        try await other.end(of: 1)
        #expect(call.answers.count == told)
        other.session.close()
        await fake.stop()
    }

    @Test("A key that is wrong is told as such, and never shown", arguments: [EngineKind.deepgram, .openAI])
    func wrongKey(kind: EngineKind) async throws {
        let fake = kind.fake(FakeScript(lines: Self.lines))
        try await fake.start()
        let adapter: any RecognizerAdapter.Type =
            kind == .deepgram ? DeepgramRecognizer.self : OpenAIRealtimeRecognizer.self
        let url = kind == .deepgram ? fake.url : fake.url + "?intent=transcription"
        let recognizer = try adapter.make(
            EngineSettings(
                name: "x", options: adapter.options, values: ["url": url], key: Secret("canary-7")))
        let call = try EngineCall(recognizer)
        call.speak(milliseconds: 400)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .failed(TurnID(1)))
        let news = try await call.news.first { $0.kind == .failed }
        #expect(news.detail.contains("401"))
        #expect(!"\(call.news.all) \(recognizer)".contains("canary-7"))
        call.session.close()
        await fake.stop()
    }
}
