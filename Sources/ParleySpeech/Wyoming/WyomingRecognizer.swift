import ParleyCore
import ParleyNetwork

/// A recogniser behind the Wyoming protocol, as those that home automation runs.
public enum WyomingRecognizer: RecognizerAdapter {
    public static let engine = "wyoming"
    public static let needsKey = false

    public static let options: [EngineOption] = [
        EngineOption("url", .address([.tcp]), standard: "tcp://127.0.0.1:10300", "Where it listens."),
        EngineOption("model", .text, isOptional: true, "The model's name, where the server has several."),
        EngineOption("language", .text, isOptional: true, "What the callers speak, as `en`."),
    ]

    /// The models behind it hear at 16 kHz. Whether words come before a turn's end differs from server to server.
    static let capabilities = RecognizerCapabilities(
        rates: [16_000], encodings: [.pcm16], hasPartials: false, batch: .milliseconds(60))

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechRecognizer {
        let endpoint = try NetworkEndpoint(settings)
        let model = settings.text("model")
        let language = settings.text("language")
        let profile = NetworkRecognizer.Profile(
            capabilities, address: { _ in endpoint.address },
            dialect: { WyomingDialect(rate: $0.rate, model: model, language: language) })
        return NetworkRecognizer(name: settings.name, profile: profile, trust: endpoint.trust)
    }
}
