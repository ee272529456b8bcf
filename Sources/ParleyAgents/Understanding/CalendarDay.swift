/// A day of the Gregorian calendar, without a zone. Value range: years 1 to 9999.
struct CalendarDay: Hashable, Comparable, Sendable {
    var year: Int
    /// 1 to 12.
    var month: Int
    /// 1 to 31.
    var day: Int

    /// `nil` where the calendar has no such day.
    init?(year: Int, month: Int, day: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month), day >= 1, day <= Self.length(of: month, in: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1970-01-01. Source: the proleptic Gregorian count by eras of 400 years (146 097 days).
    init(number: Int) {
        let shifted = number + 719_468  // days since 0000-03-01
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153  // 0 is March
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var number: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    var weekday: Weekday {
        let sinceMonday = ((number + 3) % 7 + 7) % 7  // 1970-01-01 was a Thursday
        return Weekday.allCases[sinceMonday]
    }

    /// As in ISO 8601: `2026-11-24`.
    var iso: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

    func adding(days: Int) -> CalendarDay { CalendarDay(number: number + days) }

    /// The same day `months` later; the last of the month where it is shorter.
    func adding(months: Int) -> CalendarDay {
        let count = year * 12 + month - 1 + months
        let (newYear, newMonth) = (count / 12, count % 12 + 1)
        var moved = self
        moved.year = newYear
        moved.month = newMonth
        moved.day = min(day, Self.length(of: newMonth, in: newYear))
        return moved
    }

    static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

enum Weekday: Int, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    var name: String {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][rawValue]
    }
}

/// A time of day, to the minute.
struct ClockTime: Hashable, Comparable, Sendable {
    /// 0 to 1,439.
    var minutes: Int

    init(minutes: Int) { self.minutes = min(max(minutes, 0), 1_439) }
    init(hour: Int, minute: Int) { self.init(minutes: hour * 60 + minute) }

    var hour: Int { minutes / 60 }
    var minute: Int { minutes % 60 }
    /// `15:00`.
    var iso: String { "\(padded(hour, 2)):\(padded(minute, 2))" }

    static func < (left: ClockTime, right: ClockTime) -> Bool { left.minutes < right.minutes }
}

/// A day and a time where the flow is at home.
struct LocalMoment: Equatable, Sendable {
    var day: CalendarDay
    var time: ClockTime

    init(day: CalendarDay, time: ClockTime) {
        self.day = day
        self.time = time
    }

    /// - Parameter seconds: since 1970-01-01 UTC, with the zone's offset added.
    init(localSeconds seconds: Double) {
        // A wall clock beyond the calendar's years is a broken clock, not a reason to trap.
        let bounded = seconds.isFinite ? min(max(seconds, 0), 200_000_000_000) : 0
        let whole = Int(bounded.rounded(.down))
        day = CalendarDay(number: whole / 86_400)
        time = ClockTime(minutes: whole % 86_400 / 60)
    }
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
