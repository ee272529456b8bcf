/// How long an event loop lets frames come together before it looks for them again: ADR 17.
///
/// Pure: told when a round of the loop's work is done, it says how long to rest.
struct LoopRest {
    /// The least time from one round to the next, in nanoseconds, and so the most that a frame waits.
    private static let least: UInt64 = 1_000_000
    /// When the last round was over, its rest included.
    private var last: UInt64 = 0

    /// All that was ready has been served.
    ///
    /// - Parameter now: nanoseconds of a clock that only goes forward.
    /// - Returns: nanoseconds to rest; 0 where the round before is long ago, so that waiting would gather nothing, or where the
    ///   round itself took as long.
    mutating func take(at now: UInt64) -> UInt64 {
        // Never more, also where the last rest was broken off by a signal.
        let rest = last + Self.least > now ? min(Self.least, last + Self.least - now) : 0
        last = now + rest
        return rest
    }
}
