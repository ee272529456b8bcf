/// Halves the sample rate, frame by frame, for ears that listen at 8 kHz to a leg of 16 kHz.
///
/// A half-band filter: half of its factors are 0. Passes up to 0.2125 of the input rate (3.4 kHz of 16 kHz) within
/// 0.1 dB, and stops by 60 dB from 0.2875 on (4.6 kHz); what lies between folds into 3.4-4 kHz, which no voice detector
/// minds. Where that matters, take `Resampler`. The output is 24 input samples (1.5 ms of 16 kHz) late. Holds its state
/// in itself and allocates nothing.
public struct Decimator: Sendable {
    /// Input samples by which the output is late.
    public static let delay = 24

    /// Every second input sample, beginning with the second, and the others: history, then a block.
    private var odd = InlineArray<105, Float>(repeating: 0)
    private var even = InlineArray<92, Float>(repeating: 0)

    public init() {}

    /// Writes half as many samples to the front of `output` as there are in `samples`, which must be even in number.
    public mutating func process(_ samples: Span<Int16>, into output: inout [Int16]) {
        precondition(samples.count % 2 == 0 && output.count >= samples.count / 2, "pairs, and room for one of each")
        output.withUnsafeMutableBufferPointer { output in
            samples.withUnsafeBufferPointer { samples in
                var done = 0
                while done < samples.count / 2 {
                    let pairs = min(samples.count / 2 - done, Decimator.blockPairs)
                    process(
                        UnsafeBufferPointer(rebasing: samples[2 * done..<2 * (done + pairs)]),
                        into: UnsafeMutableBufferPointer(rebasing: output[done..<done + pairs]))
                    done += pairs
                }
            }
        }
    }

    /// Forgets the sound so far.
    public mutating func reset() { self = Decimator() }

    private static let blockPairs = 80
    private static let oddHistory = 25
    private static let evenHistory = 12

    /// The factors at distance 1, 3, ... 25 from the middle, whose own is one half. The two sides together, and the
    /// middle, add up to 1.
    private static let factors: InlineArray<13, Float> = {
        // Kaiser's beta for 61 dB, which 51 factors reach at this width of transition.
        let beta = 0.1102 * (61 - 8.7)
        let exact = (0..<13).map { index in
            let distance = Double(2 * index + 1)
            let place = distance / 26
            return Math.sin(1.570_796_326_794_896_6 * distance) / distance
                * Math.besselI0(beta * (1 - place * place).squareRoot())
        }
        let sum = exact.reduce(0, +)
        return InlineArray { Float(exact[$0] / sum / 4) }
    }()

    private mutating func process(
        _ samples: UnsafeBufferPointer<Int16>, into output: UnsafeMutableBufferPointer<Int16>
    ) {
        let pairs = output.count
        let factors = Decimator.factors
        var oddSpan = odd.mutableSpan
        var evenSpan = even.mutableSpan
        oddSpan.withUnsafeMutableBufferPointer { odd in
            evenSpan.withUnsafeMutableBufferPointer { even in
                for index in 0..<pairs {
                    even[Decimator.evenHistory + index] = Float(samples[2 * index])
                    odd[Decimator.oddHistory + index] = Float(samples[2 * index + 1])
                }
                // Eight outputs at a time; the last ones of a block that is not whole are computed and dropped. Neither
                // buffer is empty, so both have an address.
                let (odd8, even8) = (UnsafeRawPointer(odd.baseAddress!), UnsafeRawPointer(even.baseAddress!))
                for index in stride(from: 0, to: pairs, by: 8) {
                    var sums = even8.samples(at: index) * 0.5
                    for side in 0..<13 {
                        let before = odd8.samples(at: index + 12 - side)
                        sums += factors[side] * (before + odd8.samples(at: index + 13 + side))
                    }
                    for lane in 0..<min(8, pairs - index) {
                        let sum = sums[lane]
                        output[index + lane] = Int16(clamping: Int32(sum < 0 ? sum - 0.5 : sum + 0.5))
                    }
                }
                for index in 0..<Decimator.oddHistory { odd[index] = odd[pairs + index] }
                for index in 0..<Decimator.evenHistory { even[index] = even[pairs + index] }
            }
        }
    }
}

extension UnsafeRawPointer {
    /// Eight samples, the first of them at an index.
    fileprivate func samples(at index: Int) -> SIMD8<Float> {
        loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
    }
}
