import Crypto

/// Our id of a text with proof that we gave it out: `ID.HEX`, where HEX is the first 16 bytes of HMAC-SHA256(key, ID) as
/// 32 lowercase hexadecimal digits.
///
/// It travels in the status callback URL, so that a report finds its text though the provider's answer was lost, and so
/// that a made-up URL finds nothing (reliability: SMS outbox).
public struct CorrelationID: Hashable, Sendable {
    /// The name it has in a callback URL's query.
    public static let parameter = "correlation"
    /// Longer ones are not looked at.
    public static let maxLength = 128
    private static let macLength = 16

    public let id: String
    public let text: String

    /// The text that it belongs to.
    public var message: String { parts.message }
    /// The try that it belongs to; `nil` where it was made without one.
    public var fence: Int64? { parts.fence }

    /// For one try of a text.
    public init(message: String, fence: Int64, key: ProviderSecret) {
        self.init(id: "\(message)\(Self.link)\(fence)", key: key)
    }

    public init(id: String, key: ProviderSecret) {
        self.id = id
        text = id + "." + Hex.encode(Self.mac(of: id, key))
    }

    /// - Parameters:
    ///   - text: as it came back, from anybody.
    ///   - keys: any one of them may have signed. None of them: nothing passes.
    /// - Returns: `nil` for what we did not sign.
    public init?(verifying text: String, keys: [ProviderSecret]) {
        guard text.utf8.count <= Self.maxLength, let dot = text.lastIndex(of: "."),
            let claimed = Hex.decode(text[text.index(after: dot)...]), claimed.count == Self.macLength
        else { return nil }
        let id = String(text[..<dot])
        var isOurs = false
        // Every key is tried to its end: the time tells nothing.
        for key in keys where !key.revealed.isEmpty {
            var difference: UInt8 = 0
            for (ours, theirs) in zip(Self.mac(of: id, key), claimed) { difference |= ours ^ theirs }
            isOurs = isOurs || difference == 0
        }
        guard isOurs, !id.isEmpty else { return nil }
        self.id = id
        self.text = text
    }

    /// One that came back from where only we could have put it.
    init(believing text: String) {
        id = text.lastIndex(of: ".").map { String(text[..<$0]) } ?? text
        self.text = text
    }

    /// Stays as it is in a URL.
    private static let link: Character = "~"

    private var parts: (message: String, fence: Int64?) {
        guard let link = id.lastIndex(of: Self.link) else { return (id, nil) }
        let digits = id[id.index(after: link)...]
        guard link > id.startIndex, digits.utf8.allSatisfy(\.isDigit), let fence = Int64(digits) else {
            return (id, nil)
        }
        return (String(id[..<link]), fence)
    }

    private static func mac(of id: String, _ key: ProviderSecret) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(for: Array(id.utf8), using: SymmetricKey(data: key.bytes))
        return Array(code.prefix(macLength))
    }
}
