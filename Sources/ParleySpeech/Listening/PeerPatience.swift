import ParleyCore

/// Counts messages that mean nothing, and all of them, over the last seconds.
package struct PeerPatience: Sendable {
    /// So many within `window` and the connection is unhealthy (reliability.md 4.1).
    package static let limit = 10
    package static let window = CallTime.seconds(10)

    /// So many signs within a second and the peer is not telling words: they take the time of other calls.
    package static let most = 1_000

    private var times: [CallTime] = []
    private var second = CallTime.zero
    private var signs = 0

    package init() {}

    /// - Returns: whether that were too many within one second.
    package mutating func isFlood(_ count: Int, at now: CallTime) -> Bool {
        if now - second >= .seconds(1) {
            second = now
            signs = 0
        }
        signs += count
        return signs > Self.most
    }

    /// - Returns: whether that was one too many.
    package mutating func isTooMuch(at now: CallTime) -> Bool {
        times.removeAll { now - $0 > Self.window }
        times.append(now)
        return times.count >= Self.limit
    }
}
