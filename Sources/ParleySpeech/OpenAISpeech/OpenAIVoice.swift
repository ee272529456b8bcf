import ParleyCore
import ParleyNetwork
import ParleyWire

/// `POST /v1/audio/speech`, of OpenAI or of any server that speaks the same.
public enum OpenAIVoice: VoiceAdapter {
    public static let engine = "openai"
    /// A server of one's own may ask for none.
    public static let needsKey = false
    public static let options = [
        EngineOption(
            "url", .address([.https, .http]), standard: "https://api.openai.com/v1/audio/speech",
            "Where speech is asked for."),
        EngineOption("model", .text, standard: "gpt-4o-mini-tts", "The model that speaks."),
        EngineOption("voice", .text, standard: "marin", "The voice's name."),
        EngineOption(
            "response_format", .choice(["pcm", "wav"]), standard: "pcm",
            "pcm: nothing but 16-bit samples, of sample_rate; wav: the rate is read from the file, as servers differ."),
        EngineOption(
            "sample_rate", .choice(["8000", "16000", "22050", "24000", "44100", "48000"]), standard: "24000",
            "Samples a second of pcm."),
        EngineOption("instructions", .text, isOptional: true, "How to speak, in words, where the model takes them."),
        EngineOption("speed", .decimal(0.25...4), isOptional: true, "How fast; 1 is the voice's own."),
    ]

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
        let request = try OpenAISpeechRequest(settings)
        let format = VoiceFormat(.pcm16, rate: settings.whole("sample_rate") ?? 0)
        return try RequestVoice(settings, format: format, container: request.container) { request.request(for: $0) }
    }
}

/// What is asked for each clause.
struct OpenAISpeechRequest: Sendable {
    let container: SpeechContainer
    private let url: String
    private let key: Secret?
    private let model: String
    private let voice: String
    private let instructions: String?
    private let speed: Double?

    init(_ settings: EngineSettings) throws(EngineError) {
        container = try settings.needed("response_format") == "wav" ? .wav : .raw
        url = try NetworkEndpoint(settings).address.text
        key = settings.key
        model = try settings.needed("model")
        voice = try settings.needed("voice")
        instructions = settings.text("instructions")
        speed = settings.decimal("speed")
    }

    func request(for text: String) -> SpeechRequest {
        var json = JSONWriter()
        json.beginObject()
        json.field("model", model)
        json.field("input", text)
        json.field("voice", voice)
        json.field("response_format", container == .wav ? "wav" : "pcm")
        if let speed { json.field("speed", speed) }
        if let instructions { json.field("instructions", instructions) }
        json.endObject()
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"), ("Accept", "audio/*"),
        ]
        if let key { headers.append(("Authorization", "Bearer \(key.revealed)")) }
        return SpeechRequest("POST", url, headers: headers, body: json.bytes)
    }
}
