/// Is this frame the caller speaking? By energy: how far each band stands over the line's noise and over our own echo.
///
/// Pure and causal. Called once for each 20 ms of audio, in order; it counts frames and knows no time.
public struct VoiceActivityDetector: Sendable {
    private var spectrum = BandSpectrum()
    private var playedSpectrum = BandSpectrum()
    private var noise = NoiseFloor()
    private var echo = EchoFloor()
    private var smoothed: Float = -4
    private var isSpeech = false
    /// Frames in a row that argue for a change of `isSpeech`.
    private var run = 0
    private var voicedOfLast: UInt32 = 0

    /// What is playing at the caller's now: 160 octets of 8 kHz mu-law, filled in before each frame.
    public var reference = [UInt8](repeating: 0xFF, count: 160)
    /// For wideband legs: the detector works on what a telephone would carry.
    private var decimator: Decimator?
    private var narrow = [Int16](repeating: 0, count: 160)

    /// - Parameter sampleRate: of the frames to come, 8 000 or 16 000.
    public init(sampleRate: Int = 8_000) {
        precondition(sampleRate == 8_000 || sampleRate == 16_000, "legs are narrow or wide")
        decimator = sampleRate == 16_000 ? Decimator() : nil
    }

    /// - Parameters:
    ///   - frame: 20 ms of the caller.
    ///   - isPlaying: false while nothing plays; `reference` is not looked at then.
    public mutating func process(_ frame: Span<Int16>, isPlaying: Bool) -> VoiceActivity {
        let heard = heardLevels(frame)
        let played = isPlaying ? playedLevels() : nil
        noise.process(heard)
        echo.process(played: played, heard: heard, noise: noise.levels, isSpeech: isSpeech)

        let floor = pointwiseMax(noise.levels, echo.levels)
        let ratio = (heard - floor).clamped(lowerBound: .init(repeating: -3), upperBound: .init(repeating: 40))
        // Vowels live in 250-2000 Hz; the loudest band alone catches the rest.
        let middle = (ratio[1] + ratio[2] + ratio[3]) * (1 / 3)
        let loudest = max(max(ratio[1], ratio[2]), max(ratio[3], ratio[4]))
        let evidence = 0.38 * (middle - 7) + 0.10 * (loudest - 10)

        smoothed += (evidence - smoothed) * 0.7
        let score = Float(1 / (1 + Math.exp(-Double(smoothed))))
        let isVoiced = evidence > 0
        voicedOfLast = voicedOfLast << 1 | (isVoiced ? 1 : 0)
        update(score)
        return VoiceActivity(
            score: score, isSpeech: isSpeech,
            isConfirmed: isSpeech && (voicedOfLast & 0x3FF).nonzeroBitCount >= 6,
            isVoiced: isVoiced)
    }

    /// Hysteresis: on at 0.6 for two frames, off below 0.35 for six.
    private mutating func update(_ score: Float) {
        let argues = isSpeech ? score < 0.35 : score >= 0.6
        run = argues ? run + 1 : 0
        guard run >= (isSpeech ? 6 : 2) else { return }
        isSpeech.toggle()
        run = 0
    }

    private mutating func heardLevels(_ frame: Span<Int16>) -> BandSpectrum.Levels {
        guard decimator != nil else { return spectrum.process(frame) }
        decimator?.process(frame, into: &narrow)
        // Held apart, as a span of one property may not be lent to another's mutating method; nothing is copied.
        let narrow = self.narrow
        return spectrum.process(narrow.span)
    }

    /// The reference's spectrum is only worth computing while something plays.
    private mutating func playedLevels() -> BandSpectrum.Levels {
        withUnsafeTemporaryAllocation(of: Int16.self, capacity: 160) { samples in
            for index in 0..<160 { samples[index] = MuLaw.decode(reference[index]) }
            return playedSpectrum.process(UnsafeBufferPointer(samples).span)
        }
    }
}

/// What the detector makes of one frame.
public struct VoiceActivity: Equatable, Sendable {
    /// 0...1: how sure that the caller is speaking.
    public var score: Float
    /// The fast decision, with onset and release bridged: what stops our sound.
    public var isSpeech: Bool
    /// The slow decision: sustained, not a click.
    public var isConfirmed: Bool
    /// This very frame, before smoothing: rules are counted from and to it.
    public var isVoiced: Bool

    public init(score: Float, isSpeech: Bool, isConfirmed: Bool, isVoiced: Bool) {
        self.score = score
        self.isSpeech = isSpeech
        self.isConfirmed = isConfirmed
        self.isVoiced = isVoiced
    }
}
