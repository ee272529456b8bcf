import ParleyCore

/// How fast an engine is given what was kept: servers do not like all of it at once, and a caller does not like to wait.
package struct FeedPace: Sendable {
    /// So much may be ahead of what the caller's speech would have been...
    package static let burst = CallTime.seconds(5)
    /// ...and what is beyond it goes so many times as fast as it was said: 15 s in 1.25 s, which leaves an engine time within the 2 s
    /// that are waited for a turn's words.
    package static let speed: Int64 = 8

    /// Sent, and not yet passed at that speed.
    private var ahead = CallTime.zero
    private var counted = CallTime.zero

    package init() {}

    /// When more may be sent; in the past where it may be now.
    package var due: CallTime {
        counted + CallTime(nanoseconds: (ahead - Self.burst).nanoseconds / Self.speed)
    }

    package mutating func took(_ length: CallTime, at now: CallTime) {
        ahead = max(.zero, ahead - CallTime(nanoseconds: (now - counted).nanoseconds * Self.speed)) + length
        counted = now
    }
}
