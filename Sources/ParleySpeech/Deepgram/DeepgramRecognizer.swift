import ParleyCore
import ParleyNetwork

/// Deepgram's live recognition, or a server that speaks as it does.
public enum DeepgramRecognizer: RecognizerAdapter {
    public static let engine = "deepgram"
    public static let needsKey = true

    public static let options: [EngineOption] = [
        EngineOption(
            "url", .address([.wss, .ws]), standard: "wss://api.deepgram.com/v1/listen", "Where it listens."),
        EngineOption("model", .text, standard: "nova-3", "The model's name."),
        EngineOption("language", .text, standard: "en-US", "What the callers speak."),
        EngineOption("smart_format", .flag, standard: "true", "Numbers, dates and punctuation as they are written."),
        EngineOption(
            "endpointing", .whole(10...5_000), standard: "300",
            "Milliseconds of silence after which it settles its words. It does not end turns."),
        EngineOption("keyterms", .list, isOptional: true, "Words to expect, as names of streets or people."),
        EngineOption("mip_opt_out", .flag, standard: "false", "Whether the audio is kept out of training."),
    ]

    static let capabilities = RecognizerCapabilities(
        rates: [8_000, 16_000], encodings: [.mulaw, .pcm16], hasPartials: true, endsTurns: true, hasWordTimes: true,
        batch: .frame)

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechRecognizer {
        let endpoint = try NetworkEndpoint(settings)
        let key = try settings.requireKey()
        var query: [(name: String, value: String)] = [
            ("model", settings.text("model") ?? ""), ("language", settings.text("language") ?? ""),
            ("channels", "1"), ("interim_results", "true"),
            ("endpointing", settings.text("endpointing") ?? ""),
            ("smart_format", settings.flag("smart_format") ? "true" : "false"),
        ]
        if settings.flag("mip_opt_out") { query.append(("mip_opt_out", "true")) }
        query += settings.list("keyterms").map { ("keyterm", $0) }
        let fields = query
        let profile = NetworkRecognizer.Profile(
            capabilities, headers: [("Authorization", Secret("Token \(key.revealed)"))],
            address: { shape in
                let encoding = shape.encoding == .mulaw ? "mulaw" : "linear16"
                return endpoint.address.adding(
                    query: fields + [("encoding", encoding), ("sample_rate", "\(shape.rate)")])
            },
            dialect: { _ in DeepgramDialect() })
        return NetworkRecognizer(name: settings.name, profile: profile, trust: endpoint.trust)
    }
}
