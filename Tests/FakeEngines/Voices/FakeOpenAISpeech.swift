/// `POST /v1/audio/speech` (protocols.md 6.10), of the vendor or of a server that is compatible.
public final class FakeOpenAISpeech: Sendable {
    public let book: FakeVoiceBook
    public let server: FakeHTTPServer

    /// - Parameters:
    ///   - key: `nil` for a local server that asks for none.
    ///   - rate: of `pcm` and `wav`; the vendor's is 24 000.
    ///   - wavSize: that a streamed WAV states: 0 or 0xFFFFFFFF.
    public init(
        key: String? = "openai-key", voices: [String] = ["alloy", "marin"],
        models: [String] = ["gpt-4o-mini-tts", "tts-1"], rate: Int = 24_000, wavSize: UInt32 = .max,
        script: FakeVoiceScript = FakeVoiceScript()
    ) {
        let book = FakeVoiceBook(script)
        let rules = OpenAISpeechRules(key: key, voices: voices, models: models)
        self.book = book
        server = FakeHTTPServer { request, response in
            await OpenAISpeechAnswer(request, response, rules, book, rate, wavSize).write()
        }
    }

    public var port: Int { server.port }
    /// To be followed by the path.
    public var url: String { "http://127.0.0.1:\(port)" }

    public func start() async throws { try await server.start() }
    public func stop() async { await server.stop() }
}
