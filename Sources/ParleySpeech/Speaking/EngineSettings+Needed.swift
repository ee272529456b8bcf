/// What an adapter cannot do without. The file's reader has checked it; whoever makes settings otherwise is told.
extension EngineSettings {
    func needed(_ option: String) throws(EngineError) -> String {
        guard let text = text(option), !text.isEmpty else { throw fault("is missing", option: option) }
        return text
    }

    func fault(_ message: String, option: String) -> EngineError {
        EngineError(engine: name, message: message, option: option)
    }
}

extension SynthesizerCapabilities {
    /// Of a voice that sends one format, as it comes.
    init(_ format: VoiceFormat, hasWordTimes: Bool) {
        self.init(rates: [format.rate], encodings: [format.encoding], hasWordTimes: hasWordTimes)
    }
}
