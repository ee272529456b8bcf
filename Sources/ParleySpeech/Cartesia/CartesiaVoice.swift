import ParleyCore
import ParleyNetwork

/// Cartesia's voices, which tell when each word is spoken.
public enum CartesiaVoice: VoiceAdapter {
    public static let engine = "cartesia"
    public static let needsKey = true
    public static let options =
        [
            EngineOption(
                "url", .address([.wss, .ws]), standard: "wss://api.cartesia.ai/tts/websocket", "Where the service is."),
            EngineOption("voice", .text, "The voice's id, as the vendor's page of voices shows it."),
            EngineOption("model", .text, standard: "sonic-3", "The model that speaks."),
            EngineOption("language", .text, standard: "en", "The language's code."),
            EngineOption(
                "version", .text, standard: "2026-03-01", "The date of the vendor's interface that is spoken."),
        ] + VoiceFormat.options

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
        let format = try VoiceFormat(settings)
        let (model, voice) = (try settings.needed("model"), try settings.needed("voice"))
        let language = try settings.needed("language")
        let endpoint = try NetworkEndpoint(settings)
        return LinkedVoice(
            name: settings.name, capabilities: SynthesizerCapabilities(format, hasWordTimes: true),
            endpoint: VoiceEndpoint(
                address: endpoint.address,
                headers: [
                    ("X-API-Key", try settings.requireKey()),
                    ("Cartesia-Version", Secret(try settings.needed("version"))),
                ], trust: endpoint.trust),
            secret: settings.key
        ) { CartesiaDialect(format: format, model: model, voice: voice, language: language) }
    }
}
