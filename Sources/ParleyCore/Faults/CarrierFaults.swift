/// What goes wrong in one call, all of it from one seed: the same faults, seed and messages give the same call again.
public struct CarrierFaults: Equatable, Sendable {
    public var seed: UInt64
    public var faults: [Fault]

    public init(seed: UInt64 = 1, _ faults: [Fault] = []) {
        self.seed = seed
        self.faults = faults
    }

    /// The triggers of the faults that are chosen, with the number of each in `faults`.
    ///
    /// - Parameter way: of the line that they act on; on each its own messages are hit.
    public func triggers(
        way: Fault.Way = .both, where isChosen: (Fault.Kind) -> Bool
    ) -> [(index: Int, trigger: FaultTrigger)] {
        faults.indices.filter { index in
            let fault = faults[index]
            let isOnWay = !fault.kind.hasWay || fault.way == .both || way == .both || fault.way == way
            return isOnWay && isChosen(fault.kind)
        }.map { ($0, FaultTrigger(faults[$0], number: $0, seed: seed, way: way)) }
    }
}
