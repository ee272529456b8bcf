/// A moment in a call, or a stretch of it: nanoseconds since the media socket opened.
///
/// Handed in with every input; nothing in this module reads a clock. Wall-clock time is an input like any other.
public struct CallTime: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static let zero = CallTime(nanoseconds: 0)
    public static func milliseconds(_ count: Int) -> CallTime { CallTime(nanoseconds: Int64(count) &* 1_000_000) }
    public static func seconds(_ count: Double) -> CallTime { CallTime(nanoseconds: Int64(count * 1e9)) }

    /// Whole milliseconds, rounded towards zero; for records and people.
    public var milliseconds: Int { Int(nanoseconds / 1_000_000) }

    public static func < (left: CallTime, right: CallTime) -> Bool { left.nanoseconds < right.nanoseconds }
    public static func + (left: CallTime, right: CallTime) -> CallTime {
        CallTime(nanoseconds: left.nanoseconds + right.nanoseconds)
    }
    public static func - (left: CallTime, right: CallTime) -> CallTime {
        CallTime(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
    public static func += (left: inout CallTime, right: CallTime) { left = left + right }
}

extension CallTime {
    /// The length of one frame: 20 ms, the ptime of every leg here (RFC 3551 section 4.2).
    public static let frame = CallTime.milliseconds(20)

    public init(_ duration: Duration) {
        let parts = duration.components
        self.init(nanoseconds: parts.seconds &* 1_000_000_000 &+ parts.attoseconds / 1_000_000_000)
    }
}
