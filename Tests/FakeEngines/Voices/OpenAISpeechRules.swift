/// What `/v1/audio/speech` demands of a client.
struct OpenAISpeechRules: Sendable {
    enum Format: String {
        case pcm, wav
    }

    struct Asked {
        let text: String
        let format: Format
        /// Sound in events, in place of a body of it.
        let isEvents: Bool
    }

    static let path = "/v1/audio/speech"

    let key: String?
    let voices: [String]
    let models: [String]

    func asked(_ request: FakeRequest) throws(OpenAIRefusal) -> Asked {
        var sent = SentFields(try request.fields(Self.path, key: key))
        _ = sent.text("model", isRequired: true, among: models)
        let input = sent.text("input", isRequired: true) ?? ""
        var voice: String?
        if let value = sent.any("voice", isRequired: true) {
            voice = value.string ?? value["id"]?.string
            if !voices.contains(voice ?? "") { sent.problem("voice is not known") }
        }
        let format = sent.text("response_format", among: ["mp3", "opus", "aac", "flac", "wav", "pcm"]) ?? "mp3"
        sent.number("speed", in: 0.25...4)
        _ = sent.text("instructions")
        let isEvents = sent.text("stream_format", among: ["audio", "sse"]) == "sse"
        sent.nothingElse()
        if let problem = sent.problems.first { throw OpenAIRefusal(message: problem) }
        guard !FakeSound.spoken(input).isEmpty else { throw OpenAIRefusal(message: "input is empty") }
        guard input.count <= 4_096 else {
            throw OpenAIRefusal(message: "input has more than 4096 characters", code: "string_above_max_length")
        }
        // The real one speaks all six; a client of Parley wants samples.
        guard let format = Format(rawValue: format) else { throw OpenAIRefusal(message: "the fake has no \(format)") }
        return Asked(text: input, format: format, isEvents: isEvents)
    }
}
