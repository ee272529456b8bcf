/// The numbering plans that Parley knows, as tables of leading digits: the longest that fits decides.
public struct NumberingPlan: NumberFacts {
    /// Parsed once, at first use.
    public static let standard = NumberingPlan(
        northAmerica: northAmericanAreas, countries: countryCodes, kinds: specialRanges)

    /// Rows of the tables that could not be read, and prefixes that stand twice; 0 in the tables that come with Parley.
    let malformed: Int
    let regions: [Int: NumberRegion]
    let kinds: [Int: SpecialRange]

    struct SpecialRange {
        let kind: NumberKind
        /// Digits with the calling code; `nil`: any number of them.
        let length: Int?
    }

    /// No prefix in the tables has more digits.
    static let maxPrefixDigits = 8

    public func region(of number: PhoneNumber) -> NumberRegion? {
        Self.longest(regions, digits: Self.digits(number)) { _ in true }
    }

    public func kind(of number: PhoneNumber) -> NumberKind {
        let digits = Self.digits(number)
        // 976 is the pay-per-call exchange of every area code (NANPA, central office codes).
        if digits.count == 11, digits[0] == 1, digits[4...6].elementsEqual([9, 7, 6]) { return .premium }
        return Self.longest(kinds, digits: digits) { ($0.length ?? digits.count) == digits.count }?.kind ?? .ordinary
    }

    private static func digits(_ number: PhoneNumber) -> [Int] {
        number.e164.utf8.dropFirst().map { Int($0) - Int(UInt8(ascii: "0")) }
    }

    /// A prefix is its digits read as one number: none begins with 0, so no two are alike.
    private static func longest<Value>(
        _ table: [Int: Value], digits: [Int], where fits: (Value) -> Bool
    ) -> Value? {
        var found: Value?
        var prefix = 0
        for digit in digits.prefix(maxPrefixDigits) {
            prefix = prefix * 10 + digit
            if let value = table[prefix], fits(value) { found = value }
        }
        return found
    }

    // MARK: reading the tables

    /// - Parameters:
    ///   - northAmerica: a row each, `US-FL New_York Chicago: 850 448`; zones without an area are America's.
    ///   - countries: a row each, `61 AU Australia/Sydney,Perth`; several countries, too, are parted by commas.
    ///   - kinds: a row each, `353 premium 15/10`: the calling code, the kind, the digits that follow and, where ranges
    ///     of other lengths begin alike, how many digits follow in all.
    ///
    /// Empty rows and what follows a `#` are skipped; rows that cannot be read are counted in `malformed`.
    init(northAmerica: String, countries: String, kinds: String) {
        var bad = 0
        var regions: [Int: NumberRegion] = [:]
        for row in Self.rows(northAmerica) {
            let halves = row.split(separator: ":")
            let head = halves.first?.split(separator: " ") ?? []
            let codes = halves.count == 2 ? halves[1].split(separator: " ") : []
            guard head.count >= 2, !codes.isEmpty else {
                bad += 1
                continue
            }
            let region = NumberRegion(
                countries: [String(head[0].prefix(2))], subdivision: head[0].count > 2 ? String(head[0]) : "",
                zones: head.dropFirst().map { $0.contains("/") ? String($0) : "America/\($0)" })
            for code in codes {
                guard code.count == 3, let prefix = Self.prefix("1", code),
                    regions.updateValue(region, forKey: prefix) == nil
                else {
                    bad += 1
                    continue
                }
            }
        }
        for row in Self.rows(countries) {
            let words = row.split(separator: " ")
            guard words.count >= 3, let prefix = Self.prefix(words[0]) else {
                bad += 1
                continue
            }
            let region = NumberRegion(
                countries: words[1].split(separator: ",").map(String.init),
                zones: words.dropFirst(2).flatMap(Self.zones))
            if regions.updateValue(region, forKey: prefix) != nil { bad += 1 }
        }
        var special: [Int: SpecialRange] = [:]
        for row in Self.rows(kinds) {
            let words = row.split(separator: " ")
            guard words.count >= 3, let kind = NumberKind(rawValue: String(words[1])) else {
                bad += 1
                continue
            }
            for following in words.dropFirst(2) {
                let parts = following.split(separator: "/")
                let length = parts.count == 2 ? Int(parts[1]).map { $0 + words[0].count } : nil
                guard let first = parts.first, let prefix = Self.prefix(words[0], first),
                    parts.count == 1 || length != nil,
                    special.updateValue(SpecialRange(kind: kind, length: length), forKey: prefix) == nil
                else {
                    bad += 1
                    continue
                }
            }
        }
        malformed = bad
        self.regions = regions
        self.kinds = special
    }

    private static func rows(_ table: String) -> [Substring] {
        table.split(separator: "\n").compactMap { line in
            let row = line.prefix { $0 != "#" }
            return row.allSatisfy { $0 == " " } ? nil : row
        }
    }

    /// `Australia/Sydney,Perth` is two zones.
    private static func zones(_ word: Substring) -> [String] {
        guard let slash = word.lastIndex(of: "/") else { return [String(word)] }
        return word[word.index(after: slash)...].split(separator: ",").map { "\(word[...slash])\($0)" }
    }

    private static func prefix(_ parts: Substring...) -> Int? {
        let text = parts.joined()
        guard text.count <= maxPrefixDigits, text.first != "0",
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }
}
