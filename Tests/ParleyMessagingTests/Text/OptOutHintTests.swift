import Testing

@testable import ParleyMessaging

@Suite("When the opt-out hint is due")
struct OptOutHintTests {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour
    private let now: Int64 = 1_767_225_600_000

    @Test("In every text, by default's rule")
    func every() {
        #expect(OptOutHint.every.isDue(last: nil, at: now))
        #expect(OptOutHint.every.isDue(last: now, at: now))
    }

    @Test(
        "In the first text and after a month that is never longer than a calendar's",
        arguments: [
            (nil, true), (0, false), (day, false), (27 * day, false), (28 * day - hour - 1, false),
            (28 * day - hour, true), (28 * day, true), (31 * day, true), (-1, true), (Int64.min + 1, true),
        ] as [(Int64?, Bool)])
    func firstAndMonthly(age: Int64?, isDue: Bool) {
        let last = age.map { now &- $0 }
        #expect(OptOutHint.firstAndMonthly.isDue(last: last, at: now) == isDue)
    }

    @Test("No times are too far apart")
    func extremes() {
        #expect(OptOutHint.firstAndMonthly.isDue(last: .min, at: .max))
        #expect(OptOutHint.firstAndMonthly.isDue(last: .max, at: .min))
        #expect(OptOutHint(rawValue: "first_and_monthly") == .firstAndMonthly)
    }

    @Test(
        "A calendar month after the hint it is due again, by the clock on the wall in New York",
        arguments: [
            (1_801_407_600_000, 1_803_826_800_000),  // 31 January to 28 February 2027
            (1_801_494_000_000, 1_803_913_200_000),  // all of February
            (1_802_617_200_000, 1_805_032_800_000),  // the clocks go forward on the last day
            (1_824_991_200_000, 1_827_586_800_000),  // and back
        ] as [(Int64, Int64)])
    func calendarMonths(hint: Int64, month: Int64) {
        #expect(OptOutHint.firstAndMonthly.isDue(last: hint, at: month))
        #expect(!OptOutHint.firstAndMonthly.isDue(last: hint, at: hint + 27 * Self.day))
    }
}
