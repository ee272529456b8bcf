import ParleyCore
import ParleyNetwork

/// Deepgram's Aura voices.
public enum DeepgramVoice: VoiceAdapter {
    public static let engine = "deepgram"
    public static let needsKey = true
    public static let options =
        [
            EngineOption(
                "url", .address([.wss, .ws]), standard: "wss://api.deepgram.com/v1/speak", "Where the service is."),
            EngineOption("model", .text, standard: "aura-2-thalia-en", "The voice, with its language."),
        ] + VoiceFormat.options

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
        let format = try VoiceFormat(settings)
        let endpoint = try NetworkEndpoint(settings)
        return LinkedVoice(
            name: settings.name, capabilities: SynthesizerCapabilities(format, hasWordTimes: false),
            endpoint: VoiceEndpoint(
                address: endpoint.address.adding(query: [
                    ("model", try settings.needed("model")),
                    ("encoding", format.encoding == .mulaw ? "mulaw" : "linear16"),
                    ("sample_rate", "\(format.rate)"),
                ]),
                headers: [("Authorization", Secret("Token \(try settings.requireKey().revealed)"))],
                trust: endpoint.trust),
            secret: settings.key
        ) { AuraDialect(format: format) }
    }
}
