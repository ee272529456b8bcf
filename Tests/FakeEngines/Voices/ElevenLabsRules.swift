/// What ElevenLabs' server demands of a client.
struct ElevenLabsRules: Sendable {
    /// As the server says it, before it closes with 1008.
    struct Refusal: Error {
        let error: String
        let message: String

        static func input(_ message: String) -> Refusal { Refusal(error: "invalid_input_message", message: message) }
        var line: String { (["message": .string(message), "error": .string(error), "code": 1008] as FakeJSON).text }
    }

    struct Stream {
        let shape: SoundShape
        let inactivity: Int
        /// Every text is spoken at once.
        let isAuto: Bool
    }

    struct Sent {
        let text: String
        let isFlush: Bool
        let isTrigger: Bool
        /// Characters that each generation waits for.
        let schedule: [Int]?
    }

    let key: String
    let voices: [String]
    let models: [String]

    /// `nil` for a path that is none of this endpoint's.
    func voice(_ path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "", parts[1] == "v1", parts[2] == "text-to-speech", !parts[3].isEmpty,
            parts[4] == "stream-input"
        else { return nil }
        return String(parts[3])
    }

    func stream(_ upgrade: FakeUpgrade) throws(Refusal) -> Stream {
        guard upgrade.headers["xi-api-key"] == key else {
            throw Refusal(error: "invalid_api_key", message: "Invalid API key")
        }
        guard voices.contains(voice(upgrade.target.path) ?? "") else {
            throw Refusal(error: "voice_id_does_not_exist", message: "A voice with this ID does not exist.")
        }
        var query = SentFields(query: upgrade.target.query)
        let model = query.text("model_id")
        let format = query.text("output_format") ?? "mp3_44100_128"
        let inactivity = query.whole("inactivity_timeout", in: 1...180) ?? 20
        let isAuto = query.flag("auto_mode") ?? false
        for flag in ["enable_logging", "enable_ssml_parsing", "sync_alignment"] { query.flag(flag) }
        _ = query.text("apply_text_normalization", among: ["auto", "on", "off"])
        _ = query.text("language_code")
        _ = query.whole("seed", in: 0...4_294_967_295)
        query.nothingElse()
        if let problem = query.problems.first { throw .input(problem) }
        guard model.map(models.contains) != false else {
            throw Refusal(error: "model_not_found", message: "The model does not exist.")
        }
        guard let shape = Self.shapes[format] else {
            throw Refusal(error: "output_format_not_allowed", message: "The output format is not available.")
        }
        return Stream(shape: shape, inactivity: inactivity, isAuto: isAuto)
    }

    func message(_ message: FakeMessage, isFirst: Bool) throws(Refusal) -> Sent {
        guard let fields = message.text.flatMap({ FakeJSON(text: $0) })?.object else {
            throw .input("Could not parse input message, make sure it is a json and follows the schema.")
        }
        var sent = SentFields(fields)
        let text = sent.text("text", isRequired: true) ?? ""
        let isTrigger = sent.flag("try_trigger_generation") ?? false
        let isFlush = sent.flag("flush") ?? false
        var schedule: [Int]?
        sent.object("voice_settings") { settings in
            for name in ["stability", "similarity_boost", "style"] { settings.number(name, in: 0...1) }
            settings.number("speed", in: 0.7...1.2)
            settings.flag("use_speaker_boost")
        }
        sent.object(isFirst ? "generation_config" : "generator_config") { config in
            guard let list = config.list("chunk_length_schedule") else { return }
            schedule = list.compactMap { $0.number.map { Int($0) } }.filter { (50...500).contains($0) }
            if schedule?.count != list.count || list.isEmpty {
                config.problem("chunk_length_schedule is not 50 to 500")
            }
        }
        if isFirst { _ = sent.list("pronunciation_dictionary_locators") }
        sent.nothingElse()
        if let problem = sent.problems.first { throw .input(problem) }
        if isFirst, text != " " { throw .input("The first text must be a single space.") }
        if !text.isEmpty, !text.hasSuffix(" ") { throw .input("A text must end with a space.") }
        return Sent(text: text, isFlush: isFlush, isTrigger: isTrigger, schedule: schedule)
    }

    /// Those that the fake can make; the real one has compressed ones too.
    private static let shapes: [String: SoundShape] = [
        "ulaw_8000": SoundShape(encoding: .mulaw, rate: 8_000), "alaw_8000": SoundShape(encoding: .alaw, rate: 8_000),
        "pcm_8000": SoundShape(encoding: .pcm16, rate: 8_000), "pcm_16000": SoundShape(encoding: .pcm16, rate: 16_000),
        "pcm_22050": SoundShape(encoding: .pcm16, rate: 22_050),
        "pcm_24000": SoundShape(encoding: .pcm16, rate: 24_000),
        "pcm_44100": SoundShape(encoding: .pcm16, rate: 44_100),
    ]
}
