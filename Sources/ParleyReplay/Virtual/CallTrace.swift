import ParleyCore

/// What a call did, in order: its effects, and a sum over every frame that it sent. Two runs that did the same are equal.
public struct CallTrace: Equatable, Sendable {
    public struct Step: Equatable, Sendable {
        public var at: CallTime
        public var effect: CallEffect
    }

    public private(set) var steps: [Step] = []
    public private(set) var frames = 0
    /// FNV-1a, 64 bits, over each frame's time and octets.
    public private(set) var sum: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ effect: CallEffect, at now: CallTime) { steps.append(Step(at: now, effect: effect)) }

    mutating func add(_ frame: Span<UInt8>, at now: CallTime) {
        frames += 1
        var time = UInt64(bitPattern: now.nanoseconds)
        for _ in 0..<8 {
            mix(UInt8(truncatingIfNeeded: time))
            time >>= 8
        }
        for index in frame.indices { mix(frame[index]) }
    }

    private mutating func mix(_ octet: UInt8) { sum = (sum ^ UInt64(octet)) &* 0x100_0000_01B3 }
}
