import ParleyMessaging

/// `+12.345`: seconds since the call began.
func offset(_ milliseconds: Int) -> String {
    let sign = milliseconds < 0 ? "-" : "+"
    let count = milliseconds.magnitude
    let thousandths = String(count % 1_000)
    return sign + String(count / 1_000) + "." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
}

/// `2026-03-14 15:09:26`, UTC.
///
/// - Parameter time: UTC milliseconds since 1970.
func date(_ time: Int64) -> String {
    let seconds = time >= 0 ? time / 1_000 : (time - 999) / 1_000
    let second = (seconds % 86_400 + 86_400) % 86_400
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(CivilTime.day(of: time)) \(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
}
