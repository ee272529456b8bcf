/// How loud a stretch of sound is.
public enum Level {
    /// The level of digital silence, and the least there is (RFC 6464 section 3).
    public static let silence: Float = -127

    /// The power of the samples in decibels below overload: 0 is a square wave that fills the range, a sine wave that
    /// fills it has -3.01. Nothing, or all zeros: -127.
    ///
    /// - Parameter samples: less than 524,288.
    public static func dBFS(_ samples: Span<Int16>) -> Float {
        let squares = energy(of: samples)
        guard squares > 0 else { return silence }
        return Math.fastLog2(Float(squares) / (Float(samples.count) * 1_073_741_824)) * 3.010_299_9
    }

    /// The sum of the squares, exactly; eight at a time.
    private static func energy(of samples: Span<Int16>) -> Int64 {
        precondition(samples.count < 8 << 16, "a stretch, not a recording")
        return samples.withUnsafeBytes { bytes in
            // A square has 31 bits: its halves are added up apart.
            var (low, high) = (SIMD8<UInt32>.zero, SIMD8<UInt32>.zero)
            let whole = bytes.count / 16 * 16
            for start in stride(from: 0, to: whole, by: 16) {
                let eight = bytes.loadUnaligned(fromByteOffset: start, as: SIMD8<Int16>.self)
                let wide = SIMD8<Int32>(truncatingIfNeeded: eight)
                let square = SIMD8<UInt32>(truncatingIfNeeded: wide &* wide)
                low &+= square & 0xFFFF
                high &+= square &>> 16
            }
            var squares: Int64 = 0
            for lane in 0..<8 { squares += Int64(high[lane]) << 16 + Int64(low[lane]) }
            for start in stride(from: whole, to: bytes.count, by: 2) {
                let sample = Int64(bytes.loadUnaligned(fromByteOffset: start, as: Int16.self))
                squares += sample * sample
            }
            return squares
        }
    }
}
