import ParleyCore

/// What many simulated calls came to. The order in which they are added changes nothing.
public struct SimulationReport: Sendable {
    public private(set) var calls = 0
    public private(set) var virtual = CallTime.zero
    public private(set) var texts = 0
    /// Everything that all calls did.
    public private(set) var digest: UInt64 = 0
    public private(set) var failures: [SimulatedCall] = []
    /// How often each fault happened, by name.
    private var fired: [String: Int] = [:]
    private var ends: [String: Int] = [:]
    private var callsByFaults = [0, 0, 0]
    private var deadAir = [DeadAirCount(), DeadAirCount(), DeadAirCount()]

    /// Silences by their length in steps of 20 ms.
    private struct DeadAirCount: Sendable {
        var counts = Array(repeating: 0, count: 1_000)
        var total = 0

        mutating func add(_ milliseconds: Int) {
            counts[min(milliseconds / 20, counts.count - 1)] += 1
            total += 1
        }

        mutating func add(_ other: DeadAirCount) {
            for index in counts.indices { counts[index] += other.counts[index] }
            total += other.total
        }

        /// - Returns: in milliseconds; `nil` where there was no silence at all.
        func quantile(_ share: Double) -> Int? {
            guard total > 0 else { return nil }
            var left = Int((Double(total) * share).rounded(.up))
            for (index, count) in counts.enumerated() {
                left -= count
                if left <= 0 { return index * 20 }
            }
            return nil
        }
        var longest: Int? { counts.lastIndex { $0 > 0 }.map { $0 * 20 } }
    }

    public init() {}

    public mutating func add(_ call: SimulatedCall) {
        calls += 1
        virtual += call.length
        texts += call.texts
        // A sum: the same in any order.
        digest &+= call.digest ^ (call.seed &* 0x9E37_79B9_7F4A_7C15)
        if call.violation != nil { failures.append(call) }
        for fault in call.fired { fired[fault.name, default: 0] += fault.count }
        ends[call.end?.rawValue ?? EndReason.processLost.rawValue, default: 0] += 1
        callsByFaults[call.faults] += 1
        for gap in call.deadAir { deadAir[call.faults].add(gap) }
    }

    public mutating func add(_ other: SimulationReport) {
        calls += other.calls
        virtual += other.virtual
        texts += other.texts
        digest &+= other.digest
        failures = (failures + other.failures).sorted { $0.seed < $1.seed }
        fired.merge(other.fired, uniquingKeysWith: +)
        ends.merge(other.ends, uniquingKeysWith: +)
        for index in 0..<3 {
            callsByFaults[index] += other.callsByFaults[index]
            deadAir[index].add(other.deadAir[index])
        }
    }

    /// The longest silence on the agent's turn of calls with so many faults, in milliseconds, to 20 ms; `nil` where there was none.
    public func longestDeadAir(faults: Int) -> Int? { deadAir[faults].longest }

    /// For people.
    public var lines: [String] {
        var lines: [String] = []
        for (faults, count) in deadAir.enumerated() where callsByFaults[faults] > 0 {
            func told(_ milliseconds: Int?) -> String { milliseconds.map { "\($0) ms" } ?? "-" }
            lines.append(
                "dead air, \(["no fault", "one fault", "two faults"][faults]) (\(callsByFaults[faults]) calls, "
                    + "\(count.total) silences): p50 \(told(count.quantile(0.5))), p95 \(told(count.quantile(0.95))), "
                    + "max \(told(count.longest)), bound \(DeadAir.limit(faults: faults).milliseconds) ms and the way")
        }
        lines.append("ends: " + Self.list(ends))
        lines.append("faults that happened: " + Self.list(fired))
        lines.append("texts that left: \(texts)")
        return lines
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }.joined(
            separator: ", ")
    }
}

extension SimulatedCall {
    /// Why it failed, what led to it, and how to see it again; for people.
    public var failureLines: [String] {
        guard let violation else { return [] }
        let faults = faultNames.isEmpty ? "none" : faultNames.joined(separator: ", ")
        return [
            "seed \(seed): \(violation.invariant) is broken at \(violation.at.milliseconds) ms: \(violation.detail)"
        ]
            + ["  faults: \(faults)"] + past.map { "  \($0)" } + ["  again: parley simulate --seeds 1 --from \(seed)"]
    }
}
