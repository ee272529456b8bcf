import FakeEngines
import NIOCore
import Testing

@Suite("The fake of Aura", .timeLimit(.minutes(2)))
struct AuraFakeTests {
    @Test("A right exchange gets sound in binary messages, each flush its end, and a close at Close")
    func right() async throws {
        let fake = FakeAura()
        try await fake.start()
        let caller = try await AuraClient.right.perform(fake.url)
        try await caller.news.wait { $0.last?.json?["sequence_id"] == 1 }
        caller.send(#"{"type":"Close"}"#)
        try await caller.news.wait { $0.last?.isClosed == true }
        #expect(fake.book.violations.all == [])
        #expect(fake.book.clauses.all.map(\.text) == ["Sure, which day suits you?", "Tuesday?"])
        #expect(caller.bytes.count == 16_320)
        let types = caller.messages.compactMap { $0["type"]?.string }
        #expect(types == ["Metadata", "Flushed", "Flushed"])
        #expect(caller.closed?.contains("1000") == true)
        await fake.stop()
    }

    @Test("A client that breaks the protocol is refused", arguments: AuraClient.wrong)
    func wrong(_ mutation: VoiceMutation) async throws {
        let fake = FakeAura()
        try await fake.start()
        let caller = try await mutation.applied(to: AuraClient.right).perform(fake.url)
        try await caller.news.wait { $0.last?.isClosed == true }
        #expect(fake.book.violations.count == 1)
        let isUpgradeRefused = ["400", "401", "404"].contains { caller.closed?.contains($0) == true }
        let isBreach = caller.messages.last?["type"] == "Error" && caller.closed?.contains("1008") == true
        #expect(isUpgradeRefused || isBreach)
        #expect(fake.server.connections.count == (isUpgradeRefused ? 0 : 1))
        await fake.stop()
    }

    @Test("The flush over the limit, and a text over the limit, are passed over with a warning")
    func limits() async throws {
        let fake = FakeAura(flushes: 2)
        try await fake.start()
        var exchange = AuraClient.right
        exchange.messages.append(.text(#"{"type":"Flush"}"#))
        exchange.messages.append(.text(#"{"type":"Speak","text":"\#(String(repeating: "a", count: 2_001))"}"#))
        let caller = try await exchange.perform(fake.url)
        try await caller.news.wait { $0.count { $0.json?["type"] == "Warning" } == 2 }
        let codes = caller.messages.compactMap { $0["code"]?.string }
        #expect(codes == ["EXCESSIVE_FLUSH", "TEXT_LENGTH_EXCEEDED"])
        #expect(fake.book.violations.count == 2)
        await fake.stop()
    }

    @Test("Clear ends what is being spoken, and what waits; what is said then is spoken")
    func clear() async throws {
        let fake = FakeAura(script: FakeVoiceScript().with(.stalls(after: 2), .clause(0)))
        try await fake.start()
        let caller = try await AuraClient.right.perform(fake.url)
        try await caller.news.wait { $0.count { !$0.bytes.isEmpty } == 2 }
        try await fake.book.clauses.first(2)
        caller.send(#"{"type":"Clear"}"#)
        caller.send(#"{"type":"Speak","text":"Hello."}"#)
        caller.send(#"{"type":"Flush"}"#)
        try await caller.news.wait { $0.last?.json?["type"] == "Flushed" }
        #expect(caller.messages.compactMap { $0["type"]?.string } == ["Metadata", "Cleared", "Flushed"])
        #expect(try await fake.book.endings.first(3).map(\.ending) == [.cancelled, .cancelled, .ended])
        #expect(caller.bytes.count == 3_840)
        await fake.stop()
    }

    @Test("Faults: a close, a reset, a clause without an end, a message of 2 MiB")
    func faults() async throws {
        let fake = FakeAura(
            script: FakeVoiceScript().with(.closes(1_011, after: 1), .connection(0)).with(
                .drops(after: 0), .connection(1)
            )
            .with(.endless, .connection(2)).with(.huge(after: 0), .connection(3)))
        try await fake.start()
        let closed = try await AuraClient.right.perform(fake.url)
        try await closed.news.wait { $0.last?.isClosed == true }
        #expect(closed.closed?.contains("1011") == true)
        #expect(closed.bytes.count == 480)
        let dropped = try await AuraClient.right.perform(fake.url)
        try await dropped.news.wait { $0.last?.isClosed == true }
        #expect(dropped.bytes == [])
        let endless = try await AuraClient.right.perform(fake.url)
        try await endless.news.wait { $0.count > 100 }
        endless.close()
        let ending = try await fake.book.endings.first {
            $0.clause == fake.book.clauses.all.first { $0.connection == 2 }?.number
        }
        #expect(ending.ending != .ended)
        let huge = try await AuraClient.right.perform(fake.url)
        try await huge.news.wait { $0.contains { $0.bytes.count == 2 << 20 } }
        await fake.stop()
    }
}
