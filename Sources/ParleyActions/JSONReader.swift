/// Reads one JSON text from bytes (RFC 8259), by descent; the depth limit bounds the stack.
struct JSONReader {
    let bytes: [UInt8]
    let maxDepth: Int
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8], maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    mutating func readDocument() throws(JSON.Fault) -> JSON {
        let value = try readValue()
        skipSpace()
        guard position == bytes.count else { throw .notJSON(offset: position) }
        return value
    }

    private mutating func readValue() throws(JSON.Fault) -> JSON {
        skipSpace()
        guard let byte = peek() else { throw .notJSON(offset: position) }
        switch byte {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try readWord("false", .boolean(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: return .number(try readNumber())
        }
    }

    private mutating func readObject() throws(JSON.Fault) -> JSON {
        try enter()
        var members: [String: JSON] = [:]
        skipSpace()
        if take("}") {
            depth -= 1
            return .object(members)
        }
        while true {
            skipSpace()
            let keyOffset = position
            guard peek() == UInt8(ascii: "\"") else { throw .notJSON(offset: position) }
            let key = try readString()
            guard members[key] == nil else { throw .repeatedKey(offset: keyOffset) }
            skipSpace()
            guard take(":") else { throw .notJSON(offset: position) }
            members[key] = try readValue()
            skipSpace()
            if take(",") { continue }
            guard take("}") else { throw .notJSON(offset: position) }
            depth -= 1
            return .object(members)
        }
    }

    private mutating func readArray() throws(JSON.Fault) -> JSON {
        try enter()
        var values: [JSON] = []
        skipSpace()
        if take("]") {
            depth -= 1
            return .array(values)
        }
        while true {
            values.append(try readValue())
            skipSpace()
            if take(",") { continue }
            guard take("]") else { throw .notJSON(offset: position) }
            depth -= 1
            return .array(values)
        }
    }

    private mutating func readString() throws(JSON.Fault) -> String {
        position += 1
        var units: [UInt8] = []
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                let scalar = try readEscape()
                units.append(contentsOf: Array(String(Character(scalar)).utf8))
            case 0..<0x20:
                throw .notJSON(offset: position)
            default:
                units.append(byte)
                position += 1
            }
        }
        throw .notJSON(offset: position)
    }

    private mutating func readEscape() throws(JSON.Fault) -> Unicode.Scalar {
        let start = position
        guard let byte = peek() else { throw .notJSON(offset: start) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw .notJSON(offset: start)
        }
        var value = try readHex()
        if (0xD800..<0xDC00).contains(value) {
            guard take("\\"), take("u") else { throw .notJSON(offset: start) }
            let low = try readHex()
            guard (0xDC00..<0xE000).contains(low) else { throw .notJSON(offset: start) }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw .notJSON(offset: start) }
        return scalar
    }

    private mutating func readHex() throws(JSON.Fault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw .notJSON(offset: position)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func readNumber() throws(JSON.Fault) -> JSON.Decimal {
        let start = position
        let isNegative = take("-")
        var digits = readDigits()
        guard let first = digits.first, digits.count == 1 || first != UInt8(ascii: "0") else {
            throw .notJSON(offset: start)
        }
        var exponent = 0
        if take(".") {
            let fraction = readDigits()
            guard !fraction.isEmpty else { throw .notJSON(offset: position) }
            digits += fraction
            exponent = -fraction.count
        }
        if take("e") || take("E") {
            let isBelow = take("-")
            if !isBelow { _ = take("+") }
            let power = readDigits()
            guard !power.isEmpty else { throw .notJSON(offset: position) }
            guard let value = Int(String(decoding: power, as: UTF8.self)), value <= 1_000 else {
                throw .numberOutOfRange(offset: start)
            }
            exponent += isBelow ? -value : value
        }
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        guard !digits.isEmpty else { return JSON.Decimal(isNegative: false, digits: [], exponent: 0) }
        // The decades that a Double spans.
        guard (-308...308).contains(digits.count + exponent) else { throw .numberOutOfRange(offset: start) }
        return JSON.Decimal(isNegative: isNegative, digits: digits, exponent: exponent)
    }

    private mutating func readDigits() -> [UInt8] {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return Array(bytes[start..<position])
    }

    private mutating func readWord(_ word: StaticString, _ value: JSON) throws(JSON.Fault) -> JSON {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard peek() == word.utf8Start[index] else { throw .notJSON(offset: start) }
            position += 1
        }
        return value
    }

    private mutating func enter() throws(JSON.Fault) {
        position += 1
        depth += 1
        guard depth <= maxDepth else { throw .tooDeep(limit: maxDepth) }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }
}
