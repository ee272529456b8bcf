/// The settings of voices that can be asked for a format.
extension VoiceFormat {
    static let options = [
        EngineOption(
            "encoding", .choice(["mulaw", "pcm16"]), standard: "mulaw",
            "How sound is sent; mulaw goes to a telephone unchanged."),
        EngineOption(
            "sample_rate", .choice(["8000", "16000", "24000", "48000"]), standard: "8000",
            "Samples a second of pcm16; mulaw has 8000."),
    ]

    init(_ settings: EngineSettings) throws(EngineError) {
        guard let encoding = AudioEncoding(rawValue: try settings.needed("encoding")) else {
            throw settings.fault("only mulaw and pcm16", option: "encoding")
        }
        guard let rate = settings.whole("sample_rate"), VoiceFormat(encoding, rate: rate).isPlayable else {
            throw settings.fault(
                "mulaw has 8000, pcm16 one of 8000, 16000, 24000 and 48000", option: "sample_rate")
        }
        self.init(encoding, rate: rate)
    }
}
