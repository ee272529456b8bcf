import Foundation
import ParleyCore
import Testing

/// The platform's own functions are the reference here; they are right to the last bit or so.
@Suite("Math that is the same on every machine")
struct MathTests {
    @Test("Sine and cosine hold to 1e-12 over ten thousand radians")
    func sineAndCosine() {
        var angle = -10_000.0
        var worst = 0.0
        while angle <= 10_000 {
            worst = max(worst, (Math.sin(angle) - Foundation.sin(angle)).magnitude)
            worst = max(worst, (Math.cos(angle) - Foundation.cos(angle)).magnitude)
            angle += 0.317_91
        }
        #expect(worst < 1e-12)
        #expect(Math.sin(0) == 0 && Math.cos(0) == 1)
        #expect(Math.sin(.nan).isNaN && Math.cos(.infinity).isNaN)
    }

    @Test("Sine and cosine of one turn hold to 1e-15")
    func oneTurn() {
        var worst = 0.0
        for step in -1_000...1_000 {
            let angle = Double(step) * 0.006_283
            worst = max(worst, (Math.sin(angle) - Foundation.sin(angle)).magnitude)
            worst = max(worst, (Math.cos(angle) - Foundation.cos(angle)).magnitude)
        }
        #expect(worst < 1e-15)
    }

    @Test("Logarithms hold over the whole range of numbers")
    func logarithms() {
        var worst = 0.0
        for exponent in -1_070...1_020 {
            for mantissa in [1.0, 1.1, 1.41, 1.42, 1.999_999] {
                let value = mantissa * Foundation.exp2(Double(exponent))
                let scale = max(1, Foundation.log2(value).magnitude)
                worst = max(worst, (Math.log2(value) - Foundation.log2(value)).magnitude / scale)
                worst = max(worst, (Math.log10(value) - Foundation.log10(value)).magnitude / scale)
            }
        }
        #expect(worst < 1e-15)
        #expect(Math.log2(0) == -.infinity && Math.log2(-1).isNaN && Math.log2(.infinity) == .infinity)
        #expect(Math.log2(8) == 3 && Math.log2(0.25) == -2)
    }

    @Test("Powers hold to 1e-14 of themselves")
    func powers() {
        var worst = 0.0
        var value = -700.0
        while value < 700 {
            worst = max(worst, (Math.exp(value) / Foundation.exp(value) - 1).magnitude)
            worst = max(worst, (Math.exp2(value) / Foundation.exp2(value) - 1).magnitude)
            value += 0.713
        }
        #expect(worst < 1e-14)
        #expect(Math.exp(0) == 1 && Math.exp2(10) == 1_024 && Math.exp2(-1) == 0.5)
        #expect(Math.exp(1_000) == .infinity && Math.exp(-1_000) == 0 && Math.exp2(1_023.5).isFinite)
        #expect(Math.exp2(2_000) == .infinity && Math.exp2(-2_000) == 0 && Math.exp(.nan).isNaN)
    }

    /// Abramowitz and Stegun, table 9.8 and 9.11, and their exponentials.
    @Test(
        "Bessel I0 as in the printed tables",
        arguments: [
            (0.0, 1.0), (1.0, 1.266_065_877_752_008_4), (5.0, 27.239_871_823_604_442), (10.0, 2_815.716_628_466_254_5),
        ])
    func bessel(argument: Double, expected: Double) {
        #expect((Math.besselI0(argument) / expected - 1).magnitude < 1e-14)
        #expect(Math.besselI0(-argument) == Math.besselI0(argument))
    }

    @Test("The fast logarithm is within a hundred-thousandth of a decibel")
    func fastLogarithm() {
        var worst: Float = 0
        var value: Float = 1e-6
        while value < 1e12 {
            let exact = Float(Foundation.log2(Double(value)))
            let rounding = exact.magnitude.ulp
            worst = max(worst, (Math.fastLog2(value) - exact).magnitude - 2 * rounding)
            value *= 1.000_37
        }
        #expect(worst < 3e-6)
        #expect(Math.fastLog2(0) == -126 && Math.fastLog2(-5) == -126 && Math.fastLog2(.infinity) == 128)
        #expect(Math.fastLog2(1) == 0)
    }
}
