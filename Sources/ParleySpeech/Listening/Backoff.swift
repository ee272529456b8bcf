import ParleyCore

/// How long to wait before connecting again.
package struct Backoff: Equatable, Sendable {
    package static let shortest = CallTime.milliseconds(250)
    package static let longest = CallTime.seconds(5)

    private var next = Backoff.shortest

    package init() {}

    /// The wait from now; the one after it is twice as long.
    package mutating func wait() -> CallTime {
        defer { next = min(CallTime(nanoseconds: 2 * next.nanoseconds), Self.longest) }
        return next
    }

    package mutating func reset() { next = Self.shortest }
}
