import Testing

@testable import ParleyMessaging

/// The clocks of the tests, by the dates on which the law of each place moves them: no zone database.
struct WallClock: Sendable, CustomTestStringConvertible {
    let name: String
    /// Minutes east of UTC without and with daylight-saving time.
    let standard: Int
    let summer: Int
    let summers: [Range<Int64>]

    /// - Parameter summers: when summer time begins and ends, `2026-03-08T10:00` UTC.
    init(name: String, standard: Int, summer: Int, summers: [(String, String)]) {
        self.name = name
        self.standard = standard
        self.summer = summer
        self.summers = summers.map { UTC($0.0).second..<UTC($0.1).second }
    }

    var testDescription: String { name }

    func minutes(atUTC second: Int64) -> Int {
        summers.contains { $0.contains(second) } ? summer : standard
    }

    var zone: Zone { Zone(name) { minutes(atUTC: $0) * 60 } }

    /// The second Sunday of March to the first of November, 2:00 by the local clock (15 U.S.C. 260a).
    private static func american(_ name: String, _ standard: Int) -> WallClock {
        func at(_ date: String, _ localMinutes: Int) -> String { UTC(date + "T00:00").plus(localMinutes).text }
        return WallClock(
            name: name, standard: standard, summer: standard + 60,
            summers: [
                (at("2026-03-08", 120 - standard), at("2026-11-01", 60 - standard)),
                (at("2027-03-14", 120 - standard), at("2027-11-07", 60 - standard)),
            ])
    }

    /// The last Sunday of March to the last of October, 1:00 UTC (Directive 2000/84/EC).
    private static let european = [
        ("2026-03-29T01:00", "2026-10-25T01:00"), ("2027-03-28T01:00", "2027-10-31T01:00"),
    ]

    static let newYork = american("America/New_York", -300)
    static let chicago = american("America/Chicago", -360)
    static let losAngeles = american("America/Los_Angeles", -480)
    static let phoenix = WallClock(name: "America/Phoenix", standard: -420, summer: -420, summers: [])

    static let all = [
        newYork, chicago, american("America/Denver", -420), phoenix, losAngeles, american("America/Anchorage", -540),
        WallClock(name: "Pacific/Honolulu", standard: -600, summer: -600, summers: []),
        WallClock(name: "America/Puerto_Rico", standard: -240, summer: -240, summers: []),
        WallClock(name: "Europe/London", standard: 0, summer: 60, summers: european),
        WallClock(name: "Europe/Berlin", standard: 60, summer: 120, summers: european),
        // The first Sunday of October to the first of April, 2:00 standard time (Standard Time Act 1987, NSW).
        WallClock(
            name: "Australia/Sydney", standard: 600, summer: 660,
            summers: [
                ("2025-10-04T16:00", "2026-04-04T16:00"), ("2026-10-03T16:00", "2027-04-03T16:00"),
                ("2027-10-02T16:00", "2028-04-01T16:00"),
            ]),
        WallClock(name: "Asia/Kolkata", standard: 330, summer: 330, summers: []),
        WallClock(name: "Asia/Kathmandu", standard: 345, summer: 345, summers: []),
    ]

    /// The days on which one of them moves, and an ordinary one.
    static let days = [
        "2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07", "2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31",
        "2026-04-04", "2026-04-05", "2026-10-03", "2026-10-04", "2027-04-03", "2027-10-02", "2026-06-17",
    ]
}

/// `2026-03-08T10:00` or `2026-03-08T10:00:30` as seconds since 1970.
struct UTC {
    let second: Int64

    init(_ text: String) {
        let parts = text.split { "-T:".contains($0) }.compactMap { Int64($0) }
        var days: Int64 = 0
        for year in 1970..<parts[0] { days += Self.isLeap(year) ? 366 : 365 }
        for month in 1..<parts[1] { days += Self.length(of: month, in: parts[0]) }
        let time = parts.count > 3 ? parts[3] * 3_600 + parts[4] * 60 + (parts.count > 5 ? parts[5] : 0) : 0
        second = (days + parts[2] - 1) * 86_400 + time
    }

    private init(second: Int64) { self.second = second }

    var millisecond: Int64 { second * 1_000 }
    func plus(_ minutes: Int) -> UTC { UTC(second: second + Int64(minutes) * 60) }

    /// To the minute.
    var text: String {
        var days = second / 86_400
        var year: Int64 = 1970
        while days >= (Self.isLeap(year) ? 366 : 365) {
            days -= Self.isLeap(year) ? 366 : 365
            year += 1
        }
        var month: Int64 = 1
        while days >= Self.length(of: month, in: year) {
            days -= Self.length(of: month, in: year)
            month += 1
        }
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = second % 86_400
        return "\(year)-\(two(month))-\(two(days + 1))T\(two(clock / 3_600)):\(two(clock % 3_600 / 60))"
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    private static func length(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
