/// Letters that look alike become one letter.
enum Folding {
    /// What a scalar adds to a word; `nil`: it is no part of one. May be empty (a combining accent).
    static func letters(of scalar: Unicode.Scalar) -> String? {
        let value = scalar.value
        if value < 0x80 {
            switch value {
            case 0x61...0x7A, 0x30...0x39: return String(scalar)
            case 0x41...0x5A: return latin(value - 0x41)
            default: return nil
            }
        }
        if (0x300...0x36F).contains(value) { return "" }
        if let plain = styled(value) { return plain }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .nonspacingMark, .spacingMark:
            break
        default: return nil
        }
        if isInvisible(scalar) { return nil }
        var out = ""
        for part in scalar.properties.lowercaseMapping.unicodeScalars where !(0x300...0x36F).contains(part.value) {
            out += plain[part] ?? String(part)
        }
        return out
    }

    /// Zero-width and direction marks, variation selectors, soft hyphens: neither letters nor gaps.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF,
            0xE0000...0xE01EF:
            true
        default: false
        }
    }

    /// Full-width (U+FF10 on), mathematical (U+1D400 on), circled and squared Latin letters.
    private static func styled(_ value: UInt32) -> String? {
        switch value {
        case 0xFF10...0xFF19: Unicode.Scalar(value - 0xFEE0).map { String($0) }
        case 0xFF21...0xFF3A: latin(value - 0xFF21)
        case 0xFF41...0xFF5A: latin(value - 0xFF41)
        case 0x1D400...0x1D6A3: latin((value - 0x1D400) % 26)
        case 0x24B6...0x24E9: latin((value - 0x24B6) % 26)
        case 0x1F130...0x1F149: latin(value - 0x1F130)
        case 0x1F150...0x1F169: latin(value - 0x1F150)
        case 0x1F170...0x1F189: latin(value - 0x1F170)
        default: nil
        }
    }

    /// - Parameter index: 0 for `a`.
    private static func latin(_ index: UInt32) -> String? { Unicode.Scalar(0x61 + index).map { String($0) } }

    /// Latin-1 and the Latin Extended letters of the languages that have words here.
    private static let plain: [Unicode.Scalar: String] = {
        let groups = [
            ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
            ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņň"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"),
            ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"), ("ss", "ß"),
            ("ae", "æ"), ("oe", "œ"), ("th", "þ"),
        ]
        var table: [Unicode.Scalar: String] = [:]
        for (letters, accented) in groups {
            for scalar in accented.unicodeScalars { table[scalar] = letters }
        }
        return table
    }()
}
