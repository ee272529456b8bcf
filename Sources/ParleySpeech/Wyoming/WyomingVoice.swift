import ParleyCore
import ParleyNetwork

/// A voice behind a Wyoming server, such as Piper's.
public enum WyomingVoice: VoiceAdapter {
    public static let engine = "wyoming"
    public static let needsKey = false
    public static let options = [
        EngineOption("url", .address([.tcp]), standard: "tcp://127.0.0.1:10200", "Where the server listens."),
        EngineOption("voice", .text, isOptional: true, "The voice's name; else the server's own choice."),
        EngineOption("language", .text, isOptional: true, "A language code, for a server that chooses by it."),
        EngineOption("speaker", .text, isOptional: true, "Of a voice that has several."),
    ]

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
        let speaker = WyomingVoiceDialect.Speaker(
            name: settings.text("voice"), language: settings.text("language"), speaker: settings.text("speaker"))
        return LinkedVoice(
            name: settings.name,
            capabilities: SynthesizerCapabilities(VoiceFormat(.pcm16, rate: 22_050), hasWordTimes: false),
            endpoint: VoiceEndpoint(address: try NetworkEndpoint(settings).address), secret: nil
        ) { WyomingVoiceDialect(speaker) }
    }
}
