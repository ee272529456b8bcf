/// Addresses that an operator writes: of a provider, of a webhook, of short links.
enum WebAddress {
    /// What is wrong with one; `nil`: nothing.
    static func problem(with text: String, allowsPath: Bool) -> String? {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else {
            return "does not begin with https://"
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, !authority.isEmpty, !rest.contains(where: { "#@\"<>\\".contains($0) }) else {
            return "is not the plain address of a host"
        }
        if scheme == "http://", !Network.isLoopback(host: host(of: authority)) {
            return "is not encrypted, and the host is another machine"
        }
        if allowsPath { return nil }
        if text.hasSuffix("/") { return "ends in a slash" }
        return authority.count < rest.count ? "has more than a host" : nil
    }

    /// Lower-case labels of letters, digits and `-`, two at least.
    static func isHost(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253 && labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy {
                        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                    }
            } && !labels.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    private static func host(of authority: Substring) -> String {
        if authority.first == "[" { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }
}
