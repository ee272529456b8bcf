/// Is this frame the caller speaking? By energy: how far each band stands over the line's noise and over our own echo, how it
/// is shaped and how it moves.
///
/// Pure and causal. Called once for each 20 ms of audio, in order; it counts frames and knows no time.
public struct VoiceActivityDetector: ~Copyable, Sendable {
    /// Log-odds at which the decisions are taken, and for how many frames in a row.
    private enum Rule {
        static let on: (odds: Float, frames: Int) = (0.405, 2)  // 0.6
        static let off: (odds: Float, frames: Int) = (-0.619, 8)  // 0.35
        /// What stops our sound at once has to be a little surer than what begins a turn...
        static let interruption: Float = 1.386  // 0.8
        /// ...and surer still where second opinions come, which make a voice sure sooner (ADR 12).
        static let pairedInterruption: Float = 1.735  // 0.85
        static let confirmed: (odds: Float, frames: Int) = (2.5, 2)  // 0.92
        /// For so many frames from a tone on, only what is sure is speech.
        static let sure: Float = 2.197  // 0.9
        static let afterTone = 8
        static let lost: (odds: Float, frames: Int) = (-0.405, 5)  // 0.4
    }

    private var heard = PowerSpectrum.Tail()
    private var played = PowerSpectrum.Tail()
    private var features = VoiceFeatures()
    private var tone = ToneDetector()
    private let model = SpeechModel.shared
    private var odds: Float = -4
    private var pair = PairedSpeech()
    private var gate = OpinionGate()
    private var opinion: (frame: Int, odds: Float)?
    /// Frames heard.
    private var framesHeard = 0
    private var speech = Hysteresis()
    private var confirmation = Hysteresis()

    /// For wideband legs: the detector works on what a telephone would carry.
    private var decimator: Decimator?
    /// The last frame as a telephone would have carried it; only made for wideband legs.
    private(set) var narrow = [Int16](repeating: 0, count: 160)

    /// Somebody else judges the sound too, and says so through `take(opinion:ofFrame:)`. Without, the detector is complete.
    public var hasSecondOpinion = false {
        didSet {
            guard hasSecondOpinion != oldValue else { return }
            (opinion, gate, pair) = (nil, OpinionGate(), PairedSpeech())
        }
    }
    /// Whether an opinion on the last frame would be of use.
    public var wantsOpinion: Bool { hasSecondOpinion && gate.isAwake }

    /// - Parameter sampleRate: of the frames to come, 8 000 or 16 000.
    public init(sampleRate: Int = 8_000) {
        precondition(sampleRate == 8_000 || sampleRate == 16_000, "legs are narrow or wide")
        decimator = sampleRate == 16_000 ? Decimator() : nil
    }

    /// The echo path as far as it is known: its delay in frames, and the loudest band's gain in dB.
    public var echoPath: (delay: Int, gain: Float)? {
        features.echo.delay.map { ($0, features.echo.returnGain) }
    }

    /// Lends the numbers that the last frame was judged by, little-endian `Float`s in the order of `SpeechModelTable`: for
    /// fitting the model.
    public func withFeatures<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try features.values.withUnsafeBytes(body)
    }

    /// - Parameters:
    ///   - frame: 20 ms of the caller.
    ///   - reference: what is playing at the caller's now, as 160 octets of 8 kHz mu-law; `nil` while nothing is.
    public mutating func process(_ frame: Span<Int16>, playing reference: Span<UInt8>? = nil) -> VoiceActivity {
        var playedLevels: SIMD8<Float>?
        if let reference { playedLevels = levels(of: reference) }
        return PowerSpectrum.withRoom { spectrum in
            if decimator != nil {
                decimator?.process(frame, into: &narrow)
                // Held apart, as a span of one property may not be lent while another changes; nothing is copied.
                let narrow = self.narrow
                spectrum.process(narrow.span, after: &heard)
            } else {
                spectrum.process(frame, after: &heard)
            }
            return judge(spectrum, playedLevels)
        }
    }

    private mutating func judge(_ spectrum: PowerSpectrum, _ playedLevels: SIMD8<Float>?) -> VoiceActivity {
        features.process(spectrum, played: playedLevels)
        tone.process(spectrum, concentration: features.concentration, isSpeaking: confirmation.isOn)
        let raw = model.judge(features.values)
        odds += (raw - odds) * 0.8
        if tone.isTone { odds = min(odds, -3) }
        let isBurst = tone.since < Rule.afterTone && odds < Rule.sure
        let isVoiced = raw > 0 && !isBurst
        let isSpeech = speech.update(odds, on: Rule.on, off: Rule.off, isAllowed: !isBurst)
        let isConfirmed = confirmation.update(odds, on: Rule.confirmed, off: Rule.lost, isAllowed: isSpeech)
        framesHeard += 1
        var activity = VoiceActivity(
            score: Self.score(odds), isSpeech: isSpeech, isConfirmed: isConfirmed, isVoiced: isVoiced,
            isTone: tone.isTone,
            isInterruption: isSpeech && odds >= Rule.interruption)
        guard hasSecondOpinion else { return activity }
        pair.handle(own: odds, isOwnSpeech: isSpeech, other: currentOpinion(), isBurst: isBurst)
        _ = gate.handle(odds)
        (activity.score, activity.isSpeech, activity.isConfirmed) = (
            Self.score(pair.odds), pair.isSpeech, pair.isConfirmed
        )
        // Nothing is waited for: where no opinion counts yet, these odds are the detector's own.
        activity.isInterruption = pair.isSpeech && pair.odds >= Rule.pairedInterruption
        return activity
    }

    /// An opinion is late by nature: it counts from the frame after its own on, and for five.
    private mutating func currentOpinion() -> Float? {
        guard let opinion, gate.isAwake, features.isMoreThanEcho, (1...5).contains(framesHeard - 1 - opinion.frame)
        else {
            return nil
        }
        return opinion.odds
    }

    /// Takes what somebody else makes of the sound up to a frame.
    ///
    /// - Parameters:
    ///   - odds: log-odds (base e) that somebody speaks.
    ///   - number: of the frame, the first of the call being 0.
    public mutating func take(opinion odds: Float, ofFrame number: Int) {
        guard hasSecondOpinion, number < framesHeard, number > opinion?.frame ?? -1 else { return }
        opinion = (number, odds)
    }

    private static func score(_ odds: Float) -> Float { Float(1 / (1 + Math.exp(-Double(odds)))) }

    /// The reference's spectrum is only worth computing while something plays.
    private mutating func levels(of reference: Span<UInt8>) -> SIMD8<Float> {
        withUnsafeTemporaryAllocation(of: Int16.self, capacity: 160) { samples in
            for index in 0..<160 { samples[index] = MuLaw.decode(reference[index]) }
            return PowerSpectrum.withRoom { spectrum in
                spectrum.process(UnsafeBufferPointer(samples).span, after: &played)
                return VoiceFeatures.bands(of: spectrum.power)
            }
        }
    }

    /// On when the odds have been high for some frames, off when they have been low for some.
    private struct Hysteresis: Sendable {
        private(set) var isOn = false
        private var run = 0

        mutating func update(
            _ odds: Float, on: (odds: Float, frames: Int), off: (odds: Float, frames: Int), isAllowed: Bool
        ) -> Bool {
            guard isAllowed else {
                (isOn, run) = (false, 0)
                return false
            }
            let argues = isOn ? odds < off.odds : odds >= on.odds
            run = argues ? run + 1 : 0
            if run >= (isOn ? off.frames : on.frames) { (isOn, run) = (!isOn, 0) }
            return isOn
        }
    }
}

/// What the detector makes of one frame.
public struct VoiceActivity: Equatable, Sendable {
    /// 0...1: how sure that the caller is speaking.
    public var score: Float
    /// The fast decision, with onset and release bridged: what begins a turn.
    public var isSpeech: Bool
    /// The slow decision: a voice that goes on, no click and no cough. What takes the floor.
    public var isConfirmed: Bool
    /// This very frame, before smoothing: rules are counted from and to it.
    public var isVoiced: Bool
    /// A machine's tone: a key, ringback, a beep. Never speech.
    public var isTone: Bool
    /// Speech, and surely enough to stop our own sound for it.
    public var isInterruption: Bool

    static let silence = VoiceActivity(score: 0, isSpeech: false, isConfirmed: false, isVoiced: false)

    public init(
        score: Float, isSpeech: Bool, isConfirmed: Bool, isVoiced: Bool, isTone: Bool = false,
        isInterruption: Bool = false
    ) {
        self.score = score
        self.isSpeech = isSpeech
        self.isConfirmed = isConfirmed
        self.isVoiced = isVoiced
        self.isTone = isTone
        self.isInterruption = isInterruption
    }
}
