/// Recognises a machine's tone (a key, ringback, a beep): nearly all power in one or two narrow lines that stay where they are.
struct ToneDetector: Sendable {
    /// Of the power from 190 to 3500 Hz.
    private static let share: Float = 0.985
    private static let quietest: Float = 3e-6
    /// Frames before it is believed: a sung vowel is as pure for two or three.
    private static let frames = 4
    /// The same while somebody is surely speaking: a long vowel may be purer than that.
    private static let framesInSpeech = 10

    private var lines: (strong: Int, weak: Int) = (0, 0)
    private var run = 0
    private(set) var isTone = false
    /// Frames since the last tone, at most 99. Its end is a burst that is no line any more.
    private(set) var since = 99

    /// - Parameters:
    ///   - concentration: the sum of the bins' squared shares of the power, 0...1. Two lines of Hann's shape have 0.24 at the
    ///     least if they are equally strong; most frames are told by it alone.
    ///   - isSpeaking: somebody was surely speaking up to now.
    mutating func process(_ spectrum: PowerSpectrum, concentration: Float, isSpeaking: Bool) {
        guard concentration > 0.2 else { return miss() }
        let power = spectrum.power
        var total: Float = 1e-10
        var (strong, strongest): (Int, Float) = (6, 0)
        for bin in 6..<113 {
            let value = power[bin / 8][bin % 8]
            total += value
            if value > strongest { (strong, strongest) = (bin, value) }
        }
        guard total > Self.quietest else { return miss() }
        var first: Float = 0
        for bin in max(6, strong - 2)...min(112, strong + 2) { first += power[bin / 8][bin % 8] }
        // One line and its skirts, and as much again at the most.
        guard first * 2 > Self.share * total else { return miss() }
        var (weak, second): (Int, Float) = (strong, 0)
        for bin in 6..<113 where abs(bin - strong) > 2 {
            let value = power[bin / 8][bin % 8]
            if value > second { (weak, second) = (bin, value) }
        }
        var rest: Float = 0
        for bin in max(6, weak - 2)...min(112, weak + 2) where abs(bin - strong) > 2 { rest += power[bin / 8][bin % 8] }
        guard first + rest > Self.share * total else { return miss() }
        let isOne = rest < 0.02 * total
        let isSteady = abs(strong - lines.strong) <= 1 && (isOne || abs(weak - lines.weak) <= 1)
        run = isSteady ? run + 1 : 1
        lines = (strong, weak)
        let enough = isSpeaking ? Self.framesInSpeech : Self.frames
        isTone = run >= enough
        since = run > enough ? 0 : min(since + 1, 99)
    }

    private mutating func miss() {
        run = 0
        isTone = false
        since = min(since + 1, 99)
    }
}
