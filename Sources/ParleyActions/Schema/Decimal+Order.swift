/// Exact arithmetic on digits: no `Double` comes near an amount of money.
extension JSON.Decimal {
    /// Most digits of a divisor: a remainder below 10^18 takes one more digit and still fits 64 bits.
    static let maxDivisorDigits = 18

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    func isLess(than other: Self) -> Bool {
        guard sign == other.sign else { return sign < other.sign }
        return sign < 0 ? other.isShorter(than: self) : isShorter(than: other)
    }

    /// Compares what is left without the sign.
    private func isShorter(than other: Self) -> Bool {
        let (power, otherPower) = (digits.count + exponent, other.digits.count + other.exponent)
        if digits.isEmpty || other.digits.isEmpty || power == otherPower {
            // No zeros at either end, so that digits compare as a dictionary's words do.
            return digits.lexicographicallyPrecedes(other.digits)
        }
        return power < otherPower
    }

    /// Whether the number divides without a rest; `nil`: the divisor is not above zero or has too many digits.
    func isMultiple(of divisor: Self) -> Bool? {
        guard divisor.sign > 0, divisor.digits.count <= Self.maxDivisorDigits else { return nil }
        guard sign != 0 else { return true }
        // No number here ends in zero, so a divisor with more zeros behind it never divides.
        guard exponent >= divisor.exponent else { return false }
        let modulus = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        var rest = digits.reduce(UInt64(0)) { ($0 * 10 + UInt64($1 - UInt8(ascii: "0"))) % modulus }
        for _ in 0..<(exponent - divisor.exponent) where rest != 0 { rest = rest * 10 % modulus }
        return rest == 0
    }

    /// As a count: whole, not negative, below a billion.
    var count: Int? {
        guard isWhole, sign >= 0, digits.count + exponent <= 9 else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (0..<exponent).reduce(value) { value, _ in value * 10 }
    }
}
