/// What Cartesia's server demands of a client.
struct CartesiaRules: Sendable {
    struct Refusal: Error {
        let context: String?
        let message: String
        var status = 400

        var event: FakeJSON {
            var fields: [String: FakeJSON] = [
                "type": "error", "done": true, "status_code": .number(Double(status)), "title": "Bad request",
                "message": .string(message), "error_code": "invalid", "request_id": "rq-1",
            ]
            if let context { fields["context_id"] = .string(context) }
            return .object(fields)
        }
    }

    struct Input {
        let context: String
        let transcript: String
        let isContinued: Bool
        let isFlush: Bool
        let shape: SoundShape
        let wantsWords: Bool
        let bufferMilliseconds: Int
        /// All that may not change within a context.
        let constants: FakeJSON
    }

    enum Sent {
        case input(Input)
        case cancel(context: String)
    }

    let key: String
    let voices: [String]
    let models: [String]

    /// Status and reason; `nil` where the connection may open.
    func refusal(_ upgrade: FakeUpgrade) -> (Int, String)? {
        guard upgrade.target.path == "/tts/websocket" else { return (404, "Not found") }
        let headers = upgrade.headers
        var query = SentFields(query: upgrade.target.query)
        let queryKey = query.text("api_key")
        let queryVersion = query.text("cartesia_version")
        _ = query.text("access_token")
        query.nothingElse()
        if let problem = query.problems.first { return (400, problem) }
        let keys = [
            headers["X-API-Key"], headers["Authorization"].map { String($0.trimmingPrefix("Bearer ")) }, queryKey,
        ]
        guard keys.contains(key) else { return (401, "Unauthorized") }
        let version = headers["Cartesia-Version"] ?? queryVersion ?? ""
        guard version.wholeMatch(of: /20\d\d-[01]\d-[0-3]\d/) != nil else {
            return (400, "Cartesia-Version is missing or no date")
        }
        return nil
    }

    func message(_ message: FakeMessage) throws(Refusal) -> Sent {
        guard let fields = message.text.flatMap({ FakeJSON(text: $0) })?.object else {
            throw Refusal(context: nil, message: "the message is no JSON object")
        }
        var sent = SentFields(fields)
        let context = sent.text("context_id", isRequired: true)
        guard let context, context.wholeMatch(of: /[A-Za-z0-9_-]{1,128}/) != nil else {
            throw Refusal(context: nil, message: "context_id is missing, or has other characters than A-Z a-z 0-9 _ -")
        }
        if let cancel = sent.any("cancel") {
            sent.nothingElse()
            guard cancel == true, sent.problems.isEmpty else {
                throw Refusal(context: context, message: "cancel is true and has context_id beside it alone")
            }
            return .cancel(context: context)
        }
        let input = input(context, &sent, fields)
        sent.nothingElse()
        if let problem = sent.problems.first { throw Refusal(context: context, message: problem) }
        guard let input else { throw Refusal(context: context, message: "output_format is incomplete") }
        return .input(input)
    }

    private func input(_ context: String, _ sent: inout SentFields, _ fields: [String: FakeJSON]) -> Input? {
        _ = sent.text("model_id", isRequired: true, among: models)
        let transcript = sent.text("transcript", isRequired: true) ?? ""
        voice(&sent)
        var shape: SoundShape?
        sent.object("output_format", isRequired: true) { format in
            _ = format.text("container", isRequired: true, among: ["raw"])
            let encoding = format.text("encoding", isRequired: true, among: Self.encodings.keys.sorted())
            let rate = format.whole("sample_rate", isRequired: true, in: 8_000...48_000)
            guard let encoding = encoding.flatMap({ Self.encodings[$0] }), let rate else { return }
            guard Self.rates.contains(rate) else { return format.problem("sample_rate may not be \(rate)") }
            shape = SoundShape(encoding: encoding, rate: rate)
        }
        let isContinued = sent.flag("continue") ?? false
        let isFlush = sent.flag("flush") ?? false
        let wantsWords = sent.flag("add_timestamps") ?? false
        for name in ["add_phoneme_timestamps", "use_normalized_timestamps"] { sent.flag(name) }
        _ = sent.text("language")
        let buffer = sent.whole("max_buffer_delay_ms", in: 0...5_000) ?? 3_000
        _ = sent.text("pronunciation_dict_id")
        _ = sent.text("speed", among: ["slow", "normal", "fast"])
        sent.number("duration", in: 0...600)
        sent.object("generation_config") { config in
            config.number("speed", in: 0.6...1.5)
            config.number("volume", in: 0.5...2)
            _ = config.any("emotion")
        }
        var constants = fields
        for name in ["transcript", "continue", "flush", "duration"] { constants[name] = nil }
        guard let shape else { return nil }
        return Input(
            context: context, transcript: transcript, isContinued: isContinued, isFlush: isFlush, shape: shape,
            wantsWords: wantsWords, bufferMilliseconds: buffer, constants: .object(constants))
    }

    /// An object with the id, or, since 2026, the id alone.
    private func voice(_ sent: inout SentFields) {
        var id: String?
        guard let value = sent.any("voice", isRequired: true) else { return }
        if let fields = value.object {
            var voice = SentFields(fields, place: "voice.")
            _ = voice.text("mode", among: ["id"])
            id = voice.text("id", isRequired: true)
            voice.nothingElse()
            for problem in voice.problems { sent.problem(problem) }
        } else {
            id = value.string
        }
        if !voices.contains(id ?? "") { sent.problem("voice is not known") }
    }

    private static let encodings: [String: FakeEncoding] = [
        "pcm_mulaw": .mulaw, "pcm_alaw": .alaw, "pcm_s16le": .pcm16, "pcm_f32le": .float32,
    ]
    private static let rates: Set = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]
}
