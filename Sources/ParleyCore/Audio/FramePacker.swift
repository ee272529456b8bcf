/// Cuts sound that comes in chunks of any size into frames of one size.
///
/// Frames are lent to a closure and must be copied to be kept. Allocates only when it is made.
public struct FramePacker: Sendable {
    public let samplesPerFrame: Int
    /// Samples that wait for the rest of their frame.
    public private(set) var pending = 0
    private var partial: [Int16]

    public init(samplesPerFrame: Int) {
        precondition(samplesPerFrame > 0, "a frame has samples")
        self.samplesPerFrame = samplesPerFrame
        partial = [Int16](repeating: 0, count: samplesPerFrame)
    }

    /// Takes the next samples, and lends each frame that is now whole, in order. If `body` throws, its frame and what
    /// follows it in `samples` is dropped.
    public mutating func append<Failure: Error>(
        _ samples: Span<Int16>, _ body: (Span<Int16>) throws(Failure) -> Void
    ) throws(Failure) {
        var taken = 0
        if pending > 0 {
            taken = min(samplesPerFrame - pending, samples.count)
            for index in 0..<taken { partial[pending + index] = samples[index] }
            pending += taken
            guard pending == samplesPerFrame else { return }
            pending = 0
            try body(partial.span)
        }
        // Frames that lie whole in the chunk are lent from there.
        while samples.count - taken >= samplesPerFrame {
            let frame = samples.extracting(taken..<taken + samplesPerFrame)
            taken += samplesPerFrame
            try body(frame)
        }
        for index in taken..<samples.count {
            partial[pending] = samples[index]
            pending += 1
        }
    }

    /// The sound has ended: lends what waits, filled up with silence. Nothing waits: lends nothing.
    public mutating func flush<Failure: Error>(_ body: (Span<Int16>) throws(Failure) -> Void) throws(Failure) {
        guard pending > 0 else { return }
        for index in pending..<samplesPerFrame { partial[index] = 0 }
        pending = 0
        try body(partial.span)
    }

    /// Drops what waits.
    public mutating func reset() { pending = 0 }
}
