/// A string as it stands in a JSON text: lent bytes, good for as long as the text is.
public struct JSONString {
    /// What is between the quotes, with its escapes.
    public let bytes: UnsafeRawBufferPointer
    /// Whether a backslash is among them; else the bytes are the string.
    public let hasEscapes: Bool

    /// The string itself.
    public var string: String {
        guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: Array(Unescaped(bytes)), as: UTF8.self)
    }

    /// Whether the string is this one. Nothing is allocated.
    public static func == (left: JSONString, right: StaticString) -> Bool {
        let right = UnsafeRawBufferPointer(start: right.utf8Start, count: right.utf8CodeUnitCount)
        guard left.hasEscapes else { return left.bytes.count == right.count && isSame(left.bytes, right) }
        return Unescaped(left.bytes).elementsEqual(right)
    }

    static func == (left: JSONString, right: JSONString) -> Bool {
        guard left.hasEscapes || right.hasEscapes else {
            return left.bytes.count == right.bytes.count && isSame(left.bytes, right.bytes)
        }
        return Unescaped(left.bytes).elementsEqual(Unescaped(right.bytes))
    }

    /// The whole number that the string writes in decimal, without sign; `nil` for anything else or beyond `Int`.
    public var counter: Int? { hasEscapes ? nil : Self.counter(bytes) }

    static func counter(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !bytes.isEmpty else { return nil }
        var value = 0
        for byte in bytes {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            let (tens, isTooBig) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tens.addingReportingOverflow(Int(byte &- 0x30))
            guard !isTooBig, !isOver else { return nil }
            value = sum
        }
        return value
    }

    private static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
    }
}

/// The UTF-8 of a string whose escapes have been checked.
private struct Unescaped: Sequence, IteratorProtocol {
    let bytes: UnsafeRawBufferPointer
    var at = 0
    /// UTF-8 of an escape that is not handed out yet, lowest byte first.
    var pending: UInt32 = 0
    var pendingCount = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() -> UInt8? {
        if pendingCount > 0 {
            defer {
                pending >>= 8
                pendingCount -= 1
            }
            return UInt8(truncatingIfNeeded: pending)
        }
        guard at < bytes.count else { return nil }
        let byte = bytes[at]
        at += 1
        guard byte == UInt8(ascii: "\\") else { return byte }
        let escape = bytes[at]
        at += 1
        switch escape {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return unit()
        default: return escape
        }
    }

    private mutating func unit() -> UInt8? {
        var value = hex()
        if value & 0xFC00 == 0xD800 {
            at += 2
            value = 0x10000 + (value & 0x3FF) << 10 + (hex() & 0x3FF)
        }
        guard let scalar = UnicodeScalar(value) else { return nil }
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            pending |= UInt32(byte) << UInt32(8 * pendingCount)
            pendingCount += 1
        }
        return next()
    }

    private mutating func hex() -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            value = value << 4 | UInt32(JSONScanner.hexValue(bytes[at]) ?? 0)
            at += 1
        }
        return value
    }
}
