/// A word that holds a number, as it is said: money, times, dates, phone numbers, ranges, shares and units.
///
/// A whole number of at most four digits stays as it is written: every voice reads it, and tells a year by itself.
struct SpokenNumber: Equatable, Sendable {
    var text: String
    var owed = SpokenWord.Owed.nothing
    var isDigits = false

    /// `nil`: it holds none, or one that is left as it is.
    init?(_ word: Substring, after context: SpokenContext) {
        guard word.contains(where: { $0.isASCII && $0.isNumber }) else { return nil }
        if let found = Self.phone(word, context) {
            self.init(text: found, isDigits: true)
        } else if let found = Self.money(word) ?? Self.time(word) {
            self = found
        } else if let found = Self.date(word) ?? Self.range(word, context) ?? Self.fraction(word)
            ?? Self.marked(word, context) ?? Self.ordinal(word, context) ?? Self.grouped(word)
        {
            self.init(text: found)
        } else {
            return nil
        }
    }

    private init(text: String, owed: SpokenWord.Owed = .nothing, isDigits: Bool = false) {
        self.text = text
        self.owed = owed
        self.isDigits = isDigits
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    // MARK: Digit by digit

    /// Phone numbers, codes, and whatever has more digits than a number that is said.
    private static func phone(_ word: Substring, _ context: SpokenContext) -> String? {
        let isForeign = word.hasPrefix("+")
        let bare = isForeign ? word.dropFirst() : word
        let groups = bare.split(omittingEmptySubsequences: false) { "-.()".contains($0) }.filter { !$0.isEmpty }
        guard !groups.isEmpty, groups.allSatisfy({ isDigits($0) }) else { return nil }
        let count = groups.reduce(0) { $0 + $1.count }
        let isDecimal = groups.count == 2 && bare.contains(".")
        let isGrouped =
            groups.count > 1 && groups.dropFirst().allSatisfy { $0.count >= 2 } && count >= 7 && !isDecimal
            && date(word) == nil
        let isLone = groups.count == 1 && bare == groups[0]
        let isLong = count > 4 && !(count <= 9 && bare.hasSuffix("000"))
        let isCode = isLone && count > 1 && (isLong || bare.hasPrefix("0") || context.readsDigits)
        guard isGrouped || isCode || (isForeign && isLone) else { return nil }
        let plus = isForeign ? "plus " : ""
        guard isGrouped else { return plus + EnglishNumber.digits(bare) }
        return plus + groups.map { $0.map(String.init).joined(separator: " ") }.joined(separator: ", ")
    }

    // MARK: Money

    private static func money(_ word: Substring) -> SpokenNumber? {
        guard let sign = word.first, let currency = currencies[sign] else { return nil }
        let number = word.dropFirst().prefix { $0.isNumber || $0 == "." || $0 == "," }
        let rest = word.dropFirst(1 + number.count)
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = EnglishNumber.whole(first) else { return nil }
        let scale = ["k": " thousand", "K": " thousand", "m": " million", "M": " million", "bn": " billion"]
        if let scale = scale[String(rest)], let amount = EnglishNumber.decimal(number) {
            return SpokenNumber(text: amount + scale, owed: .currency(currency.many))
        }
        let each = rest.hasPrefix("/") ? rest.dropFirst() : ""
        guard rest.isEmpty || (!each.isEmpty && each.allSatisfy(\.isLetter)) else { return nil }
        let behind = each.isEmpty ? "" : " a \(each)"
        if parts.count == 2, parts[1].count == 2, let cents = EnglishNumber.whole(parts[1]), cents > 0 {
            let small = EnglishNumber.cardinal(cents) + " " + (cents == 1 ? currency.cent : currency.cents)
            let large = EnglishNumber.cardinal(whole) + " " + (whole == 1 ? currency.one : currency.many)
            return SpokenNumber(text: (whole == 0 ? small : large + " and " + small) + behind)
        }
        let isWhole = parts.count == 1 || parts[1] == "00"
        guard let amount = isWhole ? EnglishNumber.cardinal(whole) : EnglishNumber.decimal(number) else { return nil }
        let name = whole == 1 && isWhole ? currency.one : currency.many
        return each.isEmpty
            ? SpokenNumber(text: amount, owed: .currency(name)) : SpokenNumber(text: amount + " " + name + behind)
    }

    private static let currencies: [Character: (one: String, many: String, cent: String, cents: String)] = [
        "$": ("dollar", "dollars", "cent", "cents"), "£": ("pound", "pounds", "penny", "pence"),
        "€": ("euro", "euros", "cent", "cents"),
    ]

    // MARK: Times and dates

    /// `3:30`, `3:30pm`, `3pm`, `15:30`.
    private static func time(_ word: Substring) -> SpokenNumber? {
        let number = word.prefix { $0.isNumber || $0 == ":" }
        let rest = word.dropFirst(number.count)
        let half = SpokenWord.meridiem(rest)
        let parts = number.split(separator: ":", omittingEmptySubsequences: false)
        guard half != nil || (rest.isEmpty && parts.count == 2), parts.count <= 2, parts.allSatisfy({ isDigits($0) }),
            let hour = Int(parts[0]), hour < 24, parts.count == 1 || parts[1].count == 2,
            let minute = parts.count == 2 ? Int(parts[1]) : 0, minute < 60, parts[0].count <= 2
        else { return nil }
        if half == nil, hour > 12 || hour == 0 {
            return SpokenNumber(text: Spoken.time(ClockTime(hour: hour, minute: minute)))
        }
        let name = EnglishNumber.cardinal(hour)
        let minutes =
            minute == 0 ? "" : " " + (minute < 10 ? "oh " : "") + EnglishNumber.cardinal(minute)
        if let half { return SpokenNumber(text: name + minutes + " " + half) }
        return SpokenNumber(text: name + minutes, owed: minute == 0 ? .oclock : .nothing)
    }

    /// `2026-05-04`, and dates with strokes where only one reading is a date.
    private static func date(_ word: Substring) -> String? {
        let parts = word.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" || $0 == "." }
        guard parts.count == 3, parts.allSatisfy({ isDigits($0) }) else { return nil }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        if parts[0].count == 4 { return day(numbers[0], numbers[1], numbers[2]) }
        guard parts[2].count == 4 else { return nil }
        if numbers[0] > 12 { return day(numbers[2], numbers[1], numbers[0]) }
        return numbers[1] > 12 || numbers[0] == numbers[1] ? day(numbers[2], numbers[0], numbers[1]) : nil
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> String? {
        guard let found = CalendarDay(year: year, month: month, day: day) else { return nil }
        return months[found.month - 1] + " " + EnglishNumber.ordinal(found.day) + ", \(found.year)"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    // MARK: Ranges, shares, units

    /// `9-5`, `10–12`, `9am-5pm`, `10:00-16:00`.
    private static func range(_ word: Substring, _ context: SpokenContext) -> String? {
        let ends = word.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "–" || $0 == "—" }
        guard ends.count == 2, ends.allSatisfy({ $0.first.map { $0.isNumber || currencies[$0] != nil } ?? false })
        else {
            return nil
        }
        let said = ends.map { end -> String in
            guard let number = SpokenNumber(end, after: SpokenContext()) else { return String(end) }
            return number.text + SpokenWord.words(of: number.owed)
        }
        return said.joined(separator: " to ")
    }

    /// `1/2`, `24/7`.
    private static func fraction(_ word: Substring) -> String? {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let top = EnglishNumber.whole(parts[0]), let bottom = EnglishNumber.whole(parts[1])
        else {
            return nil
        }
        switch (top, bottom) {
        case (1, 2): return "one half"
        case (1...3, 4): return EnglishNumber.cardinal(top) + (top == 1 ? " quarter" : " quarters")
        case (1...9, 3), (1...9, 5...10):
            return EnglishNumber.cardinal(top) + " " + EnglishNumber.ordinal(bottom)
                + (top == 1 ? "" : "s")
        default: return parts.joined(separator: " ")
        }
    }

    /// `5%`, `#5`, `~5`, `5km`, `-5`, `10x`.
    private static func marked(_ word: Substring, _ context: SpokenContext) -> String? {
        let signs: [Character: String] = [
            "#": "number ", "~": "about ", "-": "minus ", "<": "less than ", ">": "more than ",
        ]
        if let first = word.first, let sign = signs[first] {
            let rest = word.dropFirst()
            guard rest.first?.isNumber == true else { return nil }
            let number = SpokenNumber(rest, after: SpokenContext())
            return sign + (number.map { $0.text + SpokenWord.words(of: $0.owed) } ?? String(rest))
        }
        let number = word.prefix { $0.isNumber || $0 == "." || $0 == "," }
        let rest = word.dropFirst(number.count)
        guard !number.isEmpty, let said = EnglishNumber.decimal(number) else { return nil }
        if rest == "%" { return said + " percent" }
        return SpokenAbbreviation.unit(rest).map { said + " " + $0 }
    }

    /// `21st`, and the day behind a month's name.
    private static func ordinal(_ word: Substring, _ context: SpokenContext) -> String? {
        let digits = word.prefix(while: \.isNumber)
        guard let number = Int(digits), digits.count <= 4 else { return nil }
        let rest = word.dropFirst(digits.count)
        if ["st", "nd", "rd", "th"].contains(rest.lowercased()) { return EnglishNumber.ordinal(number) }
        guard rest.isEmpty, SpokenAbbreviation.isMonth(context.previous), (1...31).contains(number) else { return nil }
        return EnglishNumber.ordinal(number)
    }

    /// `1,200`, `20000` and `3.5`.
    private static func grouped(_ word: Substring) -> String? {
        let isLong = word.count > 4
        return isLong || word.contains(",") || word.contains(".") ? EnglishNumber.decimal(word) : nil
    }
}
