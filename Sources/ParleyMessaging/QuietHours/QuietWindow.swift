/// When texts may arrive, by the clock on the recipient's wall: from `start` until before `end`, on some days of the
/// week.
public struct QuietWindow: Equatable, Sendable {
    /// Seconds of the local day: 8:00 is 28 800. `start` is within the window, `end` is not.
    public let start: Int
    public let end: Int
    public let days: Days

    /// Days of the week, as the recipient counts them.
    public struct Days: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let sunday = Days(rawValue: 1)
        public static let monday = Days(rawValue: 2)
        public static let tuesday = Days(rawValue: 4)
        public static let wednesday = Days(rawValue: 8)
        public static let thursday = Days(rawValue: 16)
        public static let friday = Days(rawValue: 32)
        public static let saturday = Days(rawValue: 64)
        public static let all = Days(rawValue: 127)
        public static let weekdays: Days = [.monday, .tuesday, .wednesday, .thursday, .friday]
    }

    /// What is wrong with a window; says nothing of its values.
    public enum Fault: String, Error, Sendable, CaseIterable {
        /// Minutes outside of 0 to 1,440.
        case time = "quiet_hours_time"
        /// It would never be open: it ends before it starts (a window does not cross midnight), or has no days.
        case empty = "quiet_hours_empty"
    }

    static let secondsInDay = 86_400

    /// - Parameters:
    ///   - startMinute: of the local day, 0 to 1,440.
    ///   - endMinute: 1,440 is the end of the day.
    public init(startMinute: Int, endMinute: Int, days: Days = .all) throws(Fault) {
        let minutes = 0...1_440
        guard minutes.contains(startMinute), minutes.contains(endMinute) else { throw .time }
        guard startMinute < endMinute, !days.isDisjoint(with: .all) else { throw .empty }
        self.init(start: startMinute * 60, end: endMinute * 60, days: days)
    }

    private init(start: Int, end: Int, days: Days) {
        self.start = start
        self.end = end
        self.days = days
    }

    /// 8:00 to 21:00 (47 CFR 64.1200(c)(1)).
    public static let standard = QuietWindow(start: 8 * 3_600, end: 21 * 3_600, days: .all)
    /// 8:00 to 20:00: what the stricter of the states allow for advertising.
    public static let marketing = QuietWindow(start: 8 * 3_600, end: 20 * 3_600, days: .all)

    /// The parts of a local day in which one of the windows is open, in order and apart.
    ///
    /// - Parameter day: local days since 1 January 1970, a Thursday.
    /// - Returns: seconds of that day.
    static func hours(_ windows: [QuietWindow], day: Int64) -> [Range<Int64>] {
        let weekday = Int(((day % 7) + 7 + 4) % 7)
        let today = windows.filter { $0.days.contains(Days(rawValue: 1 << weekday)) }
        var hours: [Range<Int64>] = []
        for window in today.sorted(by: { $0.start < $1.start }) {
            if let before = hours.last, Int64(window.start) <= before.upperBound {
                hours[hours.count - 1] = before.lowerBound..<max(before.upperBound, Int64(window.end))
            } else {
                hours.append(Int64(window.start)..<Int64(window.end))
            }
        }
        return hours
    }
}
