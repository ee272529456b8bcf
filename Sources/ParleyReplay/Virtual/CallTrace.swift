import ParleyCore

/// What a call did, in order: its effects, and a hash over every frame that it sent. Two runs that did the same are equal.
public struct CallTrace: Equatable, Sendable {
    public struct Step: Equatable, Sendable {
        public var at: CallTime
        public var effect: CallEffect
    }

    public private(set) var steps: [Step] = []
    public private(set) var frames = 0
    /// Over each frame's octets. When they left is in the marks among the steps.
    public private(set) var hash = OutputHash()

    mutating func add(_ effect: CallEffect, at now: CallTime) { steps.append(Step(at: now, effect: effect)) }

    mutating func add(_ frame: Span<UInt8>) {
        frames += 1
        hash.add(frame: frame)
    }
}
