/// What of a webhook's answer becomes the call's variables, by name.
public struct ResultMapping: Equatable, Sendable {
    /// Most variables of one answer.
    public static let mostFields = 20
    /// Deepest nesting of a field's path.
    public static let maxDepth = 16
    /// Longest text of a variable, in characters.
    public static let maxLength = 500
    /// Largest answer that is read, in bytes, and its deepest nesting.
    public static let maxAnswerBytes = 1 << 20
    public static let maxAnswerDepth = 32

    /// One variable, and where in the answer it stands: `slots.0.time`.
    public struct Field: Equatable, Sendable {
        public let name: String
        /// An answer without it is as good.
        public let isOptional: Bool
        let path: [String]

        /// - Parameter path: names and places in lists (from 0), parted by dots; with a `?` at its end the answer may be
        ///   without it.
        public init(name: String, path: String) throws(WebhookFault) {
            isOptional = path.hasSuffix("?")
            let path = isOptional ? path.dropLast() : path[...]
            let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= ResultMapping.maxDepth, parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 128 })
            else {
                throw WebhookFault(
                    "is not a path into the answer", mend: "write names and places parted by dots, as `slots.0.time`")
            }
            self.name = name
            self.path = parts
        }
    }

    public let fields: [Field]

    public init(_ fields: [Field] = []) { self.fields = fields }

    /// - Parameter body: the answer's.
    /// - Returns: an object with each field's name; null where the answer has nothing for it, or a value that is neither
    ///   text, number or flag nor a list of those. `nil`: fields are wanted and the body is no JSON.
    public func values(in body: [UInt8]) -> JSON? {
        guard !fields.isEmpty else { return .object([:]) }
        guard let text = String(validating: body, as: UTF8.self),
            let answer = try? JSON(parsing: text, maxBytes: Self.maxAnswerBytes, maxDepth: Self.maxAnswerDepth)
        else { return nil }
        return .object(
            Dictionary(fields.map { ($0.name, Self.value(at: $0.path, in: answer)) }, uniquingKeysWith: { $1 }))
    }

    /// The fields that have to be there and say nothing, in their order: null and empty texts.
    ///
    /// - Parameter values: as `values(in:)` gives them.
    public func missing(in values: JSON) -> [String] {
        fields.filter { !$0.isOptional && (values[$0.name]?.spoken ?? "").isEmpty }.map(\.name)
    }

    private static func value(at path: [String], in answer: JSON) -> JSON {
        var value = answer
        for part in path {
            switch value {
            case .object(let members):
                guard let member = members[part] else { return .null }
                value = member
            case .array(let values):
                guard let index = Int(part), values.indices.contains(index) else { return .null }
                value = values[index]
            default: return .null
            }
        }
        return kept(value)
    }

    private static func kept(_ value: JSON) -> JSON {
        switch value {
        case .boolean: return value
        // A number of a thousand digits is no number to say.
        case .number(let number): return number.plain.utf8.count <= 64 ? value : .null
        case .string(let text): return .string(cleaned(text))
        case .array(let values):
            let texts = values.prefix(maxLength).map(\.spoken)
            let isPlain = values.allSatisfy {
                switch $0 {
                case .string, .number, .boolean: true
                default: false
                }
            }
            return isPlain ? .string(cleaned(texts.joined(separator: ", "))) : .null
        case .null, .object: return .null
        }
    }

    /// One line, without control characters and what turns the direction of text.
    static func cleaned(_ text: String) -> String {
        var out = ""
        var count = 0
        var hasGap = false
        for character in text {
            if character.isWhitespace {
                hasGap = count > 0
                continue
            }
            // A character of a hundred marks is none.
            let scalars = character.unicodeScalars.prefix(16).filter {
                switch $0.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
                default: true
                }
            }
            guard !scalars.isEmpty else { continue }
            if hasGap, count < maxLength - 1 {
                out.append(" ")
                count += 1
            }
            hasGap = false
            guard count < maxLength else { break }
            out.unicodeScalars.append(contentsOf: scalars)
            count += 1
        }
        return out
    }
}

extension JSON {
    /// As a variable has it, and as it is said: `yes` and `no` for flags; empty for what is no single value.
    public var spoken: String {
        switch self {
        case .boolean(let isTrue): isTrue ? "yes" : "no"
        default: printed ?? ""
        }
    }
}
