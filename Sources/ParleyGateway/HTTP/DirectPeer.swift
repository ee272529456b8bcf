/// Who may use what is for this machine alone: whoever connects from it, straight, and calls us by a loopback name.
///
/// Each condition closes a way in: a proxy on this machine that names nobody (a trusted one is never the peer itself), one
/// that does name whom it speaks for, and a page elsewhere whose own name was made to point here.
struct DirectPeer: Sendable {
    var trustedProxies: [Network]

    init(_ configuration: Configuration) { trustedProxies = configuration[Keys.trustedProxies] }

    /// - Parameters:
    ///   - address: the numeric address of the connection's other end.
    ///   - isForwarded: a proxy says whom it speaks for.
    ///   - host: the `Host` field; nobody who has none is let in.
    func isHere(address: String, isForwarded: Bool, host: String?) -> Bool {
        guard let host, Network.isLoopback(address), !isForwarded else { return false }
        return !trustedProxies.contains { $0.contains(address) } && namesLoopback(host)
    }

    private func namesLoopback(_ authority: String) -> Bool {
        var host = authority[...]
        if let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber) {
            host = host[..<colon]
        }
        return Network.isLoopback(host: host.filter { $0 != "[" && $0 != "]" })
    }
}
