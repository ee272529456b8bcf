/// A day as people say it.
struct DayPhrase: Equatable, Sendable {
    enum Meaning: Equatable, Sendable {
        case day(CalendarDay)
        /// "Friday the 28th" where the 28th is no Friday: the day by its number, and the weekday that was said.
        case conflict(CalendarDay, Weekday)
    }
    var meaning: Meaning
    /// The tokens it was read from.
    var range: Range<Int>

    /// The clearest day in these words; the first, where several are equally clear.
    ///
    /// "Next Tuesday" is Tuesday of the next calendar week (weeks begin on Monday); "Tuesday" alone the first one after
    /// today; "this Tuesday" may be today. A day without a month is the next one of that number; with a month and
    /// without a year the next one of that date.
    ///
    /// - Parameter bareNumbers: a lone "twenty four" may be a day of the month.
    static func find(in words: Words, today: CalendarDay, bareNumbers: Bool) -> DayPhrase? {
        let reader = DayReader(tokens: words.tokens, today: today)
        let rules: [(Int) -> DayPhrase?] = [
            reader.iso, reader.slashed, reader.monthDay, reader.weekdayWithNumber, reader.weekFrom, reader.relative,
            reader.weekday, reader.named, reader.ordinalAlone,
        ]
        for rule in rules {
            for index in words.tokens.indices {
                if let found = rule(index) { return found }
            }
        }
        return bareNumbers ? reader.bareNumber(atLeast: 1) : nil
    }

    /// A lone number that is no hour, so that it must be a day: 24 to 31.
    static func findBeyondHours(in words: Words, today: CalendarDay) -> DayPhrase? {
        DayReader(tokens: words.tokens, today: today).bareNumber(atLeast: 24)
    }
}

private struct DayReader {
    let tokens: [String]
    let today: CalendarDay

    func token(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index] : "" }

    // MARK: dates by number

    func iso(_ index: Int) -> DayPhrase? {
        guard index + 2 < tokens.count, tokens[index].count == 4, NumberWords.isDigits(tokens[index]),
            let year = Int(tokens[index]), (1_900...2_200).contains(year),
            let month = small(tokens[index + 1]), let day = small(tokens[index + 2])
        else { return nil }
        return CalendarDay(year: year, month: month, day: day).map { found($0, index..<(index + 3)) }
    }

    /// 11/24 and 11/24/2026; where the first cannot be a month, 24/11.
    func slashed(_ index: Int) -> DayPhrase? {
        guard token(index + 1) == "/", let first = small(token(index)), let second = small(token(index + 2))
        else { return nil }
        let (month, day) = first > 12 ? (second, first) : (first, second)
        if token(index + 3) == "/", let year = year(at: index + 4) {
            return CalendarDay(year: year.value, month: month, day: day).map { found($0, index..<year.end) }
        }
        return nextDate(month: month, day: day).map { found($0, index..<(index + 3)) }
    }

    /// "November 24th", "November the twenty fourth", "the 24th of November", each with or without a year and a
    /// weekday.
    func monthDay(_ index: Int) -> DayPhrase? {
        guard let month = Self.months[token(index)] else { return nil }
        var range = index..<(index + 1)
        var day: Int?
        let after = token(index + 1) == "the" ? index + 2 : index + 1
        if let number = NumberWords.ordinal(tokens, at: after) ?? dayNumber(at: after), !isTime(after: number.end) {
            day = number.value
            range = index..<number.end
        } else {
            let before = token(index - 1) == "of" ? index - 1 : index
            for start in [before - 2, before - 1] {
                if let number = NumberWords.ordinal(tokens, at: start) ?? dayNumber(at: start), number.end == before {
                    day = number.value
                    range = (token(start - 1) == "the" ? start - 1 : start)..<(index + 1)
                    break
                }
            }
        }
        guard let day else { return nil }
        // A weekday beside it belongs to it, and is checked.
        var said: Weekday?
        if let weekday = Self.weekdays[token(range.lowerBound - 1)] {
            said = weekday
            range = (range.lowerBound - 1)..<range.upperBound
        }
        if let year = year(at: range.upperBound), year.value >= today.year - 1 {
            range = range.lowerBound..<year.end
            guard let date = CalendarDay(year: year.value, month: month, day: day) else { return nil }
            return checked(date, said, range)
        }
        return nextDate(month: month, day: day).flatMap { checked($0, said, range) }
    }

    /// "Friday the 27th".
    func weekdayWithNumber(_ index: Int) -> DayPhrase? {
        guard let weekday = Self.weekdays[token(index)] else { return nil }
        let start = token(index + 1) == "the" ? index + 2 : index + 1
        guard let number = NumberWords.ordinal(tokens, at: start) ?? (start == index + 2 ? dayNumber(at: start) : nil)
        else { return nil }
        guard let next = nextDay(numbered: number.value) else { return nil }
        var candidate = next
        for _ in 0..<3 {
            if candidate.weekday == weekday { return found(candidate, index..<number.end) }
            guard let later = nextDay(numbered: number.value, after: candidate) else { break }
            candidate = later
        }
        return DayPhrase(meaning: .conflict(next, weekday), range: index..<number.end)
    }

    /// "The 24th", "twenty fourth".
    func ordinalAlone(_ index: Int) -> DayPhrase? {
        let hasArticle = token(index - 1) == "the"
        guard let number = NumberWords.ordinal(tokens, at: index) ?? (hasArticle ? numberAfterThe(index) : nil)
        else { return nil }
        // "One second", "the first one": small ordinals mean a day only after "the" or "on".
        if number.value < 4, !hasArticle, tokens[index].first?.isNumber != true { return nil }
        if ["one", "time", "option", "choice", "appointment", "slot", "available"].contains(token(number.end)) {
            return nil
        }
        let start = hasArticle ? index - 1 : index
        return nextDay(numbered: number.value).map { found($0, start..<number.end) }
    }

    func bareNumber(atLeast least: Int) -> DayPhrase? {
        let numbers = tokens.indices.filter { NumberWords.cardinal(tokens, at: $0) != nil }
        guard let index = numbers.first, let number = dayNumber(at: index), number.value >= least,
            numbers.allSatisfy({ $0 < number.end }), !isTime(after: number.end),
            !NumberWords.countsSomething(tokens, number.end),
            number.value > 1 || Words(tokens: tokens).bare.count == 1
        else { return nil }
        return nextDay(numbered: number.value).map { found($0, index..<number.end) }
    }

    // MARK: dates by name and distance

    /// "A week from Tuesday", "Tuesday week", "a week today", "a week on Friday".
    func weekFrom(_ index: Int) -> DayPhrase? {
        if token(index) == "week" || token(index) == "weeks" {
            var start = index
            var weeks = 1
            if let number = NumberWords.cardinal(tokens, at: index - 1), number.end == index {
                weeks = number.value
                start = index - 1
            } else if token(index - 1) == "a" {
                start = index - 1
            }
            let link = ["from", "on", "after"].contains(token(index + 1)) ? index + 2 : index + 1
            guard weeks <= 104, link <= index + 2 else { return nil }
            if let base = base(link), link == index + 2 || token(link) != "now", isDistance(start, index) {
                return found(base.adding(days: 7 * weeks), start..<(link + 1))
            }
        }
        if let weekday = Self.weekdays[token(index)], token(index + 1) == "week" {
            return found(following(weekday).adding(days: 7), index..<(index + 2))
        }
        return nil
    }

    /// "In two weeks", "two weeks from now", "in a fortnight", "in ten days".
    func relative(_ index: Int) -> DayPhrase? {
        var unitIndex = index + 1
        var count: Int
        if let number = NumberWords.cardinal(tokens, at: index) {
            (count, unitIndex) = number
        } else if token(index) == "a" || token(index) == "one" {
            count = 1
        } else if token(index) == "couple" {
            count = 2
            if token(unitIndex) == "of" { unitIndex += 1 }
        } else if token(index) == "fortnight" {
            return found(today.adding(days: 14), index..<(index + 1))
        } else if let homophone = NumberWords.homophones[token(index)], token(index - 1) == "in" {
            count = NumberWords.units[homophone] ?? 0
        } else {
            return nil
        }
        if token(unitIndex) == "couple" {
            count = 2
            unitIndex += token(unitIndex + 1) == "of" ? 2 : 1
        }
        let hasIn = token(index - 1) == "in"
        let hasFromNow =
            ["from", "hence"].contains(token(unitIndex + 1))
            && ["now", "today", ""].contains(token(unitIndex + 2))
        guard hasIn || hasFromNow, count >= 0, count <= 730 else { return nil }
        let start = hasIn ? index - 1 : index
        let end = hasFromNow ? min(unitIndex + 3, tokens.count) : unitIndex + 1
        switch token(unitIndex) {
        case "day", "days": return found(today.adding(days: count), start..<end)
        case "week", "weeks":
            // "In two weeks on Friday" is a weekday of that week.
            let day = today.adding(days: 7 * count)
            let name = token(end) == "on" ? end + 1 : end
            if let weekday = Self.weekdays[token(name)] {
                let monday = day.adding(days: -day.weekday.rawValue)
                return found(monday.adding(days: weekday.rawValue), start..<(name + 1))
            }
            return found(day, start..<end)
        case "month", "months": return found(today.adding(months: min(count, 24)), start..<end)
        case "fortnight": return found(today.adding(days: 14), start..<end)
        default: return nil
        }
    }

    func weekday(_ index: Int) -> DayPhrase? {
        guard let weekday = Self.weekdays[token(index)] else { return nil }
        let monday = today.adding(days: 7 - today.weekday.rawValue)
        let inNextWeek = monday.adding(days: weekday.rawValue)
        if token(index - 1) == "next" { return found(inNextWeek, (index - 1)..<(index + 1)) }
        // "Tuesday next week", "Tuesday of next week", "next week on Tuesday".
        for link in [index + 1, index + 2] where token(link) == "next" && token(link + 1) == "week" {
            return found(inNextWeek, index..<(link + 2))
        }
        for link in [index - 2, index - 3] where token(link) == "next" && token(link + 1) == "week" {
            return found(inNextWeek, link..<(index + 1))
        }
        if token(index - 1) == "this" {
            let ahead = (weekday.rawValue - today.weekday.rawValue + 7) % 7
            return found(today.adding(days: ahead), (index - 1)..<(index + 1))
        }
        return found(following(weekday), index..<(index + 1))
    }

    func named(_ index: Int) -> DayPhrase? {
        switch token(index) {
        case "tomorrow":
            let isAfter = token(index - 1) == "after" && token(index - 2) == "day"
            let start = isAfter ? (token(index - 3) == "the" ? index - 3 : index - 2) : index
            return found(today.adding(days: isAfter ? 2 : 1), start..<(index + 1))
        case "today", "tonight": return found(today, index..<(token(index) == "tonight" ? index : index + 1))
        case "afternoon", "evening", "morning":
            return token(index - 1) == "this" ? found(today, (index - 1)..<index) : nil
        default: return nil
        }
    }

    // MARK: small parts

    private func found(_ day: CalendarDay, _ range: Range<Int>) -> DayPhrase {
        DayPhrase(meaning: .day(day), range: range)
    }

    private func checked(_ day: CalendarDay, _ said: Weekday?, _ range: Range<Int>) -> DayPhrase {
        if let said, said != day.weekday { return DayPhrase(meaning: .conflict(day, said), range: range) }
        return found(day, range)
    }

    private func following(_ weekday: Weekday) -> CalendarDay {
        let ahead = (weekday.rawValue - today.weekday.rawValue + 7) % 7
        return today.adding(days: ahead == 0 ? 7 : ahead)
    }

    private func base(_ index: Int) -> CalendarDay? {
        switch token(index) {
        case "today", "now": today
        case "tomorrow": today.adding(days: 1)
        default: Self.weekdays[token(index)].map(following)
        }
    }

    /// "A week", "one week", "two weeks": not "next week", "this week".
    private func isDistance(_ start: Int, _ index: Int) -> Bool { start < index }

    private func nextDay(numbered day: Int, after last: CalendarDay? = nil) -> CalendarDay? {
        var first = today
        first.day = 1
        for months in 0..<14 {
            let month = first.adding(months: months)
            if let date = CalendarDay(year: month.year, month: month.month, day: day), date >= today,
                last.map({ date > $0 }) ?? true
            {
                return date
            }
        }
        return nil
    }

    private func nextDate(month: Int, day: Int) -> CalendarDay? {
        // Eight years always hold a 29th of February.
        for year in today.year...(today.year + 8) {
            if let date = CalendarDay(year: year, month: month, day: day), date >= today { return date }
        }
        return nil
    }

    private func dayNumber(at index: Int) -> (value: Int, end: Int)? {
        guard let number = NumberWords.cardinal(tokens, at: index), (1...31).contains(number.value) else { return nil }
        return number
    }

    /// "The twenty four", "the 24": a day, where a recogniser dropped the ending.
    private func numberAfterThe(_ index: Int) -> (value: Int, end: Int)? {
        guard let number = dayNumber(at: index), number.value > 1, !isTime(after: number.end) else { return nil }
        return number
    }

    private func isTime(after index: Int) -> Bool {
        ["am", "pm", "oclock", "past", "to", "till", "hundred", "minutes", "hours", "hour"].contains(token(index))
    }

    private func year(at index: Int) -> (value: Int, end: Int)? {
        guard let number = NumberWords.cardinal(tokens, at: index) else { return nil }
        if (2_000...2_200).contains(number.value) { return number }
        if number.value == 20, let rest = NumberWords.cardinal(tokens, at: number.end), (10...99).contains(rest.value),
            tokens[index] == "twenty"
        {
            return (2_000 + rest.value, rest.end)
        }
        return nil
    }

    private func small(_ token: String) -> Int? {
        NumberWords.isDigits(token) && token.count <= 2 ? Int(token) : nil
    }

    private static let months: [String: Int] = {
        let names = [
            ["january", "jan"], ["february", "feb", "febuary"], ["march", "mar"], ["april", "apr"], ["may"],
            ["june", "jun"],
            ["july", "jul"], ["august", "aug"], ["september", "sept", "sep"], ["october", "oct"], ["november", "nov"],
            ["december", "dec"],
        ]
        var table: [String: Int] = [:]
        for (index, spellings) in names.enumerated() { for name in spellings { table[name] = index + 1 } }
        return table
    }()

    /// Without "sat" and "sun": a recogniser writes days out, and those are words of their own.
    private static let weekdays: [String: Weekday] = {
        let names: [(Weekday, [String])] = [
            (.monday, ["monday", "mondays", "mon"]), (.tuesday, ["tuesday", "tuesdays", "tues", "tue", "teusday"]),
            (.wednesday, ["wednesday", "wednesdays", "wed", "weds", "wensday"]),
            (.thursday, ["thursday", "thursdays", "thurs", "thur", "thu"]), (.friday, ["friday", "fridays", "fri"]),
            (.saturday, ["saturday", "saturdays"]), (.sunday, ["sunday", "sundays"]),
        ]
        var table: [String: Weekday] = [:]
        for (weekday, spellings) in names { for name in spellings { table[name] = weekday } }
        return table
    }()
}
