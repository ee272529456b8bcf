/// `email`, `e164` and `uuid`.
enum InternetFormat {
    /// Longest address, in bytes (RFC 5321 §4.5.3.1.3: a path of 256 with its brackets).
    static let maxEmail = 254
    /// Longest part before the `@` (RFC 5321 §4.5.3.1.1).
    static let maxLocalPart = 64
    /// Longest label of a name (RFC 1035 §2.3.4).
    static let maxLabel = 63
    /// Longest URI, in bytes: ours, the specification has none.
    static let maxURI = 2_048
    /// Digits of a telephone number (ITU-T E.164), as elsewhere in the gateway.
    static let phoneDigits = 8...15

    /// A mailbox at a host's name (RFC 5321 §4.1.2): no quoted local part, no address in brackets, and a name of two
    /// labels at least, as what was said or spelt on the telephone has none of these unless it was misheard.
    static func isEmail(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= maxEmail, let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return false }
        let local = bytes[..<at]
        guard local.count <= maxLocalPart else { return false }
        let atoms = local.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return atoms.allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtomText) } && isHostName(bytes[(at + 1)...])
    }

    static func isPhone(_ bytes: [UInt8]) -> Bool {
        let digits = bytes.dropFirst()
        return bytes.first == UInt8(ascii: "+") && phoneDigits.contains(digits.count) && digits.allSatisfy(\.isDigit)
            && digits.first != UInt8(ascii: "0")
    }

    /// RFC 9562 §4, in either case and of any version.
    static func isUUID(_ bytes: [UInt8]) -> Bool {
        let groups = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }

    /// RFC 5322 §3.2.3.
    private static func isAtomText(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte.isOne(of: "!#$%&'*+-/=?^_`{|}~")
    }

    private static func isHostName(_ bytes: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...maxLabel).contains(label.count) && label.first != hyphen && label.last != hyphen
                && label.allSatisfy { $0.isLetter || $0.isDigit || $0 == hyphen }
        }
        // The last label of an address in digits would be one, too.
        return labels.count >= 2 && areLabels && labels.last?.allSatisfy(\.isDigit) == false
    }
}
