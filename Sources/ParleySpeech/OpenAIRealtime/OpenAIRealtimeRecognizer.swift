import ParleyCore
import ParleyNetwork

/// OpenAI Realtime as a recogniser, or a server that speaks as it does.
public enum OpenAIRealtimeRecognizer: RecognizerAdapter {
    public static let engine = "openai"
    public static let needsKey = true

    public static let options: [EngineOption] = [
        EngineOption(
            "url", .address([.wss, .ws]), standard: "wss://api.openai.com/v1/realtime?intent=transcription",
            "Where it listens."),
        EngineOption(
            "dialect", .choice(TranscriptionSession.Dialect.allCases.map(\.rawValue)), standard: "ga",
            "The names of its messages: the released ones, or those before them."),
        EngineOption("model", .text, standard: "gpt-4o-transcribe", "The model that transcribes."),
        EngineOption("language", .text, isOptional: true, "What the callers speak, as `en`; else it finds out."),
        EngineOption("prompt", .text, isOptional: true, "What the calls are about, and names to expect."),
        EngineOption(
            "noise_reduction", .choice(["near_field", "far_field"]), isOptional: true, "Done before it listens."),
    ]

    /// Words come only when a turn is committed. Nothing is lost by long messages before that.
    static let capabilities = RecognizerCapabilities(
        rates: [8_000, 24_000], encodings: [.mulaw, .pcm16], hasPartials: false, batch: .milliseconds(100))

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechRecognizer {
        let endpoint = try NetworkEndpoint(settings)
        let key = try settings.requireKey()
        let dialect = settings.text("dialect").flatMap { TranscriptionSession.Dialect(rawValue: $0) } ?? .ga
        var headers: [(name: String, value: Secret)] = [("Authorization", Secret("Bearer \(key.revealed)"))]
        // The released interface refuses it.
        if dialect == .beta { headers.append(("OpenAI-Beta", Secret("realtime=v1"))) }
        let session = TranscriptionSession(
            dialect: dialect, model: settings.text("model") ?? "", language: settings.text("language"),
            prompt: settings.text("prompt"), noiseReduction: settings.text("noise_reduction"),
            shape: AudioShape(.mulaw, rate: 8_000))
        let profile = NetworkRecognizer.Profile(
            capabilities, headers: headers, address: { _ in endpoint.address },
            dialect: { shape in
                var session = session
                session.shape = shape
                return TranscriptionDialect(session)
            })
        return NetworkRecognizer(name: settings.name, profile: profile, trust: endpoint.trust)
    }
}
