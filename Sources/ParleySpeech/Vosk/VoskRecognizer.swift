import ParleyCore
import ParleyNetwork

/// A Vosk server.
public enum VoskRecognizer: RecognizerAdapter {
    public static let engine = "vosk"
    public static let needsKey = false

    public static let options: [EngineOption] = [
        EngineOption("url", .address([.ws, .wss]), standard: "ws://127.0.0.1:2700", "Where it listens."),
        EngineOption(
            "phrases", .list, isOptional: true,
            "All that may be heard, `[unk]` for anything else among them; without, anything."),
    ]

    static let capabilities = RecognizerCapabilities(
        rates: [8_000, 16_000], encodings: [.pcm16], hasPartials: true, endsTurns: true, hasWordTimes: true,
        batch: .milliseconds(100))

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechRecognizer {
        let endpoint = try NetworkEndpoint(settings)
        let phrases = settings.list("phrases")
        let profile = NetworkRecognizer.Profile(
            capabilities, address: { _ in endpoint.address },
            dialect: { VoskDialect(rate: $0.rate, phrases: phrases) })
        return NetworkRecognizer(name: settings.name, profile: profile, trust: endpoint.trust)
    }
}
