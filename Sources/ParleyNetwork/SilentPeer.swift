import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Channel {
    /// Has the system ask a TCP peer that is silent whether it is there, where the protocol has no question of its own, and end the
    /// connection where it does not answer. Source: tcp(7).
    ///
    /// The times are of whole seconds. What is no TCP socket stays as it is.
    func askWhenSilent(_ watch: WebSocketClient.Watch) {
        let second: Int64 = 1_000_000_000
        let (quiet, answer) = (watch.pingAfter.nanoseconds / second, watch.answerWithin.nanoseconds / second)
        let probes: Int64 = 2
        _ = setOption(.socketOption(.so_keepalive), value: 1)
        set(TCP_KEEPIDLE, quiet)
        set(TCP_KEEPINTVL, max(1, answer / probes))
        set(TCP_KEEPCNT, probes)
        // The same for what was sent and is not acknowledged; in milliseconds.
        set(TCP_USER_TIMEOUT, (quiet + answer) * 1_000)
    }

    private func set(_ option: CInt, _ value: Int64) {
        _ = setOption(.tcpOption(NIOBSDSocket.Option(rawValue: option)), value: SocketOptionValue(value))
    }
}
