/// How much of a day and of a time of day words name; not which.
struct SpokenMoment: Equatable, Sendable {
    enum Part: Sendable {
        case none
        /// Breaks off: "the twenty", "November", "half past".
        case begun
        /// May be all: "the 24th", "next week", "in the morning".
        case vague
        /// An hour without more: "at three"; "thirty" or "p.m." may follow.
        case hour
        case whole
    }
    private(set) var day = Part.none
    private(set) var time = Part.none

    private static let weekdays: Set<String> = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays", "tuesdays",
        "wednesdays", "thursdays", "fridays", "saturdays", "sundays",
    ]
    private static let days: Set<String> = ["today", "tonight", "tomorrow"]
    private static let months: Set<String> = [
        "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
        "december", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
    ]
    private static let ordinals: Set<String> = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
        "twentieth", "thirtieth",
    ]
    private static let halves: Set<String> = ["morning", "afternoon", "evening", "lunchtime"]
    private static let before: Set<String> = [
        "at", "around", "about", "by", "after", "before", "maybe", "say", "past", "till",
    ]
    private static let spans: Set<String> = ["day", "days", "week", "weeks", "month", "months", "fortnight"]

    private let words: ArraySlice<String>

    /// - Parameter isTime: a number alone is an hour.
    init(_ words: ArraySlice<String>, isTime: Bool) {
        self.words = words
        for index in words.indices {
            day = Self.further(day, dayPart(index))
            time = Self.further(time, timePart(index, isTime: isTime))
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.day == right.day && left.time == right.time }

    /// What was said last counts, but a whole stays whole.
    private static func further(_ old: Part, _ new: Part) -> Part { old == .whole || new == .none ? old : new }

    private func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }
    private func isLast(_ index: Int) -> Bool { index == words.endIndex - 1 }

    private func isDayNumber(_ word: String) -> Bool {
        Self.ordinals.contains(word) || isOrdinal(word) || (SpokenWords.isFigures(word) && word.count <= 2)
            || DictatedFigures.units.contains(word) || DictatedFigures.teens.contains(word)
            || DictatedFigures.tens.contains(word)
    }
    private func isOrdinal(_ word: String) -> Bool { word.first?.isNumber == true && word.last?.isLetter == true }

    private func dayPart(_ index: Int) -> Part {
        let here = words[index]
        let (previous, next) = (word(index - 1), word(index + 1))
        if Self.weekdays.contains(here) || Self.days.contains(here) || here.contains("/") { return .whole }
        if Self.months.contains(here) || (here == "may" && (isDayNumber(next) || previous == "of")) {
            if isDayNumber(next) {
                // "November twenty" may go on with "fourth".
                return DictatedFigures.tens.contains(next) && isLast(index + 1) ? .vague : .whole
            }
            return previous == "of" || isDayNumber(previous) ? .whole : .begun
        }
        if isOrdinal(here) || Self.ordinals.contains(here) { return .vague }
        if DictatedFigures.tens.contains(here), previous == "the", isLast(index) { return .begun }
        if Self.spans.contains(here) {
            if previous == "next" || previous == "this" { return .vague }
            return DictatedFigures.isFigure(previous) || previous == "a" ? .whole : .none
        }
        if isLast(index), previous == "in", isDayNumber(here) { return .begun }
        if here == "next" && isLast(index) { return .begun }
        return .none
    }

    private func isHour(_ word: String) -> Bool {
        if SpokenWords.isFigures(word) { return word.count <= 2 }
        return (DictatedFigures.units.contains(word) && word != "o" && word != "oh" && word != "zero")
            || ["ten", "eleven", "twelve"].contains(word)
    }
    private func isMinutes(_ word: String) -> Bool {
        DictatedFigures.teens.contains(word) || DictatedFigures.tens.contains(word) || word == "oh"
            || (SpokenWords.isFigures(word) && word.count == 2)
    }

    private func timePart(_ index: Int, isTime: Bool) -> Part {
        let here = words[index]
        let (previous, next) = (word(index - 1), word(index + 1))
        if here.contains(":") || ["noon", "midnight", "midday"].contains(here) { return .whole }
        if here == "half" || here == "quarter" {
            return next == "past" || next == "to" || next == "after"
                ? (isHour(word(index + 2)) ? .whole : .begun)
                : isLast(index) ? .begun : .none
        }
        if ["am", "pm", "oclock"].contains(here), index > words.startIndex { return .whole }
        if here == "p" || here == "a", isLast(index), isHour(previous) || isMinutes(previous) { return .begun }
        if Self.halves.contains(here) || here == "night" { return time == .hour ? .whole : .vague }
        if isHour(here) || isMinutes(here), next == "past" || next == "to" {
            return isHour(word(index + 2)) ? .whole : isLast(index + 1) ? .begun : .none
        }
        guard Self.before.contains(previous) || (isTime && !DictatedFigures.isFigure(previous)) else { return .none }
        if SpokenWords.isFigures(here), here.count >= 3 { return here.count <= 4 ? .whole : .none }
        guard isHour(here) else { return .none }
        guard isMinutes(next) else { return .hour }
        // "four forty" may go on with "five", "three oh" must.
        if isLast(index + 1) {
            return next == "oh" ? .begun : ["twenty", "forty", "fifty"].contains(next) ? .hour : .whole
        }
        return .whole
    }
}
