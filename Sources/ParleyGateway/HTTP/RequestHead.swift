/// The head of an HTTP/1 request, read strictly and within limits.
public struct RequestHead: Equatable, Sendable {
    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String
    }

    public var method: String
    /// As it stands in the request line: path and query, percent-encoding untouched.
    public var target: String
    public var version: (major: Int, minor: Int)
    public var fields: [Field]

    /// The target without its query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// The values of a field, in order; names are compared without regard to case.
    public func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
    /// The value of a field that stands once.
    public subscript(name: String) -> String? {
        let values = values(name)
        return values.count == 1 ? values[0] : nil
    }
    /// Whether one of a field's comma-separated words is this, in any case.
    public func names(_ word: String, in field: String) -> Bool {
        values(field).contains { value in
            value.split(separator: ",").contains { $0.filter { $0 != " " && $0 != "\t" }.lowercased() == word }
        }
    }
    /// A proxy has spoken: the peer is not who asks.
    public var isForwarded: Bool {
        fields.contains { ["x-forwarded-for", "forwarded", "x-real-ip"].contains($0.name.lowercased()) }
    }

    public static func == (left: RequestHead, right: RequestHead) -> Bool {
        left.method == right.method && left.target == right.target && left.version == right.version
            && left.fields == right.fields
    }
}

/// Finds the end of a head in bytes that come in pieces, and reads it.
struct RequestHeadReader {
    struct Limits: Equatable, Sendable {
        var bytes: Int
        var fields: Int
        var line: Int
    }
    enum Refusal: Error, Equatable {
        case tooLarge
        case malformed
        var status: Int { self == .tooLarge ? 431 : 400 }
    }

    let limits: Limits
    private(set) var byteCount = 0
    private var lineCount = 0
    private var lineLength = 0

    init(limits: Limits) { self.limits = limits }

    /// Looks at the next bytes.
    ///
    /// - Returns: how many of them belong to the head, when it ends in them; else nil.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Int? {
        for (index, byte) in bytes.enumerated() {
            byteCount += 1
            guard byteCount <= limits.bytes else { throw .tooLarge }
            guard byte == 0x0A else {
                lineLength += 1
                guard lineLength <= limits.line else { throw .tooLarge }
                continue
            }
            // What stands in a line is judged by `read`; here an empty one counts, with or without its CR.
            if lineLength <= 1, lineCount > 0 { return index + 1 }
            lineCount += 1
            lineLength = 0
            guard lineCount <= limits.fields + 1 else { throw .tooLarge }
        }
        return nil
    }

    /// Reads a whole head with its empty line (RFC 9112 sections 2-5): no bare CR or LF, no folded lines, no controls.
    static func read(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> RequestHead {
        guard let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ scalar in
                scalar.value >= 0x20 && scalar.value != 0x7F || scalar == "\r" || scalar == "\n" || scalar == "\t"
            })
        else { throw .malformed }
        var lines: [Substring.UTF8View] = []
        var rest = text.utf8[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end]
            guard line.last == 0x0D, !line.dropLast().contains(0x0D) else { throw .malformed }
            lines.append(line.dropLast())
            rest = rest[rest.index(after: end)...]
        }
        guard rest.isEmpty, let last = lines.popLast(), last.isEmpty, let first = lines.first else { throw .malformed }

        let parts = first.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, let method = String(parts[0]), !method.isEmpty, parts[0].allSatisfy(isToken),
            let target = String(parts[1]), target.hasPrefix("/") || target == "*", target.utf8.allSatisfy({ $0 > 0x20 })
        else { throw .malformed }
        let version = Array(parts[2])
        guard version.count == 8, Array(version[..<5]) == Array("HTTP/".utf8), version[6] == 0x2E,
            (0x30...0x39).contains(version[5]), (0x30...0x39).contains(version[7])
        else { throw .malformed }

        var fields: [RequestHead.Field] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex, line[..<colon].allSatisfy(isToken),
                let name = String(line[..<colon]), let value = String(line[line.index(after: colon)...])
            else { throw .malformed }
            fields.append(.init(name: name, value: trimmed(value)))
        }
        return RequestHead(
            method: method, target: target, version: (Int(version[5] - 0x30), Int(version[7] - 0x30)), fields: fields)
    }

    /// A character of a token (RFC 9110 section 5.6.2).
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
