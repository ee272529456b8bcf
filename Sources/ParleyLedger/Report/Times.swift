/// `+12.345`: seconds since the call began.
func offset(_ milliseconds: Int) -> String {
    let sign = milliseconds < 0 ? "-" : "+"
    let count = milliseconds.magnitude
    let thousandths = String(count % 1_000)
    return sign + String(count / 1_000) + "." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
}

/// `2026-03-14 15:09:26`, UTC.
///
/// - Parameter time: UTC milliseconds since 1970. Source of the calendar arithmetic: days counted from 1 March, so that
///   the leap day is a year's last.
func date(_ time: Int64) -> String {
    let seconds = time >= 0 ? time / 1_000 : (time - 999) / 1_000
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = seconds - days * 86_400
    let shifted = days + 719_468  // days since 1 March of year 0
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(year)-\(two(month))-\(two(day)) \(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
}
