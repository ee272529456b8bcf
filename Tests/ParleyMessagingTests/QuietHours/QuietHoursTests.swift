import Testing

@testable import ParleyMessaging

@Suite("Quiet hours")
struct QuietHoursTests {
    private let hours = QuietHours()

    private func decide(
        _ time: String, _ clocks: [WallClock], hours: QuietHours = .init(), places: [String] = [],
        purpose: ConsentPurpose = .informational, isInCallRequest: Bool = false
    ) -> String {
        answer(
            hours.decide(
                at: UTC(time).millisecond, zones: clocks.map(\.zone), places: places, purpose: purpose,
                isInCallRequest: isInCallRequest))
    }

    private func answer(_ decision: QuietHours.Decision) -> String {
        switch decision {
        case .open: "open"
        case .closed(nil): "never"
        case .closed(let opensAt?): "opens " + UTC("1970-01-01").plus(Int(opensAt / 60_000)).text
        }
    }

    /// By the clock on the wall alone.
    private func isOpen(_ clock: WallClock, _ second: Int64, until end: Int) -> Bool {
        let minute = (Int(second / 60) + clock.minutes(atUTC: second)) % 1_440
        return minute >= 480 && minute < end
    }

    @Test(
        "Each half hour of each day on which a clock moves: open by the clock on the wall, or until it is",
        arguments: WallClock.all)
    func table(clock: WallClock) throws {
        let known = try #require(ZoneOffsets.zone(named: clock.name))
        for (purpose, end) in [(ConsentPurpose.informational, 1_260), (.marketing, 1_200)] {
            for day in WallClock.days {
                for halfHour in 0..<48 {
                    let now = UTC(day + "T00:00").plus(halfHour * 30).second
                    #expect(known.offset(atUTC: now) == clock.minutes(atUTC: now) * 60)
                    var expected = QuietHours.Decision.open
                    if !isOpen(clock, now, until: end) {
                        let quarters = (1...192).lazy.map { now + $0 * 900 }
                        expected = .closed(opensAt: quarters.first { isOpen(clock, $0, until: end) }.map { $0 * 1_000 })
                    }
                    for zone in [clock.zone, known] {
                        let decision = hours.decide(
                            at: now * 1_000, zones: [zone], purpose: purpose, isInCallRequest: false)
                        #expect(decision == expected, "\(clock.name) \(day) half hour \(halfHour) \(purpose)")
                    }
                }
            }
        }
    }

    @Test("A day drawn, one column half an hour of UTC: New York, then New York and Los Angeles together")
    func picture() {
        // '#': open.
        let drawn: [(String, [WallClock], String)] = [
            ("2026-03-07", [.newYork], "####......................######################"),
            ("2026-03-08", [.newYork], "####....................########################"),
            ("2026-03-09", [.newYork], "##......................########################"),
            ("2026-11-01", [.newYork], "##........................######################"),
            ("2026-11-02", [.newYork], "####......................######################"),
            ("2026-06-17", [.newYork, .losAngeles], "##............................##################"),
        ]
        for (day, clocks, picture) in drawn {
            let row = (0..<48).map { column in
                decide(UTC(day + "T00:00").plus(column * 30).text, clocks) == "open" ? "#" : "."
            }
            #expect(row.joined() == picture, "\(day)")
        }
    }

    @Test("The first instant of the window is open, the last is not; between two seconds nothing changes")
    func edges() {
        let eight = UTC("2026-06-17T12:00").millisecond
        let nine = UTC("2026-06-18T01:00").millisecond
        let cases: [(Int64, QuietHours.Decision)] = [
            (eight - 1, .closed(opensAt: eight)), (eight, .open), (nine - 1, .open),
            (nine, .closed(opensAt: eight + 86_400_000)), (nine + 1, .closed(opensAt: eight + 86_400_000)),
        ]
        for (now, expected) in cases {
            let decision = hours.decide(
                at: now, zones: [WallClock.newYork.zone], purpose: .informational, isInCallRequest: false)
            #expect(decision == expected)
        }
        // Before 1970, too: 8:00 in Perth is midnight of UTC.
        let decision = hours.decide(
            at: -1, zones: [Zone("Australia/Perth") { _ in 28_800 }], purpose: .informational, isInCallRequest: false)
        #expect(decision == .closed(opensAt: 0))
    }

    @Test("Where a window would open in the hour that is skipped, it opens when the clock has jumped")
    func gap() throws {
        // 8 March 2026, 07:00 UTC: 2:00 becomes 3:00.
        for (start, expected) in [(119, "06:59"), (120, "07:00"), (150, "07:00"), (180, "07:00"), (181, "07:01")] {
            let hours = QuietHours(window: try QuietWindow(startMinute: start, endMinute: 1_260))
            #expect(decide("2026-03-08T05:00", [.newYork], hours: hours) == "opens 2026-03-08T" + expected)
        }
        // A window that lies in the skipped hour is not open that day.
        let skipped = QuietHours(window: try QuietWindow(startMinute: 121, endMinute: 179))
        #expect(decide("2026-03-08T05:00", [.newYork], hours: skipped) == "opens 2026-03-09T06:01")
    }

    @Test("Where the clock goes back over a window, it is open twice")
    func fold() throws {
        // 1 November 2026, 06:00 UTC: 2:00 becomes 1:00.
        let hours = QuietHours(window: try QuietWindow(startMinute: 90, endMinute: 120))
        let cases = [
            ("04:00", "opens 2026-11-01T05:30"), ("05:30", "open"), ("05:59:59", "open"),
            ("06:00", "opens 2026-11-01T06:30"), ("06:30", "open"), ("07:00", "opens 2026-11-02T06:30"),
        ]
        for (time, expected) in cases {
            #expect(decide("2026-11-01T" + time, [.newYork], hours: hours) == expected)
        }
    }

    @Test("A change of the clock at any second is found to the second")
    func exact() {
        // Some minutes before the window opens the clock jumps by ten, at whatever second.
        for (second, jump) in (0..<128).flatMap({ [($0, 600), ($0, -600)] }) {
            let change = UTC("2026-06-17T07:53:17").second + Int64(second)
            let zone = Zone("Test/Odd") { $0 < change ? 0 : jump }
            let decision = hours.decide(
                at: UTC("2026-06-17T02:00").millisecond, zones: [zone], purpose: .informational, isInCallRequest: false)
            let opensAt = jump > 0 ? change : UTC("2026-06-17T08:10").second
            #expect(decision == .closed(opensAt: opensAt * 1_000))
        }
    }

    @Test("A number that may be in two zones waits for the later morning and stops at the earlier evening")
    func spanning() throws {
        let florida = try #require(NumberingPlan.standard.region(of: PhoneNumber("+18505550123")))
        let cases = [
            ("2026-06-17T12:59", "opens 2026-06-17T13:00"), ("2026-06-17T13:00", "open"),
            ("2026-06-18T00:59", "open"), ("2026-06-18T01:00", "opens 2026-06-18T13:00"),
        ]
        for (time, expected) in cases {
            let decision = hours.decide(
                at: UTC(time).millisecond, region: florida, purpose: .informational, isInCallRequest: false,
                zoneNamed: ZoneOffsets.zone(named:))
            #expect(answer(decision) == expected)
        }
        // Phoenix alone: three hours behind New York in summer, two in winter.
        #expect(decide("2026-06-17T14:00", [.newYork, .phoenix]) == "opens 2026-06-17T15:00")
        #expect(decide("2026-01-14T14:00", [.newYork, .phoenix]) == "opens 2026-01-14T15:00")
        #expect(decide("2026-06-18T01:00", [.newYork, .phoenix]) == "opens 2026-06-18T15:00")
    }

    @Test("Russia is open for three hours a day, from Kaliningrad's morning to Kamchatka's evening")
    func wideCountry() throws {
        let russia = try #require(NumberingPlan.standard.region(of: PhoneNumber("+79161234567")))
        for (time, expected) in [
            ("05:59", "opens 2026-06-17T06:00"), ("06:00", "open"), ("08:59", "open"),
            ("09:00", "opens 2026-06-18T06:00"),
        ] {
            let decision = hours.decide(
                at: UTC("2026-06-17T" + time).millisecond, region: russia, purpose: .informational,
                isInCallRequest: false, zoneNamed: ZoneOffsets.zone(named:))
            #expect(answer(decision) == expected)
        }
    }

    @Test("Zones that are never open together have no instant; those that barely are, do")
    func opposite() {
        let here = WallClock(name: "Test/Here", standard: 0, summer: 0, summers: [])
        let there = WallClock(name: "Test/There", standard: 720, summer: 720, summers: [])
        #expect(decide("2026-06-17T00:00", [here, there]) == "opens 2026-06-17T08:00")
        #expect(decide("2026-06-17T09:00", [here, there]) == "opens 2026-06-17T20:00")
        #expect(decide("2026-06-17T08:30", [here, there], purpose: .marketing) == "never")
    }

    @Test("What is not known is closed: no region, no zone, a zone that this machine does not know")
    func unknown() throws {
        let noon = UTC("2026-06-17T16:00").millisecond
        let odd = NumberRegion(countries: ["US"], zones: ["America/New_York", "Mars/Olympus_Mons"])
        for region in [nil, odd, NumberRegion(countries: ["US"], zones: [])] {
            let decision = hours.decide(
                at: noon, region: region, purpose: .informational, isInCallRequest: false,
                zoneNamed: ZoneOffsets.zone(named:))
            #expect(decision == .closed(opensAt: nil))
        }
        for name in ["", "EST", "GMT+5", "UTC", "Mars/Olympus_Mons", "../etc/passwd", "America/"] {
            #expect(ZoneOffsets.zone(named: name) == nil)
        }
        let unassigned = try PhoneNumber("+12995550123")
        #expect(NumberingPlan.standard.region(of: unassigned) == nil)
    }

    @Test("Times and clocks beyond belief are closed, and cost nothing")
    func hostile() {
        let noon = UTC("2026-06-17T16:00").millisecond
        for now in [Int64.min, -1, 0, Int64.max, Int64.max - 1] {
            _ = hours.decide(
                at: now, zones: [WallClock.newYork.zone], purpose: .informational, isInCallRequest: false)
        }
        for now in [Int64.min, Int64.max] {
            let decision = hours.decide(
                at: now, zones: [WallClock.newYork.zone], purpose: .informational, isInCallRequest: false)
            #expect(decision == .closed(opensAt: nil))
        }
        let clocks = [
            Zone("Test/Far") { _ in .max }, Zone("Test/Near") { _ in .min }, Zone("Test/Wild") { Int($0 / 3_600 % 2) },
        ]
        for zone in clocks {
            let decision = hours.decide(at: noon, zones: [zone], purpose: .informational, isInCallRequest: false)
            #expect(decision == .closed(opensAt: nil))
        }
        let many = Array(repeating: WallClock.newYork.zone, count: QuietHours.maxZones + 1)
        #expect(
            hours.decide(at: noon, zones: many, purpose: .informational, isInCallRequest: false)
                == .closed(opensAt: nil))
    }

    @Test("A text asked for in the call goes at midnight, unless that is switched off; marketing does not")
    func inCall() {
        let midnight = "2026-06-17T04:00"
        for purpose in [ConsentPurpose.transactionalInCall, .informational] {
            #expect(decide(midnight, [.newYork], purpose: purpose, isInCallRequest: true) == "open")
            #expect(decide(midnight, [], purpose: purpose, isInCallRequest: true) == "open")
        }
        #expect(decide(midnight, [.newYork], purpose: .marketing, isInCallRequest: true) == "opens 2026-06-17T12:00")
        let strict = QuietHours(isInCallExempt: false)
        #expect(
            decide(midnight, [.newYork], hours: strict, purpose: .transactionalInCall, isInCallRequest: true)
                == "opens 2026-06-17T12:00")
    }

    @Test("A place's own windows narrow the hours of its numbers, and widen none")
    func regional() throws {
        let hours = QuietHours(regional: [
            .init(
                place: "US-TX",
                windows: [
                    try QuietWindow(startMinute: 540, endMinute: 1_260, days: [.weekdays, .saturday]),
                    try QuietWindow(startMinute: 720, endMinute: 1_260, days: .sunday),
                ]),
            .init(
                place: "US-FL", windows: [try QuietWindow(startMinute: 0, endMinute: 1_200)], isForMarketingOnly: true),
            .init(place: "DE", windows: [try QuietWindow(startMinute: 480, endMinute: 1_200, days: .weekdays)]),
        ])
        let cases: [(String, WallClock, [String], ConsentPurpose, String)] = [
            ("2026-06-19T13:30", .chicago, ["US", "US-TX"], .informational, "opens 2026-06-19T14:00"),  // a Friday
            ("2026-06-21T14:30", .chicago, ["US", "US-TX"], .informational, "opens 2026-06-21T17:00"),
            ("2026-06-21T17:00", .chicago, ["US", "US-TX"], .informational, "open"),
            ("2026-06-21T14:30", .chicago, ["US", "US-IL"], .informational, "open"),
            ("2026-06-17T10:00", .newYork, ["US", "US-FL"], .informational, "opens 2026-06-17T12:00"),
            ("2026-06-18T00:30", .newYork, ["US", "US-FL"], .informational, "open"),
            ("2026-06-18T00:30", .newYork, ["US", "US-FL"], .marketing, "opens 2026-06-18T12:00"),
            ("2026-06-20T12:00", .all[9], ["DE"], .informational, "opens 2026-06-22T06:00"),  // a Saturday
            ("2026-06-19T19:00", .all[9], ["DE"], .informational, "never"),  // Monday is more than two days away
        ]
        for (time, clock, places, purpose, expected) in cases {
            #expect(decide(time, [clock], hours: hours, places: places, purpose: purpose) == expected)
        }
    }

    @Test("A window that could never be open is not made")
    func windows() throws {
        for (start, end, days, fault) in [
            (-1, 60, QuietWindow.Days.all, QuietWindow.Fault.time), (0, 1_441, .all, .time), (.min, .max, .all, .time),
            (60, 60, .all, .empty), (1_260, 480, .all, .empty), (480, 1_260, [], .empty),
            (480, 1_260, .init(rawValue: 128), .empty),
        ] {
            #expect(throws: fault) { try QuietWindow(startMinute: start, endMinute: end, days: days) }
        }
        #expect(try QuietWindow(startMinute: 480, endMinute: 1_260) == .standard)
        #expect(try QuietWindow(startMinute: 480, endMinute: 1_200) == .marketing)
    }
}
