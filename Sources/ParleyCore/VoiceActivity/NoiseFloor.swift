/// The level of the line when nobody speaks, per band: the minimum of the smoothed level over the last two seconds
/// (minimum statistics), kept as eight sub-windows of 240 ms.
struct NoiseFloor: Sendable {
    typealias Levels = BandSpectrum.Levels

    private static let framesPerWindow = 12
    private static let windows = 8
    /// The mean of noise lies above its minimum by about this.
    private static let bias: Float = 2
    /// Coded silence is not the line's floor: below this nothing is measured.
    private static let lowest: Float = -78
    /// What a line is taken for at most until it has been heard for two seconds: noise this loud is believed at once, as
    /// calls begin with the agent speaking and the caller silent.
    private static let prior: Float = -38

    private var smoothed = Levels(repeating: NoiseFloor.prior)
    private var minima = [Levels](repeating: Levels(repeating: NoiseFloor.prior), count: NoiseFloor.windows)
    private var current = Levels(repeating: 0)
    private var frame = 0
    private var window = 0
    private var hasHeard = false
    private(set) var levels = Levels(repeating: NoiseFloor.prior)

    mutating func process(_ heard: Levels) {
        smoothed = hasHeard ? (smoothed + heard) * 0.5 : heard
        hasHeard = true
        current = pointwiseMin(current, smoothed)
        frame += 1
        var lowest = current
        for index in 0..<Self.windows { lowest = pointwiseMin(lowest, minima[index]) }
        if frame == Self.framesPerWindow {
            minima[window] = current
            window = (window + 1) % Self.windows
            current = smoothed
            frame = 0
        }
        let target = pointwiseMax(lowest + Self.bias, Levels(repeating: Self.lowest))
        levels += (target - levels) * 0.15
    }
}
