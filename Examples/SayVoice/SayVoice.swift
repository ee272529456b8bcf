import ParleyNetwork
import ParleySpeech

/// A voice of your own, in an engines file `- {engine: say, url: "https://tts.example.org/say", key_env: SAY_KEY}`.
///
/// Its protocol: `GET /say?text=Hello.&speaker=alto` answers with 16-bit little-endian samples of one channel, no more.
/// All that is not this protocol (the order of clauses, interruptions, bounds, lost connections) is `RequestVoice`'s.
public enum SayVoice: VoiceAdapter {
    public static let engine = "say"
    public static let needsKey = false
    public static let options = [
        EngineOption("url", .address([.https, .http]), standard: "http://127.0.0.1:5002/say", "Where it is asked."),
        EngineOption("speaker", .text, isOptional: true, "Who speaks; else the server's own choice."),
        EngineOption(
            "sample_rate", .choice(["8000", "16000", "22050", "24000", "48000"]), standard: "22050",
            "Samples a second of its sound."),
    ]

    /// Called once, as the gateway starts. What is wrong with the settings is thrown here, in one line with the mend.
    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
        guard let url = settings.address("url"), let rate = settings.whole("sample_rate") else {
            throw EngineError(engine: settings.name, message: "`url` and `sample_rate` are needed")
        }
        let speaker = settings.text("speaker").map { [(name: "speaker", value: $0)] } ?? []
        let key = settings.key
        // Called for each clause: some 20 to 220 characters, which are to be heard within a second or so.
        return try RequestVoice(settings, format: VoiceFormat(.pcm16, rate: rate)) { text in
            SpeechRequest(
                "GET", url.adding(query: [("text", text)] + speaker).text,
                headers: key.map { [(name: "Authorization", value: "Bearer \($0.revealed)")] } ?? [])
        }
    }
}
