/// The power of telephone audio by frequency, once per 20 ms frame: a 256-point FFT over a 32 ms Hann window that ends with
/// the frame.
///
/// Everything is done eight lanes at a time. Two real samples ride as one complex number, so 128 points do for 256; these
/// are taken as sixteen vectors of eight: four butterfly stages between vectors, an 8-point transform within them.
///
/// It lives for one frame, on the stack: see `withRoom`. What stays with a call is `Tail`: among thousands of calls all else would
/// be cold.
struct PowerSpectrum {
    /// The last 96 samples of the frame before.
    struct Tail: Sendable {
        fileprivate var samples = InlineArray<6, SIMD16<Int16>>(repeating: .zero)
    }

    /// Hz from one bin to the next.
    static let binWidth: Float = 31.25

    /// Bins 0 to 127, eight a vector, in parts of a full-scale sine's power.
    let power: UnsafeMutableBufferPointer<Lanes>
    /// The last 256 samples, oldest first, -1...1.
    let window: UnsafeMutableBufferPointer<SIMD16<Float>>

    /// The newest frame's 160 samples are vectors 6 to 15 of the window.
    static let frameVectors = 6..<16

    /// Lends an empty one, which is gone when `body` returns.
    @inline(__always)
    static func withRoom<Result>(_ body: (PowerSpectrum) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 16) { power in
            withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: 16) { window in
                body(PowerSpectrum(power: power, window: window))
            }
        }
    }

    /// - Parameters:
    ///   - frame: 160 samples at 8 kHz.
    ///   - tail: of the frame before; becomes this one's.
    func process(_ frame: Span<Int16>, after tail: inout Tail) {
        precondition(frame.count == 160, "the detector runs on 20 ms at 8 kHz")
        for vector in 0..<6 { window[vector] = SIMD16<Float>(tail.samples[vector]) * (1 / 32_768) }
        frame.withUnsafeBytes { bytes in
            for vector in 0..<10 {
                let samples = bytes.loadUnaligned(fromByteOffset: vector &* 32, as: SIMD16<Int16>.self)
                window[vector &+ 6] = SIMD16<Float>(samples) * (1 / 32_768)
                if vector >= 4 { tail.samples[vector &- 4] = samples }
            }
        }
        transform()
    }

    private func transform() {
        let tables = Tables.shared
        var real = InlineArray<16, Lanes>(repeating: .zero)
        var imaginary = InlineArray<16, Lanes>(repeating: .zero)
        for vector in 0..<16 {
            let samples = window[vector]
            real[vector] = samples.evenHalf * tables.hann[vector * 2]
            imaginary[vector] = samples.oddHalf * tables.hann[vector * 2 + 1]
        }
        var distance = 8
        var turn = 0
        while distance > 0 {
            var start = 0
            while start < 16 {
                for offset in 0..<distance {
                    let (low, high) = (start &+ offset, start &+ offset &+ distance)
                    let (sumReal, sumImaginary) = (real[low] + real[high], imaginary[low] + imaginary[high])
                    let (leftReal, leftImaginary) = (real[low] - real[high], imaginary[low] - imaginary[high])
                    let (cosine, sine) = (tables.stageCosine[turn &+ offset], tables.stageSine[turn &+ offset])
                    (real[low], imaginary[low]) = (sumReal, sumImaginary)
                    real[high] = leftReal * cosine + leftImaginary * sine
                    imaginary[high] = leftImaginary * cosine - leftReal * sine
                }
                start &+= distance &* 2
            }
            turn &+= distance
            distance /= 2
        }
        // Natural order, the first bin once more behind the last.
        var wholeReal = InlineArray<9, SIMD16<Float>>(repeating: .zero)
        var wholeImaginary = InlineArray<9, SIMD16<Float>>(repeating: .zero)
        Self.eights(&real, into: &wholeReal, &imaginary, into: &wholeImaginary)
        untangle(&wholeReal, &wholeImaginary, tables)
    }

    /// The 8-point transform within each vector. Lanes become vectors first, in such an order that what comes out is two
    /// interleaved halves of sixteen neighbouring bins.
    private static func eights(
        _ real: inout InlineArray<16, Lanes>, into wholeReal: inout InlineArray<9, SIMD16<Float>>,
        _ imaginary: inout InlineArray<16, Lanes>, into wholeImaginary: inout InlineArray<9, SIMD16<Float>>
    ) {
        withUnsafeBytes(of: &real) { realBytes in
            withUnsafeBytes(of: &imaginary) { imaginaryBytes in
                let re = realBytes.assumingMemoryBound(to: Float.self).baseAddress!
                let im = imaginaryBytes.assumingMemoryBound(to: Float.self).baseAddress!
                for half in 0..<2 {
                    let (r, i) = (re + half * 64, im + half * 64)
                    var a = InlineArray<8, Lanes>(repeating: .zero)
                    var b = InlineArray<8, Lanes>(repeating: .zero)
                    for lane in 0..<8 {
                        a[lane] = column(r + lane)
                        b[lane] = column(i + lane)
                    }
                    eight(&a, &b)
                    for bin in 0..<8 {
                        // Decimation in frequency leaves the bins in bit-reversed order.
                        let at = (bin & 1) << 2 | (bin & 2) | bin >> 2
                        if half == 0 {
                            wholeReal[bin].evenHalf = a[at]
                            wholeImaginary[bin].evenHalf = b[at]
                        } else {
                            wholeReal[bin].oddHalf = a[at]
                            wholeImaginary[bin].oddHalf = b[at]
                        }
                    }
                }
            }
        }
        wholeReal[8][0] = wholeReal[0][0]
        wholeImaginary[8][0] = wholeImaginary[0][0]
    }

    @inline(__always)
    private static func column(_ p: UnsafePointer<Float>) -> Lanes {
        Lanes(p[0], p[32], p[16], p[48], p[8], p[40], p[24], p[56])
    }

    @inline(__always)
    private static func eight(_ a: inout InlineArray<8, Lanes>, _ b: inout InlineArray<8, Lanes>) {
        let root: Float = 0.707_106_77
        for j in 0..<4 {
            let (dr, di) = (a[j] - a[j + 4], b[j] - b[j + 4])
            a[j] += a[j + 4]
            b[j] += b[j + 4]
            switch j {
            case 0: (a[4], b[4]) = (dr, di)
            case 1: (a[5], b[5]) = ((dr + di) * root, (di - dr) * root)
            case 2: (a[6], b[6]) = (di, -dr)
            default: (a[7], b[7]) = ((di - dr) * root, -(di + dr) * root)
            }
        }
        four(&a, &b, 0)
        four(&a, &b, 4)
    }

    @inline(__always)
    private static func four(_ a: inout InlineArray<8, Lanes>, _ b: inout InlineArray<8, Lanes>, _ at: Int) {
        let (sr0, si0, sr1, si1) = (a[at] + a[at + 2], b[at] + b[at + 2], a[at + 1] + a[at + 3], b[at + 1] + b[at + 3])
        let (dr0, di0, dr1, di1) = (a[at] - a[at + 2], b[at] - b[at + 2], a[at + 1] - a[at + 3], b[at + 1] - b[at + 3])
        (a[at], b[at]) = (sr0 + sr1, si0 + si1)
        (a[at + 1], b[at + 1]) = (sr0 - sr1, si0 - si1)
        // The odd difference turned by -i.
        (a[at + 2], b[at + 2]) = (dr0 + di1, di0 - dr1)
        (a[at + 3], b[at + 3]) = (dr0 - di1, di0 + dr1)
    }

    /// From the transform of pairs to that of samples: X(k) = E(k) + w^k O(k).
    private func untangle(
        _ wholeReal: inout InlineArray<9, SIMD16<Float>>, _ wholeImaginary: inout InlineArray<9, SIMD16<Float>>,
        _ tables: Tables
    ) {
        // Of a full-scale sine, through the Hann window (mean square 3/8), a quarter for the halves left out below.
        let scale: Float = 0.25 * 2 / (256 * 256 * 0.375) * 2
        withUnsafeBytes(of: &wholeReal) { realBytes in
            withUnsafeBytes(of: &wholeImaginary) { imaginaryBytes in
                let re = realBytes.assumingMemoryBound(to: Float.self).baseAddress!
                let im = imaginaryBytes.assumingMemoryBound(to: Float.self).baseAddress!
                for vector in 0..<16 {
                    let first = vector * 8
                    let (ar, ai) = (Self.ascending(re + first), Self.ascending(im + first))
                    let (br, bi) = (Self.descending(re + 128 - first), Self.descending(im + 128 - first))
                    let (evenReal, evenImaginary) = (ar + br, ai - bi)
                    let (oddReal, oddImaginary) = (ai + bi, br - ar)
                    let (cosine, sine) = (tables.cosine[vector], tables.sine[vector])
                    let x = evenReal + oddReal * cosine + oddImaginary * sine
                    let y = evenImaginary + oddImaginary * cosine - oddReal * sine
                    power[vector] = (x * x + y * y) * scale
                }
            }
        }
    }

    @inline(__always)
    private static func ascending(_ p: UnsafePointer<Float>) -> Lanes {
        Lanes(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7])
    }

    @inline(__always)
    private static func descending(_ p: UnsafePointer<Float>) -> Lanes {
        Lanes(p[0], p[-1], p[-2], p[-3], p[-4], p[-5], p[-6], p[-7])
    }

    /// Window and twiddle factors, shared by all calls.
    private struct Tables: Sendable {
        static let shared = Tables()
        let hann: LaneTable
        /// Of the four stages between vectors: eight, four, two and one vectors.
        let stageCosine: LaneTable
        let stageSine: LaneTable
        /// Of 2 pi k / 256.
        let cosine: LaneTable
        let sine: LaneTable

        init() {
            let turn = 2 * Double.pi / 256
            // Even samples of each sixteen first, then the odd ones: as the transform takes them.
            hann = LaneTable(
                (0..<256).map { index in
                    let sample = index / 16 * 16 + index % 8 * 2 + index / 8 % 2
                    return Float(0.5 - 0.5 * Math.cos(turn * Double(sample)))
                })
            cosine = LaneTable((0..<128).map { Float(Math.cos(turn * Double($0))) })
            sine = LaneTable((0..<128).map { Float(Math.sin(turn * Double($0))) })
            var stages: [Double] = []
            for distance in [8, 4, 2, 1] {
                for index in 0..<distance * 8 { stages.append(2 * Double.pi * Double(index) / Double(distance * 16)) }
            }
            stageCosine = LaneTable(stages.map { Float(Math.cos($0)) })
            stageSine = LaneTable(stages.map { Float(Math.sin($0)) })
        }
    }
}
