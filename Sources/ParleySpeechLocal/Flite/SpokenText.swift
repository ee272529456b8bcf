#if LocalSpeech
/// A clause as flite can read it: printable ASCII, with the way back to the text it came from.
///
/// flite knows nothing beyond ASCII, and what it cannot read it may read as anything. Typographic quotes and dashes become
/// plain ones, accents go, a few signs become words, everything else becomes a space.
struct SpokenText {
    /// Printable ASCII and spaces.
    private(set) var bytes: [UInt8] = []
    /// For each of `bytes`, the offset just past what it stands for, in UTF-8 units of the source.
    private(set) var sourceEnds: [Int] = []
    private let source: [UInt8]

    init(_ source: String) {
        self.source = Array(source.utf8)
        bytes.reserveCapacity(source.utf8.count)
        sourceEnds.reserveCapacity(source.utf8.count)
        var offset = 0
        var amount: (currency: String, hasDigits: Bool)?
        for character in source.unicodeScalars {
            // "£20" is read as "20 pounds": the currency waits until the amount is over.
            if let open = amount {
                let continues = character.isASCIIDigit || (open.hasDigits && (character == "," || character == "."))
                if continues {
                    amount?.hasDigits = true
                } else {
                    closeAmount(open, at: offset)
                    amount = nil
                }
            }
            offset += UTF8.width(character)
            if let currency = Self.currencies[character] {
                append(" ", sourceEnd: offset)
                amount = (currency, false)
            } else if let word = Self.words[character] {
                append(word, sourceEnd: offset)
            } else {
                append(Self.plain(character), sourceEnd: offset)
            }
        }
        if let open = amount { closeAmount(open, at: offset) }
    }

    /// Whether anything in it can be spoken.
    var hasWords: Bool { bytes.contains { Self.isAlphanumeric($0) } }

    /// Offsets in the source just past each of flite's tokens and the punctuation that hangs on it.
    ///
    /// - Parameter names: the tokens' own text, in order, as flite cut it (without the punctuation around it).
    func ends(ofTokens names: [String]) -> [Int] {
        var ends: [Int] = []
        ends.reserveCapacity(names.count)
        var cursor = 0
        for name in names {
            let wanted = Array(name.utf8)
            if let found = firstRange(of: wanted, from: cursor) { cursor = found }
            // The token's closing punctuation, and what precedes the next space, is heard with it.
            while cursor < bytes.count, !Self.isAlphanumeric(bytes[cursor]), bytes[cursor] != 0x20 { cursor += 1 }
            ends.append(cursor > 0 ? sourceEnds[cursor - 1] : 0)
        }
        return ends
    }

    /// True when nothing but signs and spaces lies between two offsets of the source: what ends there belongs to one word.
    func isWordless(from start: Int, to end: Int) -> Bool {
        start >= end || source[start..<end].allSatisfy { !Self.isAlphanumeric($0) && $0 < 0x80 }
    }

    /// The position just past the first `wanted` at or after `start`.
    private func firstRange(of wanted: [UInt8], from start: Int) -> Int? {
        guard !wanted.isEmpty, wanted.count <= bytes.count - start else { return nil }
        for at in start...(bytes.count - wanted.count)
        where bytes[at] == wanted[0] && bytes[at..<(at + wanted.count)].elementsEqual(wanted) {
            return at + wanted.count
        }
        return nil
    }

    /// Takes back a "." or "," that closed the sentence, says the currency, and puts the sign back.
    private mutating func closeAmount(_ amount: (currency: String, hasDigits: Bool), at offset: Int) {
        guard amount.hasDigits else { return }
        let closing = bytes.last.flatMap { $0 == 0x2E || $0 == 0x2C ? $0 : nil }
        if closing != nil {
            bytes.removeLast()
            sourceEnds.removeLast()
        }
        append(" " + amount.currency, sourceEnd: offset)
        if let closing {
            bytes.append(closing)
            sourceEnds.append(offset)
        }
    }

    private mutating func append(_ text: String, sourceEnd: Int) {
        for byte in text.utf8 {
            bytes.append(byte)
            sourceEnds.append(sourceEnd)
        }
    }

    private static let currencies: [Unicode.Scalar: String] = ["£": "pounds", "€": "euros"]
    private static let words: [Unicode.Scalar: String] = [
        "&": " and ", "@": " at ", "%": " percent", "+": " plus ", "=": " equals ", "°": " degrees",
        "½": " and a half", "…": "...", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ø": "o", "Ø": "O",
    ]

    private static func plain(_ character: Unicode.Scalar) -> String {
        switch character.value {
        // "_ * # < > ^ ~ | \ `" and braces are markup on a telephone.
        case 0x23, 0x2A, 0x3C, 0x3E, 0x5B...0x60, 0x7B...0x7E: return " "
        case 0x20...0x7E: return String(Character(character))
        case 0x2018, 0x2019, 0x02BC: return "'"
        case 0x201C, 0x201D: return "\""
        case 0x2010, 0x2011: return "-"
        case 0x2012...0x2015: return ", "
        // Combining marks: the letter before them has been said.
        case 0x0300...0x036F, 0x200B...0x200D, 0xFE00...0xFE0F: return ""
        default: return unaccented(character)
        }
    }

    private static func unaccented(_ character: Unicode.Scalar) -> String {
        switch character.value {
        case 0xC0...0xC5: "A"
        case 0xC7: "C"
        case 0xC8...0xCB: "E"
        case 0xCC...0xCF: "I"
        case 0xD1: "N"
        case 0xD2...0xD6: "O"
        case 0xD9...0xDC: "U"
        case 0xE0...0xE5, 0x101, 0x103, 0x105: "a"
        case 0xE7, 0x107, 0x109, 0x10B, 0x10D: "c"
        case 0xE8...0xEB, 0x113, 0x117, 0x119, 0x11B: "e"
        case 0xEC...0xEF, 0x12B, 0x131: "i"
        case 0xF1, 0x144, 0x148: "n"
        case 0xF2...0xF6, 0x14D, 0x151: "o"
        case 0xF9...0xFC, 0x16B, 0x16F, 0x171: "u"
        case 0xFD, 0xFF: "y"
        case 0x142: "l"
        case 0x15B, 0x15F, 0x161, 0x219: "s"
        case 0x17A, 0x17C, 0x17E: "z"
        default: " "
        }
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIIDigit: Bool { (0x30...0x39).contains(value) }
}
#endif
