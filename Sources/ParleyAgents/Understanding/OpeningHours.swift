/// When somebody is there: `mon-fri 09:00-17:00, sat 10:00-13:00`. A time is open from the first minute up to, and
/// without, the last.
struct OpeningHours: Equatable, Sendable {
    struct Span: Equatable, Sendable {
        var opens: ClockTime
        /// Minutes since midnight; up to 1,440.
        var closes: Int
    }
    private(set) var spans: [Weekday: [Span]] = [:]

    /// Throws a sentence about what is wrong.
    init(_ text: String) throws(OpeningHoursError) {
        for part in text.split(separator: ",") {
            let words = part.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
            guard words.count == 2 else {
                throw OpeningHoursError("`\(part)` should be days and hours, such as `mon-fri 09:00-17:00`")
            }
            let days = try Self.days(words[0])
            let times = words[1].split(separator: "-").map(String.init)
            guard times.count == 2, let opens = Self.minutes(times[0]), let closes = Self.minutes(times[1]),
                opens < closes
            else { throw OpeningHoursError("`\(words[1])` should be two times in order, such as `09:00-17:00`") }
            for day in days { spans[day, default: []].append(Span(opens: ClockTime(minutes: opens), closes: closes)) }
        }
        if spans.isEmpty { throw OpeningHoursError("no hours are given; write for example `mon-fri 09:00-17:00`") }
        for day in Array(spans.keys) { spans[day]?.sort { $0.opens < $1.opens } }
    }

    func isOpen(on day: CalendarDay) -> Bool { spans[day.weekday] != nil }

    /// On any day of the week, where no day is given.
    func isOpen(at time: ClockTime, on day: CalendarDay?) -> Bool {
        let candidates = day.map { spans[$0.weekday] ?? [] } ?? spans.values.flatMap { $0 }
        return candidates.contains { $0.opens.minutes <= time.minutes && time.minutes < $0.closes }
    }

    /// "from nine a.m. to five p.m.", for the day or for the widest day of the week.
    func spoken(on day: CalendarDay?) -> String { text(on: day) { Spoken.time($0) } }

    /// "from 9:00 am to 5:00 pm".
    func written(on day: CalendarDay?) -> String { text(on: day) { Spoken.writtenTime($0) } }

    private func text(on day: CalendarDay?, _ time: (ClockTime) -> String) -> String {
        let candidates: [Span]
        if let day {
            candidates = spans[day.weekday] ?? []
        } else {
            let all = spans.values.flatMap { $0 }
            let opens = all.map(\.opens).min() ?? ClockTime(minutes: 0)
            candidates = [Span(opens: opens, closes: all.map(\.closes).max() ?? 1_440)]
        }
        return
            candidates
            .map { "from \(time($0.opens)) to \(time(ClockTime(minutes: $0.closes % 1_440)))" }
            .joined(separator: " and ")
    }

    private static func days(_ text: String) throws(OpeningHoursError) -> [Weekday] {
        let ends = text.split(separator: "-").map(String.init)
        guard let first = ends.first, let from = day(first), ends.count <= 2 else {
            throw OpeningHoursError("`\(text)` should be days, such as `mon` or `mon-fri`")
        }
        guard ends.count == 2 else { return [from] }
        guard let to = day(ends[1]) else {
            throw OpeningHoursError("`\(ends[1])` is no day; write mon, tue, wed, thu, fri, sat or sun")
        }
        var days = [from]
        while days.last != to, days.count < 7 { days.append(Weekday.allCases[(days[days.count - 1].rawValue + 1) % 7]) }
        return days
    }

    private static func day(_ name: String) -> Weekday? {
        Weekday.allCases.first { $0.name.lowercased() == name || $0.name.lowercased().prefix(3) == name }
    }

    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, parts[0].count <= 2, parts[1].count == 2, let hour = Int(parts[0]),
            let minute = Int(parts[1]),
            (0...24).contains(hour), (0...59).contains(minute), hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }
}

struct OpeningHoursError: Error, Equatable {
    var message: String
    init(_ message: String) { self.message = message }
}
