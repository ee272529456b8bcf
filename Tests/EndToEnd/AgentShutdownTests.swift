import FakeEngines
import Foundation
import ParleyCaller
import ParleyLedger
import Testing

/// The process ends while a call is up: whoever is behind its agent sees an orderly end.
@Suite("Agents at the process's end", .timeLimit(.minutes(2)))
struct AgentShutdownTests {
    private static let dead =
        "recognizers:\n  - {engine: vosk, url: \"ws://127.0.0.1:9\"}\n"
        + "voices:\n  - {engine: wyoming, url: \"tcp://127.0.0.1:9\"}\nagents:\n"

    /// Serves one call until this has happened, and ends.
    private func end(
        _ agent: String, keys: [String: String] = [:], when isUp: @escaping @Sendable () async throws -> Void
    ) async throws {
        let bench = try EngineBench(engines: Self.dead + agent + "\n", keys: keys)
        defer { bench.remove() }
        let caller = try await bench.serve(callsEndWithin: .milliseconds(200)) { port in
            let caller = Task { try? await bench.call("goes-silent", port: port) }
            try await isUp()
            return caller
        }
        _ = await caller.value
        #expect(try LedgerReader(path: bench.ledger).calls(limit: 1).map(\.endReason) == ["shutdown"])
    }

    @Test("The application's socket is closed with the protocol's own code, and its callback has come")
    func relay() async throws {
        let application = FakeRelayApplication { await $0.drain() }
        try await application.start()
        let posts = FakeHTTPServer { _, response in await response.answer(200, "{}") }
        try await posts.start()
        try await end(
            "  - {engine: relay, url: \"\(application.url)\", action: \"http://127.0.0.1:\(posts.port)/over\"}"
        ) { _ = try await application.first("setup") }
        #expect(try await application.server.connections.at(0).ended.at(0) == .closed(1000))
        #expect(posts.requests.all.map { $0.text.contains("SessionStatus=completed") } == [true])
        #expect(posts.abandoned.all == [])
        #expect(application.violations.all == [])
        await application.stop()
        await posts.stop()
    }

    @Test("The speech-to-speech model's connection is closed in order")
    func realtime() async throws {
        let fake = FakeOpenAIRealtime(FakeRealtimeScript { _ in FakeRealtimeReply("Hello.") })
        try await fake.start()
        try await end(
            "  - {engine: openai_realtime, url: \"\(fake.url)\", key_env: FAKE_REALTIME}",
            keys: ["FAKE_REALTIME": "openai-key"]
        ) { try await fake.ended.at(0) }
        #expect(try await fake.webSocket.connections.at(0).ended.at(0) == .closed(1000))
        #expect(fake.violations.all == [])
        await fake.stop()
    }

    @Test("Nothing is left open towards the chat model")
    func chat() async throws {
        let model = FakeChatCompletions(replies: [], otherwise: .say("Hello."))
        try await model.start()
        try await end(
            "  - {engine: chat, url: \"\(model.url)/v1\", model: gpt-x, key_env: FAKE_CHAT}",
            keys: ["FAKE_CHAT": "openai-key"]
        ) { try await model.requests.at(0) }
        // Left alone it would be kept for the next request, for longer than this waits.
        let connections = Set(model.requests.all.map(\.connection))
        try await model.server.closed.wait { connections.isSubset(of: $0) }
        #expect(model.violations.all == [])
        await model.stop()
    }
}
