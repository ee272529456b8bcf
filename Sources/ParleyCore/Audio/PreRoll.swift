/// The last 300 ms heard, so that a recogniser is given the start of the word that made the detector decide.
struct PreRoll: Sendable {
    private static let capacity = 15
    private let samplesPerFrame: Int
    private var samples: [Int16]
    private var next = 0
    private var count = 0

    init(samplesPerFrame: Int) {
        self.samplesPerFrame = samplesPerFrame
        samples = [Int16](repeating: 0, count: samplesPerFrame * PreRoll.capacity)
    }

    mutating func append(_ frame: Span<Int16>) {
        let start = next * samplesPerFrame
        frame.extracting(..<samplesPerFrame).withUnsafeBytes { frame in
            samples.withUnsafeMutableBytes { samples in
                UnsafeMutableRawBufferPointer(rebasing: samples[(start * 2)...]).copyMemory(from: frame)
            }
        }
        next = (next + 1) % Self.capacity
        count = min(count + 1, Self.capacity)
    }

    /// Gives what is held to the recogniser, oldest first.
    func feed(into sink: inout some CallEffectSink) {
        samples.withUnsafeBufferPointer { samples in
            for index in 0..<count {
                let start = (next - count + index + Self.capacity) % Self.capacity * samplesPerFrame
                sink.feed(UnsafeBufferPointer(rebasing: samples[start..<start + samplesPerFrame]).span)
            }
        }
    }
}
