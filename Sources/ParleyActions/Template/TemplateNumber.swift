extension JSON.Decimal {
    /// Longest whole number that is written out with all of its digits.
    private static let maxPlainDigits = 64

    /// Digits, a point only where something is behind it, and a power of ten only where digits would not end.
    var plain: String {
        guard isWhole, digits.count + exponent <= Self.maxPlainDigits else { return text }
        return fixed(places: 0)
    }

    /// With exactly so many places behind the point, rounded half to even in decimal. Zero has no sign.
    func fixed(places: Int) -> String {
        var kept = digits
        let shift = exponent + places
        if shift >= 0 {
            if !kept.isEmpty { kept += Array(repeating: UInt8(ascii: "0"), count: shift) }
        } else {
            kept = Self.rounded(digits, dropping: -shift)
        }
        let isNegative = isNegative && kept.contains { $0 != UInt8(ascii: "0") }
        let zeros = Array(repeating: UInt8(ascii: "0"), count: max(0, places + 1 - kept.count))
        let all = String(decoding: zeros + kept, as: UTF8.self)
        let point = places > 0 ? "." + all.suffix(places) : ""
        return (isNegative ? "-" : "") + all.dropLast(places) + point
    }

    private static func rounded(_ digits: [UInt8], dropping count: Int) -> [UInt8] {
        guard count <= digits.count else { return [] }
        var kept = Array(digits.dropLast(count))
        let dropped = digits.suffix(count)
        guard let first = dropped.first else { return kept }
        // Digits end in no zero: whatever follows a 5 is more than nothing.
        let isTie = first == UInt8(ascii: "5") && dropped.count == 1
        let isOdd = (kept.last ?? UInt8(ascii: "0")) & 1 == 1
        guard isTie ? isOdd : first >= UInt8(ascii: "5") else { return kept }
        for index in kept.indices.reversed() {
            if kept[index] < UInt8(ascii: "9") {
                kept[index] += 1
                return kept
            }
            kept[index] = UInt8(ascii: "0")
        }
        return [UInt8(ascii: "1")] + kept
    }

    /// The whole part, rounded down; `nil` where `Int` cannot hold it.
    var floor: Int? {
        guard digits.count + exponent <= 19 else { return nil }
        let whole = digits.prefix(max(0, digits.count + exponent))
        let text = String(decoding: whole, as: UTF8.self) + String(repeating: "0", count: max(0, exponent))
        guard let value = whole.isEmpty ? 0 : Int(text) else { return nil }
        guard isNegative else { return value }
        return whole.count < digits.count ? -value - 1 : -value
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.digits.isEmpty { return !right.digits.isEmpty && !right.isNegative }
        if right.digits.isEmpty { return left.isNegative }
        guard left.isNegative == right.isNegative else { return left.isNegative }
        return left.isNegative ? right.isSmaller(than: left) : left.isSmaller(than: right)
    }

    /// Without the sign; neither is zero.
    private func isSmaller(than other: Self) -> Bool {
        let (decade, otherDecade) = (digits.count + exponent, other.digits.count + other.exponent)
        return decade == otherDecade ? digits.lexicographicallyPrecedes(other.digits) : decade < otherDecade
    }
}

extension JSON.Decimal {
    public init(_ value: Int) {
        var digits = Array(String(value.magnitude).utf8)
        var exponent = 0
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        self.init(isNegative: value < 0, digits: digits, exponent: digits.isEmpty ? 0 : exponent)
    }
}
