import Foundation

/// A range of addresses as it is written in the configuration: `10.0.0.0/8`, `::1`, `fd00::/8`.
public struct Network: Equatable, Sendable, CustomStringConvertible {
    private let address: [UInt8]
    private let prefixLength: Int
    public let description: String

    /// - Returns: nil where the text is neither an address nor an address, a slash and a prefix length.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Network.octets(of: String(parts[0])) else { return nil }
        let bits = address.count * 8
        if parts.count == 2 {
            guard let length = Quantity.wholeNumber(parts[1]), length <= bits else { return nil }
            prefixLength = length
        } else {
            prefixLength = bits
        }
        self.address = address
        description = text
    }

    /// Whether this numeric address (as `SocketAddress.ipAddress` prints it) lies in the range.
    public func contains(_ ipAddress: String) -> Bool {
        guard let other = Network.octets(of: ipAddress), other.count == address.count else { return false }
        for bit in stride(from: 0, to: prefixLength, by: 8) {
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> min(8, prefixLength - bit))
            guard (address[bit / 8] ^ other[bit / 8]) & mask == 0 else { return false }
        }
        return true
    }

    /// 127.0.0.0/8 and ::1; also written as IPv4 mapped into IPv6.
    public static func isLoopback(_ ipAddress: String) -> Bool {
        guard let octets = octets(of: ipAddress) else { return false }
        return octets.count == 4 ? octets[0] == 127 : octets == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Whether a host to listen on can be reached from this machine alone.
    public static func isLoopback(host: String) -> Bool { host == "localhost" || isLoopback(host) }

    /// 4 or 16 octets in network order; an IPv4 address mapped into IPv6 counts as IPv4.
    static func octets(of ipAddress: String) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, ipAddress, &octets) == 1 { return Array(octets[..<4]) }
        guard inet_pton(AF_INET6, ipAddress, &octets) == 1 else { return nil }
        let isMapped = octets[0..<10].allSatisfy { $0 == 0 } && octets[10] == 0xFF && octets[11] == 0xFF
        return isMapped ? Array(octets[12...]) : octets
    }
}
