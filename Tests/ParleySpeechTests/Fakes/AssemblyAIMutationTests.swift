import FakeEngines
import Testing

@Suite("AssemblyAI's fake checks its client")
struct AssemblyAIMutationTests {
    static let exchange = FakeExchange(
        target: "/v3/ws?sample_rate=8000&encoding=pcm_mulaw&speech_model=universal-streaming-english&format_turns=true",
        headers: ["Authorization": "assemblyai-key"],
        messages: [.text(#"{"type":"UpdateConfiguration","max_turn_silence":2000}"#)]
            + Array(repeating: .binary([UInt8](repeating: 0, count: 480)), count: 20)
            + [.text(#"{"type":"KeepAlive"}"#), .text(#"{"type":"ForceEndpoint"}"#)])

    static let mutations = [
        Mutation("no key") { $0.headers = [:] },
        Mutation("another key") { $0.headers = ["Authorization": "other"] },
        Mutation("a scheme before the key") { $0.headers = ["Authorization": "Bearer assemblyai-key"] },
        Mutation("another path") { $0.replace("/v3/ws", "/v2/ws") },
        Mutation("no rate") { $0.replace("sample_rate=8000&", "") },
        Mutation("mu-law at 16 000") { $0.replace("sample_rate=8000", "sample_rate=16000") },
        Mutation("an unknown encoding") { $0.replace("pcm_mulaw", "mulaw") },
        Mutation("an unknown parameter") { $0.replace("format_turns", "format") },
        Mutation("an unknown model") { $0.replace("universal-streaming-english", "nova-3") },
        Mutation("20 ms at a time") { $0.messages[2] = .binary([UInt8](repeating: 0, count: 160)) },
        Mutation("1 200 ms at once") { $0.messages[2] = .binary([UInt8](repeating: 0, count: 9_600)) },
        Mutation("empty audio") { $0.messages[2] = .binary([]) },
        Mutation("a command of another case") { $0.replaceLast(with: .text(#"{"type":"forceEndpoint"}"#)) },
        Mutation("a command with another field") { $0.replaceLast(with: .text(#"{"type":"ForceEndpoint","turn":0}"#)) },
        Mutation("a text that is no JSON") { $0.replaceLast(with: .text("ForceEndpoint")) },
        Mutation("a text that is no object") { $0.replaceLast(with: .text("[]")) },
        Mutation("an unknown setting") { $0.messages[0] = .text(#"{"type":"UpdateConfiguration","silence":800}"#) },
        Mutation("a setting of another type") {
            $0.messages[0] = .text(#"{"type":"UpdateConfiguration","max_turn_silence":"800"}"#)
        },
    ]

    static func isFinal(_ message: FakeMessage) -> Bool {
        message.text.flatMap { FakeJSON(text: $0) }?["turn_is_formatted"] == true
    }

    @Test("AssemblyAI's takes a correct turn")
    func assemblyAITakes() async throws {
        try await Self.exchange.isTaken(by: .assemblyAI(FakeExchange.script), final: Self.isFinal)
    }

    @Test("AssemblyAI's refuses", arguments: mutations)
    func assemblyAIRefuses(_ mutation: Mutation) async throws {
        var exchange = Self.exchange
        mutation.change(&exchange)
        try await exchange.isRefused(by: .assemblyAI(FakeExchange.script))
    }
}
