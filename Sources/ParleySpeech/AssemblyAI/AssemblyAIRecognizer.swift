import ParleyCore
import ParleyNetwork
import ParleyWire

/// AssemblyAI's streaming recognition, version 3.
public enum AssemblyAIRecognizer: RecognizerAdapter {
    public static let engine = "assemblyai"
    public static let needsKey = true

    public static let options: [EngineOption] = [
        EngineOption(
            "url", .address([.wss, .ws]), standard: "wss://streaming.assemblyai.com/v3/ws", "Where it listens."),
        EngineOption("model", .text, standard: "universal-streaming-english", "The model's name (`speech_model`)."),
        EngineOption(
            "format_turns", .flag, standard: "true",
            "Numbers and punctuation as they are written; without, finals come a little sooner."),
        EngineOption(
            "end_of_turn_confidence_threshold", .decimal(0...1), isOptional: true,
            "How sure it is before it ends a spell of speech. It does not end turns."),
        EngineOption(
            "min_turn_silence", .whole(0...10_000), isOptional: true,
            "Milliseconds of silence before it ends a spell that it is sure of."),
        EngineOption(
            "max_turn_silence", .whole(0...10_000), isOptional: true,
            "Milliseconds of silence before it ends a spell in any case."),
        EngineOption("keyterms", .list, isOptional: true, "Words to expect, as names of streets or people."),
    ]

    /// Messages of less than 50 ms are refused.
    static let capabilities = RecognizerCapabilities(
        rates: [8_000, 16_000], encodings: [.mulaw, .pcm16], hasPartials: true, endsTurns: true, hasWordTimes: true,
        batch: .milliseconds(60))

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechRecognizer {
        let endpoint = try NetworkEndpoint(settings)
        let key = try settings.requireKey()
        let isFormatting = settings.flag("format_turns")
        var query: [(name: String, value: String)] = [
            ("speech_model", settings.text("model") ?? ""), ("format_turns", isFormatting ? "true" : "false"),
        ]
        for name in ["end_of_turn_confidence_threshold", "min_turn_silence", "max_turn_silence"] {
            if let value = settings.text(name) { query.append((name, value)) }
        }
        let keyterms = settings.list("keyterms")
        if !keyterms.isEmpty { query.append(("keyterms_prompt", json(keyterms))) }
        let fields = query
        let profile = NetworkRecognizer.Profile(
            capabilities, shortestBatch: capabilities.batch, headers: [("Authorization", key)],
            address: { shape in
                let encoding = shape.encoding == .mulaw ? "pcm_mulaw" : "pcm_s16le"
                return endpoint.address.adding(
                    query: fields + [("encoding", encoding), ("sample_rate", "\(shape.rate)")])
            },
            dialect: { _ in AssemblyAIDialect(isFormatting: isFormatting) })
        return NetworkRecognizer(name: settings.name, profile: profile, trust: endpoint.trust)
    }

    private static func json(_ list: [String]) -> String {
        var json = JSONWriter()
        json.beginArray()
        for text in list { json.value(text) }
        json.endArray()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
