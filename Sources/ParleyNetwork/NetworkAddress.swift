/// Where a server listens: scheme, host, port, and what is asked for there.
public struct NetworkAddress: Equatable, Sendable {
    public enum Scheme: String, Sendable, CaseIterable {
        case ws, wss, http, https, tcp

        public var isSecure: Bool { self == .wss || self == .https }
        /// `nil`: it has to be written.
        var port: Int? {
            switch self {
            case .ws, .http: 80
            case .wss, .https: 443
            case .tcp: nil
            }
        }
    }

    public enum Fault: Error, Equatable, Sendable {
        /// No address of these schemes.
        case malformed
        /// It holds a user name; credentials have their own place.
        case credentials
    }

    public var scheme: Scheme
    public var host: String
    public var port: Int
    /// Path and query, as sent; `/` at least.
    public var target: String

    public var isSecure: Bool { scheme.isSecure }

    /// - Parameter schemes: that may stand here; of `tcp` only host and port.
    public init(_ text: String, schemes: [Scheme]) throws(Fault) {
        guard let scheme = schemes.first(where: { text.hasPrefix("\($0.rawValue)://") }) else { throw .malformed }
        let rest = text.dropFirst(scheme.rawValue.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = String(rest.dropFirst(authority.count).prefix { $0 != "#" })
        target = tail.hasPrefix("/") ? tail : "/" + tail
        guard !authority.contains("@") else { throw .credentials }
        var name = authority
        var number = scheme.port ?? -1
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            name = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            if !after.isEmpty { number = after.first == ":" ? Int(after.dropFirst()) ?? -1 : -1 }
        } else if let colon = authority.lastIndex(of: ":") {
            name = authority[..<colon]
            number = Int(authority[authority.index(after: colon)...]) ?? -1
        }
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), (1...65_535).contains(number),
            target.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .malformed }
        self.scheme = scheme
        host = String(name)
        port = number
    }

    /// The value of the `Host` header.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == scheme.port ? name : "\(name):\(port)"
    }

    /// The whole of it again, in its plain spelling.
    public var text: String { "\(scheme.rawValue)://\(authority)\(target)" }

    /// Whether it names this machine itself.
    public var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        // A name may begin with 127, too: `127.0.0.1.example.org`.
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil && $0.first != "+" }
    }
}
