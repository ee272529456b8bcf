import Glibc

/// How loud 20 ms of audio are, and which of them count as voice.
package enum FrameLevel {
    /// Agent audio at least this loud counts as the agent speaking: 5 dB under what a quiet telephone talker reaches,
    /// well over the noise of G.711 (about -70 dBFS idle).
    package static let speakingDBFS = -45.0

    /// Root mean square of the samples in dB below full scale; -120 for digital silence.
    package static func dBFS(_ samples: ArraySlice<Int16>) -> Double {
        guard !samples.isEmpty else { return -120 }
        var sum = 0.0
        for sample in samples { sum += Double(sample) * Double(sample) }
        let mean = sum / Double(samples.count) / (32_768 * 32_768)
        return mean > 1e-12 ? 10 * log10(mean) : -120
    }

    /// First and last voiced frame of a recording, judged from the recording itself; `nil` when nothing is voiced.
    ///
    /// A frame is voiced when it is louder than all of: -50 dBFS; 30 dB below the loudest frame; 6 dB above the quiet
    /// frames (the 10th percentile, itself held to 20 dB below the loudest, so that a file without a pause still has
    /// a voice).
    /// The rule errs late at the start and early at the end, which makes every latency measured from it longer.
    static func voicedFrames(of samples: [Int16], samplesPerFrame: Int) -> ClosedRange<Int>? {
        let levels = stride(from: 0, to: samples.count, by: samplesPerFrame).map {
            dBFS(samples[$0..<min($0 + samplesPerFrame, samples.count)])
        }
        guard let loudest = levels.max() else { return nil }
        let quiet = min(levels.sorted()[levels.count / 10], loudest - 20)
        let threshold = max(-50, loudest - 30, quiet + 6)
        guard let first = levels.firstIndex(where: { $0 > threshold }),
            let last = levels.lastIndex(where: { $0 > threshold })
        else { return nil }
        return first...last
    }
}
