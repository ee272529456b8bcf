import ParleyCore
import ParleyNetwork

/// ElevenLabs' voices, which tell when each letter is spoken.
public enum ElevenLabsVoice: VoiceAdapter {
    public static let engine = "elevenlabs"
    public static let needsKey = true
    public static let options = [
        EngineOption(
            "url", .address([.wss, .ws]), standard: "wss://api.elevenlabs.io/v1/text-to-speech",
            "Where the service is, up to the voice's name."),
        EngineOption("voice", .text, "The voice's id, as the vendor's page of voices shows it."),
        EngineOption("model", .text, standard: "eleven_flash_v2_5", "The model that speaks."),
        EngineOption(
            "output_format", .choice(Array(formats.keys).sorted()), standard: "ulaw_8000",
            "How sound is sent; ulaw_8000 goes to a telephone unchanged."),
        EngineOption("language", .text, isOptional: true, "A language code such as en, where the model takes one."),
        EngineOption("stability", .decimal(0...1), isOptional: true, "How even the voice is; else the voice's own."),
        EngineOption(
            "similarity_boost", .decimal(0...1), isOptional: true,
            "How close to the original speaker; else the voice's own."),
        EngineOption("speed", .decimal(0.7...1.2), isOptional: true, "How fast; else the voice's own."),
    ]

    private static let formats: [String: VoiceFormat] = [
        "ulaw_8000": .telephone, "pcm_8000": VoiceFormat(.pcm16, rate: 8_000),
        "pcm_16000": VoiceFormat(.pcm16, rate: 16_000), "pcm_22050": VoiceFormat(.pcm16, rate: 22_050),
        "pcm_24000": VoiceFormat(.pcm16, rate: 24_000),
    ]

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
        let voice = try settings.needed("voice")
        let output = try settings.needed("output_format")
        guard let format = formats[output] else {
            throw settings.fault("\(output) is none it takes", option: "output_format")
        }
        var query: [(name: String, value: String)] = [
            ("model_id", try settings.needed("model")), ("output_format", output),
            ("inactivity_timeout", "180"), ("auto_mode", "true"),
        ]
        if let language = settings.text("language") { query.append(("language_code", language)) }
        let manner = ElevenLabsDialect.Manner(
            stability: settings.decimal("stability"), similarity: settings.decimal("similarity_boost"),
            speed: settings.decimal("speed"))
        let endpoint = try NetworkEndpoint(settings)
        return LinkedVoice(
            name: settings.name, capabilities: SynthesizerCapabilities(format, hasWordTimes: true),
            endpoint: VoiceEndpoint(
                address: endpoint.address.adding(path: [voice, "stream-input"]).adding(query: query),
                headers: [("xi-api-key", try settings.requireKey())], trust: endpoint.trust),
            secret: settings.key
        ) { ElevenLabsDialect(format: format, manner: manner) }
    }
}
