/// The few functions that audio design needs, in arithmetic alone.
///
/// A recorded call must give the same samples on every machine, and no two C libraries agree on the last bit of
/// `sin`. These use only IEEE 754 `+ - * /` and exact rounding, so their results are the same everywhere. They are
/// for tables that are built once; `fastLog2` is for levels on the frame path.
public enum Math {
    /// The sine of an angle in radians. Error below 1e-15 for angles within a turn or two, below 1e-12 to ±10^4;
    /// beyond ±10^9 the result means nothing. NaN for NaN and infinities.
    public static func sin(_ angle: Double) -> Double {
        let (quarter, rest) = quarterTurns(angle)
        switch quarter & 3 {
        case 0: return sineSeries(rest)
        case 1: return cosineSeries(rest)
        case 2: return -sineSeries(rest)
        default: return -cosineSeries(rest)
        }
    }

    /// The cosine of an angle in radians; as accurate as `sin`.
    public static func cos(_ angle: Double) -> Double {
        let (quarter, rest) = quarterTurns(angle)
        switch quarter & 3 {
        case 0: return cosineSeries(rest)
        case 1: return -sineSeries(rest)
        case 2: return -cosineSeries(rest)
        default: return sineSeries(rest)
        }
    }

    /// The logarithm to base 2. Error below 1e-15 times the larger of 1 and the result.
    /// Minus infinity for 0, NaN below.
    public static func log2(_ value: Double) -> Double {
        if value == 0 { return -.infinity }
        guard value > 0, value.isFinite else { return value > 0 ? value : .nan }
        var exponent = Double(value.exponent)
        var mantissa = value.significand
        if mantissa > 1.414_213_562_373_095_1 {
            mantissa *= 0.5
            exponent += 1
        }
        // ln m = 2 artanh s, |s| <= 0.172: the 13th term is below 1e-20.
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var sum = 0.0
        var odd = 25.0
        while odd > 0 {
            sum = sum * square + 1 / odd
            odd -= 2
        }
        return exponent + 2 * ratio * sum * log2OfE
    }

    /// The logarithm to base 10; as accurate as `log2`.
    public static func log10(_ value: Double) -> Double { log2(value) * 0.301_029_995_663_981_2 }

    /// 2 to the power of `value`. Relative error below 1e-15. Infinity from 1 024 up, 0 from -1 100 down.
    public static func exp2(_ value: Double) -> Double {
        guard value < 1_024 else { return value.isNaN ? .nan : .infinity }
        guard value > -1_100 else { return value.isNaN ? .nan : 0 }
        let whole = value.rounded()
        return scaled(exponentialSeries((value - whole) * ln2), by: Int(whole))
    }

    /// e to the power of `value`. Relative error below 1e-15.
    public static func exp(_ value: Double) -> Double {
        guard value < 709.79 else { return value.isNaN ? .nan : .infinity }
        guard value > -760 else { return value.isNaN ? .nan : 0 }
        let whole = (value * log2OfE).rounded()
        // ln 2 in two parts, so that the subtraction loses nothing.
        let rest = (value - whole * 0x1.62e42feep-1) - whole * 0x1.a39ef35793c76p-33
        return scaled(exponentialSeries(rest), by: Int(whole))
    }

    /// The modified Bessel function of the first kind, order 0, of -700...700: the Kaiser window's building block.
    /// Relative error below 1e-14.
    public static func besselI0(_ value: Double) -> Double {
        precondition(value.magnitude <= 700, "I0 is designed for arguments to 700")
        let square = value * value / 4
        var term = 1.0
        var sum = 1.0
        var index = 1.0
        while term > sum * 1e-18 {
            term *= square / (index * index)
            sum += term
            index += 1
        }
        return sum
    }

    /// The logarithm to base 2, for levels: error below 3e-6 (0.00001 dB of a power) plus the rounding of a `Float`.
    /// Anything below the least normal number, also 0 and what is negative, gives -126; infinity and NaN give 128.
    @inlinable
    public static func fastLog2(_ value: Float) -> Float {
        guard value >= .leastNormalMagnitude else { return value.isNaN ? 128 : -126 }
        guard value <= .greatestFiniteMagnitude else { return 128 }
        // Rebase the bits so that the mantissa lies between the half and the whole square root of 2.
        let bits = value.bitPattern &- 0x3F35_04F3
        let exponent = Float(Int32(bitPattern: bits) >> 23)
        let mantissa = Float(bitPattern: (bits & 0x007F_FFFF) &+ 0x3F35_04F3)
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        return exponent + ratio * (2.885_390_1 + square * (0.961_796_7 + square * 0.577_078))
    }

    private static let ln2 = 0.693_147_180_559_945_3
    private static let log2OfE = 1.442_695_040_888_963_4

    /// The nearest multiple of a quarter turn, and what is left: within ±π/4.
    private static func quarterTurns(_ angle: Double) -> (quarter: Int, rest: Double) {
        guard angle.magnitude < 1e15 else { return (0, .nan) }
        let quarters = (angle * 0.636_619_772_367_581_4).rounded()
        // π/2 in three parts of which the first two have 33 bits: their products with a count are exact.
        let near = (angle - quarters * 0x1.921fb544p0) - quarters * 0x1.0b4611a6p-34
        let rest = near - quarters * 0x1.3198a2e037073p-69
        return (Int(quarters), rest)
    }

    private static func sineSeries(_ x: Double) -> Double {
        let square = x * x
        var sum = 1.0
        var index = 18.0
        while index > 0 {
            sum = 1 - sum * square / (index * (index + 1))
            index -= 2
        }
        return x * sum
    }

    private static func cosineSeries(_ x: Double) -> Double {
        let square = x * x
        var sum = 1.0
        var index = 19.0
        while index > 0 {
            sum = 1 - sum * square / (index * (index + 1))
            index -= 2
        }
        return sum
    }

    /// e to a power within ±0.35.
    private static func exponentialSeries(_ x: Double) -> Double {
        var sum = 1.0
        var index = 16.0
        while index > 0 {
            sum = 1 + sum * x / index
            index -= 1
        }
        return sum
    }

    /// `value` times a power of 2, in two steps so that subnormal results do not vanish early.
    private static func scaled(_ value: Double, by exponent: Int) -> Double {
        let half = exponent / 2
        return value * Double(sign: .plus, exponent: half, significand: 1)
            * Double(sign: .plus, exponent: exponent - half, significand: 1)
    }
}
