import Glibc
import NIOCore
import NIOPosix

/// Finds the addresses of a name.
public struct HostResolver: Sendable {
    /// The name is not known, or nobody could be asked.
    public struct Unknown: Error, Equatable, Sendable {
        public init() {}
    }

    /// Answers on the event loop; may take as long as it likes.
    public var addresses: @Sendable (_ name: String, any EventLoop) -> EventLoopFuture<[IPAddress]>

    public init(addresses: @escaping @Sendable (_ name: String, any EventLoop) -> EventLoopFuture<[IPAddress]>) {
        self.addresses = addresses
    }

    /// As the system does it (`getaddrinfo`), on threads that may wait.
    public static let system = HostResolver { name, loop in
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try lookUp(name) }
    }

    private static func lookUp(_ name: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0, let first = list else { throw Unknown() }
        defer { freeaddrinfo(first) }
        var found: [IPAddress] = []
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let entry = next {
            if let address = address(in: entry.pointee), !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    /// Both kinds begin with two octets of family and two of port; IPv6 has four of flow before its address.
    private static func address(in entry: addrinfo) -> IPAddress? {
        let octets = UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
        switch entry.ai_family {
        case AF_INET where octets.count >= 8:
            return .v4(octets[4..<8].reduce(0) { $0 << 8 | UInt32($1) })
        case AF_INET6 where octets.count >= 24:
            return .v6(octets[8..<24].reduce(0) { $0 << 8 | UInt128($1) })
        default: return nil
        }
    }
}
