import Foundation

/// A stand-in for speech: a gliding pitch with formants, in syllables, and a little breath. The same every time.
enum Voice {
    static func samples(rate: Int, seconds: Double) -> [Int16] {
        var noise = SeededRandom(seed: 3)
        var phase = 0.0
        return (0..<Int(seconds * Double(rate))).map { index in
            let time = Double(index) / Double(rate)
            let pitch = 120 + 30 * sin(2 * .pi * 0.7 * time)
            phase += 2 * .pi * pitch / Double(rate)
            var sum = 0.0
            var harmonic = 1.0
            while harmonic * pitch < min(3_400, Double(rate) / 2) {
                let frequency = harmonic * pitch
                let formants =
                    bump(frequency, 550, 120) + 0.6 * bump(frequency, 1_400, 180)
                    + 0.3 * bump(frequency, 2_500, 250)
                sum += formants * sin(harmonic * phase)
                harmonic += 1
            }
            let syllable = max(0, sin(2 * .pi * 2.5 * time)).squareRoot()
            let breath = (Double(noise.next() >> 40) / 8_388_608 - 1) * 0.01
            return Int16(max(-32_768, min(32_767, 9_000 * syllable * (sum * 0.5 + breath))))
        }
    }

    private static func bump(_ frequency: Double, _ middle: Double, _ width: Double) -> Double {
        exp(-pow((frequency - middle) / width, 2) / 2)
    }

    /// Signal to noise in dB over a stretch of `reference`, for the delay of `heard` that suits it best.
    static func signalToNoise(
        _ reference: [Int16], _ heard: [Int16], over range: Range<Int>, delays: ClosedRange<Int>
    ) -> Double {
        var best = -Double.infinity
        for delay in delays where range.upperBound + delay <= heard.count {
            var signal = 1e-9
            var noise = 1e-9
            for index in range {
                let wanted = Double(reference[index])
                let got = Double(heard[index + delay])
                signal += wanted * wanted
                noise += (wanted - got) * (wanted - got)
            }
            best = max(best, 10 * log10(signal / noise))
        }
        return best
    }

    /// How far two frames of 320 samples at 16 kHz are apart in loudness, on average over eight bands of 400 Hz, in dB.
    /// What is below -70 dBFS counts as that.
    static func bandDistance(_ wanted: ArraySlice<Int16>, _ got: ArraySlice<Int16>) -> Double {
        let (wanted, got) = (bandLevels(wanted), bandLevels(got))
        return zip(wanted, got).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(wanted.count)
    }

    private static func bandLevels(_ frame: ArraySlice<Int16>) -> [Double] {
        (0..<8).map { band in
            let power = (1...8).reduce(0.0) { power, bin in
                var (sine, cosine) = (0.0, 0.0)
                for (index, sample) in frame.enumerated() {
                    let angle = 2 * .pi * Double((band * 8 + bin) * index) / 320
                    sine += sin(angle) * Double(sample) / 32_768
                    cosine += cos(angle) * Double(sample) / 32_768
                }
                return power + (sine * sine + cosine * cosine) / (320 * 160)
            }
            return max(-70, 10 * log10(max(power, 1e-20)))
        }
    }
}

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0..<limit.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
