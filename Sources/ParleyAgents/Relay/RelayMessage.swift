import ParleyCore
import ParleyWire

/// A message of the application, checked (protocols.md 2.4).
enum RelayMessage: Equatable, Sendable {
    /// How a message wants to be played; `nil`: as configured.
    struct Manner: Equatable, Sendable {
        var interruptible: Bool?
        var preemptible: Bool?
    }

    /// A piece of a talk cycle, not trimmed; `isLast` closes the cycle.
    case text(String, isLast: Bool, language: String?, Manner)
    /// A file over http or https, so many times over.
    case play(String, times: Int, Manner)
    /// `0-9 w # *`.
    case sendDigits(String)
    case language(speech: String?, transcription: String?)
    case end(handoff: String?)

    /// The longest message; a longer one breaks the WebSocket.
    static let longest = 65_536
    private static let mostTimes = 1_000
    /// As `KeyTones` has it.
    private static let mostDigits = 64
    private static let longestAddress = 2_048

    /// - Returns: `nil` for what is not JSON, an unknown type, and a field that is missing, `null` or of another type. What
    ///   may be left out may be `null`. Fields that are not known are passed over.
    static func read(_ text: UnsafeRawBufferPointer) -> RelayMessage? {
        guard let fields = try? Fields(text), let type = fields.string("type") else { return nil }
        switch type {
        case "text": return fields.text
        case "play": return fields.play
        case "sendDigits": return fields.sendDigits
        case "language": return fields.language
        case "end": return fields.isOptionalString("handoffData") ? .end(handoff: fields.string("handoffData")) : nil
        default: return nil
        }
    }

    /// The values of the fields that some message has, by name.
    private struct Fields {
        enum Value {
            case string(String), bool(Bool), whole(Int), null, other
        }
        private static let names: Set<String> = [
            "type", "token", "last", "lang", "interruptible", "preemptible", "source", "loop", "digits", "ttsLanguage",
            "transcriptionLanguage", "handoffData",
        ]
        private var values: [String: Value] = [:]

        init(_ text: UnsafeRawBufferPointer) throws(JSONError) {
            var json = JSONScanner(text)
            try json.enterObject()
            while let key = try json.nextKey() {
                let name = key.string
                guard Self.names.contains(name) else {
                    try json.skip()
                    continue
                }
                values[name] = try Self.value(&json)
            }
            try json.finish()
        }

        private static func value(_ json: inout JSONScanner) throws(JSONError) -> Value {
            switch try json.kind() {
            case .string: return .string(try json.string().string)
            case .bool: return .bool(try json.bool())
            case .null:
                try json.skip()
                return .null
            case .number:
                let number = String(decoding: try json.number(), as: UTF8.self)
                return Int(number).map { .whole($0) } ?? .other
            case .object, .array:
                try json.skip()
                return .other
            }
        }

        func string(_ name: String) -> String? {
            if case .string(let text)? = values[name] { text } else { nil }
        }

        func isOptionalString(_ name: String) -> Bool {
            switch values[name] {
            case .none, .null, .string: true
            default: false
            }
        }

        private func bool(_ name: String) -> Bool? {
            if case .bool(let isTrue)? = values[name] { isTrue } else { nil }
        }

        private func isOptionalBool(_ name: String) -> Bool {
            switch values[name] {
            case .none, .null, .bool: true
            default: false
            }
        }

        private var manner: Manner? {
            guard isOptionalBool("interruptible"), isOptionalBool("preemptible") else { return nil }
            return Manner(interruptible: bool("interruptible"), preemptible: bool("preemptible"))
        }

        var text: RelayMessage? {
            guard let token = string("token"), isOptionalBool("last"), isOptionalString("lang"), let manner else {
                return nil
            }
            return .text(token, isLast: bool("last") ?? false, language: string("lang"), manner)
        }

        var play: RelayMessage? {
            guard let source = string("source"), source.utf8.count <= RelayMessage.longestAddress, let manner,
                source.hasPrefix("https://") || source.hasPrefix("http://"),
                source.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else { return nil }
            var times = 1
            switch values["loop"] {
            case .none, .null: break
            case .whole(let count) where count >= 0:
                times = count == 0 ? RelayMessage.mostTimes : min(count, RelayMessage.mostTimes)
            default: return nil
            }
            return .play(source, times: times, manner)
        }

        var sendDigits: RelayMessage? {
            guard let digits = string("digits"), (1...RelayMessage.mostDigits).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ "0123456789w#*".utf8.contains($0) })
            else { return nil }
            return .sendDigits(digits)
        }

        var language: RelayMessage? {
            guard isOptionalString("ttsLanguage"), isOptionalString("transcriptionLanguage") else { return nil }
            let (speech, transcription) = (string("ttsLanguage"), string("transcriptionLanguage"))
            return speech == nil && transcription == nil
                ? nil : .language(speech: speech, transcription: transcription)
        }
    }
}
