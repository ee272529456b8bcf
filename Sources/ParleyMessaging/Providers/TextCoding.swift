extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
}

/// Lowercase hexadecimal digits.
enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// `nil` for an odd count, capital digits and anything else.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count.isMultiple(of: 2) else { return nil }
        var out: [UInt8] = []
        for index in stride(from: 0, to: bytes.count, by: 2) {
            guard let high = value(bytes[index]), let low = value(bytes[index + 1]) else { return nil }
            out.append(high << 4 | low)
        }
        return out
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

/// Base64 (RFC 4648 section 4, padded) and base64url (section 5, not padded). Reads one spelling of each value only, so
/// that a signature cannot be written in two ways.
enum Base64 {
    enum Alphabet {
        case standard, url
    }

    static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
        let letters = alphabet == .standard ? standard : url
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let piece = bytes[start..<Swift.min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for byte in piece { word = word << 8 | UInt32(byte) }
            word <<= 8 * UInt32(3 - piece.count)
            for index in 0...piece.count { out.append(letters[Int(word >> (18 - 6 * UInt32(index)) & 63)]) }
            if alphabet == .standard { out.append(contentsOf: Array(repeating: 0x3D, count: 3 - piece.count)) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    static func decode(_ text: some StringProtocol, _ alphabet: Alphabet = .standard) -> [UInt8]? {
        var letters = Array(text.utf8)
        if alphabet == .standard {
            guard letters.count.isMultiple(of: 4) else { return nil }
            for _ in 0..<2 where letters.last == 0x3D { letters.removeLast() }
        }
        let rest = letters.count % 4
        guard rest != 1 else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(letters.count * 3 / 4)
        var word: UInt32 = 0
        var bits = 0
        for letter in letters {
            guard let value = value(letter, alphabet) else { return nil }
            word = (word << 6 | value) & 0xFF_FFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            }
        }
        // The bits left over are not part of the value; a signer sets them to 0.
        return word & ((1 << UInt32(bits)) - 1) == 0 ? out : nil
    }

    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let url = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func value(_ letter: UInt8, _ alphabet: Alphabet) -> UInt32? {
        switch letter {
        case 0x41...0x5A: UInt32(letter - 0x41)
        case 0x61...0x7A: UInt32(letter - 0x61 + 26)
        case 0x30...0x39: UInt32(letter - 0x30 + 52)
        case alphabet == .standard ? 0x2B : 0x2D: 62
        case alphabet == .standard ? 0x2F : 0x5F: 63
        default: nil
        }
    }
}

/// Percent-coding of values: of a URL's query (RFC 3986 section 2) and of a form
/// (`application/x-www-form-urlencoded`, where a space is `+`).
enum PercentCoding {
    private static let capitals = Array("0123456789ABCDEF".utf8)

    static func encode(_ text: String, isForm: Bool = false) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case _ where byte.isDigit || byte.isLetter, 0x2D, 0x2E, 0x5F: out.append(byte)
            case 0x7E where !isForm: out.append(byte)
            case 0x2A where isForm: out.append(byte)
            case 0x20 where isForm: out.append(0x2B)
            default: out += [0x25, capitals[Int(byte >> 4)], capitals[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// As forms and most queries mean it: `+` is a space. `nil` for a bad escape or what is not UTF-8.
    static func decode(_ bytes: some Sequence<UInt8>) -> String? {
        var out: [UInt8] = []
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            if byte == 0x25 {
                guard let high = rest.next().flatMap(nibble), let low = rest.next().flatMap(nibble) else { return nil }
                out.append(high << 4 | low)
            } else {
                out.append(byte == 0x2B ? 0x20 : byte)
            }
        }
        return String(validating: out, as: UTF8.self)
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
