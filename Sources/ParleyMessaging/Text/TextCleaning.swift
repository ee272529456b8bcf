/// Takes out of a text what a telephone should never be shown: controls, direction marks, invisible characters, floods
/// of accents.
enum TextCleaning {
    /// Accents and marks of no script of their own (U+0300 and its like) that one letter may carry; Vietnamese uses
    /// two.
    static let maxAccents = 3
    /// Marks of any kind that one letter may carry; Burmese uses five.
    static let maxMarks = 6

    /// Line ends and tabs become spaces; other controls, direction marks and invisible characters go; runs of spaces
    /// become one; marks beyond `maxAccents` and `maxMarks` go.
    ///
    /// - Parameter isPlain: typographic quotes, dashes and spaces become their GSM-7 neighbours.
    static func clean(_ text: String, isPlain: Bool) -> String {
        var out = String.UnicodeScalarView()
        var marks = 0
        for scalar in text.unicodeScalars {
            if isGap(scalar, isPlain: isPlain) {
                if let last = out.last, last != " " { out.append(" ") }
                marks = 0
            } else if isMark(scalar) {
                marks += 1
                if marks <= (isAccent(scalar) ? maxAccents : maxMarks), !isUnseen(scalar) { out.append(scalar) }
            } else if !isUnseen(scalar) {
                marks = 0
                if isPlain, let plain = plain[scalar] {
                    out.append(contentsOf: plain.unicodeScalars)
                } else {
                    out.append(scalar)
                }
            }
        }
        if out.last == " " { out.removeLast() }
        return String(out)
    }

    private static func isGap(_ scalar: Unicode.Scalar, isPlain: Bool) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0x2028, 0x2029: true
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F: isPlain
        default: false
        }
    }

    /// C0, DEL, C1; soft hyphen, grapheme joiner, fillers, zero-width and direction marks, annotations, tags; what is
    /// no character at all.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B...0x200F, 0x202A...0x202E,
            0x2060...0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0xE0000...0xE0FFF:
            true
        default: scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value)
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// Unicode's blocks of combining diacritical marks.
    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300...0x36F, 0x483...0x489, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
        default: false
        }
    }

    private static let plain: [Unicode.Scalar: String] = [
        "\u{2018}": "'", "\u{2019}": "'", "\u{201A}": "'", "\u{201B}": "'", "\u{2032}": "'", "\u{B4}": "'", "`": "'",
        "\u{2039}": "'", "\u{203A}": "'",
        "\u{201C}": "\"", "\u{201D}": "\"", "\u{201E}": "\"", "\u{201F}": "\"", "\u{2033}": "\"", "\u{AB}": "\"",
        "\u{BB}": "\"",
        "\u{2010}": "-", "\u{2011}": "-", "\u{2012}": "-", "\u{2013}": "-", "\u{2014}": "-", "\u{2015}": "-",
        "\u{2212}": "-",
        "\u{2026}": "...", "\u{2022}": "-",
    ]
}
