/// Where a webhook goes: a base that the operator wrote, and a path and a query that values may stand in.
///
/// `https://api.example.org/v1/slots/{{ .parameters.day }}?from={{ .parameters.from }}`: a value stands in one segment of the
/// path or is one value of the query, and is percent-encoded there. Nowhere else is a template taken.
public struct WebhookTarget: Equatable, Sendable {
    /// Longest URL, in bytes.
    public static let maxBytes = 4_096

    enum Piece: Equatable {
        case literal(String)
        case segment(Template)
        case value(Template)
    }

    /// Scheme and authority, as they are written.
    public let base: String
    let pieces: [Piece]

    /// - Parameter name: what faults of its templates begin with.
    /// - Throws: the first thing that is wrong with it.
    public init(_ text: String, name: String) throws(WebhookFault) {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else {
            throw WebhookFault(
                "does not begin with https://", mend: "write for example `url: https://api.example.org/v1/slots`")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#{".contains($0) }
        let tail = rest.dropFirst(authority.count)
        guard tail.first != "{" else {
            throw WebhookFault(
                "a template stands in its host", mend: "write the host out; values go into the path or the query")
        }
        guard !authority.isEmpty, !authority.contains("@"), authority.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw WebhookFault(
                "is not the plain address of a host",
                mend: "write scheme and host alone; credentials go into `header_env`")
        }
        base = scheme + authority
        var reader = TargetReader(name: name)
        pieces = try reader.read(String(tail))
    }

    /// Its templates, in order.
    public var templates: [Template] {
        pieces.compactMap {
            switch $0 {
            case .literal: nil
            case .segment(let template), .value(let template): template
            }
        }
    }

    /// - Parameter root: what `.` is in its templates.
    /// - Throws: for a value that is missing, or that would change which path is meant.
    func url(_ root: JSON) throws(RequestRefusal) -> String {
        var url = base
        for piece in pieces {
            switch piece {
            case .literal(let text): url += text
            case .value(let template): url += PercentEncoding.encoded(try Self.rendered(template, root))
            case .segment(let template):
                let text = try Self.rendered(template, root)
                guard Self.isSegment(text) else {
                    throw RequestRefusal(rule: "url: a part of the path would be empty or lead elsewhere")
                }
                url += PercentEncoding.encoded(text)
            }
        }
        guard url.utf8.count <= Self.maxBytes else {
            throw RequestRefusal(rule: "url: longer than \(Self.maxBytes) bytes")
        }
        return url
    }

    /// `.` and `..` go up the path even when they are encoded, and behind slashes some servers decode early.
    private static func isSegment(_ text: String) -> Bool {
        // By octets: a slash with an accent is one character, and on the way a slash.
        let parts = text.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        return !parts.isEmpty && parts.allSatisfy { !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    }

    private static func rendered(_ template: Template, _ root: JSON) throws(RequestRefusal) -> String {
        do throws(TemplateFault) {
            return try template.render(root)
        } catch {
            throw RequestRefusal(rule: "template: \(error.description)")
        }
    }
}

/// Takes a path and a query apart.
private struct TargetReader {
    private enum Place {
        case path, key, value
    }

    let name: String
    private var place = Place.path
    private var piece = ""
    private var hasTemplate = false
    private var pieces: [WebhookTarget.Piece] = []

    init(name: String) { self.name = name }

    mutating func read(_ text: String) throws(WebhookFault) -> [WebhookTarget.Piece] {
        var rest = Substring(text)
        while let character = rest.first {
            if rest.hasPrefix("{{") {
                guard let end = rest.firstRange(of: "}}") else {
                    throw WebhookFault("`{{` has no `}}`", mend: "write values as `{{ .parameters.day }}`")
                }
                piece += rest[..<end.upperBound]
                hasTemplate = true
                rest = rest[end.upperBound...]
                continue
            }
            try take(character)
            rest = rest.dropFirst()
        }
        try flush()
        return pieces
    }

    private mutating func take(_ character: Character) throws(WebhookFault) {
        switch (character, place) {
        case ("#", _):
            throw WebhookFault("has a fragment, which no server sees", mend: "leave `#` and what is behind it out")
        case ("/", .path), ("?", .path),
            ("&", _) where place != .path, ("=", .key):
            try flush()
            pieces.append(.literal(String(character)))
            switch character {
            case "/": break
            case "=": place = .value
            default: place = .key
            }
        default:
            guard let byte = character.asciiValue, (0x21...0x7E).contains(byte), !"\"<>\\^`{|}".contains(character)
            else {
                throw WebhookFault(
                    "holds a character that no URL has", mend: "percent-encode it; values go into `{{ }}` as they are")
            }
            piece.append(character)
        }
    }

    /// What stood up to here is one segment, one name or one value.
    private mutating func flush() throws(WebhookFault) {
        defer { (piece, hasTemplate) = ("", false) }
        guard hasTemplate else {
            if !piece.isEmpty { pieces.append(.literal(piece)) }
            return
        }
        guard place != .key else {
            throw WebhookFault(
                "a template stands in a name of the query", mend: "write the name out, as `?day={{ .parameters.day }}`")
        }
        guard Self.beside(piece).utf8.allSatisfy(PercentEncoding.isUnreserved) else {
            throw WebhookFault(
                "beside a template there is more than letters, digits, `-`, `.`, `_` and `~`",
                mend: "put it into the template, which is encoded as a whole")
        }
        do throws(TemplateFault) {
            let template = try Template(piece, name: name)
            pieces.append(place == .path ? .segment(template) : .value(template))
        } catch {
            throw WebhookFault(error)
        }
    }

    private static func beside(_ piece: String) -> String {
        var out = ""
        var rest = Substring(piece)
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            out += rest[..<open.lowerBound]
            rest = rest[close.upperBound...]
        }
        return out + rest
    }
}
