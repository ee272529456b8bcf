/// AssemblyAI's streaming, version 3 (protocols.md 6.2).
extension FakeRecognizer {
    /// - Parameter key: what `Authorization` has to be.
    public static func assemblyAI(_ script: FakeScript, key: String = "assemblyai-key") -> FakeRecognizer {
        FakeRecognizer(
            script, path: "/v3/ws",
            admit: { upgrade in
                guard upgrade.target.path != "/v3/ws" else { return nil }
                return FakeRefusal(
                    status: 404, body: #"{"error":"Not found"}"#, what: "no such path: \(upgrade.target.path)")
            },
            makeEar: { FakeAssemblyAI($0, key: key) })
    }
}

struct FakeAssemblyAI: FakeEar {
    let rate: Int
    private let key: String
    private let upgrade: FakeUpgrade
    private let audio: FakeAudio
    private var isFormatting: Bool
    private var order = 0
    /// Words up to here belong to turns that have ended.
    private var lastEnd = 0
    private var milliseconds = 0

    init(_ upgrade: FakeUpgrade, key: String) {
        self.upgrade = upgrade
        self.key = key
        rate = upgrade.target.value("sample_rate").flatMap { Int($0) } ?? 16_000
        audio = upgrade.target.value("encoding") == "pcm_mulaw" ? .mulaw : .pcm16
        isFormatting = Self.flag(upgrade.target.value("format_turns")) ?? false
    }

    /// What is wrong with a request is said over the open socket.
    mutating func opened() -> [FakeStep] {
        let token = upgrade.headers["Authorization"] ?? upgrade.target.value("token")
        guard let token else { return error(1008, "Unauthorized Connection: Missing Authorization header") }
        guard token == key else { return error(1008, "Unauthorized Connection: Not authorized") }
        if let problem = Self.problem(upgrade.target) { return error(3006, "Invalid Message: \(problem)") }
        let begin: FakeJSON = [
            "type": "Begin", "id": "0c1d2e3f-0000-4000-8000-000000000001", "expires_at": "2026-11-21T06:50:00Z",
        ]
        return [.say(.text(begin.text))]
    }

    mutating func take(_ message: FakeMessage) -> [FakeStep] {
        switch message {
        case .binary(let bytes):
            guard let samples = audio.decode(bytes) else { return error(3006, "Invalid Message: half a sample") }
            let time = Double(samples.count) * 1_000 / Double(rate)
            guard (50...1_000).contains(time) else {
                return error(3007, "Input duration violation: \(time) ms. Expected between 50 and 1000 ms")
            }
            milliseconds += Int(time)
            return [.hear(samples)]
        case .text(let text):
            guard let json = FakeJSON(text: text) else { return error(3006, "Invalid JSON: \(text)") }
            guard let fields = json.object, let type = json["type"]?.string else {
                return error(3006, "Invalid Message: \(text)")
            }
            let extra = Set(fields.keys).subtracting(["type"])
            switch type {
            case "ForceEndpoint", "KeepAlive", "Terminate":
                if let field = extra.first { return error(3006, "Invalid Message: \(type) has no \(field)") }
                if type == "KeepAlive" { return [] }
                guard type == "Terminate" else { return [.settle] }
                let end: FakeJSON = [
                    "type": "Termination", "audio_duration_seconds": .number(Double(milliseconds / 1_000)),
                    "session_duration_seconds": .number(Double(milliseconds / 1_000)),
                ]
                return [.settle, .say(.text(end.text)), .close(code: 1000, reason: "")]
            case "UpdateConfiguration":
                if let field = extra.subtracting(Self.tunables.keys).first {
                    return error(3006, "Invalid Message: UpdateConfiguration has no \(field)")
                }
                for name in extra {
                    guard let value = fields[name], Self.tunables[name]?.fits(value) == true else {
                        return error(3006, "Invalid Message: \(name)")
                    }
                }
                isFormatting = json["format_turns"]?.bool ?? isFormatting
                return []
            default: return error(3006, "Invalid Message Type: \(type)")
            }
        }
    }

    private func error(_ code: Int, _ words: String) -> [FakeStep] {
        let error: FakeJSON = ["type": "Error", "error_code": .number(Double(code)), "error": .string(words)]
        // A close's reason has 123 bytes at most.
        let reason = words.utf8.count <= 123 ? words : "See Error message for details"
        return [.wrong(words), .say(.text(error.text)), .close(code: UInt16(code), reason: reason)]
    }

    // MARK: Out

    mutating func tell(_ heard: [FakeHeard]) -> [FakeMessage] {
        var out: [FakeJSON] = []
        for heard in heard {
            switch heard {
            case .speechStarted(let at): out.append(["type": "SpeechStarted", "timestamp": .number(Double(at))])
            case .partial(let segment), .settled(let segment): out.append(turn(segment, isEnd: false))
            case .endpoint(let segment), .paused(let segment), .ended(let segment):
                // Where nothing was said, or nothing since the last end, nothing ends.
                guard !segment.words.isEmpty else { continue }
                out.append(turn(segment, isEnd: true))
                // Formatting follows: the turn ends twice.
                if isFormatting { out.append(turn(segment, isEnd: true, isFormatted: true)) }
                guard !isOld(segment) else { continue }
                lastEnd = segment.words.last?.end ?? lastEnd
                order += 1
            case .silence: break
            }
        }
        return out.map { .text($0.text) }
    }

    /// Of a turn that has ended: a script repeats it, or has it come late.
    private func isOld(_ segment: FakeSegment) -> Bool { segment.words.last.map { $0.end <= lastEnd } ?? false }

    private func turn(_ segment: FakeSegment, isEnd: Bool, isFormatted: Bool = false) -> FakeJSON {
        let isOld = isOld(segment)
        let words = isOld ? segment.ofTurn : segment.ofTurn.filter { $0.end > lastEnd }
        let settled = segment.words.first?.start ?? .max
        let plain = words.map { $0.text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "'" } }
        let text = isFormatted ? words.map(\.text) : plain
        return [
            "type": "Turn", "turn_order": .number(Double(isOld ? order - 1 : order)),
            "turn_is_formatted": .bool(isFormatted),
            "end_of_turn": .bool(isEnd), "transcript": .string(text.joined(separator: " ")),
            "end_of_turn_confidence": isEnd ? 0.91 : 0.12,
            "words": .array(
                zip(words, text).map { word, text in
                    [
                        "text": .string(text), "start": .number(Double(word.start)), "end": .number(Double(word.end)),
                        "confidence": 0.97, "word_is_final": .bool(isEnd || word.start < settled),
                    ]
                }),
        ]
    }

    mutating func trouble() -> [FakeMessage] {
        [.text(#"{"type":"Error","error_code":3005,"error":"Session Cancelled: An error occurred"}"#)]
    }

    func garbage(_ kind: FakeFault.Garbage) -> FakeMessage {
        switch kind {
        case .notJSON: .text("<html>502</html>")
        case .wrongTypes: .text(#"{"type":"Turn","turn_order":"first","end_of_turn":1,"transcript":7,"words":{}}"#)
        case .unknownType: .text(#"{"type":"Surprise","turn_order":0}"#)
        case .empty: .text("")
        }
    }

    mutating func huge(_ bytes: Int) -> FakeMessage {
        let word = FakeWord(text: String(repeating: "a", count: bytes), start: 0, end: .max)
        return .text(turn(FakeSegment(words: [word], start: 0, end: 0, ofTurn: [word]), isEnd: false).text)
    }
}
