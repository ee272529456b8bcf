import ParleyCore

/// How long a turn has been quiet at its end.
package struct QuietTail: Sendable {
    /// A frame this much quieter than the turn's loudest is not speech: 15 dB, as a ratio of energies. The embedded recogniser's
    /// figure (`TurnAudio`).
    private static let quietRatio: Float = 0.0316

    private let sampleRate: Int
    private var loudest: Float = 0
    private var quietSamples = 0

    package init(sampleRate: Int) { self.sampleRate = sampleRate }

    package mutating func feed(_ frame: Span<Int16>) {
        guard !frame.isEmpty else { return }
        var sum: Float = 0
        for index in frame.indices {
            let sample = Float(frame[index])
            sum += sample * sample
        }
        let level = sum / Float(frame.count)
        loudest = max(loudest, level)
        quietSamples = level > loudest * Self.quietRatio ? 0 : quietSamples + frame.count
    }

    package var length: CallTime {
        CallTime(nanoseconds: Int64(quietSamples) * 1_000_000_000 / Int64(sampleRate))
    }

    /// For the next turn.
    package mutating func reset() { self = QuietTail(sampleRate: sampleRate) }
}
