import FakeEngines
import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Connections to voices are there before they are needed", .timeLimit(.minutes(2)))
struct WarmVoicesTests {
    @Test("A voice with a connection for each clause has the next one ready")
    func perClause() async throws {
        let fake = FakeElevenLabs()
        try await fake.start()
        let trial = try VoiceTrial(
            ElevenLabsVoice.self, ["url": fake.url + "/v1/text-to-speech", "voice": "voice-1"], key: "xi-key")
        // Before anything is to be spoken.
        #expect(try await fake.server.received.at(0).message == .text(#"{"text":" "}"#))
        trial.speak(["Sure.", "Which day?"])
        try await trial.ends(2)
        try await fake.server.upgrades.first(3)
        #expect(fake.book.clauses.all.map(\.connection) == [0, 1])
        #expect(fake.book.violations.all == [])
        trial.session.close()
        await fake.stop()
    }

    @Test("A voice that takes many clauses has one connection for all of them")
    func shared() async throws {
        let fake = FakeCartesia()
        try await fake.start()
        let trial = try VoiceTrial(
            CartesiaVoice.self,
            ["url": fake.url + "/tts/websocket", "voice": "5c0ffee3-0000-4000-8000-000000000001"], key: "cartesia-key")
        trial.speak((0..<12).map { "Clause \($0)." })
        try await trial.ends(12)
        #expect(fake.server.upgrades.count == 1)
        #expect(trial.ended == (0..<12).map { "1/\($0) done" })
        trial.session.close()
        await fake.stop()
    }

    @Test("The 19th clause within a minute goes over a socket that stood before it was needed")
    func flushes() async throws {
        let fake = FakeAura()
        try await fake.start()
        let trial = try VoiceTrial(DeepgramVoice.self, ["url": fake.url + "/v1/speak"], key: "dg-key")
        trial.speak((0..<40).map { "\($0)." })
        try await trial.ends(40)
        #expect(trial.ended == (0..<40).map { "1/\($0) done" })
        let perSocket = Dictionary(grouping: fake.book.clauses.all, by: \.connection).mapValues(\.count)
        #expect(perSocket == [0: 18, 1: 18, 2: 4])
        #expect(fake.book.violations.all == [])
        trial.session.close()
        await fake.stop()
    }

    @Test("A connection that is lost while nothing is said is made again, and nothing is told")
    func idleLoss() async throws {
        let fake = FakeCartesia()
        try await fake.start()
        let trial = try VoiceTrial(
            CartesiaVoice.self,
            ["url": fake.url + "/tts/websocket", "voice": "5c0ffee3-0000-4000-8000-000000000001"], key: "cartesia-key")
        try await fake.server.connections.at(0).drop()
        try await fake.server.connections.first(2)
        #expect(trial.told.all.isEmpty)
        trial.speak(["Sure."])
        try await trial.ends(1)
        #expect(trial.ended == ["1/0 done"])
        #expect(fake.book.clauses.all.map(\.connection) == [1])
        trial.session.close()
        await fake.stop()
    }

    @Test("Ten messages of garbage end a connection and the clause on it")
    func garbage() async throws {
        let fake = FakeCartesia(script: FakeVoiceScript().with(.stalls(after: 1), .clause(0)))
        try await fake.start()
        let trial = try VoiceTrial(
            CartesiaVoice.self,
            ["url": fake.url + "/tts/websocket", "voice": "5c0ffee3-0000-4000-8000-000000000001"], key: "cartesia-key")
        trial.speak(["Sure."])
        try await trial.sound(of: 0)
        let socket = try await fake.server.connections.at(0)
        for _ in 0..<10 { await socket.send("{") }
        try await trial.ends(1)
        #expect(trial.ended == ["1/0 failed: voice: it sends what its protocol does not have"])
        trial.speak(["Again."], from: 1)
        try await trial.ends(2)
        #expect(trial.ended.last == "1/1 done")
        trial.session.close()
        await fake.stop()
    }
}
