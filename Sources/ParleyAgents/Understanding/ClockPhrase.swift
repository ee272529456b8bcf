/// The part of a day that a caller names; it settles which "nine" is meant.
enum DayPart: Equatable, Sendable {
    case morning, afternoon, evening, night

    static func find(in words: Words) -> DayPart? {
        for (index, token) in words.tokens.enumerated() {
            if index > 0, words.tokens[index - 1] == "good" { continue }  // a greeting
            switch token {
            case "morning", "mornings": return .morning
            case "afternoon", "afternoons": return .afternoon
            case "evening", "evenings": return .evening
            case "night", "tonight": return .night
            default: continue
            }
        }
        return nil
    }
}

/// A time of day as people say it.
struct ClockPhrase: Equatable, Sendable {
    /// As said: 0 to 23.
    var hour: Int
    var minute: Int
    /// False: "three", which may be 03:00 or 15:00.
    var isExact: Bool
    var range: Range<Int>

    /// The clearest time in these words; the first, where several are equally clear.
    ///
    /// - Parameter bareNumbers: a lone "three" is a time, and so are its homophones ("for" when a time was asked for).
    static func find(in words: Words, bareNumbers: Bool) -> ClockPhrase? {
        let tokens = bareNumbers ? ClockReader.withoutHomophones(words.tokens) : words.tokens
        let reader = ClockReader(tokens: tokens)
        let rules: [(Int) -> ClockPhrase?] = [
            reader.fraction, reader.withMeridiem, reader.written, reader.oclock, reader.hundred, reader.named,
            reader.hourAndMinute, reader.halfHour, reader.compact, reader.partOfDay, reader.preposition,
        ]
        for rule in rules {
            for index in tokens.indices {
                if let found = rule(index) { return found }
            }
        }
        return bareNumbers ? reader.bareNumber() : nil
    }

    /// The time that is meant: by the part of the day, else by the opening hours, else by daylight (7 to 11 are
    /// morning, 12 noon, 1 to 6 afternoon).
    func resolved(part: DayPart?, day: CalendarDay?, hours: OpeningHours?) -> ClockTime {
        if isExact || !(1...12).contains(hour) { return ClockTime(hour: hour, minute: minute) }
        let early = ClockTime(hour: hour % 12, minute: minute)
        let late = ClockTime(hour: hour % 12 + 12, minute: minute)
        switch part {
        case .morning: return early
        case .afternoon: return late
        case .evening: return hour == 12 ? early : late
        case .night: return hour == 12 || hour < 5 ? early : late
        case nil: break
        }
        if let hours {
            let isEarlyOpen = hours.isOpen(at: early, on: day)
            let isLateOpen = hours.isOpen(at: late, on: day)
            if isEarlyOpen != isLateOpen { return isEarlyOpen ? early : late }
        }
        return (7...11).contains(hour) ? early : late
    }
}

private struct ClockReader {
    let tokens: [String]

    func token(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index] : "" }

    /// "At for", "to pm", "quarter two four": what was meant where a time was asked for.
    static func withoutHomophones(_ tokens: [String]) -> [String] {
        var result = tokens
        func token(_ index: Int) -> String { result.indices.contains(index) ? result[index] : "" }
        let alone = Words(tokens: tokens).bare.count == 1
        for index in result.indices {
            let (before, next) = (token(index - 1), token(index + 1))
            if ["two", "too", "2"].contains(result[index]), before == "quarter" || before == "ten" || before == "five",
                NumberWords.isNumber(result, at: index + 1) || NumberWords.homophones[next] != nil
            {
                result[index] = "to"
                continue
            }
            guard let digit = NumberWords.homophones[result[index]] else { continue }
            let followedByClock =
                ["am", "pm", "oclock", "thirty", "fifteen"].contains(next)
                || (next == "forty" && token(index + 2) == "five")
                || (next == "in" && token(index + 2) == "the" && !NumberWords.isNumber(result, at: index + 3))
            let closes =
                ["at", "past", "after", "around", "about", "by"].contains(before)
                || (before == "to" && (token(index - 2) == "quarter" || NumberWords.isNumber(result, at: index - 2)))
            let leadsOn = NumberWords.isNumber(result, at: index + 1) && !["thirty", "fifteen", "forty"].contains(next)
            if alone || followedByClock || (closes && !leadsOn) { result[index] = digit }
        }
        return result
    }

    // MARK: rules, clearest first

    /// "Half past nine", "quarter to four", "twenty past three".
    func fraction(_ index: Int) -> ClockPhrase? {
        var minutes: Int
        var link = index + 1
        switch token(index) {
        case "half": minutes = 30
        case "quarter": minutes = 15
        default:
            guard let number = NumberWords.cardinal(tokens, at: index), (1...29).contains(number.value) else {
                return nil
            }
            minutes = number.value
            link = number.end
            let hasUnit = token(link) == "minutes" || token(link) == "minute"
            if hasUnit { link += 1 }
            // "Nine to five" is no time.
            if !hasUnit, minutes % 5 != 0 { return nil }
        }
        let isPast = token(link) == "past" || token(link) == "after"
        let isTo =
            ["to", "till", "til", "until", "before"].contains(token(link))
            || (token(link) == "of" && token(index) == "quarter")
        guard isPast || (isTo && token(index) != "half") else { return nil }
        if let named = named(link + 1) {
            let total = named.hour * 60 + (isPast ? minutes : -minutes)
            let wrapped = (total + 1_440) % 1_440
            return ClockPhrase(
                hour: wrapped / 60, minute: wrapped % 60, isExact: true, range: index..<named.range.upperBound)
        }
        guard let hour = hour(at: link + 1) else { return nil }
        let meridiem = meridiem(at: token(hour.end) == "oclock" ? hour.end + 1 : hour.end)
        var said = meridiem?.applied(to: hour.value) ?? hour.value
        if !isPast { said = said == 0 ? 23 : said == 1 && meridiem == nil ? 12 : said - 1 }
        let minute = isPast ? minutes : 60 - minutes
        return ClockPhrase(
            hour: said, minute: minute, isExact: meridiem != nil || hour.value > 12 || hour.value == 0,
            range: index..<(meridiem?.end ?? hour.end))
    }

    /// "3 pm", "three thirty p.m.", "3:30 pm".
    func withMeridiem(_ index: Int) -> ClockPhrase? {
        guard let clock = written(index) ?? hourAndMinute(index) ?? hourAlone(index) ?? compact(index),
            (1...12).contains(clock.hour),
            let meridiem = meridiem(
                at: token(clock.range.upperBound) == "oclock" ? clock.range.upperBound + 1 : clock.range.upperBound)
        else { return nil }
        return ClockPhrase(
            hour: meridiem.applied(to: clock.hour), minute: clock.minute, isExact: true,
            range: clock.range.lowerBound..<meridiem.end)
    }

    /// "15:30".
    func written(_ index: Int) -> ClockPhrase? {
        let parts = token(index).split(separator: ":")
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), hour <= 23, minute <= 59
        else { return nil }
        let isExact = hour > 12 || hour == 0 || parts[0].hasPrefix("0")
        return ClockPhrase(hour: hour, minute: minute, isExact: isExact, range: index..<(index + 1))
    }

    func oclock(_ index: Int) -> ClockPhrase? {
        guard let hour = hour(at: index), token(hour.end) == "oclock" else { return nil }
        return ClockPhrase(hour: hour.value, minute: 0, isExact: hour.value > 12, range: index..<(hour.end + 1))
    }

    /// "Fifteen hundred".
    func hundred(_ index: Int) -> ClockPhrase? {
        guard let hour = hour(at: index), token(hour.end) == "hundred" else { return nil }
        let end = token(hour.end + 1) == "hours" ? hour.end + 2 : hour.end + 1
        return ClockPhrase(hour: hour.value, minute: 0, isExact: true, range: index..<end)
    }

    func named(_ index: Int) -> ClockPhrase? {
        switch token(index) {
        case "noon", "midday": ClockPhrase(hour: 12, minute: 0, isExact: true, range: index..<(index + 1))
        case "midnight": ClockPhrase(hour: 0, minute: 0, isExact: true, range: index..<(index + 1))
        default: nil
        }
    }

    /// "Nine thirty", "three oh five".
    func hourAndMinute(_ index: Int) -> ClockPhrase? {
        guard let hour = hour(at: index), !isPartOfNumber(index) else { return nil }
        if token(hour.end) == "oh" || token(hour.end) == "o",
            let minute = NumberWords.cardinal(tokens, at: hour.end + 1), (1...9).contains(minute.value)
        {
            return ClockPhrase(
                hour: hour.value, minute: minute.value, isExact: hour.value > 12, range: index..<minute.end)
        }
        guard let minute = NumberWords.cardinal(tokens, at: hour.end), (10...59).contains(minute.value),
            !isUnit(minute.end), NumberWords.cardinal(tokens, at: minute.end) == nil
        else { return nil }
        return ClockPhrase(hour: hour.value, minute: minute.value, isExact: hour.value > 12, range: index..<minute.end)
    }

    /// "Half four" is half past four.
    func halfHour(_ index: Int) -> ClockPhrase? {
        guard token(index) == "half", let hour = hour(at: index + 1), hour.value >= 1, !isUnit(hour.end) else {
            return nil
        }
        return ClockPhrase(hour: hour.value, minute: 30, isExact: hour.value > 12, range: index..<hour.end)
    }

    /// "1530", "930".
    func compact(_ index: Int) -> ClockPhrase? {
        guard NumberWords.isDigits(token(index)), (3...4).contains(token(index).count), let number = Int(token(index)),
            number / 100 <= 23, number % 100 <= 59, !isPartOfNumber(index),
            NumberWords.cardinal(tokens, at: index + 1) == nil
        else { return nil }
        // 2026 after a date is a year.
        if (1_900...2_100).contains(number), !["at", "by", "around"].contains(token(index - 1)) { return nil }
        let isExact = number / 100 > 12 || number < 100 || token(index).hasPrefix("0")
        return ClockPhrase(hour: number / 100, minute: number % 100, isExact: isExact, range: index..<(index + 1))
    }

    /// "Three in the afternoon", "eight tonight", "nine tomorrow morning".
    func partOfDay(_ index: Int) -> ClockPhrase? {
        guard let clock = hourAlone(index) else { return nil }
        let end = clock.range.upperBound
        let isNamed =
            (token(end) == "in" && token(end + 1) == "the") || token(end) == "tonight"
            || (token(end) == "this" && ["morning", "afternoon", "evening"].contains(token(end + 1)))
            || (token(end) == "at" && token(end + 1) == "night")
        return isNamed ? clock : nil
    }

    /// "At three", "for four".
    func preposition(_ index: Int) -> ClockPhrase? {
        guard ["at", "for", "by", "around", "about", "say", "after", "before"].contains(token(index)) else {
            return nil
        }
        let start = ["around", "about", "say"].contains(token(index + 1)) ? index + 2 : index + 1
        guard let clock = hourAlone(start), token(start) != "one" || token(index) == "at" || token(index) == "for"
        else { return nil }
        return ClockPhrase(hour: clock.hour, minute: 0, isExact: clock.isExact, range: index..<clock.range.upperBound)
    }

    /// The only number of the turn, with nothing that says it counts something else.
    func bareNumber() -> ClockPhrase? {
        let starts = tokens.indices.filter { NumberWords.cardinal(tokens, at: $0) != nil }
        guard let index = starts.first, let clock = hourAlone(index), starts.allSatisfy({ $0 < clock.range.upperBound })
        else { return nil }
        if tokens[index] == "one" {
            // "That one", "one of those": a pronoun more often than an hour.
            guard Words(tokens: tokens).bare.count <= 2, !["that", "this", "the", "which"].contains(token(index - 1))
            else { return nil }
        }
        return clock
    }

    // MARK: small parts

    private func hour(at index: Int) -> (value: Int, end: Int)? {
        // "Twenty" may be an hour; "oh nine" is nine in the morning.
        let start = (token(index) == "oh" || token(index) == "o") ? index + 1 : index
        guard let number = NumberWords.cardinal(tokens, at: start), number.value <= 23, token(start).count <= 9
        else { return nil }
        // "Twenty thirty" would be read as twenty, then thirty; "twenty one" as one number.
        return (number.value, number.end)
    }

    private func hourAlone(_ index: Int) -> ClockPhrase? {
        guard let hour = hour(at: index), !isPartOfNumber(index), !isUnit(hour.end),
            NumberWords.cardinal(tokens, at: hour.end) == nil
        else { return nil }
        return ClockPhrase(
            hour: hour.value, minute: 0, isExact: hour.value > 12 || hour.value == 0, range: index..<hour.end)
    }

    /// Whether the number at `index` goes on from one before it.
    private func isPartOfNumber(_ index: Int) -> Bool {
        if let ten = NumberWords.cardinal(tokens, at: index - 1), ten.end > index { return true }
        return NumberWords.cardinal(tokens, at: index - 1) != nil && NumberWords.isDigits(token(index - 1))
    }

    private func isUnit(_ index: Int) -> Bool { NumberWords.countsSomething(tokens, index) }

    private struct Meridiem {
        var isPM: Bool
        var end: Int
        func applied(to hour: Int) -> Int { hour > 12 ? hour : hour % 12 + (isPM ? 12 : 0) }
    }

    private func meridiem(at index: Int) -> Meridiem? {
        switch token(index) {
        case "am": Meridiem(isPM: false, end: index + 1)
        case "pm": Meridiem(isPM: true, end: index + 1)
        default: nil
        }
    }
}
