/// Is there enough of the machine left over for second opinions? For `vad.second_opinion: auto`.
///
/// Pure: told once a second what the process has used so far, it answers from the newest two or three of these. Opinions
/// begin while less than half of the cores would be busy with them, and stop above 70 %.
public struct CoreShare: Equatable, Sendable {
    /// Shares of all cores, 0...1.
    static let begin = 0.5
    static let stop = 0.7
    /// How much a new second counts against those before it: one busy second does not stop anything.
    private static let weight = 0.5

    /// Totals since the process started.
    public struct Usage: Equatable, Sendable {
        /// User and system time of all threads.
        public var processor: Duration
        public var wall: Duration
        /// Of `processor`, what was spent judging windows.
        public var opinions: Duration

        public init(processor: Duration, wall: Duration, opinions: Duration) {
            self.processor = processor
            self.wall = wall
            self.opinions = opinions
        }
    }

    private let cores: Double
    private var last: Usage?
    /// Share of all cores that is busy with everything but opinions; `nil` until a second has been measured.
    private var others: Double?
    /// Share of all cores that one opinion takes.
    private var each: Double
    /// Whether opinions may run. Where it turns false those that run are put to sleep, and woken when it turns true.
    public private(set) var isOpen = false

    /// - Parameters:
    ///   - cores: that the process may use.
    ///   - cost: processor time per second of one call's opinion, until it has been measured: 20 windows of 0.2 ms.
    public init(cores: Int, cost: Duration = .milliseconds(4)) {
        self.cores = Double(max(1, cores))
        each = cost / .seconds(1) / self.cores
    }

    /// Share of all cores (0...1, or more if the measure is off) that would be busy with so many opinions; `nil` until known.
    public func busy(with opinions: Int) -> Double? {
        others.map { $0 + Double(opinions) * each }
    }

    /// Whether one more may begin, where `running` have begun.
    public func admits(running: Int) -> Bool {
        guard isOpen, let busy = busy(with: running + 1) else { return false }
        return busy < Self.begin
    }

    /// - Parameters:
    ///   - usage: totals so far. What has not moved on in time is passed over.
    ///   - running: calls that have an opinion, awake or put to sleep by `isOpen`.
    /// - Returns: `isOpen`.
    @discardableResult
    public mutating func handle(_ usage: Usage, running: Int) -> Bool {
        guard let last else {
            self.last = usage
            return isOpen
        }
        let wall = usage.wall - last.wall
        guard wall > .zero else { return isOpen }
        self.last = usage
        let all = (usage.processor - last.processor) / wall / cores
        let opinions = (usage.opinions - last.opinions) / wall / cores
        let rest = max(0, all - opinions)
        others = others.map { $0 + (rest - $0) * Self.weight } ?? rest
        if isOpen, running > 0 { each += (opinions / Double(running) - each) * Self.weight }
        if let busy = busy(with: isOpen ? running : max(1, running)) {
            isOpen = isOpen ? busy <= Self.stop : busy < Self.begin
        }
        return isOpen
    }
}
