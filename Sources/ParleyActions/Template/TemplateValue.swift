/// What a template computes with: JSON, or nothing at a path.
enum TemplateValue: Sendable {
    case present(JSON)
    /// Not there, or `null`. The path is for faults.
    case missing(String)

    init(_ json: JSON?, label: String) {
        switch json {
        case nil, .null: self = .missing(label)
        case let json?: self = .present(json)
        }
    }

    var json: JSON? {
        if case .present(let json) = self { json } else { nil }
    }

    /// As Go has it: false, 0, and what has no length.
    var isEmpty: Bool {
        switch json {
        case nil, .null: true
        case .boolean(let isTrue): !isTrue
        case .number(let number): number.digits.isEmpty
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        }
    }
}

extension JSON {
    /// For faults: what it is, never what it holds.
    var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .string: "a text"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// As it stands in a text; `nil` for what has no plain form.
    var printed: String? {
        switch self {
        case .null, .array, .object: nil
        case .boolean(let isTrue): isTrue ? "true" : "false"
        case .number(let number): number.plain
        case .string(let text): text
        }
    }
}
