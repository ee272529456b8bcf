/// Days and times as providers and other servers write them, in UTC. Proleptic Gregorian calendar, counted from 1 March so
/// that the leap day is the last of its year.
package enum CivilTime {
    /// `YYYY-MM-DD` of a time in milliseconds since 1970.
    package static func day(of milliseconds: Int64) -> String {
        let shifted = floor(milliseconds, 86_400_000) + 719_468
        let era = floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        return "\(padded(year, 4))-\(padded(month < 10 ? month + 3 : month - 9, 2))-\(padded(day, 2))"
    }

    /// Seconds since 1970 of an RFC 2822 date (`Sat, 21 Nov 2026 03:50:00 +0000`), which one of HTTP's is with `GMT`. `nil`
    /// for anything else.
    package static func seconds(of text: String) -> Int64? {
        guard text.utf8.count <= 40 else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "+0000" || parts[5] == "GMT", let day = number(parts[1], 1...31),
            let index = months.firstIndex(of: String(parts[2])), let year = number(parts[3], 1_970...9_999)
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = number(clock[2], 0...60)
        else { return nil }
        let month = Int64(index) + 1
        let from = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = from * 365 + from / 4 - from / 100 + from / 400 + dayOfYear - 719_468
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.count <= 4, text.utf8.allSatisfy(\.isDigit), let value = Int64(text) else { return nil }
        return range.contains(value) ? value : nil
    }

    private static func floor(_ value: Int64, _ step: Int64) -> Int64 {
        value % step < 0 ? value / step - 1 : value / step
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
