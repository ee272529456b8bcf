/// How loud a stretch of sound is.
public enum Level {
    /// The level of digital silence, and the least there is (RFC 6464 section 3).
    public static let silence: Float = -127

    /// The power of the samples in decibels below overload: 0 is a square wave that fills the range, a sine wave that
    /// fills it has -3.01. Nothing, or all zeros: -127.
    public static func dBFS(_ samples: Span<Int16>) -> Float {
        var squares: Int64 = 0
        for index in samples.indices { squares &+= Int64(samples[index]) * Int64(samples[index]) }
        guard squares > 0 else { return silence }
        return Math.fastLog2(Float(squares) / (Float(samples.count) * 1_073_741_824)) * 3.010_299_9
    }
}
