/// One JSON value, as arguments of an action arrive: small, strict, and with one canonical spelling.
///
/// Stricter than RFC 8259 asks: a repeated key, a lone surrogate and a number that no `Double` can hold are refused, so
/// that two readers can never see different values in the same text.
public indirect enum JSON: Equatable, Sendable {
    case null
    case boolean(Bool)
    /// Kept as decimal digits: `0.1` stays `0.1`, and `1.0`, `1` and `10e-1` are equal.
    case number(Decimal)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// A number as sign, digits without zeros at either end, and a power of ten. Zero has no digits.
    public struct Decimal: Equatable, Sendable {
        var isNegative: Bool
        var digits: [UInt8]
        var exponent: Int
    }

    /// Why a text is not JSON that we take. `offset` counts bytes.
    public enum Fault: Error, Equatable, Sendable {
        case tooLarge(limit: Int)
        case tooDeep(limit: Int)
        case notJSON(offset: Int)
        case repeatedKey(offset: Int)
        case numberOutOfRange(offset: Int)
    }

    /// Reads a whole text.
    ///
    /// - Parameters:
    ///   - maxBytes: longest text, in UTF-8 bytes.
    ///   - maxDepth: deepest nesting of arrays and objects; the outermost counts 1.
    public init(parsing text: String, maxBytes: Int, maxDepth: Int) throws(Fault) {
        guard text.utf8.count <= maxBytes else { throw .tooLarge(limit: maxBytes) }
        var reader = JSONReader(bytes: Array(text.utf8), maxDepth: maxDepth)
        self = try reader.readDocument()
    }

    /// A member of an object; `nil` also where the value is no object.
    public subscript(_ name: String) -> JSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The value's only spelling: keys sorted by their UTF-8 bytes, no spaces, shortest escapes, plain numbers.
    public var canonical: String {
        var out = ""
        write(into: &out)
        return out
    }

    private func write(into out: inout String) {
        switch self {
        case .null: out += "null"
        case .boolean(let isTrue): out += isTrue ? "true" : "false"
        case .number(let number): out += number.text
        case .string(let text): JSON.write(text, into: &out)
        case .array(let values):
            out += "["
            for (index, value) in values.enumerated() {
                if index > 0 { out += "," }
                value.write(into: &out)
            }
            out += "]"
        case .object(let members):
            out += "{"
            let keys = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            for (index, key) in keys.enumerated() {
                if index > 0 { out += "," }
                JSON.write(key, into: &out)
                out += ":"
                members[key]?.write(into: &out)
            }
            out += "}"
        }
    }

    private static func write(_ text: String, into out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}

extension JSON.Decimal {
    /// Plain digits where that stays short, else digits and a power of ten.
    var text: String {
        guard !digits.isEmpty else { return "0" }
        let sign = isNegative ? "-" : ""
        let mantissa = String(decoding: digits, as: UTF8.self)
        if exponent >= 0, digits.count + exponent <= 21 {
            return sign + mantissa + String(repeating: "0", count: exponent)
        }
        if exponent < 0, exponent >= -21 {
            let whole = digits.count + exponent
            if whole > 0 { return sign + mantissa.prefix(whole) + "." + mantissa.dropFirst(whole) }
            return sign + "0." + String(repeating: "0", count: -whole) + mantissa
        }
        return sign + mantissa + "e" + String(exponent)
    }

    /// Whether there is nothing behind the decimal point.
    var isWhole: Bool { exponent >= 0 }
}
