extension DateLayout {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    func text(of time: CivilTime) -> String {
        var out = ""
        for piece in pieces {
            switch piece {
            case .text(let text): out += text
            case .part(let part): out += Self.text(of: part, in: time)
            case .fraction(let point, let digits, let trims):
                out += Self.fraction(time.nanosecond, point: point, digits: digits, trims: trims)
            }
        }
        return out
    }

    private static func text(of part: Part, in time: CivilTime) -> String {
        let date = time.date
        let hour12 = time.hour % 12 == 0 ? 12 : time.hour % 12
        switch part {
        case .longMonth: return months[date.month - 1]
        case .month: return String(months[date.month - 1].prefix(3))
        case .monthNumber: return String(date.month)
        case .monthTwoDigits: return padded(date.month, 2)
        case .longWeekday: return weekdays[date.weekday]
        case .weekday: return String(weekdays[date.weekday].prefix(3))
        case .day: return String(date.day)
        case .daySpaced: return padded(date.day, 2, with: " ")
        case .dayTwoDigits: return padded(date.day, 2)
        case .dayOfYearSpaced: return padded(date.dayOfYear, 3, with: " ")
        case .dayOfYear: return padded(date.dayOfYear, 3)
        case .hour: return padded(time.hour, 2)
        case .hour12: return String(hour12)
        case .hour12TwoDigits: return padded(hour12, 2)
        case .minute: return String(time.minute)
        case .minuteTwoDigits: return padded(time.minute, 2)
        case .second: return String(time.second)
        case .secondTwoDigits: return padded(time.second, 2)
        case .year: return padded(date.year, 4)
        case .yearTwoDigits: return padded(date.year % 100, 2)
        case .noonUpper: return time.hour < 12 ? "AM" : "PM"
        case .noonLower: return time.hour < 12 ? "am" : "pm"
        // An offset has no name; Go writes its digits then.
        case .zoneName: return time.offsetMinutes == 0 ? "UTC" : zone(time, colon: "")
        case .zuluZone, .zuluZoneColon, .zuluZoneHours, .zuluZoneSeconds, .zuluZoneColonSeconds:
            if time.offsetMinutes == 0 { return "Z" }
            return zone(time, like: part)
        case .zone, .zoneColon, .zoneHours, .zoneSeconds, .zoneColonSeconds: return zone(time, like: part)
        }
    }

    private static func zone(_ time: CivilTime, like part: Part) -> String {
        switch part {
        case .zoneHours, .zuluZoneHours: String(zone(time, colon: "").prefix(3))
        case .zoneColon, .zuluZoneColon: zone(time, colon: ":")
        case .zoneSeconds, .zuluZoneSeconds: zone(time, colon: "") + "00"
        case .zoneColonSeconds, .zuluZoneColonSeconds: zone(time, colon: ":") + ":00"
        default: zone(time, colon: "")
        }
    }

    private static func zone(_ time: CivilTime, colon: String) -> String {
        let minutes = abs(time.offsetMinutes)
        return (time.offsetMinutes < 0 ? "-" : "+") + padded(minutes / 60, 2) + colon + padded(minutes % 60, 2)
    }

    private static func fraction(_ nanosecond: Int, point: String, digits: Int, trims: Bool) -> String {
        var shown = padded(nanosecond, 9)
        shown = String(shown.prefix(digits)) + String(repeating: "0", count: max(0, digits - 9))
        guard trims else { return point + shown }
        while shown.hasSuffix("0") { shown.removeLast() }
        return shown.isEmpty ? "" : point + shown
    }

    private static func padded(_ value: Int, _ width: Int, with pad: String = "0") -> String {
        let digits = String(value)
        return String(repeating: pad, count: max(0, width - digits.count)) + digits
    }
}
