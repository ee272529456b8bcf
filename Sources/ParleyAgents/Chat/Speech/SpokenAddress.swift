/// Addresses of the web and of mail as they are said: "example dot com".
enum SpokenAddress {
    /// - Returns: `nil` where it is neither.
    static func words(_ text: Substring) -> String? {
        for scheme in ["https://", "http://", "ftp://"] where text.lowercased().hasPrefix(scheme) {
            return site(text.dropFirst(scheme.count))
        }
        if text.lowercased().hasPrefix("mailto:") { return words(text.dropFirst(7)) }
        if let at = text.firstIndex(of: "@") {
            let (user, host) = (text[..<at], text[text.index(after: at)...])
            guard !user.isEmpty, isHost(host) else { return nil }
            return said(user) + " at " + said(host)
        }
        let host = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard text.lowercased().hasPrefix("www.") || (isHost(host) && endsAsSite(host)) else { return nil }
        return site(text)
    }

    /// Host, and the path where that is one plain word: longer ones are for reading, not for hearing.
    private static func site(_ text: Substring) -> String {
        let host = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != ":" }
        var rest = text.dropFirst(host.count)
        let name = host.lowercased().hasPrefix("www.") ? host.dropFirst(4) : host
        rest = rest.drop { $0 == "/" }
        let path = rest.hasSuffix("/") ? rest.dropLast() : rest
        let isPlain = (1...20).contains(path.count) && path.allSatisfy { $0.isLetter || $0 == "-" }
        return said(name) + (isPlain && !host.isEmpty ? " slash " + said(path) : "")
    }

    private static func said(_ text: Substring) -> String {
        var words: [String] = []
        var word = ""
        for character in text {
            guard let sign = signs[character] else {
                word.append(character)
                continue
            }
            if !word.isEmpty { words.append(word) }
            words.append(sign)
            word = ""
        }
        if !word.isEmpty { words.append(word) }
        return words.joined(separator: " ")
    }

    private static let signs: [Character: String] = [".": "dot", "-": "dash", "_": "underscore", "+": "plus"]

    private static func isHost(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { label in
                !label.isEmpty && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            }
    }

    /// Only well-known endings: a full stop without a space behind it ends sentences too.
    private static func endsAsSite(_ host: Substring) -> Bool {
        host.split(separator: ".").last.map { endings.contains($0.lowercased()) } ?? false
    }

    private static let endings: Set<String> = [
        "com", "org", "net", "edu", "gov", "info", "biz", "io", "ai", "app", "dev", "eu", "uk", "us", "ca", "au", "nz",
        "ie", "de", "fr", "es", "nl", "health", "dental", "shop", "online",
    ]
}
