/// Text with values in it: `{{when}}`, `{{when.time | written}}`.
struct Template: Equatable, Sendable {
    enum Format: String, CaseIterable, Sendable {
        /// "three p.m."
        case spoken
        /// "3:00 pm"
        case written
        /// "15:00"
        case iso
    }
    enum Value: Hashable, Sendable {
        /// The name may end in `.date` or `.time`.
        case slot(String)
        case business
        case reference
        case from
        case parameter(String)
        case thread(ThreadValue)
    }
    enum Part: Equatable, Sendable {
        case text(String)
        case value(Value, Format?)
    }
    var parts: [Part]

    init(parts: [Part]) { self.parts = parts }
    init(verbatim text: String) { parts = text.isEmpty ? [] : [.text(text)] }

    /// Throws a sentence about what is wrong with it. Whether a slot exists is for the flow's checks.
    init(_ text: String) throws(TemplateError) {
        parts = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
                throw TemplateError(message: "`{{` has no `}}`; write values as `{{name}}`")
            }
            parts.append(try Self.value(in: rest[open.upperBound..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        if rest.contains("}}") { throw TemplateError(message: "`}}` has no `{{`; write values as `{{name}}`") }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
    }

    /// The slots in it, without `.date` and `.time`.
    var slots: [String] {
        parts.compactMap { if case .value(.slot(let name), _) = $0 { name } else { nil } }
    }

    /// The values of the thread in it.
    var threadValues: [ThreadValue] {
        parts.compactMap { if case .value(.thread(let value), _) = $0 { value } else { nil } }
    }

    var isEmpty: Bool { parts.isEmpty }

    /// - Parameter value: a value in the format that was asked for; `nil` format: the place's own.
    func rendered(_ value: (Value, Format?) -> String) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .value(let name, let format): value(name, format)
            }
        }.joined()
    }

    private static func value(in text: Substring) throws(TemplateError) -> Part {
        let halves = text.split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
        guard halves.count <= 2, let name = halves.first, !name.isEmpty else {
            throw TemplateError(
                message: "`{{\(text)}}` should be a name and at most one format, such as `{{when | written}}`")
        }
        var format: Format?
        if halves.count == 2 {
            guard let known = Format(rawValue: halves[1]) else {
                throw TemplateError(message: "`\(halves[1])` is no format; there are spoken, written and iso")
            }
            format = known
        }
        switch name {
        case "business": return .value(.business, format)
        case "call.reference": return .value(.reference, format)
        case "call.from": return .value(.from, format)
        default: break
        }
        if name.hasPrefix("call.parameters."), name.count > "call.parameters.".count {
            return .value(.parameter(String(name.dropFirst("call.parameters.".count))), format)
        }
        if name.hasPrefix("call.") {
            throw TemplateError(
                message: "`\(name)` is not known; there are call.reference, call.from and call.parameters.NAME")
        }
        if let value = ThreadValue(written: name) { return .value(.thread(value), format) }
        return .value(.slot(name), format)
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let front = text.drop(while: isSpace)
        return String(String(front.reversed().drop(while: isSpace)).reversed())
    }
}

struct TemplateError: Error, Equatable {
    var message: String
}

/// An action's arguments: JSON with templates for strings. Members keep the file's order.
indirect enum TemplateTree: Equatable, Sendable {
    case string(Template)
    case number(Int)
    case boolean(Bool)
    case list([TemplateTree])
    case object([(String, TemplateTree)])

    static func == (left: TemplateTree, right: TemplateTree) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.boolean(let a), .boolean(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 }
        default: false
        }
    }

    var templates: [Template] {
        switch self {
        case .string(let template): [template]
        case .number, .boolean: []
        case .list(let items): items.flatMap(\.templates)
        case .object(let members): members.flatMap(\.1.templates)
        }
    }

    func json(_ render: (Template) -> String) -> String {
        switch self {
        case .string(let template): JSONText.string(render(template))
        case .number(let number): String(number)
        case .boolean(let value): value ? "true" : "false"
        case .list(let items): "[" + items.map { $0.json(render) }.joined(separator: ",") + "]"
        case .object(let members): JSONText.object(members.map { ($0.0, $0.1.json(render)) })
        }
    }
}
