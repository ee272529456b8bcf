/// `POST /v1/audio/transcriptions`, of the vendor or of a compatible server: a line of the script for each request.
public final class FakeTranscriptions: Sendable {
    /// What a request comes to, in place of its words.
    public enum Fault: Sendable {
        case refuse(Int, retryAfter: Int? = nil)
        case neverAnswers
        case late(Duration)
        /// After the beginning of the answer.
        case cut
        case answers(String)
        /// An answer that does not end.
        case endless
    }

    /// What was posted, where it was right.
    public struct Turn: Sendable {
        public let milliseconds: Int
        public let fields: [String: String]
    }

    public let violations: FakeRecord<FakeViolation>
    public let turns: FakeRecord<Turn>
    public let server: FakeHTTPServer

    /// - Parameters:
    ///   - key: `nil` for a server that asks for none.
    ///   - faults: by the requests' numbers, from 0; those have no words of the script.
    public init(lines: [String], key: String? = "openai-key", faults: [Int: Fault] = [:]) {
        let violations = FakeRecord<FakeViolation>()
        let turns = FakeRecord<Turn>()
        self.violations = violations
        self.turns = turns
        server = FakeHTTPServer { request, response in
            switch faults[request.number] {
            case .refuse(let status, let after):
                return await OpenAIRefusal.scripted(status, retryAfter: after).write(response)
            case .neverAnswers: return await response.hang()
            case .late(let time): await FakeLoop.delay(time)
            case .cut:
                await response.head(200, headers: [("Content-Type", "application/json")], .length(400))
                await response.write(#"{"text": "Book a"#)
                return await response.cut()
            case .answers(let text): return await response.answer(200, text)
            case .endless:
                await response.head(200, headers: [("Content-Type", "application/json")])
                while await response.write(String(repeating: " ", count: 4_096)) {}
                return
            case nil: break
            }
            do throws(OpenAIRefusal) {
                let turn = try TranscriptionRules(key: key).turn(request)
                let number = turns.count
                turns.append(turn)
                let words = lines.indices.contains(number) ? lines[number] : ""
                let json: FakeJSON = ["text": .string(words), "usage": ["type": "duration", "seconds": 2]]
                await response.answer(200, json.text)
            } catch {
                violations.append(FakeViolation(connection: request.connection, what: error.message))
                await error.write(response)
            }
        }
    }

    /// To be followed by the path.
    public var url: String { "http://127.0.0.1:\(server.port)" }

    public func start() async throws { try await server.start() }
    public func stop() async { await server.stop() }
}

/// What the request has to be.
private struct TranscriptionRules {
    let key: String?

    func turn(_ request: FakeRequest) throws(OpenAIRefusal) -> FakeTranscriptions.Turn {
        guard request.target.text == "/v1/audio/transcriptions" else {
            throw OpenAIRefusal(status: 404, message: "Invalid URL (\(request.method) \(request.target.path))")
        }
        guard request.method == "POST" else { throw OpenAIRefusal(status: 405, message: "Method not allowed") }
        if let key, request.headers["Authorization"] != "Bearer \(key)" {
            throw OpenAIRefusal(status: 401, message: "Incorrect API key provided.", code: "invalid_api_key")
        }
        let parts = try FakeForm.parts(request)
        var fields: [String: FakeJSON] = [:]
        var sound: Int?
        for part in parts {
            guard part.name == "file" else {
                guard part.file == nil else { throw OpenAIRefusal(message: "\(part.name) is a file") }
                guard fields.updateValue(.string(String(decoding: part.body, as: UTF8.self)), forKey: part.name) == nil
                else { throw OpenAIRefusal(message: "\(part.name) comes twice") }
                continue
            }
            guard sound == nil else { throw OpenAIRefusal(message: "there are two files") }
            guard let file = part.file, file.hasSuffix(".wav") else {
                throw OpenAIRefusal(message: "Invalid file format: \(part.file ?? "no file name")")
            }
            sound = try Self.milliseconds(ofWAV: part.body)
        }
        guard let sound else { throw OpenAIRefusal(message: "file is missing") }
        guard sound >= 100 else {
            throw OpenAIRefusal(message: "Audio file is too short. Minimum audio length is 0.1 seconds.")
        }
        try check(fields)
        return FakeTranscriptions.Turn(milliseconds: sound, fields: fields.compactMapValues(\.string))
    }

    private func check(_ fields: [String: FakeJSON]) throws(OpenAIRefusal) {
        var sent = SentFields(fields)
        _ = sent.text("model", isRequired: true, among: ["gpt-4o-mini-transcribe", "gpt-4o-transcribe", "whisper-1"])
        // The vendor has more; a client of Parley wants JSON, which is what comes where none is named.
        _ = sent.text("response_format", among: ["json"])
        if let language = sent.text("language"), language.utf8.count != 2 || language != language.lowercased() {
            sent.problem("language is no code of ISO 639-1")
        }
        if let heat = sent.text("temperature"), !(Double(heat).map { (0...1).contains($0) } ?? false) {
            sent.problem("temperature is not in 0...1")
        }
        _ = sent.text("prompt")
        sent.nothingElse()
        if let problem = sent.problems.first { throw OpenAIRefusal(message: problem) }
    }

    /// Linear, 16 bits, one channel, at the 16 kHz that whisper.cpp's server wants; all sizes as they are.
    private static func milliseconds(ofWAV file: [UInt8]) throws(OpenAIRefusal) -> Int {
        func number(_ place: Int, _ bytes: Int) -> Int {
            (0..<bytes).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) }
        }
        guard file.count >= 44, file[0..<4].elementsEqual("RIFF".utf8), file[8..<16].elementsEqual("WAVEfmt ".utf8)
        else { throw OpenAIRefusal(message: "The audio file could not be decoded or its format is not supported.") }
        guard number(16, 4) == 16, number(20, 2) == 1, number(22, 2) == 1, number(24, 4) == 16_000,
            number(28, 4) == 32_000, number(32, 2) == 2, number(34, 2) == 16
        else { throw OpenAIRefusal(message: "a WAV file must be of 16 kHz, one channel, 16 bits") }
        guard file[36..<40].elementsEqual("data".utf8), number(40, 4) == file.count - 44, number(4, 4) == file.count - 8
        else { throw OpenAIRefusal(message: "a WAV file that is not as long as it says") }
        return (file.count - 44) / 32
    }
}

/// A form of several parts (RFC 7578), read strictly.
private enum FakeForm {
    static func parts(_ request: FakeRequest) throws(OpenAIRefusal) -> [(name: String, file: String?, body: [UInt8])] {
        let type = request.headers["Content-Type"] ?? ""
        let beginning = "multipart/form-data; boundary="
        guard type.hasPrefix(beginning) else {
            throw OpenAIRefusal(status: 415, message: "Unsupported content type \(type)")
        }
        let boundary = type.dropFirst(beginning.count).filter { $0 != "\"" }
        guard (1...70).contains(boundary.utf8.count) else { throw OpenAIRefusal(message: "no boundary") }
        let line = Array("--\(boundary)".utf8)
        guard request.body.starts(with: line + [13, 10]) else {
            throw OpenAIRefusal(message: "the form does not begin with its boundary")
        }
        var parts: [(name: String, file: String?, body: [UInt8])] = []
        var rest = request.body[(line.count + 2)...]
        while true {
            guard let headEnd = place(of: [13, 10, 13, 10], in: rest),
                let end = place(of: [13, 10] + line, in: rest[headEnd.upperBound...])
            else { throw OpenAIRefusal(message: "the form is cut short") }
            let head = String(decoding: rest[..<headEnd.lowerBound], as: UTF8.self)
            let disposition = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-disposition:") }
            guard let disposition, disposition.contains(" form-data;"), let name = quoted("name", disposition) else {
                throw OpenAIRefusal(message: "a part without a name")
            }
            parts.append((name, quoted("filename", disposition), Array(rest[headEnd.upperBound..<end.lowerBound])))
            rest = rest[end.upperBound...]
            if rest.elementsEqual([45, 45, 13, 10]) { return parts }
            guard rest.starts(with: [13, 10]) else { throw OpenAIRefusal(message: "the form is cut short") }
            rest = rest.dropFirst(2)
        }
    }

    /// What `firstRange(of:)` finds, which takes 16 ms for two seconds of sound.
    private static func place(of wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard bytes.count >= wanted.count else { return nil }
        for start in bytes.startIndex...(bytes.endIndex - wanted.count) where bytes[start] == wanted[0] {
            if bytes[start...].starts(with: wanted) { return start..<start + wanted.count }
        }
        return nil
    }

    private static func quoted(_ name: String, _ line: Substring) -> String? {
        for field in line.split(separator: ";") {
            let sides = field.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, sides[0].filter({ $0 != " " }) == name else { continue }
            guard sides[1].count >= 2, sides[1].hasPrefix("\""), sides[1].hasSuffix("\"") else { return nil }
            return String(sides[1].dropFirst().dropLast())
        }
        return nil
    }
}
