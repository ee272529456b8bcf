import Crypto

/// Checks `X-Twilio-Signature` of a form webhook: HMAC over the URL as Twilio requested it and the sorted, decoded form
/// (protocols.md 1.7). It carries no time: replays are met by the ledger's seen-set.
package struct TwilioWebhookSignature: Sendable {
    private static let maxSignature = 64

    private let tokens: [ProviderSecret]

    init(tokens: [ProviderSecret]) { self.tokens = tokens.filter { !$0.revealed.isEmpty } }

    func refusal(of webhook: ProviderWebhook) -> WebhookRefusal? {
        guard let header = webhook.headers.value(of: "X-Twilio-Signature") else { return .unsigned }
        guard webhook.method == "POST", header.utf8.count <= Self.maxSignature, let claimed = Base64.decode(header),
            let form = FormFields(reading: webhook.body)
        else { return .malformed }
        let settings = webhook.headers.value(of: "X-Twilio-Webhooks-Signature-Settings")
        guard let isSHA256 = Self.isSHA256(settings) else { return .malformed }
        let tail = Self.joined(form)
        // Every token and every spelling is tried, also after a match: the time tells nothing.
        var isMatch = false
        for token in tokens {
            let key = SymmetricKey(data: token.bytes)
            for url in Self.spellings(of: webhook.url) {
                let text = Array(url.utf8) + tail
                let isThis =
                    isSHA256
                    ? HMAC<SHA256>.isValidAuthenticationCode(claimed, authenticating: text, using: key)
                    : HMAC<Insecure.SHA1>.isValidAuthenticationCode(claimed, authenticating: text, using: key)
                isMatch = isMatch || isThis
            }
        }
        return isMatch ? nil : .mismatch
    }

    /// What is signed behind the URL: names in byte order, each followed by its distinct values in byte order, nothing between.
    package static func joined(_ form: FormFields) -> [UInt8] {
        // Bytes, not characters: two spellings of one character are two values here.
        let pairs = form.fields.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }.sorted {
            $0.name == $1.name
                ? $0.value.lexicographicallyPrecedes($1.value) : $0.name.lexicographicallyPrecedes($1.name)
        }
        var out: [UInt8] = []
        for (index, pair) in pairs.enumerated() where index == 0 || pairs[index - 1] != pair {
            out += pair.name + pair.value
        }
        return out
    }

    /// `key=<id>,algorithm=HMAC_SHA256`; nothing means SHA-1, an algorithm that is not known means `nil`.
    private static func isSHA256(_ settings: String?) -> Bool? {
        let fields = (settings ?? "").split(separator: ",").map { $0.drop { $0 == " " } }
        switch fields.first(where: { $0.hasPrefix("algorithm=") })?.dropFirst("algorithm=".count) {
        case nil, "HMAC_SHA1": return false
        case "HMAC_SHA256": return true
        default: return nil
        }
    }

    /// As it is, and without its port, or with the scheme's own where it has none: Twilio's signer differs with itself.
    private static func spellings(of url: String) -> [String] {
        let plain = url.prefix { $0 != "#" }
        let parts = plain.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasSuffix(":"), parts[1].isEmpty else { return [String(plain)] }
        let authority = parts[2].prefix { $0 != "/" && $0 != "?" }
        let tail = parts[2][authority.endIndex...]
        let userEnd = authority.lastIndex(of: "@").map(authority.index(after:)) ?? authority.startIndex
        var bare = authority
        if let colon = authority[userEnd...].lastIndex(of: ":"),
            authority[authority.index(after: colon)...].utf8.allSatisfy(\.isDigit)
        {
            bare = authority[..<colon]
        }
        let port = parts[0] == "https:" ? 443 : 80
        let other = bare == authority ? "\(bare):\(port)" : "\(bare)"
        return [String(plain), "\(parts[0])//\(other)\(tail)"]
    }
}
