/// Markdown and HTML within a line: what is left of it when it is read out.
enum Markdown {
    /// - Parameter token: words, or a whole link or tag.
    static func bare(_ token: Substring) -> String {
        var text = withoutTags(withoutLinks(String(token)))
        text.unicodeScalars.removeAll { isPicture($0) || $0 == "*" || $0 == "`" || $0 == "\u{FEFF}" }
        var rest = text.replacing("~~", with: "")[...]
        // Within a word they join it: send_sms.
        while rest.first == "_" || rest.first == "|" { rest.removeFirst() }
        while rest.last == "_" || rest.last == "|" { rest.removeLast() }
        return String(rest)
    }

    /// Of a link its words, of a picture or a footnote nothing.
    private static func withoutLinks(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
            let label = rest[rest.index(after: open)..<close]
            var before = rest[..<open]
            var after = rest[rest.index(after: close)...]
            var isLink = false
            if after.first == "(", let end = after.firstIndex(of: ")") {
                after = after[after.index(after: end)...]
                isLink = true
            }
            let isPicture = isLink && before.last == "!"
            if isPicture { before.removeLast() }
            out += before
            if !isPicture, isLink || !label.allSatisfy({ $0.isNumber || $0 == "^" }) { out += label }
            rest = after
        }
        return out + rest
    }

    /// Of an address in angle brackets the address.
    private static func withoutTags(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            let inside = rest[rest.index(after: open)..<close]
            out += rest[..<open]
            if inside.hasPrefix("http") || inside.contains("@") {
                out += inside
            } else if inside.first.map({ $0.isLetter || $0 == "/" || $0 == "!" }) != true {
                out += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }

    /// Emoji and what belongs to them, dingbats, and signs of trade marks.
    private static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA9, 0xAE, 0x200B...0x200F, 0x20E3, 0x2122, 0xFE00...0xFE0F, 0xE0020...0xE007F: true
        case 0x2300...0x27BF, 0x2B00...0x2BFF, 0x1F000...0x1FAFF: true
        default: false
        }
    }
}
