import ParleyAgents
import ParleyCore

/// Many simulated calls, each from its own seed, on all cores.
public struct Simulation: Sendable {
    let flows: SimulatedFlows

    public init(flows: SimulatedFlows) { self.flows = flows }

    /// One call.
    public func run(seed: UInt64) -> SimulatedCall {
        var world = World(seed: seed, flows: flows)
        world.run()
        return SimulatedCall(world)
    }

    /// One call again, as a capsule that `parley replay` opens.
    public func capsule(seed: UInt64) -> [UInt8] {
        var world = World(seed: seed, flows: flows, isRecorded: true)
        world.run()
        return world.capsule
    }

    /// Calls by consecutive seeds.
    ///
    /// - Parameters:
    ///   - workers: calls at once.
    ///   - progress: told now and then how many calls are done.
    public func run(
        from first: UInt64, count: Int, workers: Int, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async -> SimulationReport {
        let batch = 16
        let starts = stride(from: 0, to: count, by: batch).map { $0 }
        return await withTaskGroup(of: SimulationReport.self) { group in
            var next = starts.makeIterator()
            func add() {
                guard let start = next.next() else { return }
                group.addTask {
                    var report = SimulationReport()
                    for offset in start..<min(start + batch, count) {
                        report.add(run(seed: first &+ UInt64(offset)))
                    }
                    return report
                }
            }
            for _ in 0..<workers { add() }
            var total = SimulationReport()
            for await report in group {
                total.add(report)
                progress(total.calls)
                add()
            }
            return total
        }
    }
}

/// What came of one simulated call.
public struct SimulatedCall: Sendable {
    public let seed: UInt64
    /// Kinds of faults that it had.
    public let faults: Int
    public let faultNames: [String]
    /// How often each happened.
    public let fired: [(name: String, count: Int)]
    public let length: CallTime
    /// A number for everything the call did.
    public let digest: UInt64
    public let end: EndReason?
    public let violation: Violation?
    /// The last things before the violation, a line each; empty without one.
    public let past: [String]
    /// Silences on the agent's turn, in milliseconds.
    public let deadAir: [Int]
    public let texts: Int

    init(_ world: borrowing World) {
        seed = world.seed
        faults = world.plan.count
        faultNames = world.plan.names
        fired = world.fired
        length = world.now
        digest = world.digest
        end = world.promises.end.reason
        violation = world.promises.violation
        past = violation == nil ? [] : world.past.lines
        deadAir = world.promises.deadAir.gaps
        texts = world.textsLeft
    }
}
