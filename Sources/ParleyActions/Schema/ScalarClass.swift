/// A set of Unicode scalars: what one step of a pattern reads.
struct ScalarClass: Equatable, Sendable {
    enum Item: Equatable, Sendable {
        case range(ClosedRange<Unicode.Scalar>)
        case kind(Kind, isNegated: Bool)
    }

    /// `\d`, `\w` and `\s` are ECMA-262's, which know ASCII digits and letters only; the others are `\p{L}` and so on.
    enum Kind: Equatable, Sendable {
        case digit, word, space
        case letter, uppercase, lowercase, mark, number, decimal

        /// As within `\p{}`; `nil`: not supported.
        init?(property name: String) {
            switch name {
            case "L", "Letter": self = .letter
            case "Lu", "Uppercase_Letter": self = .uppercase
            case "Ll", "Lowercase_Letter": self = .lowercase
            case "M", "Mark": self = .mark
            case "N", "Number": self = .number
            case "Nd", "Decimal_Number", "digit": self = .decimal
            default: return nil
            }
        }
    }

    var items: [Item] = []
    var isNegated = false

    static func only(_ scalar: Unicode.Scalar) -> ScalarClass { ScalarClass(items: [.range(scalar...scalar)]) }

    /// `.`: all but the ends of lines.
    static let anyInLine = ScalarClass(
        items: [.range("\n"..."\n"), .range("\r"..."\r"), .range("\u{2028}"..."\u{2029}")], isNegated: true)

    /// - Parameter category: the scalar's, which is slow to look up and asked for by every state.
    func contains(_ scalar: Unicode.Scalar, of category: Unicode.GeneralCategory) -> Bool {
        let isListed = items.contains {
            switch $0 {
            case .range(let range): range.contains(scalar)
            case .kind(let kind, let isNegated): kind.contains(scalar, of: category) != isNegated
            }
        }
        return isListed != isNegated
    }
}

extension ScalarClass.Kind {
    fileprivate func contains(_ scalar: Unicode.Scalar, of category: Unicode.GeneralCategory) -> Bool {
        switch (self, scalar) {
        case (.digit, "0"..."9"): return true
        case (.word, "0"..."9"), (.word, "A"..."Z"), (.word, "a"..."z"), (.word, "_"): return true
        // WhiteSpace and LineTerminator (ECMA-262 §12.2, §12.3).
        case (.space, "\t"..."\r"), (.space, "\u{2028}"..."\u{2029}"), (.space, "\u{FEFF}"): return true
        case (.digit, _), (.word, _): return false
        default: break
        }
        switch (self, category) {
        case (.space, .spaceSeparator): return true
        case (.letter, .uppercaseLetter), (.letter, .lowercaseLetter), (.letter, .titlecaseLetter),
            (.letter, .modifierLetter), (.letter, .otherLetter):
            return true
        case (.uppercase, .uppercaseLetter), (.lowercase, .lowercaseLetter): return true
        case (.mark, .nonspacingMark), (.mark, .spacingMark), (.mark, .enclosingMark): return true
        case (.number, .decimalNumber), (.number, .letterNumber), (.number, .otherNumber): return true
        case (.decimal, .decimalNumber): return true
        default: return false
        }
    }
}
