import Testing

@testable import ParleyAgents

/// Thursday 19 November 2026, ten past ten in the morning.
private let now = LocalMoment(day: CalendarDay(number: 20_776), time: ClockTime(hour: 10, minute: 10))

private func understood(
    _ text: String, _ wanted: DayAndTime.Wanted, hours: String? = nil, isAsked: Bool = true
) throws -> String {
    let read = DayAndTime.read(
        Words(text), wanted: wanted, now: now, hours: try hours.map { try OpeningHours($0) }, isAsked: isAsked)
    switch read.answer {
    case .nothing: return "-"
    case .conflict(let day, let said): return "\(day.iso) is no \(said.name)"
    case .understood(let heard):
        let parts = [heard.day?.iso, heard.time?.iso].compactMap(\.self)
        return parts.isEmpty ? "part" : parts.joined(separator: " ")
    }
}

@Test("The table's day is a Thursday")
func tableDay() {
    #expect(now.day.iso == "2026-11-19")
    #expect(now.day.weekday == .thursday)
}

@Test(
    "A day and a time, as callers say them",
    arguments: [
        ("Uh, next Tuesday at three in the afternoon please.", "2026-11-24 15:00"),
        ("tuesday 3 pm", "2026-11-24 15:00"),
        ("Tuesday at 3 p.m.", "2026-11-24 15:00"),
        ("Tuesday at 3pm.", "2026-11-24 15:00"),
        ("the twenty fourth", "2026-11-24"),
        ("November 24th at 15:30", "2026-11-24 15:30"),
        ("the 24th of November at half past nine", "2026-11-24 09:30"),
        ("tomorrow morning at ten", "2026-11-20 10:00"),
        ("tomorrow morning", "2026-11-20"),
        ("in two weeks", "2026-12-03"),
        ("Friday the 27th", "2026-11-27"),
        ("Friday the 27th at noon", "2026-11-27 12:00"),
        ("noon on Friday", "2026-11-20 12:00"),
        ("for four", "16:00"),
        ("at four", "16:00"),
        ("Could I come on Wednesday at a quarter to four?", "2026-11-25 15:45"),
        ("Monday at quarter past two", "2026-11-23 14:15"),
        ("Monday morning at nine thirty", "2026-11-23 09:30"),
        ("nine thirty on Monday", "2026-11-23 09:30"),
        ("the day after tomorrow at eleven", "2026-11-21 11:00"),
        ("A week from Tuesday at two o'clock", "2026-12-01 14:00"),
        ("Tuesday week at two", "2026-12-01 14:00"),
        ("a week today at 4 p.m.", "2026-11-26 16:00"),
        ("next week on Monday at 8", "2026-11-23 08:00"),
        ("Monday next week at 8 a.m.", "2026-11-23 08:00"),
        ("Sunday the twenty second of November at five", "2026-11-22 17:00"),
        ("December first at ten twenty", "2026-12-01 10:20"),
        ("the first of December, ten past three", "2026-12-01 15:10"),
        ("On the 3rd of January at 3", "2027-01-03 15:00"),
        ("January 3rd 2027 at 3", "2027-01-03 15:00"),
        ("November twenty fourth, twenty twenty six, at one", "2026-11-24 13:00"),
        ("2026-11-24 15:00", "2026-11-24 15:00"),
        ("11/24 at 3", "2026-11-24 15:00"),
        ("24/11 at 3", "2026-11-24 15:00"),
        ("Friday at twelve", "2026-11-20 12:00"),
        ("Friday at half four", "2026-11-20 16:30"),
        ("This Friday, one thirty", "2026-11-20 13:30"),
        ("this thursday at 3", "2026-11-19 15:00"),
        ("Thursday at 3", "2026-11-26 15:00"),
        ("today at four", "2026-11-19 16:00"),
        ("today at nine", "2026-11-19 21:00"),
        ("Is tonight at eight okay?", "2026-11-19 20:00"),
        ("this afternoon at three", "2026-11-19 15:00"),
        ("in three days at five in the evening", "2026-11-22 17:00"),
        ("three weeks from now at nine in the morning", "2026-12-10 09:00"),
        ("in a fortnight", "2026-12-03"),
        ("in a couple of weeks", "2026-12-03"),
        ("in a month at ten", "2026-12-19 10:00"),
        ("in two hours", "2026-11-19 12:10"),
        ("in half an hour", "2026-11-19 10:40"),
        ("Tuesday at three, no sorry, four", "2026-11-24 16:00"),
        ("Tuesday, no, Wednesday at three", "2026-11-25 15:00"),
        ("Tuesday at three. Actually, make it Wednesday.", "2026-11-25 15:00"),
        ("Let's do Tuesday the 24th, say around 3.", "2026-11-24 15:00"),
        ("How about Tuesday at fifteen hundred", "2026-11-24 15:00"),
        ("Tuesday at 1530", "2026-11-24 15:30"),
        ("Tuesday three oh five", "2026-11-24 15:05"),
        ("Saturday at 10.30", "2026-11-21 10:30"),
        ("Next Thursday at 2:45 PM, please.", "2026-11-26 14:45"),
        ("Friday 28th of November at two", "2026-11-28 is no Friday"),
        ("Friday the 28th", "2026-11-28 is no Friday"),
        ("Good morning, I would like Tuesday at three", "2026-11-24 15:00"),
        ("I'd like to come in on the 30th at 11 a.m.", "2026-11-30 11:00"),
        ("the 15th at two", "2026-12-15 14:00"),
        ("the thirty first at ten", "2026-12-31 10:00"),
        ("29th of February at ten", "2028-02-29 10:00"),
        ("eight o clock on monday", "2026-11-23 08:00"),
        ("twenty to five on Monday", "2026-11-23 16:40"),
        ("five past eleven tomorrow", "2026-11-20 11:05"),
        ("tomorrow at quarter two four", "2026-11-20 15:45"),
        ("quarter of five tomorrow", "2026-11-20 16:45"),
        ("sometime in the morning", "part"),
    ])
func dayAndTime(text: String, expected: String) throws {
    #expect(try understood(text, .both) == expected)
}

@Test(
    "A lone number is a day where a day was asked for, and a time where a time was",
    arguments: [
        ("twenty four", DayAndTime.Wanted.day, "2026-11-24"),
        ("24", .day, "2026-11-24"),
        ("The twenty-fourth.", .day, "2026-11-24"),
        ("the 2nd", .day, "2026-12-02"),
        ("the second", .day, "2026-12-02"),
        ("Mondays are good.", .day, "2026-11-23"),
        ("three", .time, "15:00"),
        ("Three.", .time, "15:00"),
        ("for", .time, "16:00"),
        ("For.", .time, "16:00"),
        ("at for", .time, "16:00"),
        ("for pm", .time, "16:00"),
        ("for thirty", .time, "16:30"),
        ("to", .time, "14:00"),
        ("at to", .time, "14:00"),
        ("to pm", .time, "14:00"),
        ("ate", .time, "08:00"),
        ("ate thirty", .time, "08:30"),
        ("won o'clock", .time, "13:00"),
        ("quarter to for", .time, "15:45"),
        ("half past ate", .time, "08:30"),
        ("quarter to four", .time, "15:45"),
        ("half past nine", .time, "09:30"),
        ("nine thirty", .time, "09:30"),
        ("nine thirty p.m.", .time, "21:30"),
        ("9:30", .time, "09:30"),
        ("twelve noon", .time, "12:00"),
        ("midnight", .time, "00:00"),
        ("twelve at night", .time, "00:00"),
        ("quarter past noon", .time, "12:15"),
        ("quarter to one", .time, "12:45"),
        ("16", .time, "16:00"),
        ("at sixteen", .time, "16:00"),
        ("twenty one thirty", .time, "21:30"),
        ("Three would be great, thank you.", .time, "15:00"),
        ("maybe around three?", .time, "15:00"),
        ("seven in the evening", .time, "19:00"),
        ("oh nine hundred", .time, "09:00"),
    ])
func oneOfTheTwo(text: String, wanted: DayAndTime.Wanted, expected: String) throws {
    #expect(try understood(text, wanted) == expected)
}

@Test(
    "What is no day and no time is not taken for one",
    arguments: [
        "I don't know", "maybe later", "one moment please", "just a second", "What times do you have?", "yes", "no",
        "for two people", "I have three kids", "", "…", "🦷🦷", "that one", "you may", "I sat down", "the first one",
        "two weeks", "I called nine times", "next week", "good afternoon", "I want to book", "it's for my mother",
    ])
func neither(text: String) throws {
    let result = try understood(text, .both)
    #expect(result == "-" || result == "part", "\(text) -> \(result)")
}

@Test(
    "Opening hours settle which nine is meant",
    arguments: [
        ("Friday at nine", "mon-fri 18:00-23:00", "2026-11-20 21:00"),
        ("Friday at nine", "mon-fri 08:00-18:00", "2026-11-20 09:00"),
        ("Friday at seven", "mon-fri 17:00-22:00", "2026-11-20 19:00"),
        ("Friday at six in the morning", "mon-fri 17:00-22:00", "2026-11-20 06:00"),
    ])
func openingHoursDecide(text: String, hours: String, expected: String) throws {
    #expect(try understood(text, .both, hours: hours) == expected)
}

@Test(
    "Where a day or time was not asked for, only a clear one counts",
    arguments: [
        ("a cleaning next Tuesday at three", "2026-11-24 15:00"), ("a check-up for two", "14:00"),
        ("option three", "-"),
        ("three", "-"), ("to", "-"), ("I would like to book a cleaning", "-"),
    ])
func notAsked(text: String, expected: String) throws {
    #expect(try understood(text, .both, isAsked: false) == expected)
}

@Test(
    "Opening hours are written as days and times, or refused",
    arguments: [
        "", "mon", "mon-fri", "mon 9-5", "mon-xyz 09:00-17:00", "mon 17:00-09:00", "mon 09:00-25:00",
    ])
func wrongHours(text: String) {
    #expect(throws: OpeningHoursError.self) { try OpeningHours(text) }
}

@Test("Opening hours hold from the first minute to before the last")
func hoursAreHalfOpen() throws {
    let hours = try OpeningHours("mon-fri 09:00-12:00, mon-fri 13:00-17:00, sat 10:00-13:00")
    let friday = CalendarDay(number: 20_777)
    #expect(hours.isOpen(at: ClockTime(hour: 9, minute: 0), on: friday))
    #expect(!hours.isOpen(at: ClockTime(hour: 12, minute: 0), on: friday))
    #expect(hours.isOpen(at: ClockTime(hour: 16, minute: 59), on: friday))
    #expect(!hours.isOpen(at: ClockTime(hour: 17, minute: 0), on: friday))
    #expect(!hours.isOpen(on: friday.adding(days: 2)))
    #expect(hours.spoken(on: friday) == "from nine a.m. to noon and from one p.m. to five p.m.")
}

@Test("Days are counted as the calendar counts them")
func calendar() {
    var expected = -719_162
    for year in 1...2_400 where year % 7 == 1 || year % 100 == 0 {
        for (month, day) in [(1, 1), (2, 28), (3, 1), (12, 31)] {
            guard let date = CalendarDay(year: year, month: month, day: day) else { continue }
            #expect(CalendarDay(number: date.number) == date)
            #expect(date.number >= expected)
            expected = date.number
        }
    }
    #expect(CalendarDay(year: 2026, month: 2, day: 29) == nil)
    #expect(CalendarDay(number: 0).iso == "1970-01-01")
    #expect(CalendarDay(number: 0).weekday == .thursday)
    #expect(CalendarDay(number: 20_776).adding(months: 3).iso == "2027-02-19")
}
