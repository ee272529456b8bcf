/// How often a text ends in the opt-out hint.
///
/// Source: CTIA Messaging Principles 2023, section 5.1, and the carriers' codes: in the first text, and at least
/// monthly.
public enum OptOutHint: String, Sendable, CaseIterable {
    case every
    case firstAndMonthly = "first_and_monthly"

    /// February's four weeks, less the hour that summer time takes: no calendar month is shorter, in any zone. In
    /// milliseconds.
    static let month: Int64 = (28 * 24 - 1) * 3_600_000

    /// Whether the text that is being made needs the hint.
    ///
    /// - Parameters:
    ///   - last: when a text with the hint last went from this channel to this number, in UTC milliseconds since 1970;
    ///     `nil` for never. One that is later than `now` counts as never.
    ///   - now: in UTC milliseconds since 1970.
    public func isDue(last: Int64?, at now: Int64) -> Bool {
        guard self == .firstAndMonthly, let last, last <= now else { return true }
        let (age, isTooOld) = now.subtractingReportingOverflow(last)
        return isTooOld || age >= Self.month
    }
}
