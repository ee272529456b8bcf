/// A request's target, taken apart.
public struct FakeTarget: Equatable, Sendable, CustomStringConvertible {
    /// As it was sent.
    public let text: String
    /// Before the question mark, as it was sent.
    public let path: String
    /// Decoded, in order; a name may come twice.
    public let query: [(name: String, value: String)]

    public init(_ text: String) {
        self.text = text
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { field in
            let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(sides[0]), sides.count > 1 ? Self.decoded(sides[1]) : "")
        }
    }

    public var description: String { text }

    /// The first of this name.
    public func value(_ name: String) -> String? { query.first { $0.name == name }?.value }

    public static func == (one: Self, other: Self) -> Bool { one.text == other.text }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The headers of a request.
public struct FakeHeaders: Sendable, CustomStringConvertible {
    /// As they were sent.
    public let all: [(name: String, value: String)]

    public init(_ all: [(name: String, value: String)]) { self.all = all }

    public var description: String { all.map { "\($0.name): \($0.value)" }.joined(separator: "; ") }

    /// The first of this name, whatever its case.
    public subscript(name: String) -> String? {
        all.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
