/// The addresses that begin alike: `10.0.0.0/8`, `fd00::/8`.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    public let base: IPAddress
    /// Bits that are alike.
    public let length: Int

    /// - Parameter text: an address and how many of its bits count, all of them where there is no `/`; `nil` where bits
    ///   behind those are set, or it is something else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let base = IPAddress(first) else { return nil }
        let most = base.bitWidth
        var length = most
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= most
            else { return nil }
            length = number
        }
        guard base.prefix(length) == base.bits else { return nil }
        self.base = base
        self.length = length
    }

    public func contains(_ address: IPAddress) -> Bool {
        address.bitWidth == base.bitWidth && address.prefix(length) == base.bits
    }

    public var description: String { "\(base)/\(length)" }
}

extension IPAddress {
    fileprivate var bitWidth: Int { if case .v4 = self { 32 } else { 128 } }

    fileprivate var bits: UInt128 {
        switch self {
        case .v4(let bits): UInt128(bits)
        case .v6(let bits): bits
        }
    }

    /// The first bits, the others zero.
    fileprivate func prefix(_ length: Int) -> UInt128 {
        let rest = bitWidth - length
        return rest == 128 ? 0 : (bits >> UInt128(rest)) << UInt128(rest)
    }
}
