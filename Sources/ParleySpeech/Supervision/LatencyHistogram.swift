import ParleyCore

/// How long an engine took, in few buckets: for a metric and a line of `doctor`.
public struct LatencyHistogram: Equatable, Sendable {
    /// Milliseconds; a bucket holds what took so long at most, and more than the one before. Behind the last is one more.
    public static let bounds = [50, 100, 200, 400, 800, 1_600, 3_200]
    /// One more than `bounds`.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// Of all that was added.
    public private(set) var sum = CallTime.zero

    public init() {}

    public var count: Int { counts.reduce(0, +) }

    public mutating func add(_ time: CallTime) {
        let bucket = Self.bounds.firstIndex { time <= .milliseconds($0) } ?? Self.bounds.count
        counts[bucket] += 1
        sum += time
    }

    /// The bound in milliseconds under which so large a share of all lies; `nil` where nothing was added, or it lies behind the last.
    ///
    /// - Parameter share: more than 0, at most 1.
    public func bound(of share: Double) -> Int? {
        let wanted = share * Double(count)
        var seen = 0
        for (bound, count) in zip(Self.bounds, counts) {
            seen += count
            if seen > 0, Double(seen) >= wanted { return bound }
        }
        return nil
    }
}
