/// An IP address as bits. Read from its plain spelling alone: no name is looked up, and no other way of writing one is taken.
public enum IPAddress: Hashable, Sendable, CustomStringConvertible {
    case v4(UInt32)
    case v6(UInt128)

    /// - Parameter text: four decimal numbers without leading zeros, or RFC 4291 text without a zone; `nil` for all else, so
    ///   for `127.1`, `0177.0.0.1`, `0x7f000001` and `2130706433`.
    public init?(_ text: some StringProtocol) {
        if let bits = Self.v4(text) {
            self = .v4(bits)
        } else if let bits = Self.v6(text) {
            self = .v6(bits)
        } else {
            return nil
        }
    }

    /// The IPv4 address that this is a spelling of (`::ffff:a.b.c.d`, RFC 4291 2.5.5.2), else itself: a socket makes no difference.
    public var plain: IPAddress {
        guard case .v6(let bits) = self, bits >> 32 == 0xFFFF else { return self }
        return .v4(UInt32(truncatingIfNeeded: bits))
    }

    /// Dotted decimal; or eight groups in lower case, nothing left out.
    public var description: String {
        switch self {
        case .v4(let bits): [24, 16, 8, 0].map { String(bits >> $0 & 0xFF) }.joined(separator: ".")
        case .v6(let bits):
            (0..<8).map { String(UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)), radix: 16) }
                .joined(separator: ":")
        }
    }

    private static func v4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.first != 0x30 || part.utf8.count == 1, let octet = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(octet)
        }
        return bits
    }

    private static func v6(_ text: some StringProtocol) -> UInt128? {
        guard text.utf8.count <= 45, let gap = gap(in: text) else { return nil }
        switch gap {
        case .none:
            guard let (bits, count) = groups(text[...], mayEndInV4: true), count == 8 else { return nil }
            return bits
        case .at(let front, let back):
            guard let (high, before) = groups(front, mayEndInV4: false),
                let (low, after) = groups(back, mayEndInV4: true),
                before + after <= 7
            else { return nil }
            return before == 0 ? low : high << (16 * (8 - before)) | low
        }
    }

    private enum Gap<Text> {
        case none
        case at(Text, Text)
    }

    /// Where `::` stands; `nil` where it stands twice.
    private static func gap<Text: StringProtocol>(in text: Text) -> Gap<Text.SubSequence>? {
        var places: [Text.Index] = []
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index] == ":", next < text.endIndex, text[next] == ":" { places.append(index) }
            index = next
        }
        guard let place = places.first else { return Gap.none }
        // Also `:::`, which has it twice.
        guard places.count == 1 else { return nil }
        return .at(text[..<place], text[text.index(place, offsetBy: 2)...])
    }

    /// - Returns: the groups' bits, and how many groups of 16 bits they are.
    private static func groups(_ text: some StringProtocol, mayEndInV4: Bool) -> (UInt128, Int)? {
        if text.isEmpty { return (0, 0) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bits: UInt128 = 0
        var count = 0
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard mayEndInV4, index == parts.count - 1, let low = v4(part) else { return nil }
                bits = bits << 32 | UInt128(low)
                count += 2
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexDigit),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bits = bits << 16 | UInt128(group)
            count += 1
        }
        return count <= 8 ? (bits, count) : nil
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (0x30...0x39).contains(self) || (0x61...0x66).contains(self | 0x20)
    }
}
