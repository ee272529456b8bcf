/// Why a text is not the JSON that we take.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Problem: String, Sendable {
        case unexpectedEnd = "the text ends too soon"
        case unexpectedByte = "a byte that cannot stand here"
        case wrongType = "a value of another type is needed"
        case badEscape = "an escape that JSON does not have"
        case controlCharacter = "a control character in a string"
        case badNumber = "not a JSON number"
        case numberTooLarge = "a number that does not fit"
        case tooDeep = "nested too deeply"
        case tooManyKeys = "too many keys"
        case stringTooLong = "a string too long"
        case duplicateKey = "a key twice in one object"
        case textAfterValue = "more text after the value"
    }

    public var problem: Problem
    /// Where, in bytes from the start of the text.
    public var offset: Int

    public init(_ problem: Problem, offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    public var description: String { "\(problem.rawValue), at byte \(offset)" }
}

/// Reads JSON (RFC 8259) from lent bytes by pulling: no tree, no copy, and no allocation for ordinary messages.
///
///     var json = JSONScanner(text)
///     try json.enterObject()
///     while let key = try json.nextKey() {
///         if key == "event" { event = try json.string() } else { try json.skip() }
///     }
///     try json.finish()
///
/// All that is read or skipped is checked: grammar, escapes, the limits, and that no object has a key twice. After each
/// key or element exactly one value must be read or skipped. The bytes must be UTF-8, as a WebSocket text message is.
public struct JSONScanner {
    public struct Limits: Equatable, Sendable {
        public var maxDepth: Int
        /// Of all objects in one text together.
        public var maxKeys: Int
        public var maxStringBytes: Int

        /// - Parameter maxDepth: 1-32.
        public init(maxDepth: Int = 16, maxKeys: Int = 256, maxStringBytes: Int = 65_536) {
            precondition((1...32).contains(maxDepth) && maxKeys > 0 && maxStringBytes > 0, "limits within their range")
            self.maxDepth = maxDepth
            self.maxKeys = maxKeys
            self.maxStringBytes = maxStringBytes
        }
    }

    public enum Kind: Sendable { case object, array, string, number, bool, null }

    private let text: UnsafeRawBufferPointer
    private let limits: Limits
    private var at = 0
    private var depth = 0
    /// Bit n: the container at depth n + 1 has had no element yet.
    private var fresh: UInt32 = 0
    private var keyTotal = 0
    private var keys = KeyStack()

    public init(_ text: UnsafeRawBufferPointer, limits: Limits = Limits()) {
        self.text = text
        self.limits = limits
    }

    /// Where the scanner stands, in bytes from the start.
    public var offset: Int { at }

    // MARK: Values

    /// What the next value is. Nothing is consumed but white space.
    public mutating func kind() throws(JSONError) -> Kind {
        skipWhiteSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), 0x30...0x39: return .number
        default: throw error(.unexpectedByte)
        }
    }

    public mutating func enterObject() throws(JSONError) {
        guard try kind() == .object else { throw error(.wrongType) }
        try enter()
        keys.open()
    }

    /// The next key of the object, or `nil` at its end.
    public mutating func nextKey() throws(JSONError) -> JSONString? {
        guard try advance(to: UInt8(ascii: "}")) else {
            keys.close()
            return nil
        }
        guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
        let start = at
        let key = try readString()
        keyTotal &+= 1
        guard keyTotal <= limits.maxKeys else { throw JSONError(.tooManyKeys, offset: start) }
        guard keys.insert(key, of: text) else { throw JSONError(.duplicateKey, offset: start) }
        skipWhiteSpace()
        guard try peek() == UInt8(ascii: ":") else { throw error(.unexpectedByte) }
        at &+= 1
        return key
    }

    public mutating func enterArray() throws(JSONError) {
        guard try kind() == .array else { throw error(.wrongType) }
        try enter()
    }

    /// Whether the array has another element, which must then be read; false at its end.
    public mutating func nextElement() throws(JSONError) -> Bool { try advance(to: UInt8(ascii: "]")) }

    public mutating func string() throws(JSONError) -> JSONString {
        guard try kind() == .string else { throw error(.wrongType) }
        return try readString()
    }

    public mutating func bool() throws(JSONError) -> Bool {
        guard try kind() == .bool else { throw error(.wrongType) }
        let value = text[at] == UInt8(ascii: "t")
        try word(value ? "true" : "false")
        return value
    }

    /// A number as it is written.
    public mutating func number() throws(JSONError) -> UnsafeRawBufferPointer {
        guard try kind() == .number else { throw error(.wrongType) }
        return try readNumber()
    }

    /// A whole number; one with a fraction, an exponent or beyond `Int` is an error.
    public mutating func integer() throws(JSONError) -> Int {
        let start = at
        var digits = try number()
        let isNegative = digits[0] == UInt8(ascii: "-")
        if isNegative { digits = UnsafeRawBufferPointer(rebasing: digits[1...]) }
        guard let value = JSONString.counter(digits) else { throw JSONError(.numberTooLarge, offset: start) }
        return isNegative ? -value : value
    }

    /// A counter, as providers write them: a whole number or a string of digits. Anything else is skipped.
    ///
    /// - Returns: `nil` where the value is not a counter.
    public mutating func counter() throws(JSONError) -> Int? {
        switch try kind() {
        case .string: return try readString().counter
        case .number: return JSONString.counter(try readNumber())
        default:
            try skip()
            return nil
        }
    }

    /// Checks one value of any kind and leaves it behind.
    ///
    /// - Returns: the value's text.
    @discardableResult
    public mutating func skip() throws(JSONError) -> UnsafeRawBufferPointer {
        let kind = try kind()
        let start = at
        switch kind {
        case .object:
            try enterObject()
            while try nextKey() != nil { try skip() }
        case .array:
            try enterArray()
            while try nextElement() { try skip() }
        case .string: _ = try readString()
        case .number: _ = try readNumber()
        case .bool: _ = try bool()
        case .null: try word("null")
        }
        return UnsafeRawBufferPointer(rebasing: text[start..<at])
    }

    /// Checks that the text is over.
    public mutating func finish() throws(JSONError) {
        skipWhiteSpace()
        guard at == text.count else { throw error(.textAfterValue) }
    }

    // MARK: Grammar

    // These are inlined because a call would copy the scanner, keys and all.

    @inline(__always)
    private func error(_ problem: JSONError.Problem) -> JSONError { JSONError(problem, offset: at) }

    @inline(__always)
    private func peek() throws(JSONError) -> UInt8 {
        guard at < text.count else { throw error(.unexpectedEnd) }
        return text[at]
    }

    private mutating func skipWhiteSpace() {
        while at < text.count {
            switch text[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at &+= 1
            default: return
            }
        }
    }

    private mutating func enter() throws(JSONError) {
        guard depth < limits.maxDepth else { throw error(.tooDeep) }
        at &+= 1
        fresh |= 1 &<< UInt32(truncatingIfNeeded: depth)
        depth &+= 1
    }

    /// To the next element of the innermost container, or past its closing bracket: then false.
    private mutating func advance(to closing: UInt8) throws(JSONError) -> Bool {
        precondition(depth > 0, "nextKey and nextElement are for an open container")
        skipWhiteSpace()
        let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: depth &- 1)
        let isFirst = fresh & bit != 0
        fresh &= ~bit
        let byte = try peek()
        if byte == closing {
            at &+= 1
            depth &-= 1
            return false
        }
        if isFirst { return true }
        guard byte == UInt8(ascii: ",") else { throw error(.unexpectedByte) }
        at &+= 1
        skipWhiteSpace()
        return true
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard try peek() == word.utf8Start[index] else { throw error(.unexpectedByte) }
            at &+= 1
        }
    }

    private mutating func readString() throws(JSONError) -> JSONString {
        at &+= 1
        let start = at
        let end = text.count
        var hasEscapes = false
        scan: while true {
            // Eight bytes at a time, to the first quote, backslash or control character among them.
            while at &+ 8 <= end {
                let word = text.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
                let ones: UInt64 = 0x0101_0101_0101_0101
                let quote = word ^ (ones &* 0x22)
                let slash = word ^ (ones &* 0x5C)
                let found =
                    ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)
                let special = found & (ones &* 0x80)
                guard special == 0 else {
                    // The lowest of these bits is always right; those above it may come of its borrow.
                    at &+= special.trailingZeroBitCount &>> 3
                    break
                }
                at &+= 8
            }
            guard at < end else { throw error(.unexpectedEnd) }
            let byte = text[at]
            if byte == UInt8(ascii: "\"") { break scan }
            guard byte >= 0x20 else { throw error(.controlCharacter) }
            at &+= 1
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try checkEscape()
            }
        }
        guard at &- start <= limits.maxStringBytes else { throw JSONError(.stringTooLong, offset: start) }
        let bytes = UnsafeRawBufferPointer(rebasing: text[start..<at])
        at &+= 1
        return JSONString(bytes: bytes, hasEscapes: hasEscapes)
    }

    private mutating func checkEscape() throws(JSONError) {
        let escape = try peek()
        at &+= 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            let unit = try hexUnit()
            guard unit & 0xFC00 != 0xDC00 else { throw error(.badEscape) }
            guard unit & 0xFC00 == 0xD800 else { return }
            // Half of a pair has no meaning alone.
            guard try peek() == UInt8(ascii: "\\") else { throw error(.badEscape) }
            at &+= 1
            guard try peek() == UInt8(ascii: "u") else { throw error(.badEscape) }
            at &+= 1
            guard try hexUnit() & 0xFC00 == 0xDC00 else { throw error(.badEscape) }
        default: throw error(.badEscape)
        }
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let value = Self.hexValue(try peek()) else { throw error(.badEscape) }
            unit = unit &<< 4 | UInt16(value)
            at &+= 1
        }
        return unit
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private mutating func readNumber() throws(JSONError) -> UnsafeRawBufferPointer {
        let start = at
        if text[at] == UInt8(ascii: "-") { at &+= 1 }
        if at < text.count, text[at] == UInt8(ascii: "0") { at &+= 1 } else { try digits() }
        if at < text.count, text[at] == UInt8(ascii: ".") {
            at &+= 1
            try digits()
        }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at &+= 1
            if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at &+= 1 }
            try digits()
        }
        // A number starts with a digit where one is next: "01" is two values, and so not one.
        if at < text.count, (0x30...0x39).contains(text[at]) { throw error(.badNumber) }
        guard at &- start <= 64 else { throw JSONError(.numberTooLarge, offset: start) }
        return UnsafeRawBufferPointer(rebasing: text[start..<at])
    }

    private mutating func digits() throws(JSONError) {
        let start = at
        while at < text.count, (0x30...0x39).contains(text[at]) { at &+= 1 }
        guard at > start else { throw error(at < text.count ? .badNumber : .unexpectedEnd) }
    }
}

/// The keys of the objects that are open, innermost last, to notice one that comes twice.
private struct KeyStack {
    private struct Key {
        var start: UInt32 = 0
        var count: UInt32 = 0
        /// The first eight bytes: most keys differ there, so that most comparisons are of one word.
        var head: UInt64 = 0
    }

    /// Enough for every message of audio; more go to `rest`.
    private var first = InlineArray<16, Key>(repeating: Key())
    private var rest: [Key] = []
    private var count = 0
    /// Where each open object's keys begin.
    private var starts = InlineArray<33, UInt32>(repeating: 0)
    private var depth = 0

    private static let escaped: UInt32 = 0x8000_0000

    mutating func open() {
        depth &+= 1
        starts[depth] = UInt32(truncatingIfNeeded: count)
    }

    mutating func close() {
        count = Int(starts[depth])
        depth &-= 1
        if !rest.isEmpty { rest.removeLast(rest.count - max(0, count - first.count)) }
    }

    /// - Returns: false where the innermost object has this key already.
    mutating func insert(_ key: JSONString, of text: UnsafeRawBufferPointer) -> Bool {
        guard let base = text.baseAddress, let from = key.bytes.baseAddress else { return false }
        let size = key.bytes.count
        var head: UInt64 = 0
        if size >= 8 {
            head = key.bytes.loadUnaligned(as: UInt64.self)
        } else {
            for byte in key.bytes { head = head &<< 8 | UInt64(byte) }
        }
        let new = Key(
            start: UInt32(truncatingIfNeeded: from - base),
            count: UInt32(truncatingIfNeeded: size) | (key.hasEscapes ? Self.escaped : 0), head: head)

        for index in Int(starts[depth])..<count {
            let old = index < first.count ? first[index] : rest[index - first.count]
            let isEscaped = (old.count | new.count) & Self.escaped != 0
            guard isEscaped || (old.count == new.count && old.head == new.head) else { continue }
            let start = Int(old.start)
            let bytes = text[start..<start + Int(old.count & ~Self.escaped)]
            let other = JSONString(
                bytes: UnsafeRawBufferPointer(rebasing: bytes), hasEscapes: old.count & Self.escaped != 0)
            if other == key { return false }
        }
        if count < first.count { first[count] = new } else { rest.append(new) }
        count &+= 1
        return true
    }
}
