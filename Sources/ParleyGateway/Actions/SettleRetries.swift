/// When an end that the ledger did not take is written down again: after one second, then after twice as long each time up
/// to five minutes, for about an hour. Pure; times are milliseconds.
struct SettleRetries {
    static let mostTries = 20
    private static let firstWaitMS: Int64 = 1_000
    private static let longestWaitMS: Int64 = 300_000
    private var done = 0

    /// How long to wait before the next try; `nil`: there is none.
    mutating func next() -> Int64? {
        guard done < Self.mostTries else { return nil }
        defer { done += 1 }
        return min(Self.firstWaitMS << Int64(min(done, 16)), Self.longestWaitMS)
    }
}
