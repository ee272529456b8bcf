/// Keeps the peaks of a stream of sound below a ceiling, without clipping them.
///
/// Sound below the ceiling passes unchanged, sample for sample. Where a peak would pass the ceiling, the gain glides
/// down over the 5 ms before it, and back over the tenth of a second that follows. For that, the last 5 to 10 ms of
/// what came in wait for more, or for `flush`; nothing is shifted.
public struct Limiter: Sendable {
    /// The largest magnitude of a sample that comes out.
    public let ceiling: Int16

    private let blockSamples: Int
    /// The block before, whose end gain depends on what follows, and the block that is being filled.
    private var held: [Int16]
    private var next: [Int16]
    private var isHolding = false
    private var filled = 0
    /// The gain at the start of the held block.
    private var gain: Float = 1

    /// - Parameters:
    ///   - sampleRate: samples a second, at least 1 000.
    ///   - ceilingDBFS: the highest peak, in decibels below the largest sample; 0 or less.
    public init(sampleRate: Int, ceilingDBFS: Double = -3) {
        precondition(sampleRate >= 1_000 && ceilingDBFS <= 0, "sound, and a ceiling within it")
        blockSamples = sampleRate / 200
        ceiling = Int16(32_767 * Math.exp2(ceilingDBFS / 6.020_599_913_279_624))
        held = [Int16](repeating: 0, count: blockSamples)
        next = held
    }

    /// Takes the next samples, and appends those whose gain is settled.
    public mutating func process(_ samples: Span<Int16>, appendingTo output: inout [Int16]) {
        output.reserveRoom(for: samples.count + 2 * blockSamples)
        var taken = 0
        while taken < samples.count {
            let count = min(blockSamples - filled, samples.count - taken)
            let place = filled
            var block = next.mutableSpan
            for index in 0..<count { block[place + index] = samples[taken + index] }
            filled += count
            taken += count
            if filled == blockSamples { turn(appendingTo: &output) }
        }
    }

    /// The sound has ended: appends the rest, as many samples in all as went in, and is ready for other sound.
    public mutating func flush(appendingTo output: inout [Int16]) {
        let rest = filled
        for index in filled..<blockSamples { next[index] = 0 }
        turn(appendingTo: &output)
        emit(rest, endGain: min(gain(for: held), gain + Limiter.release), appendingTo: &output)
        isHolding = false
        gain = 1
    }

    /// What the gain may regain in one block of 5 ms: half of the scale in a tenth of a second.
    private static let release: Float = 0.025

    /// `next` is full: the held block's gain is settled and it leaves.
    private mutating func turn(appendingTo output: inout [Int16]) {
        if isHolding {
            // At most what either neighbour may have: then so is every gain on the straight line inside a block.
            let end = min(gain(for: held), gain(for: next), gain + Limiter.release)
            emit(blockSamples, endGain: end, appendingTo: &output)
            gain = end
        } else {
            gain = gain(for: next)
        }
        swap(&held, &next)
        isHolding = true
        filled = 0
    }

    private func emit(_ count: Int, endGain: Float, appendingTo output: inout [Int16]) {
        if gain == 1, endGain == 1 {
            output.append(contentsOf: held[..<count])
            return
        }
        let step = (endGain - gain) / Float(blockSamples)
        for index in 0..<count {
            let value = Float(held[index]) * (gain + step * Float(index))
            // The gain's own rounding may reach one above.
            output.append(min(max(Int16(value), -ceiling), ceiling))
        }
    }

    /// The most that no sample of the block passes the ceiling with.
    private func gain(for block: [Int16]) -> Float {
        var peak: UInt16 = 0
        for sample in block { peak = max(peak, sample.magnitude) }
        return peak <= ceiling.magnitude ? 1 : Float(ceiling) / Float(peak)
    }
}
