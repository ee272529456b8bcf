import ParleyCore
import ParleyNetwork

/// What is posted for a turn: a form of several parts (RFC 7578), the turn's sound as a WAV file among them.
struct TranscriptionForm: Sendable {
    private let url: String
    private let key: Secret?
    private let fields: [(name: String, value: String)]

    init(_ settings: EngineSettings) throws(EngineError) {
        url = try NetworkEndpoint(settings).address.text
        key = settings.key
        let model = try settings.needed("model")
        var fields: [(name: String, value: String)] = [("model", model), ("response_format", "json")]
        for name in ["language", "prompt", "temperature"] {
            if let value = settings.text(name) { fields.append((name, value)) }
        }
        self.fields = fields
    }

    /// - Parameters:
    ///   - sound: of the turn, at 16 kHz.
    ///   - boundary: between the parts; nothing of what is posted may hold it.
    func request(_ sound: [Int16], boundary: String = TranscriptionForm.newBoundary()) -> SpeechRequest {
        var body: [UInt8] = []
        func write(_ text: String) { body += Array(text.utf8) }
        for field in fields {
            write("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n\(field.value)\r\n")
        }
        write("--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"turn.wav\"\r\n")
        write("Content-Type: audio/wav\r\n\r\n")
        body += WAV(sampleRate: PostedTurns.rate, samples: sound).bytes()
        write("\r\n--\(boundary)--\r\n")
        var headers = [(name: "Content-Type", value: "multipart/form-data; boundary=\(boundary)")]
        headers.append(("Accept", "application/json"))
        if let key { headers.append(("Authorization", "Bearer \(key.revealed)")) }
        return SpeechRequest("POST", url, headers: headers, body: body)
    }

    /// 128 random bits: neither sound nor a prompt has them by chance.
    static func newBoundary() -> String {
        "parley-" + String(UInt64.random(in: .min ... .max), radix: 36)
            + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
