/// A day of the Gregorian calendar, reckoned backwards too. Years 1 to 9999.
struct CivilDate: Equatable, Sendable {
    let year: Int
    /// 1 to 12.
    let month: Int
    /// 1 to 31.
    let day: Int

    private static let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// `nil` where the calendar has no such day.
    init?(year: Int, month: Int, day: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let leapDay = month == 2 && Self.isLeap(year) ? 1 : 0
        guard day <= Self.monthLengths[month - 1] + leapDay else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// - Parameter number: days since 1970-01-01.
    init?(number: Int) {
        guard (Self.first...Self.last).contains(number) else { return nil }
        // From 1 January of the year 1: 400, 100 and 4 years, then single ones, each with its days.
        var rest = number - Self.first
        var years = 400 * (rest / 146_097)
        rest %= 146_097
        // The last day of a cycle belongs to its fourth century, as the last of four years to the fourth.
        let centuries = min(3, rest / 36_524)
        rest -= centuries * 36_524
        years += 100 * centuries + 4 * (rest / 1_461)
        rest %= 1_461
        let single = min(3, rest / 365)
        rest -= single * 365
        years += single
        let year = years + 1
        for (index, length) in Self.monthLengths.enumerated() {
            let days = index == 1 && Self.isLeap(year) ? length + 1 : length
            guard rest >= days else {
                self.init(year: year, month: index + 1, day: rest + 1)
                return
            }
            rest -= days
        }
        return nil
    }

    /// 0001-01-01 and 9999-12-31 in days since 1970-01-01.
    private static let first = -719_162
    private static let last = 2_932_896

    /// Days since 1970-01-01.
    var number: Int {
        let before = year - 1
        return Self.first + before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear - 1
    }

    /// 1 to 366.
    var dayOfYear: Int {
        let leapDay = month > 2 && Self.isLeap(year) ? 1 : 0
        return Self.monthLengths.prefix(month - 1).reduce(0, +) + leapDay + day
    }

    /// 0 is Sunday.
    var weekday: Int { (number - Self.first + 1) % 7 }  // 0001-01-01 was a Monday

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
