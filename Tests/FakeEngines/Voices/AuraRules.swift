/// What Deepgram's server demands of a client of Aura.
struct AuraRules: Sendable {
    struct Refusal: Error {
        let status: Int
        let code: String
        let message: String
    }

    /// What closes the connection with 1008.
    struct Breach: Error {
        let message: String
    }

    enum Sent {
        case speak(String)
        case flush, clear, close
    }

    let key: String
    let models: [String]

    /// `nil` where the connection may open.
    func refusal(_ upgrade: FakeUpgrade) -> Refusal? {
        guard upgrade.target.path == "/v1/speak" else {
            return Refusal(status: 404, code: "NOT_FOUND", message: "Not found.")
        }
        guard ["Token \(key)", "Bearer \(key)"].contains(upgrade.headers["Authorization"]) else {
            return Refusal(status: 401, code: "INVALID_AUTH", message: "Invalid credentials.")
        }
        do throws(Breach) { _ = try shape(upgrade.target) } catch {
            return Refusal(status: 400, code: "INVALID_QUERY_PARAMETER", message: error.message)
        }
        return nil
    }

    /// What the query asks for; 24 kHz linear where it says nothing.
    func shape(_ target: FakeTarget) throws(Breach) -> SoundShape {
        var query = SentFields(query: target.query)
        _ = query.text("model", among: models)
        let encoding = query.text("encoding", among: Self.rates.keys.sorted()) ?? "linear16"
        let rate = query.whole("sample_rate", in: 8_000...48_000)
        _ = query.text("container", among: ["none"])
        query.flag("mip_opt_out")
        query.number("speed", in: 0.7...1.5)
        _ = query.text("tag")
        query.nothingElse()
        if let problem = query.problems.first { throw Breach(message: problem) }
        let rates = Self.rates[encoding] ?? []
        guard rate.map(rates.contains) != false else {
            throw Breach(message: "sample_rate does not go with encoding \(encoding)")
        }
        let standard = encoding == "linear16" ? 24_000 : 8_000
        return SoundShape(
            encoding: encoding == "linear16" ? .pcm16 : encoding == "mulaw" ? .mulaw : .alaw, rate: rate ?? standard)
    }

    func message(_ message: FakeMessage) throws(Breach) -> Sent {
        guard let fields = message.text.flatMap({ FakeJSON(text: $0) })?.object else {
            throw Breach(message: "the message is no JSON object in a text message")
        }
        var sent = SentFields(fields)
        let type = sent.text("type", isRequired: true, among: ["Speak", "Flush", "Clear", "Close"])
        let text = type == "Speak" ? sent.text("text", isRequired: true) : nil
        sent.nothingElse()
        if let problem = sent.problems.first { throw Breach(message: problem) }
        if let text {
            guard !FakeSound.spoken(text).isEmpty else { throw Breach(message: "text is empty") }
            return .speak(text)
        }
        return type == "Flush" ? .flush : type == "Clear" ? .clear : .close
    }

    private static let rates: [String: [Int]] = [
        "linear16": [8_000, 16_000, 24_000, 32_000, 48_000], "mulaw": [8_000, 16_000], "alaw": [8_000, 16_000],
    ]
}
