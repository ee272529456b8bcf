/// What texts come from, told apart by its form.
public enum SenderAddress: Equatable, Sendable {
    /// E.164; toll-free numbers too, which no text goes to.
    case number(String)
    /// 3 to 8 digits.
    case shortCode(String)
    /// A Twilio messaging service: `MG` and 32 hexadecimal digits.
    case service(String)
    /// A Telnyx messaging profile: a UUID.
    case profile(String)
    /// A chat sender: `whatsapp:+...`, `rcs:...`.
    case chat(String)
    /// 3 to 11 letters, digits, spaces, `-`, `+`, `_` and `&`, one of them a letter: nobody can answer it.
    case name(String)

    /// - Returns: `nil` for anything else.
    public init?(_ text: String) {
        if Self.isNumber(text) {
            self = .number(text)
        } else if let rest = Self.rest(of: text, behind: "whatsapp:") {
            guard Self.isNumber(rest) else { return nil }
            self = .chat(text)
        } else if let rest = Self.rest(of: text, behind: "rcs:") {
            guard (1...100).contains(rest.utf8.count), rest.utf8.allSatisfy(Self.isAgentByte) else { return nil }
            self = .chat(text)
        } else if (3...8).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) {
            self = .shortCode(text)
        } else if text.utf8.count == 34, text.hasPrefix("MG"), text.utf8.dropFirst(2).allSatisfy(Self.isHex) {
            self = .service(text)
        } else if Self.isUUID(text) {
            self = .profile(text)
        } else if Self.isName(text) {
            self = .name(text)
        } else {
            return nil
        }
    }

    /// Whether a provider has senders of this form.
    public func suits(_ provider: Channel.Provider) -> Bool {
        switch (self, provider) {
        case (_, .recordOnly), (_, .webhook), (.number, _), (.shortCode, _), (.name, _): true
        case (.service, .twilio), (.chat, .twilio), (.profile, .telnyx): true
        case (.service, _), (.chat, _), (.profile, _): false
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == 0x2B && (8...15).contains(digits.count) && digits.allSatisfy(\.isDigit)
            && digits.first != 0x30
    }

    private static func isName(_ text: String) -> Bool {
        (3...11).contains(text.utf8.count) && text.utf8.contains(where: \.isLetter)
            && text.utf8.first != 0x20 && text.utf8.last != 0x20
            && text.utf8.allSatisfy { $0.isDigit || $0.isLetter || [0x20, 0x26, 0x2B, 0x2D, 0x5F].contains($0) }
    }

    private static func isUUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.utf8.allSatisfy(isHex) }
    }

    private static func isHex(_ byte: UInt8) -> Bool { byte.isDigit || (0x61...0x66).contains(byte | 0x20) }

    private static func isAgentByte(_ byte: UInt8) -> Bool {
        byte.isDigit || byte.isLetter || [0x2B, 0x2D, 0x2E, 0x5F].contains(byte)
    }

    private static func rest(of text: String, behind prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }
}
