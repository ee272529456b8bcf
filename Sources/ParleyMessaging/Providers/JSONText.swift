import Foundation

/// Writes the flat objects that providers are sent: fields in the order given, so that the same text is the same bytes.
enum JSONText {
    enum Value {
        case text(String)
        case number(Int)
    }

    /// Fields without a value are left out.
    static func object(_ fields: KeyValuePairs<String, Value?>) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "{")]
        for case (let name, let value?) in fields {
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            append(name, to: &out)
            out.append(UInt8(ascii: ":"))
            switch value {
            case .text(let text): append(text, to: &out)
            case .number(let number): out += Array(String(number).utf8)
            }
        }
        out.append(UInt8(ascii: "}"))
        return out
    }

    private static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x0A: out += Array("\\n".utf8)
            case 0..<0x20: out += Array("\\u00\(Hex.encode([byte]))".utf8)
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Reads what a provider sent; unknown fields are ignored.
    ///
    /// - Returns: `nil` for what is not JSON of this shape or longer than an answer may be.
    static func read<Shape: Decodable>(_ shape: Shape.Type, from bytes: [UInt8]) -> Shape? {
        guard !bytes.isEmpty, bytes.count <= HTTPAnswer.maxBytes else { return nil }
        return try? JSONDecoder().decode(shape, from: Data(bytes))
    }
}

/// A text or a whole number: providers send codes and counts as either. Anything else reads as empty.
struct LooseText: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self.text = text
        } else {
            text = (try? value.decode(Int64.self)).map { String($0) } ?? ""
        }
    }
}
