/// Which addresses a request may go to that somebody else has a say in: those of the open Internet, and what the operator
/// opened besides.
///
/// Sources: the IANA special-purpose address registries (RFC 6890) and RFC 4291; the metadata addresses are those that the
/// large clouds document.
public struct AddressRules: Equatable, Sendable {
    /// Why an address is refused.
    public enum Refusal: String, Error, Sendable, CaseIterable {
        case unspecified
        case loopback
        case linkLocal = "link_local"
        case privateUse = "private"
        /// Of carriers (RFC 6598).
        case shared
        case multicast
        case broadcast
        case documentation
        case benchmark
        case reserved
        /// Where a cloud tells a machine its own credentials.
        case metadata
        /// An IPv6 spelling of an IPv4 address that something on the way translates, or may.
        case translated

        /// Whether an operator may open it: machines that are meant can stand there.
        public var canBeAllowed: Bool {
            switch self {
            case .loopback, .linkLocal, .privateUse, .shared, .benchmark: true
            case .unspecified, .multicast, .broadcast, .documentation, .reserved, .metadata, .translated: false
            }
        }
    }

    /// What the operator opened.
    public let allowed: [AddressRange]

    public init(allowing allowed: [AddressRange] = []) { self.allowed = allowed }

    /// - Returns: why nothing is sent to this address; `nil`: something may be.
    public func refusal(of address: IPAddress) -> Refusal? {
        let address = address.plain
        guard let refusal = Self.refusal(of: address) else { return nil }
        return refusal.canBeAllowed && allowed.contains { $0.contains(address) } ? nil : refusal
    }

    private static func refusal(of address: IPAddress) -> Refusal? {
        switch address {
        case .v4: v4.first { $0.range.contains(address) }?.refusal
        case .v6(let bits): v6(address, bits)
        }
    }

    private static func v6(_ address: IPAddress, _ bits: UInt128) -> Refusal? {
        let embedded = IPAddress.v4(UInt32(truncatingIfNeeded: bits))
        // Networks without IPv4 reach the open Internet so (RFC 6052).
        if nat64.contains(address) { return refusal(of: embedded) == nil ? nil : .translated }
        if let found = v6.first(where: { $0.range.contains(address) }) { return found.refusal }
        guard global.contains(address) else { return .reserved }
        // ISATAP (RFC 5214): whatever the prefix is, the interface is an IPv4 address.
        let interface = UInt32(truncatingIfNeeded: bits >> 32)
        if interface == 0x5EFE || interface == 0x0200_5EFE, refusal(of: embedded) != nil { return .translated }
        return nil
    }

    private static let v4 = table([
        ("169.254.169.254", .metadata), ("169.254.170.2", .metadata), ("169.254.170.23", .metadata),
        ("100.100.100.200", .metadata), ("168.63.129.16", .metadata), ("192.0.0.192", .metadata),
        ("0.0.0.0/8", .unspecified), ("10.0.0.0/8", .privateUse), ("100.64.0.0/10", .shared),
        ("127.0.0.0/8", .loopback), ("169.254.0.0/16", .linkLocal), ("172.16.0.0/12", .privateUse),
        ("192.0.0.0/24", .reserved), ("192.0.2.0/24", .documentation), ("192.88.99.0/24", .translated),
        ("192.168.0.0/16", .privateUse), ("198.18.0.0/15", .benchmark), ("198.51.100.0/24", .documentation),
        ("203.0.113.0/24", .documentation), ("224.0.0.0/4", .multicast), ("255.255.255.255", .broadcast),
        ("240.0.0.0/4", .reserved),
    ])

    private static let v6 = table([
        ("fd00:ec2::254", .metadata), ("fd00:ec2::23", .metadata), ("fd20:ce::254", .metadata),
        ("::", .unspecified), ("::1", .loopback), ("::/96", .translated), ("::ffff:0:0:0/96", .translated),
        ("64:ff9b:1::/48", .translated), ("100::/64", .reserved), ("2001::/32", .translated),
        ("2001:2::/48", .benchmark), ("2001:db8::/32", .documentation), ("2001::/23", .reserved),
        ("2002::/16", .translated), ("3fff::/20", .documentation), ("fc00::/7", .privateUse),
        ("fe80::/10", .linkLocal), ("fec0::/10", .privateUse), ("ff00::/8", .multicast),
    ])

    private static let nat64 = range("64:ff9b::/96")
    /// All that is given out for the open Internet so far.
    private static let global = range("2000::/3")

    /// The first that contains an address counts.
    private static func table(_ rows: [(String, Refusal)]) -> [(range: AddressRange, refusal: Refusal)] {
        rows.map { (range($0.0), $0.1) }
    }

    private static func range(_ text: String) -> AddressRange {
        guard let range = AddressRange(text) else { preconditionFailure("\(text) is a range") }
        return range
    }
}
