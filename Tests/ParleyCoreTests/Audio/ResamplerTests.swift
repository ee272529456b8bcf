import ParleyCore
import Testing

@Suite("Resampling")
struct ResamplerTests {
    static let rates = [8_000, 16_000, 22_050, 24_000, 48_000]
    static let pairs = rates.flatMap { from in rates.filter { $0 != from }.map { (from, $0) } }

    @Test("Speech passes unchanged, and what the lower rate cannot carry is gone", arguments: pairs)
    func sweep(from: Int, to: Int) {
        let lower = Double(min(from, to))
        var frequencies = Array(stride(from: 0.012_5, through: 0.425, by: 0.041_25)).map { $0 * lower }
        frequencies.append(lower * 0.425)
        for frequency in frequencies {
            let output = Resampler.resample(
                Tone.samples(frequency, rate: from, count: from / 8), from: from, to: to)
            let middle = output[output.count / 4..<output.count * 3 / 4]
            let heard = Tone.measure(middle, frequency: frequency, rate: to)
            #expect(heard.gain.magnitude < 0.1, "\(frequency) Hz: \(heard.gain) dB")
            #expect(heard.rest < -60, "\(frequency) Hz leaves images of \(heard.rest) dB")
            #expect(heard.angle.magnitude < 0.001, "\(frequency) Hz is shifted by \(heard.angle)")
        }
        if to < from {
            let higher = Double(from) / 2
            for step in 0...12 {
                let frequency = lower / 2 + (higher * 0.999 - lower / 2) * Double(step) / 12
                let output = Resampler.resample(
                    Tone.samples(frequency, rate: from, count: from / 8), from: from, to: to)
                let left = Tone.level(output[output.count / 4..<output.count * 3 / 4])
                #expect(left < -60, "\(frequency) Hz leaves \(left) dB")
            }
        }
    }

    @Test(
        "Between passband and half the lower rate no image is made either",
        arguments: [(8_000, 16_000), (8_000, 48_000)])
    func edge(from: Int, to: Int) {
        for frequency in [3_500.0, 3_700, 3_900, 3_990] {
            let output = Resampler.resample(Tone.samples(frequency, rate: from, count: from / 4), from: from, to: to)
            let heard = Tone.measure(output[output.count / 4..<output.count * 3 / 4], frequency: frequency, rate: to)
            #expect(heard.rest < -60)
        }
    }

    @Test("However the sound is cut into chunks, the result is the same to the sample", arguments: pairs)
    func chunks(from: Int, to: Int) {
        let seed = UInt64(from * 100_000 + to)
        var random = SeededRandom(seed: seed)
        let sound = (0..<from / 20).map { _ in Int16(truncatingIfNeeded: random.next()) / 2 }
        let whole = Resampler.resample(sound, from: from, to: to)
        #expect(whole.count == (sound.count * to + from - 1) / from)
        var dropped: [Int16] = []
        for largest in [1, 40, 700] {
            var resampler = Resampler(from: from, to: to)
            // The same one again after `flush`, and after `reset` in the middle of other sound.
            for _ in 0..<2 {
                resampler.process(sound.span.extracting(first: 333), appendingTo: &dropped)
                resampler.reset()
                var output: [Int16] = []
                var taken = 0
                while taken < sound.count {
                    let count = min(random.below(largest + 1), sound.count - taken)
                    resampler.process(sound.span.extracting(taken..<taken + count), appendingTo: &output)
                    taken += count
                }
                resampler.flush(appendingTo: &output)
                #expect(output == whole, "seed \(seed), chunks up to \(largest)")
            }
        }
    }

    @Test("A sample comes out as soon as its lookahead is in", arguments: pairs)
    func lookahead(from: Int, to: Int) {
        var resampler = Resampler(from: from, to: to)
        let silence = [Int16](repeating: 0, count: 1)
        var output: [Int16] = []
        var taken = 0
        while output.isEmpty {
            resampler.process(silence.span, appendingTo: &output)
            taken += 1
        }
        #expect(taken == resampler.lookahead + 1)
        #expect(Double(resampler.lookahead) / Double(from) <= 0.004 * 8_000 / Double(min(from, to)))
    }

    @Test("Equal rates change nothing")
    func equalRates() {
        let sound = Tone.samples(440, rate: 8_000, count: 500)
        #expect(Resampler.resample(sound, from: 8_000, to: 8_000) == sound)
    }

    @Test("A constant stays that constant, and the loudest sound is clipped, not wrapped", arguments: pairs)
    func constants(from: Int, to: Int) {
        let quiet = Resampler.resample([Int16](repeating: 1_000, count: 4_000), from: from, to: to)
        let middle = quiet[quiet.count / 4..<quiet.count * 3 / 4]
        #expect(middle.allSatisfy { $0 == 1_000 })
        // A square wave overshoots when it is smoothed.
        let square = (0..<2_000).map { $0 / 50 % 2 == 0 ? Int16.max : .min }
        let loud = Resampler.resample(square, from: from, to: to)
        #expect(loud.max() == .max && loud.min() == .min)
    }

    @Test("Rates of other files have filters too; absurd ones are told apart")
    func support() {
        for rate in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000] {
            #expect(Resampler.supports(from: rate, to: 8_000) && Resampler.supports(from: 8_000, to: rate))
        }
        #expect(!Resampler.supports(from: 7_999, to: 8_000))
        #expect(!Resampler.supports(from: 1, to: 8_000))
        #expect(!Resampler.supports(from: 8_000, to: 768_000))
        let sound = Tone.samples(1_000, rate: 44_100, count: 8_820)
        let output = Resampler.resample(sound, from: 44_100, to: 8_000)
        #expect(output.count == 1_600)
        #expect(Tone.measure(output[400..<1_200], frequency: 1_000, rate: 8_000).gain.magnitude < 0.1)
    }
}
