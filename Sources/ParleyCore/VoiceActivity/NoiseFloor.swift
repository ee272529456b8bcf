/// The level of the line when nobody speaks, per band: the minimum of the smoothed level over a while (minimum statistics),
/// kept as sub-windows.
struct NoiseFloor: Sendable {
    typealias Levels = Lanes

    /// The mean of noise lies above its minimum by about this.
    private static let bias: Float = 2
    /// Coded silence is not the line's floor: below this nothing is measured.
    private static let lowest: Float = -78
    /// What a line is taken for at most until it has been heard for the whole window: noise this loud is believed at once,
    /// as calls begin with the agent speaking and the caller silent.
    private static let prior: Float = -38

    private let framesPerWindow: Int
    private let windows: Int
    private var minima = InlineArray<8, Levels>(repeating: Levels(repeating: NoiseFloor.prior))
    /// The least of `minima`.
    private var older = Levels(repeating: NoiseFloor.prior)
    private var current = Levels(repeating: NoiseFloor.prior)
    private var frame = 0
    private var window = 0
    private(set) var levels = Levels(repeating: NoiseFloor.prior)

    /// - Parameter windows: at most 8; the floor looks back `framesPerWindow * windows` frames and one window more.
    init(framesPerWindow: Int, windows: Int) {
        precondition(windows <= 8, "there is room for eight sub-windows")
        self.framesPerWindow = framesPerWindow
        self.windows = windows
    }

    /// - Parameter smoothed: this frame's levels in dB, smoothed over about two frames.
    mutating func process(_ smoothed: Levels) {
        current = .lesser(current, smoothed)
        let lowest = Levels.lesser(current, older)
        frame += 1
        if frame == framesPerWindow {
            minima[window] = current
            window = window + 1 == windows ? 0 : window + 1
            older = minima[0]
            for index in 1..<windows { older = .lesser(older, minima[index]) }
            current = smoothed
            frame = 0
        }
        let target = Levels.greater(lowest + Self.bias, Levels(repeating: Self.lowest))
        levels += (target - levels) * 0.15
    }
}
