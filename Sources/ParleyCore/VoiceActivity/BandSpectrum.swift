/// The level of six bands of telephone audio, once per 20 ms frame: a 256-point FFT over a 32 ms Hann window that ends
/// with the frame.
///
/// The bands are 80-250-500-1000-2000-3000-3900 Hz: below the first formant, the formants, and the fricatives.
struct BandSpectrum: Sendable {
    static let bandCount = 6
    /// First bin of each band, and one past the last, at 31.25 Hz a bin.
    private static let edges = [3, 8, 16, 32, 64, 96, 125]
    private static let size = 256

    /// Levels in dB relative to a full-scale sine, floor -100.
    typealias Levels = SIMD8<Float>

    /// The last 256 samples, oldest first.
    private var window = [Float](repeating: 0, count: BandSpectrum.size)
    private var real = [Float](repeating: 0, count: BandSpectrum.size / 2)
    private var imaginary = [Float](repeating: 0, count: BandSpectrum.size / 2)

    /// Takes 160 samples at 8 kHz.
    mutating func process(_ frame: Span<Int16>) -> Levels {
        precondition(frame.count == 160, "the detector runs on 20 ms at 8 kHz")
        let tables = Tables.shared
        window.withUnsafeMutableBufferPointer { window in
            for index in 0..<96 { window[index] = window[index + 160] }
            for index in 0..<160 { window[index + 96] = Float(frame[index]) * (1 / 32_768) }
        }
        return real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                window.withUnsafeBufferPointer { window in
                    Self.transform(window, real, imaginary, tables)
                }
                return Self.levels(real, imaginary, tables)
            }
        }
    }

    /// Two real samples ride as one complex number, so that 128 points do for 256.
    private static func transform(
        _ window: UnsafeBufferPointer<Float>, _ real: UnsafeMutableBufferPointer<Float>,
        _ imaginary: UnsafeMutableBufferPointer<Float>, _ tables: Tables
    ) {
        tables.hann.withUnsafeBufferPointer { hann in
            tables.reversed.withUnsafeBufferPointer { reversed in
                for index in 0..<128 {
                    let from = Int(reversed[index]) &* 2
                    real[index] = window[from] * hann[from]
                    imaginary[index] = window[from &+ 1] * hann[from &+ 1]
                }
            }
        }
        tables.cosine.withUnsafeBufferPointer { cosine in
            tables.sine.withUnsafeBufferPointer { sine in
                var half = 1
                while half < 128 {
                    let step = 128 / half
                    var start = 0
                    while start < 128 {
                        for offset in 0..<half {
                            let low = start &+ offset
                            let high = low &+ half
                            let (turnReal, turnImaginary) = (cosine[offset &* step], sine[offset &* step])
                            let (a, b) = (real[high], imaginary[high])
                            let (c, d) = (a * turnReal + b * turnImaginary, b * turnReal - a * turnImaginary)
                            (real[high], imaginary[high]) = (real[low] - c, imaginary[low] - d)
                            (real[low], imaginary[low]) = (real[low] + c, imaginary[low] + d)
                        }
                        start &+= half &* 2
                    }
                    half &*= 2
                }
            }
        }
    }

    private static func levels(
        _ real: UnsafeMutableBufferPointer<Float>, _ imaginary: UnsafeMutableBufferPointer<Float>, _ tables: Tables
    ) -> Levels {
        // The power of a full-scale sine, all bins, through the Hann window (mean square 3/8).
        let scale: Float = 2 / (256 * 256 * 0.375) * 2
        var levels = Levels(repeating: -100)
        tables.cosine.withUnsafeBufferPointer { cosine in
            tables.sine.withUnsafeBufferPointer { sine in
                for band in 0..<bandCount {
                    var power: Float = 0
                    for bin in edges[band]..<edges[band + 1] {
                        // Untangle the two interleaved transforms: X(k) = E(k) + w^k O(k).
                        let mirror = 128 &- bin
                        let (evenReal, evenImaginary) =
                            ((real[bin] + real[mirror]) * 0.5, (imaginary[bin] - imaginary[mirror]) * 0.5)
                        let (oddReal, oddImaginary) =
                            ((imaginary[bin] + imaginary[mirror]) * 0.5, (real[mirror] - real[bin]) * 0.5)
                        let x = evenReal + oddReal * cosine[bin] + oddImaginary * sine[bin]
                        let y = evenImaginary + oddImaginary * cosine[bin] - oddReal * sine[bin]
                        power += x * x + y * y
                    }
                    levels[band] = 3.010_3 * Math.fastLog2(power * scale + 1e-10)
                }
            }
        }
        return levels
    }

    /// Window and twiddle factors, shared by all calls.
    private struct Tables: Sendable {
        static let shared = Tables()
        let hann: [Float]
        /// cos and sin of 2 pi k / 256, for k below 128.
        let cosine: [Float]
        let sine: [Float]
        /// Bit-reversed indices of 128 points.
        let reversed: [UInt8]

        init() {
            let turn = 2 * Double.pi / 256
            hann = (0..<256).map { Float(0.5 - 0.5 * Math.cos(turn * Double($0))) }
            cosine = (0..<128).map { Float(Math.cos(turn * Double($0))) }
            sine = (0..<128).map { Float(Math.sin(turn * Double($0))) }
            reversed = (0..<128).map { index in
                (0..<7).reduce(UInt8(0)) { $0 << 1 | UInt8(index >> $1 & 1) }
            }
        }
    }
}
