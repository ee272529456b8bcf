import FakeEngines
import Testing

@Suite("Deepgram's fake checks its client")
struct DeepgramMutationTests {
    static let exchange = FakeExchange(
        target: "/v1/listen?model=nova-3&encoding=mulaw&sample_rate=8000&channels=1&interim_results=true"
            + "&endpointing=300&utterance_end_ms=1000&vad_events=true&smart_format=true&language=en-US",
        headers: ["Authorization": "Token deepgram-key"],
        messages: [.text(#"{"type":"KeepAlive"}"#)]
            + Array(repeating: .binary([UInt8](repeating: 0, count: 400)), count: 20)
            + [.text(#"{"type":"Finalize"}"#)])

    static let mutations = [
        Mutation("no key") { $0.headers = [:] },
        Mutation("another key") { $0.headers = ["Authorization": "Token other"] },
        Mutation("the key as a bearer's token") { $0.headers = ["Authorization": "Bearer deepgram-key"] },
        Mutation("another path") { $0.replace("/v1/listen", "/v2/listen") },
        Mutation("no model") { $0.replace("model=nova-3&", "") },
        Mutation("an unknown model") { $0.replace("model=nova-3", "model=whispering") },
        Mutation("an unknown parameter") { $0.replace("endpointing", "end_pointing") },
        Mutation("no encoding for headerless audio") { $0.replace("encoding=mulaw&", "") },
        Mutation("no rate") { $0.replace("sample_rate=8000&", "") },
        Mutation("mu-law at 44 100") { $0.replace("sample_rate=8000", "sample_rate=44100") },
        Mutation("a flag that is yes") { $0.replace("vad_events=true", "vad_events=yes") },
        Mutation("utterance_end_ms under a second") { $0.replace("utterance_end_ms=1000", "utterance_end_ms=500") },
        Mutation("utterance_end_ms without partials") { $0.replace("interim_results=true", "interim_results=false") },
        Mutation("keywords for a model that takes keyterms") { $0.target += "&keywords=Parley" },
        Mutation("a command of another case") { $0.replaceLast(with: .text(#"{"type":"finalize"}"#)) },
        Mutation("a command with another field") { $0.replaceLast(with: .text(#"{"type":"Finalize","now":true}"#)) },
        Mutation("a text that is no JSON") { $0.replaceLast(with: .text("Finalize")) },
        Mutation("empty audio") { $0.messages.insert(.binary([]), at: 3) },
        Mutation("half a sample") {
            $0.replace("encoding=mulaw", "encoding=linear16")
            $0.messages[3] = .binary([0, 0, 0])
        },
    ]

    static func isFinal(_ message: FakeMessage) -> Bool {
        message.text.flatMap { FakeJSON(text: $0) }?["from_finalize"] == true
    }

    @Test("Deepgram's takes a correct turn")
    func deepgramTakes() async throws {
        try await Self.exchange.isTaken(by: .deepgram(FakeExchange.script), final: Self.isFinal)
    }

    @Test("Deepgram's refuses", arguments: mutations)
    func deepgramRefuses(_ mutation: Mutation) async throws {
        var exchange = Self.exchange
        mutation.change(&exchange)
        try await exchange.isRefused(by: .deepgram(FakeExchange.script))
    }

    @Test("Deepgram's takes a command that comes as a binary message for audio, and notes it")
    func deepgramCommandAsAudio() async throws {
        var exchange = Self.exchange
        exchange.messages.insert(.binary(Array(#"{"type":"Finalize"}"#.utf8)), at: 5)
        let fake = FakeRecognizer.deepgram(FakeExchange.script)
        try await fake.start()
        _ = try await exchange.run(fake, until: Self.isFinal)
        #expect(fake.violations.all.map(\.what) == ["a command as a binary message: the server takes it for audio"])
        #expect(fake.finals.count == 1)
        await fake.stop()
    }
}
