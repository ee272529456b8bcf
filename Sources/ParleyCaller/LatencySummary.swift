/// Percentiles of some latencies, by nearest rank: the smallest value that at least p per cent of all do not exceed.
public struct LatencySummary: Codable, Equatable, Sendable {
    public var count: Int
    public var p50: Double
    public var p95: Double
    public var longest: Double

    /// `nil` for no values.
    public init?(_ values: [Double]) {
        guard let last = values.max() else { return nil }
        let sorted = values.sorted()
        func rank(_ percent: Int) -> Double { sorted[max(0, (sorted.count * percent + 99) / 100 - 1)] }
        count = sorted.count
        p50 = rank(50)
        p95 = rank(95)
        longest = last
    }
}
