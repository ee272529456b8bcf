/// Changes the sample rate of one stream of sound, chunk by chunk. Chunks may have any size: how the sound is cut
/// never changes a sample of the result.
///
/// Passes up to 0.425 of the lower rate (3.4 kHz of 8 kHz) within 0.1 dB, and stops what the lower rate cannot carry
/// by 60 dB at least. Output sample `n` belongs at the same moment as input sample `n * inputRate / outputRate`:
/// nothing is shifted. For that a sample comes out only when `lookahead` more samples are in (about 4 ms at a lower
/// rate of 8 kHz), or at `flush`.
public struct Resampler: Sendable {
    public let inputRate: Int
    public let outputRate: Int

    private let filter: PolyphaseFilter?
    /// Samples that outputs still need, oldest first; then room for `Resampler.block` new ones.
    private var window: [Float]
    private var filled: Int
    /// Which of the filter's places the next output has. Its factors begin with the first sample of `window`.
    private var place = 0

    /// Whether there is a filter between two rates: all of 8, 11.025, 16, 22.05, 24, 32, 44.1, 48, 96 kHz, and others
    /// from 4 to 192 kHz whose ratio is one of small numbers.
    public static func supports(from inputRate: Int, to outputRate: Int) -> Bool {
        let rates = 4_000...192_000
        guard rates.contains(inputRate), rates.contains(outputRate) else { return false }
        return outputRate / PolyphaseFilter.greatestCommonDivisor(inputRate, outputRate) <= 1_920
    }

    /// - Parameters: samples a second, a pair that `supports` allows.
    public init(from inputRate: Int, to outputRate: Int) {
        precondition(Resampler.supports(from: inputRate, to: outputRate), "rates with a filter between them")
        self.inputRate = inputRate
        self.outputRate = outputRate
        filter = inputRate == outputRate ? nil : PolyphaseFilter.between(inputRate, outputRate)
        window = [Float](repeating: 0, count: filter.map { $0.taps + Resampler.block } ?? 0)
        filled = filter.map { $0.reach - 1 } ?? 0
    }

    /// Input samples that must follow the place of an output sample before that sample comes out.
    public var lookahead: Int { filter?.reach ?? 0 }

    /// Takes the next samples, and appends what can be told of them by now. Allocates nothing as long as `output` has
    /// room.
    public mutating func process(_ samples: Span<Int16>, appendingTo output: inout [Int16]) {
        guard let filter else {
            output.reserveRoom(for: samples.count)
            for index in samples.indices { output.append(samples[index]) }
            return
        }
        output.reserveRoom(for: (samples.count + 1) * filter.up / filter.down + 1)
        samples.withUnsafeBufferPointer { samples in
            var taken = 0
            while taken < samples.count {
                let count = min(samples.count - taken, window.count - filled)
                window.withUnsafeMutableBufferPointer { window in
                    for index in 0..<count { window[filled + index] = Float(samples[taken + index]) }
                }
                filled += count
                taken += count
                emit(filter, into: &output)
            }
        }
    }

    /// The sound has ended: appends the rest, `ceil(samples in * outputRate / inputRate)` samples in all, and is ready
    /// for other sound.
    public mutating func flush(appendingTo output: inout [Int16]) {
        guard let filter else { return }
        for _ in 0..<filter.reach {
            window[filled] = 0
            filled += 1
            if filled == window.count { emit(filter, into: &output) }
        }
        emit(filter, into: &output)
        reset()
    }

    /// Forgets the sound so far.
    public mutating func reset() {
        guard let filter else { return }
        filled = filter.reach - 1
        for index in 0..<filled { window[index] = 0 }
        place = 0
    }

    /// A whole sound at once.
    public static func resample(_ samples: [Int16], from inputRate: Int, to outputRate: Int) -> [Int16] {
        var resampler = Resampler(from: inputRate, to: outputRate)
        var output: [Int16] = []
        output.reserveCapacity((samples.count + 1) * outputRate / inputRate + 1)
        resampler.process(samples.span, appendingTo: &output)
        resampler.flush(appendingTo: &output)
        return output
    }

    /// Input samples that are taken at a time.
    private static let block = 256

    /// Appends every output whose input is there, then moves what later ones need to the front.
    private mutating func emit(_ filter: PolyphaseFilter, into output: inout [Int16]) {
        let taps = filter.taps
        let (wholeStep, restStep) = filter.down.quotientAndRemainder(dividingBy: filter.up)
        var start = 0
        var place = place
        let filled = filled
        window.withUnsafeMutableBufferPointer { window in
            filter.factors.withUnsafeBufferPointer { factors in
                while start + taps <= filled {
                    let sum = Resampler.dotProduct(
                        UnsafeRawPointer(window.baseAddress! + start),
                        UnsafeRawPointer(factors.baseAddress! + place * taps), count: taps)
                    output.append(Resampler.sample(sum))
                    start += wholeStep
                    place += restStep
                    if place >= filter.up {
                        place -= filter.up
                        start += 1
                    }
                }
            }
            // No step is as long as the filter, so `start` is not past what is here.
            for index in start..<filled { window[index - start] = window[index] }
        }
        self.filled = filled - start
        self.place = place
    }

    /// Eight sums side by side, in an order that is the same on every machine.
    private static func dotProduct(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, count: Int) -> Float {
        var sums = SIMD8<Float>(repeating: 0)
        for offset in stride(from: 0, to: count * 4, by: 32) {
            sums +=
                left.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                * right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
        }
        let four = sums.lowHalf + sums.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }

    /// Rounds to the nearest sample; what is too loud is clipped.
    private static func sample(_ value: Float) -> Int16 {
        Int16(clamping: Int32(value < 0 ? value - 0.5 : value + 0.5))
    }
}
