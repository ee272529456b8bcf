/// The level at which our own outgoing audio may come back, per band.
///
/// Two things are learnt while we play: the path's delay (the lag at which what is heard rises and falls as what was played,
/// over about three seconds) and each band's coupling (a quantile of heard minus played at that lag). Until the delay is
/// known, the loudest of the last 300 ms counts.
struct EchoFloor: ~Copyable, Sendable {
    typealias Levels = Lanes

    /// Delays that are looked at, in frames: 0 to 300 ms.
    private static let delays = 16
    /// Played audio below this leaves no echo worth knowing.
    private static let quiet: Float = -55
    /// Return loss taken for granted until measured: 16 dB, a poor hybrid.
    private static let initialCoupling: Float = -16
    /// No line gives back more than this.
    private static let loudest: Float = -8
    private static let margin: Float = 6

    /// What was played, newest at `newest`.
    private var played = LaneRoom(repeating: Levels(repeating: -100), count: 32)
    /// Its envelope, newest first: the loudest band of each frame, not below -60.
    private var envelope = SIMD16<Float>(repeating: -60)
    private var newest = 0
    private var sincePlayed = 64

    private var meanHeard: Float = -60
    private var meanPlayed = SIMD16<Float>(repeating: -60)
    private var covariance = SIMD16<Float>(repeating: 0)
    private var variance = SIMD16<Float>(repeating: 0)
    private var varianceHeard: Float = 0
    private var framesPlayed = 0
    private var framesLocked = 0

    private var coupling = Levels(repeating: EchoFloor.initialCoupling)
    /// In frames; `nil` until it is known.
    private(set) var delay: Int?
    /// In dB; -100 where nothing is to be expected.
    private(set) var levels = Levels(repeating: -100)

    /// Something of ours was playing not long ago: an echo of it may still come.
    var isDue: Bool { sincePlayed < 24 }

    /// The loudest band's coupling in dB, for the log.
    var returnGain: Float { coupling.max() }

    /// - Parameters:
    ///   - now: levels of what is playing at the caller's now; `nil` for silence.
    ///   - heard: levels of the frame that came in.
    ///   - noise: the line's own noise.
    mutating func process(played now: Levels?, heard: Levels, noise: Levels) {
        sincePlayed = now == nil ? min(sincePlayed + 1, 64) : 0
        guard isDue else {
            levels = Levels(repeating: -100)
            return
        }
        newest = (newest + 1) & 31
        played[newest] = now ?? Levels(repeating: -100)
        for lane in stride(from: 15, to: 0, by: -1) { envelope[lane] = envelope[lane - 1] }
        envelope[0] = max(-60, played[newest].greatest)
        findDelay(heard)
        learn(heard, noise)
        let around = loudestAround()
        levels = (around + coupling + Self.margin).replacing(
            with: -100, where: around .< Levels(repeating: Self.quiet))
    }

    private func ago(_ frames: Int) -> Levels { played[(newest &- frames) & 31] }

    /// One frame before the echo is due to three after: speech is longer in the room than in the file.
    /// `mutating` to be done in place: ADR 16.
    private mutating func loudestAround() -> Levels {
        guard let delay else {
            var loudest = ago(0)
            for frames in 1..<Self.delays { loudest = .greater(loudest, ago(frames)) }
            return loudest
        }
        var loudest = ago(max(0, delay - 1))
        for frames in max(0, delay - 1)...delay + 3 { loudest = .greater(loudest, ago(frames)) }
        return loudest
    }

    /// Running correlation of the two envelopes at each delay.
    private mutating func findDelay(_ heard: Levels) {
        framesPlayed += 1
        let rate: Float = max(1 / 150, 1 / Float(min(framesPlayed, 1_000_000)))
        let level = max(-75, heard.greatest)
        let offset = level - meanHeard
        let offsets = envelope - meanPlayed
        meanHeard += rate * offset
        meanPlayed += rate * offsets
        let kept = 1 - rate
        varianceHeard = kept * (varianceHeard + rate * offset * offset)
        variance = kept * (variance + rate * offsets * offsets)
        covariance = kept * (covariance + rate * offset * offsets)
        guard framesPlayed >= 40, framesPlayed % 8 == 0 else { return }
        let power = covariance * covariance / (variance + 1)
        var best = 0
        for lag in 1..<Self.delays where covariance[lag] > 0 && power[lag] > power[best] { best = lag }
        // Correlation above 0.45, as in squares; a new delay has to be better than the old one by something.
        guard covariance[best] > 0, power[best] > 0.2 * (varianceHeard + 1) else { return }
        if let delay, power[best] < 1.15 * power[delay] { return }
        delay = best
    }

    /// While no delay is known: a line that gives nothing back is soon believed to, and one that begins to give something
    /// back is believed sooner still, so that no caller has to speak up against an echo that is not there.
    private mutating func learnWithoutDelay(_ heard: Levels) {
        let around = loudestAround()
        let isLoud = around .> Levels(repeating: -45)
        guard any(isLoud) else { return }
        let ratio = heard - around
        var step = Levels(repeating: -1).replacing(with: 5, where: ratio .> coupling)
        step.replace(with: 0, where: ratio .> Levels(repeating: Self.loudest))
        step.replace(with: 0, where: .!isLoud)
        coupling = (coupling + step).within(-60, Self.initialCoupling)
    }

    /// The 60th percentile of heard minus played, by small steps: up when it is exceeded, down when not.
    private mutating func learn(_ heard: Levels, _ noise: Levels) {
        guard let delay else { return learnWithoutDelay(heard) }
        let due = ago(delay)
        let isLoud = due .> Levels(repeating: -45)
        guard any(isLoud) else { return }
        framesLocked += 1
        let size: Float = framesLocked < 50 ? 1.5 : 0.35
        let ratio = heard - due
        var step = Levels(repeating: -0.4 * size).replacing(with: 0.6 * size, where: ratio .> coupling)
        // What is nearly as loud as what we play is the caller, not the line.
        step.replace(with: 0, where: ratio .> Levels(repeating: Self.loudest))
        step.replace(with: 0, where: .!isLoud)
        coupling = (coupling + step).within(-60, Self.loudest)
    }
}
