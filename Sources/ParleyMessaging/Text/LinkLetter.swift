/// One scalar of a text as a reader of links sees it: folded to the ASCII letter that it looks like.
struct LinkLetter {
    let scalar: Unicode.Scalar
    /// In lower case; or `gap`, `unseen`, `other`.
    let plain: UInt8

    /// Spaces, controls, and marks that are no part of any link.
    static let gap: UInt8 = 0x20
    /// Takes no room on the screen.
    static let unseen: UInt8 = 0x01
    /// A letter that looks like no ASCII letter, an accent, an emoji.
    static let other: UInt8 = 0x7F

    init(_ scalar: Unicode.Scalar) {
        self.scalar = scalar
        plain = Self.plain(scalar)
    }

    var isForeign: Bool { scalar.value >= 0x80 }
    var isDot: Bool { plain == UInt8(ascii: ".") }
    var isSlash: Bool { plain == UInt8(ascii: "/") || plain == UInt8(ascii: "\\") }
    var opensPath: Bool { isSlash || plain == UInt8(ascii: "?") || plain == UInt8(ascii: "#") }
    /// Escapes too, which have no place there.
    var isOfHost: Bool {
        plain.isLetter || plain.isDigit || "-_.%".utf8.contains(plain) || plain == Self.unseen || plain == Self.other
    }
    /// A host with port, a mail address, the name of a scheme.
    var isOfRun: Bool { isOfHost || ":@+".utf8.contains(plain) }
    /// Until a space or a mark that RFC 3986 keeps out of URLs.
    var isOfPath: Bool { plain != Self.gap && !"\"<>^`{|}".utf8.contains(plain) }

    private static func plain(_ scalar: Unicode.Scalar) -> UInt8 {
        if scalar.value < 0x80 {
            switch UInt8(truncatingIfNeeded: scalar.value) {
            case 0...0x20, 0x7F: return gap
            case let byte where (0x41...0x5A).contains(byte): return byte + 0x20
            case let byte: return byte
            }
        }
        if Folding.isInvisible(scalar) { return unseen }
        if let letter = lookAlikes[scalar] { return letter }
        // Full-width, mathematical and circled letters; accents are below and stay what they are.
        if scalar.value >= 0x2000, let folded = Folding.letters(of: scalar)?.utf8, folded.count == 1,
            let letter = folded.first
        {
            return letter
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .otherSymbol, .mathSymbol,
            .currencySymbol, .modifierSymbol, .privateUse, .unassigned:
            return other
        default: return gap
        }
    }

    /// Cyrillic, Greek and Armenian letters that look Latin, and the dots and slashes of other keyboards.
    /// Source: Unicode Technical Standard 39, confusables.
    private static let lookAlikes: [Unicode.Scalar: UInt8] = {
        let groups = [
            ("a", "\u{430}\u{410}\u{3B1}\u{391}\u{251}"), ("b", "\u{412}\u{392}\u{184}"),
            ("c", "\u{441}\u{421}\u{3F2}"),
            ("d", "\u{501}\u{500}"), ("e", "\u{435}\u{415}\u{395}\u{212E}"), ("g", "\u{261}\u{50C}"),
            ("h", "\u{4BB}\u{41D}\u{397}\u{570}"), ("i", "\u{456}\u{406}\u{3B9}\u{399}\u{131}\u{4CF}"),
            ("j", "\u{458}\u{408}"), ("k", "\u{43A}\u{41A}\u{3BA}\u{39A}"), ("l", "\u{4C0}\u{1C0}"),
            ("m", "\u{43C}\u{41C}\u{39C}"), ("n", "\u{578}\u{39D}"),
            ("o", "\u{43E}\u{41E}\u{3BF}\u{39F}\u{585}\u{3C3}"), ("p", "\u{440}\u{420}\u{3C1}\u{3A1}"),
            ("q", "\u{51B}"), ("s", "\u{455}\u{405}"), ("t", "\u{442}\u{422}\u{3A4}\u{3C4}"),
            ("u", "\u{57D}\u{3C5}"), ("v", "\u{475}\u{3BD}"), ("w", "\u{51D}\u{461}"),
            ("x", "\u{445}\u{425}\u{3C7}\u{3A7}"), ("y", "\u{443}\u{423}\u{3A5}\u{4AF}"), ("z", "\u{396}"),
            (".", "\u{3002}\u{FF0E}\u{FF61}\u{2024}\u{FE52}"), ("/", "\u{FF0F}\u{2044}\u{2215}"), ("\\", "\u{FF3C}"),
            (":", "\u{FF1A}"), ("@", "\u{FF20}\u{FE6B}"), ("%", "\u{FF05}"), ("-", "\u{2010}\u{2011}\u{FF0D}"),
        ]
        var table: [Unicode.Scalar: UInt8] = [:]
        for (letter, others) in groups {
            for scalar in others.unicodeScalars { table[scalar] = letter.utf8.first ?? other }
        }
        return table
    }()
}
