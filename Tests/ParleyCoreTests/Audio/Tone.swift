import Foundation
import ParleyCore

/// Tones to feed, and what is left of them.
enum Tone {
    static func samples(_ frequency: Double, rate: Int, count: Int, amplitude: Double = 16_000) -> [Int16] {
        (0..<count).map { index in
            Int16((amplitude * Foundation.sin(2 * .pi * frequency * Double(index) / Double(rate))).rounded())
        }
    }

    /// The part of the sound at `frequency`: its gain over a tone of `amplitude` at phase 0 of the first sample,
    /// how far it is turned (in radians), and the power of everything else over the tone's, all but the angle in dB.
    static func measure(
        _ samples: ArraySlice<Int16>, frequency: Double, rate: Int, amplitude: Double = 16_000
    ) -> (gain: Double, angle: Double, rest: Double) {
        // Least squares for a sine and a cosine, so that a window of any length gives the exact tone.
        var (ss, cc, sc, sx, cx, xx) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for index in samples.indices {
            let angle = 2 * .pi * frequency * Double(index) / Double(rate)
            let (s, c, x) = (Foundation.sin(angle), Foundation.cos(angle), Double(samples[index]))
            ss += s * s
            cc += c * c
            sc += s * c
            sx += s * x
            cx += c * x
            xx += x * x
        }
        let determinant = ss * cc - sc * sc
        let sine = (sx * cc - cx * sc) / determinant
        let cosine = (cx * ss - sx * sc) / determinant
        let left = max(xx - sine * sx - cosine * cx, 1e-9) / Double(samples.count)
        return (
            decibels((sine * sine + cosine * cosine) / (amplitude * amplitude)), atan2(cosine, sine),
            decibels(left / (amplitude * amplitude / 2))
        )
    }

    /// The power of the sound over that of a tone of `amplitude`, in dB.
    static func level(_ samples: ArraySlice<Int16>, amplitude: Double = 16_000) -> Double {
        let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
        return decibels(max(power, 1e-9) / (amplitude * amplitude / 2))
    }

    static func decibels(_ powers: Double) -> Double { 10 * Foundation.log10(powers) }
}
