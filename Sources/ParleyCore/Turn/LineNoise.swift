/// Whether silence on this line can be believed: how far its loudest stands over its quietest.
///
/// Speech over a quiet line spans 30 dB and more, over loud noise little, whatever a detector makes of either.
struct LineNoise: Sendable {
    /// Below this the line is noisy. Of 277 recorded turns the 115 clean ones span 31 dB and more; of 48 with noise at 0 and
    /// 5 dB 38 span less than 15, of 24 at 10 dB 13, of 24 at 20 dB none.
    private static let noisySpanDB: Float = 15
    /// The quietest is sought over 12 windows of 240 ms; the loudest falls by 5 dB a second.
    private static let framesPerWindow = 12
    private static let fallDB: Float = 0.1
    /// Coded silence is as quiet as a line gets, and until it has been heard for a while a line is taken for a quiet one.
    private static let quietest: Float = -78

    private var smoothed: Float = -60
    private var loudest: Float = -40
    private var minima = InlineArray<12, Float>(repeating: -60)
    private var current: Float = 0
    private var frame = 0
    private var window = 0
    var isNoisy = false

    /// - Parameter level: of one 20 ms frame in which nothing of ours was playing, in dBFS.
    mutating func hear(_ level: Float) {
        smoothed += (max(level, Self.quietest) - smoothed) * 0.5
        loudest = max(smoothed, loudest - Self.fallDB)
        current = min(current, smoothed)
        var quietest = current
        for index in 0..<12 { quietest = min(quietest, minima[index]) }
        frame += 1
        if frame == Self.framesPerWindow {
            minima[window] = current
            window = window == 11 ? 0 : window + 1
            current = smoothed
            frame = 0
        }
        isNoisy = loudest - quietest < Self.noisySpanDB
    }
}
