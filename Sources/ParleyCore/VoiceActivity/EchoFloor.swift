/// The level at which our own outgoing audio may come back, per band.
///
/// Echo is linear enough to bound: its level is that of what was played in the last 300 ms, less the line's return loss. The
/// loss is learnt while we play: a slow percentile of "heard minus played", which falls within a second on a clean line.
struct EchoFloor: Sendable {
    typealias Levels = BandSpectrum.Levels

    /// Longest echo path: the provider's playout and the network both ways.
    private static let frames = 15
    /// Played audio below this leaves no echo worth knowing.
    private static let quiet: Float = -55
    /// Return loss taken for granted until measured: 16 dB, a poor hybrid.
    private static let initialCoupling: Float = -16
    /// No line gives back more than this.
    private static let loudest: Float = -8
    private static let margin: Float = 6

    private var recent = [Levels](repeating: Levels(repeating: -100), count: EchoFloor.frames)
    private var next = 0
    private var coupling = Levels(repeating: EchoFloor.initialCoupling)
    /// -100 where nothing was played.
    private(set) var levels = Levels(repeating: -100)

    /// - Parameters:
    ///   - played: levels of what is playing at the caller's now, or `nil` for silence.
    ///   - heard: levels of the frame that came in.
    ///   - noise: the line's own noise.
    ///   - isSpeech: the detector believes that the caller is speaking; learning is slowed then.
    mutating func process(played: Levels?, heard: Levels, noise: Levels, isSpeech: Bool) {
        recent[next] = played ?? Levels(repeating: -100)
        next = (next + 1) % Self.frames
        var loudest = recent[0]
        for index in 1..<Self.frames { loudest = pointwiseMax(loudest, recent[index]) }

        let isPlaying = loudest .> Levels(repeating: Self.quiet)
        let ratio = heard - loudest
        let rise: Float = isSpeech ? 0.02 : 0.75
        // What is nearly as loud as what we play is the caller, not the line.
        let step = Levels(repeating: -0.5).replacing(with: rise, where: ratio .> coupling)
            .replacing(with: 0, where: ratio .> Levels(repeating: Self.loudest))
            // Where only the line's noise is heard, the echo is below it.
            .replacing(with: -0.1, where: heard .< noise + 3)
        let learnt = (coupling + step).clamped(
            lowerBound: Levels(repeating: -60), upperBound: Levels(repeating: Self.loudest))
        coupling = coupling.replacing(with: learnt, where: isPlaying)
        levels = (loudest + coupling + Self.margin).replacing(with: -100, where: .!isPlaying)
    }
}
