/// One name and value of a form, decoded.
public struct FormField: Equatable, Sendable {
    public var name: String
    public var value: String
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What a form body does not allow.
public enum FormError: Error, Equatable, Sendable {
    case badPercentEncoding(offset: Int)
    case notUTF8
    case tooManyFields
}

/// Reads `application/x-www-form-urlencoded`, strictly.
public enum FormBody {
    /// The fields in their order; at most 256. Empty values and repeated names count, empty pieces (`a=1&&b=2`) do not.
    public static func parse(_ body: some Collection<UInt8>) throws(FormError) -> [FormField] {
        var fields: [FormField] = []
        var name: [UInt8] = []
        var current: [UInt8] = []
        var isValue = false
        var isEmpty = true
        var offset = 0
        var index = body.startIndex

        func text(_ bytes: [UInt8]) throws(FormError) -> String {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
            return text
        }
        func finish() throws(FormError) {
            defer {
                name = []
                current = []
                isValue = false
                isEmpty = true
            }
            guard !isEmpty else { return }
            guard fields.count < 256 else { throw .tooManyFields }
            fields.append(isValue ? FormField(try text(name), try text(current)) : FormField(try text(current), ""))
        }

        while index < body.endIndex {
            let byte = body[index]
            switch byte {
            case UInt8(ascii: "&"):
                try finish()
            case UInt8(ascii: "=") where !isValue:
                name = current
                current = []
                isValue = true
                isEmpty = false
            case UInt8(ascii: "%"):
                let high = body.index(after: index)
                guard high < body.endIndex, let upper = nibble(body[high]) else {
                    throw .badPercentEncoding(offset: offset)
                }
                let low = body.index(after: high)
                guard low < body.endIndex, let lower = nibble(body[low]) else {
                    throw .badPercentEncoding(offset: offset)
                }
                current.append(upper << 4 | lower)
                isEmpty = false
                index = low
                offset += 2
            case UInt8(ascii: "+"):
                current.append(0x20)
                isEmpty = false
            default:
                current.append(byte)
                isEmpty = false
            }
            index = body.index(after: index)
            offset += 1
        }
        try finish()
        return fields
    }
}

extension [FormField] {
    /// The first value of this name.
    public subscript(name: String) -> String? { first { $0.name == name }?.value }
}

private func nibble(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}
