#if LocalSpeech
import Glibc
import ParleyCore
import Synchronization

/// One turn's audio: fed from an event loop, taken by an engine thread.
final class TurnAudio: Sendable {
    /// Longer turns keep their end: what was said last is what the answer must be about.
    static let longestSeconds = 30
    /// What the model hears at.
    static let modelRate = 16_000
    /// A frame this much quieter than the turn's loudest is not speech: 15 dB, as a ratio of energies.
    private static let quietRatio: Float = 0.0316
    /// The loudest frame of speech stands out: syllables, and the pause before and after them. Of a hiss or a hum it does
    /// not: white noise reaches 1.4 times its mean, and the least of 343 recorded turns, street noise at 0 dB among them,
    /// 3.2 times.
    private static let speechPeak: Float = 2

    private struct Fed {
        var pending: [Int16] = []
        var count = 0
        var dropped = 0
        /// Mean square of the loudest frame, and the sum of all frames' squares.
        var loudest: Float = 0
        var energy: Float = 0
        /// `count` after the last frame that was not quiet.
        var lastLoud = 0
    }

    private struct Taken {
        var resampler: Resampler
        var resampled: [Int16] = []
        /// At the model's rate, in -1...1.
        var samples: [Float] = []
    }

    let sampleRate: Int
    private let fed = Mutex(Fed())
    /// Used by one piece of work at a time.
    private let taken: Mutex<Taken>

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        taken = Mutex(Taken(resampler: Resampler(from: sampleRate, to: Self.modelRate)))
    }

    func feed(_ audio: Span<Int16>) {
        guard audio.count > 0 else { return }
        var sum: Float = 0
        for index in audio.indices {
            let sample = Float(audio[index])
            sum += sample * sample
        }
        let level = sum / Float(audio.count)
        let capacity = sampleRate * Self.longestSeconds
        fed.withLock { fed in
            for index in audio.indices { fed.pending.append(audio[index]) }
            if fed.pending.count > capacity + sampleRate {
                // Nothing was decoded for half a minute.
                fed.dropped += fed.pending.count - capacity
                fed.pending.removeFirst(fed.pending.count - capacity)
            }
            fed.count += audio.count
            fed.energy += sum
            fed.loudest = max(fed.loudest, level)
            if level > fed.loudest * Self.quietRatio { fed.lastLoud = fed.count }
        }
    }

    /// Samples fed so far.
    var count: Int { fed.withLock { $0.count } }

    /// Samples that were not kept, because the turn is longer than `longestSeconds`.
    var dropped: Int { fed.withLock { $0.dropped } }

    /// True when nothing as loud as speech came after the first `mark` samples.
    func isQuiet(since mark: Int) -> Bool { fed.withLock { $0.lastLoud <= mark } }

    /// True when all of it is equally loud.
    var isSteady: Bool {
        fed.withLock { $0.loudest * Float($0.count) < $0.energy * Self.speechPeak }
    }

    /// RMS of the loudest frame, in dB of full scale.
    var loudestDBFS: Float {
        let level = fed.withLock { $0.loudest }
        return level > 0 ? 10 * log10f(level / (32_768 * 32_768)) : -.infinity
    }

    /// Calls `body` with the last 30 s of what has been fed so far, at the model's rate, in -1...1.
    func decode<Result>(_ body: ([Float]) -> Result) -> Result {
        taken.withLock { taken in
            let pending = fed.withLock { fed in
                let pending = fed.pending
                fed.pending = []
                return pending
            }
            taken.resampled.removeAll(keepingCapacity: true)
            taken.resampler.process(pending.span, appendingTo: &taken.resampled)
            for sample in taken.resampled { taken.samples.append(Float(sample) / 32_768) }
            let excess = taken.samples.count - Self.modelRate * Self.longestSeconds
            if excess > 0 {
                taken.samples.removeFirst(excess)
                fed.withLock { $0.dropped += excess * sampleRate / Self.modelRate }
            }
            return body(taken.samples)
        }
    }
}
#endif
