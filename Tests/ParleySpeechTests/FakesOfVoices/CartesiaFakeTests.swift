import FakeEngines
import NIOCore
import Testing

@Suite("The fake of Cartesia", .timeLimit(.minutes(2)))
struct CartesiaFakeTests {
    @Test("A right exchange gets sound, times of words from the context's start, and an end")
    func right() async throws {
        let fake = FakeCartesia()
        try await fake.start()
        let caller = try await CartesiaClient.right.perform(fake.url)
        try await caller.news.wait { $0.last?.json?["type"] == "done" }
        #expect(fake.book.violations.all == [])
        #expect(fake.book.clauses.all.map(\.text) == ["Sure, which day suits you?", " Tuesday?"])
        let sound = caller.messages.compactMap { $0["data"]?.string.flatMap(FakeBase64.decode) }
        #expect(sound.flatMap { $0 }.count == 16_320)
        let words = caller.messages.compactMap { $0["word_timestamps"] }
        #expect(words.first == ["words": ["Sure,"], "start": [0], "end": [0.3]])
        #expect(words.last == ["words": ["Tuesday?"], "start": [1.56], "end": [2.04]])
        #expect(words.count == 6)
        #expect(caller.messages.allSatisfy { $0["context_id"] == "u1" })
        #expect(caller.messages.last == ["type": "done", "context_id": "u1", "done": true, "status_code": 200])
        await fake.stop()
    }

    @Test("A client that breaks the protocol is refused", arguments: CartesiaClient.wrong)
    func wrong(_ mutation: VoiceMutation) async throws {
        let fake = FakeCartesia()
        try await fake.start()
        let caller = try await mutation.applied(to: CartesiaClient.right).perform(fake.url)
        try await caller.news.wait { $0.contains { $0.isClosed || $0.json?["type"] == "error" } }
        #expect(fake.book.violations.count >= 1)
        if let error = caller.messages.first(where: { $0["type"] == "error" }) {
            #expect(error["status_code"]?.whole == 400)
            #expect(error["done"]?.bool == true)
        } else {
            #expect(["400", "401", "404"].contains { caller.closed?.contains($0) == true })
        }
        await fake.stop()
    }

    @Test("Two contexts are spoken side by side, and one is cancelled; its sound may still come")
    func contexts() async throws {
        let fake = FakeCartesia(
            script: FakeVoiceScript().with(.stalls(after: 1), .clause(0)).with(.soundAfterCancel(2), .clause(0)))
        try await fake.start()
        var exchange = CartesiaClient.right
        exchange.messages = [
            CartesiaClient.message(["transcript": "Nobody wants this."]),
            CartesiaClient.message(["transcript": "But this.", "context_id": "u2"]),
        ]
        let caller = try await exchange.perform(fake.url)
        try await caller.news.wait { $0.contains { $0.json?["type"] == "done" && $0.json?["context_id"] == "u2" } }
        caller.send(#"{"context_id":"u1","cancel":true}"#)
        try await fake.book.endings.first(2)
        #expect(fake.book.endings.all.map(\.clause) == [1, 0])
        #expect(fake.book.endings.all.map(\.ending) == [.ended, .cancelled])
        try await caller.news.wait { $0.count { $0.json?["type"] == "chunk" && $0.json?["context_id"] == "u1" } == 3 }
        #expect(!caller.messages.contains { $0["type"] == "done" && $0["context_id"] == "u1" })
        #expect(fake.book.violations.all == [])
        await fake.stop()
    }

    @Test("A text that is no sentence yet waits, for a flush at the latest")
    func flush() async throws {
        let fake = FakeCartesia()
        try await fake.start()
        var exchange = CartesiaClient.right
        exchange.messages = [
            CartesiaClient.message(["transcript": "Sure,", "continue": true, "max_buffer_delay_ms": 5_000]),
            CartesiaClient.message([
                "transcript": " which", "continue": true, "flush": true, "max_buffer_delay_ms": 5_000,
            ]),
        ]
        let caller = try await exchange.perform(fake.url)
        try await caller.news.wait { $0.last?.json?["type"] == "flush_done" }
        #expect(fake.book.clauses.all.map(\.text) == ["Sure, which"])
        #expect(caller.messages.last?["flush_id"] == 1)
        await fake.stop()
    }
}
