/// Writes JSON by appending to a buffer. Commas are put where they belong; the caller sees to the rest of the grammar.
public struct JSONWriter: Sendable {
    /// What has been written, after what the writer was given.
    public private(set) var bytes: [UInt8]
    private let start: Int

    /// - Parameter bytes: a buffer to append to; hand it over rather than copy it.
    public init(_ bytes: consuming [UInt8] = []) {
        start = bytes.count
        self.bytes = bytes
    }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { bytes.append(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

    public mutating func key(_ key: String) {
        separate()
        Self.appendString(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    public mutating func value(_ value: String) {
        separate()
        Self.appendString(value, to: &bytes)
    }

    public mutating func value(_ value: some BinaryInteger) { raw(value.description) }
    public mutating func value(_ value: Bool) { raw(value ? "true" : "false") }
    public mutating func null() { raw("null") }

    /// A number that JSON cannot write (infinite, not a number) becomes `null`.
    public mutating func value(_ value: Double) { raw(value.isFinite ? value.description : "null") }

    /// A value that is JSON already.
    public mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
    }

    public mutating func field(_ key: String, _ value: String) {
        self.key(key)
        self.value(value)
    }

    public mutating func field(_ key: String, _ value: some BinaryInteger) {
        self.key(key)
        self.value(value)
    }

    public mutating func field(_ key: String, _ value: Bool) {
        self.key(key)
        self.value(value)
    }

    public mutating func field(_ key: String, _ value: Double) {
        self.key(key)
        self.value(value)
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
    }

    /// A value or key that follows another one has a comma in front. A string ends with its quote, so that the last
    /// byte tells.
    private mutating func separate() {
        guard bytes.count > start, let last = bytes.last else { return }
        switch last {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): return
        default: bytes.append(UInt8(ascii: ","))
        }
    }

    /// Appends a string with its quotes; quotes, backslashes and control characters escaped (RFC 8259 section 7).
    public static func appendString(_ string: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x0A: appendFixed("\\n", to: &out)
            case 0x0D: appendFixed("\\r", to: &out)
            case 0x09: appendFixed("\\t", to: &out)
            case ..<0x20, 0x7F:
                appendFixed("\\u00", to: &out)
                out.append(hexDigit(byte >> 4))
                out.append(hexDigit(byte & 0x0F))
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Appends text as it is: for the fixed parts of a message.
    static func appendFixed(_ text: StaticString, to out: inout [UInt8]) {
        out.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a whole number in decimal, without making a string of it.
    static func appendNumber(_ number: UInt32, to out: inout [UInt8]) {
        var divisor: UInt32 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            out.append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
