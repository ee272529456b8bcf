/// `uri` (RFC 3986 §3): with a scheme, and for http and https with a host.
///
/// An address in brackets is not taken apart. Whether a link may be texted is decided elsewhere; this is its spelling.
enum URIFormat {
    static func isURI(_ bytes: [UInt8]) -> Bool {
        var scanner = FormatScanner(bytes)
        let scheme = scanner.take { $0.isLetter || $0.isDigit || $0.isOne(of: "+-.") }
        guard scheme.first?.isLetter == true, scanner.take(":") else { return false }
        let isWeb = ["http", "https"].contains(String(decoding: scheme, as: UTF8.self).lowercased())
        if scanner.rest.starts(with: "//".utf8) {
            _ = scanner.take("/") && scanner.take("/")
            let authority = scanner.take { !$0.isOne(of: "/?#") }
            guard isAuthority(authority, needsHost: isWeb) else { return false }
        } else if isWeb {
            return false
        }
        let parts = scanner.rest.split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { isText($0, and: ":@/?") }
    }

    private static func isAuthority(_ bytes: ArraySlice<UInt8>, needsHost: Bool) -> Bool {
        let halves = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard halves.count <= 2, let last = halves.last, halves.count == 1 || isText(halves[0], and: ":") else {
            return false
        }
        var rest = FormatScanner(Array(last))
        if rest.take("[") {
            let address = rest.take { $0.isHexDigit || $0.isOne(of: ":.") }
            guard address.count >= 2, address.contains(UInt8(ascii: ":")), rest.take("]") else { return false }
        } else {
            let name = rest.take { $0 != UInt8(ascii: ":") }
            guard isText(name, and: ""), !(needsHost && name.isEmpty) else { return false }
        }
        if rest.take(":") { _ = rest.take(while: \.isDigit) }
        return rest.isAtEnd
    }

    /// Unreserved characters, sub-delimiters, two hexadecimal digits behind a percent sign, and these.
    private static func isText(_ bytes: ArraySlice<UInt8>, and more: StaticString) -> Bool {
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.popFirst()?.isHexDigit == true, rest.popFirst()?.isHexDigit == true else { return false }
            } else if !(byte.isLetter || byte.isDigit || byte.isOne(of: "-._~!$&'()*+,;=") || byte.isOne(of: more)) {
                return false
            }
        }
        return true
    }
}
