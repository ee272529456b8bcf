import FakeEngines
import Foundation
import NIOCore
import Testing

@Suite("The fake of ElevenLabs", .timeLimit(.minutes(2)))
struct ElevenLabsFakeTests {
    @Test("A right exchange gets sound, times of characters, and an end")
    func right() async throws {
        let fake = FakeElevenLabs()
        try await fake.start()
        let caller = try await ElevenLabsClient.right.perform(fake.url)
        try await caller.news.wait { $0.last?.isClosed == true }
        #expect(fake.book.violations.all == [])
        #expect(fake.book.clauses.all.map(\.text) == ["Sure, which day suits you? Tuesday? ", "Or Friday? "])
        let sound = caller.messages.compactMap { $0["audio"]?.string.flatMap(FakeBase64.decode) }
        #expect(sound.flatMap { $0 }.count == 21_600)
        #expect(sound.allSatisfy { $0.count == 480 })
        let first = try #require(caller.messages.first?["normalizedAlignment"])
        #expect(first == ["chars": ["S"], "charStartTimesMs": [0], "charDurationsMs": [60]])
        let characters = caller.messages.flatMap { $0["alignment"]?["chars"]?.array ?? [] }.compactMap(\.string)
        #expect(characters.joined() == "Sure, which day suits you? Tuesday?Or Friday?")
        #expect(caller.messages.last?["isFinal"] == true)
        #expect(caller.messages.dropLast().allSatisfy { $0["isFinal"] == .null })
        #expect(caller.closed?.contains("1000") == true)
        await fake.stop()
    }

    @Test("A client that breaks the protocol is refused", arguments: ElevenLabsClient.wrong)
    func wrong(_ mutation: VoiceMutation) async throws {
        let fake = FakeElevenLabs()
        try await fake.start()
        let caller = try await mutation.applied(to: ElevenLabsClient.right).perform(fake.url)
        try await caller.news.wait { $0.last?.isClosed == true }
        #expect(fake.book.violations.count == 1)
        if mutation.name == "another path" {
            #expect(caller.closed?.contains("404") == true)
        } else {
            #expect(caller.messages.last?["code"] == 1008)
            #expect(caller.closed?.contains("1008") == true)
        }
        await fake.stop()
    }

    @Test("Whoever sends nothing for too long is told so and closed; a space is enough to stay")
    func idle() async throws {
        let fake = FakeElevenLabs(inactivity: .milliseconds(200))
        try await fake.start()
        var exchange = ElevenLabsClient.right
        exchange.messages = [.text(#"{"text":" "}"#)]
        let caller = try await exchange.perform(fake.url)
        try await caller.news.wait { $0.last?.isClosed == true }
        #expect(caller.messages.map { $0["error"]?.string } == ["input_timeout_exceeded"])
        #expect(fake.book.violations.all == [])
        await fake.stop()
    }

    @Test("A client that closes its connection cancels the clause")
    func cancel() async throws {
        let fake = FakeElevenLabs(script: FakeVoiceScript().with(.stalls(after: 2)))
        try await fake.start()
        var exchange = ElevenLabsClient.right
        exchange.messages.removeLast(2)
        let caller = try await exchange.perform(fake.url)
        try await caller.news.first(3)
        caller.close()
        let ending = try await fake.book.endings.at(0)
        #expect(ending.ending == .cancelled)
        #expect(caller.messages.count == 2)
        await fake.stop()
    }

    @Test("Faults: an upgrade refused, sound that is garbage, an end told twice")
    func faults() async throws {
        let fake = FakeElevenLabs(
            script: FakeVoiceScript().with(.refuse(429, retryAfter: 2), .connection(0))
                .with(.garbage(.badBase64, after: 1), .connection(1)).with(.endsTwice, .connection(1)))
        try await fake.start()
        let refused = try await ElevenLabsClient.right.perform(fake.url)
        try await refused.news.wait { $0.last?.isClosed == true }
        #expect(refused.closed?.contains("429") == true)
        let caller = try await ElevenLabsClient.right.perform(fake.url)
        try await caller.news.wait { $0.last?.isClosed == true }
        let sound = caller.messages.compactMap { $0["audio"]?.string }
        #expect(FakeBase64.decode(sound[0]) != nil)
        #expect(FakeBase64.decode(sound[1]) == nil)
        #expect(caller.messages.count { $0["isFinal"] == true } == 2)
        await fake.stop()
    }
}
