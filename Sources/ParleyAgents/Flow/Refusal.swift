/// Why a day or a time that was understood cannot be had.
enum Refusal: Equatable, Sendable {
    case dayPassed
    case timePassed
    case closed(Weekday)
    case outside(OpeningHours, on: CalendarDay?)
    /// "Friday the 28th", which is a Saturday.
    case otherWeekday(CalendarDay, said: Weekday)

    var spoken: String {
        switch self {
        case .dayPassed: return "That day has passed already."
        case .timePassed: return "That time has passed already."
        case .closed(let weekday): return "We are closed on \(weekday.name)s."
        case .outside(let hours, let day):
            let place = day.map { "On \($0.weekday.name)s we are" } ?? "We are"
            return "\(place) open \(hours.spoken(on: day))."
        case .otherWeekday(let day, let said):
            return "The \(Spoken.ordinal(day.day)) is a \(day.weekday.name), not a \(said.name)."
        }
    }

    /// As a text says it: times in figures.
    var written: String {
        guard case .outside(let hours, let day) = self else { return spoken }
        return "\(day.map { "On \($0.weekday.name)s we are" } ?? "We are") open \(hours.written(on: day))."
    }
}
