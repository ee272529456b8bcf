import ParleyCore

/// Which faults a call was played with, and how often each came about.
public struct FaultReport: Codable, Equatable, Sendable {
    public struct Entry: Codable, Equatable, Sendable {
        public var fault: String
        /// Of `FILE`, from 1.
        public var line: Int
        public var fired: Int
    }

    /// The same file, seed and messages give the same faults again.
    public var seed: UInt64
    public var entries: [Entry] = []
    /// Messages that found no room on the way, and were lost besides.
    public var overflow = 0
    /// What became of each second stream of the same call, in words.
    public var secondStreams: [String] = []

    public init(seed: UInt64) { self.seed = seed }

    /// `faults with seed 7: stall 1, loss 12, drop 0`
    var summary: String {
        let counts = entries.map { "\($0.fault) \($0.fired)" }.joined(separator: ", ")
        return "faults with seed \(seed): \(counts)" + (overflow > 0 ? "; \(overflow) messages found no room" : "")
    }
}
