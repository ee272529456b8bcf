/// Durations and sizes as they are written in the configuration: `500ms`, `1.5s`, `64KiB`.
public enum Quantity {
    /// Reads a number with one of the units `ms`, `s`, `m`, `h`, `d` (24 hours); at most three decimals.
    ///
    /// - Returns: nil where the text is anything else (also a bare number: its unit would be a guess).
    public static func duration(_ text: some StringProtocol) -> Duration? {
        for (unit, milliseconds) in [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
            as [(String, Int64)]
        where text.hasSuffix(unit) {
            guard let thousandths = thousandths(text.dropLast(unit.count)) else { continue }
            let (product, overflow) = thousandths.multipliedReportingOverflow(by: milliseconds)
            return overflow ? nil : .microseconds(product)
        }
        return nil
    }

    /// Reads a whole number with one of the units `B`, `KiB`, `MiB`, `GiB`.
    public static func bytes(_ text: some StringProtocol) -> Int? {
        for (unit, factor) in [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)]
        where text.hasSuffix(unit) {
            guard let count = wholeNumber(text.dropLast(unit.count)) else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            return overflow ? nil : product
        }
        return nil
    }

    /// Decimal digits alone: no sign, no space, no separator.
    public static func wholeNumber(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    /// The shortest form that `duration(_:)` reads back to the same value.
    public static func format(_ duration: Duration) -> String {
        let parts = duration.components
        let milliseconds = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
        if milliseconds % 1_000 == 0 { return "\(milliseconds / 1_000)s" }
        if milliseconds > 1_000, milliseconds % 100 == 0 {
            return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100)s"
        }
        return "\(milliseconds)ms"
    }

    public static func format(bytes: Int) -> String {
        for (unit, factor) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where bytes % factor == 0 {
            return "\(bytes / factor)\(unit)"
        }
        return "\(bytes)B"
    }

    private static func thousandths(_ text: some StringProtocol) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = wholeNumber(parts[0]), whole <= 1_000_000_000 else { return nil }
        guard parts.count == 2 else { return Int64(whole) * 1_000 }
        guard (1...3).contains(parts[1].count), let fraction = wholeNumber(parts[1]) else { return nil }
        return Int64(whole) * 1_000 + Int64(fraction) * [100, 10, 1][parts[1].count - 1]
    }
}
