/// A settled value.
enum SlotValue: Equatable, Sendable {
    case yesNo(Bool)
    case choice(FlowChoice)
    case day(CalendarDay)
    case time(ClockTime)
    case dayAndTime(CalendarDay, ClockTime)
    case digits(String)
    case phone(String)
    case text(String)

    /// As records and conditions know it: `2026-11-24`, `15:00`, `yes`, a choice's value.
    var iso: String {
        switch self {
        case .yesNo(let value): value ? "yes" : "no"
        case .choice(let choice): choice.value
        case .day(let day): day.iso
        case .time(let time): time.iso
        case .dayAndTime(let day, let time): day.iso + "T" + time.iso
        case .digits(let text), .phone(let text), .text(let text): text
        }
    }

    func formatted(_ format: Template.Format, thisYear: Int) -> String {
        switch (self, format) {
        case (_, .iso): iso
        case (.yesNo, _): iso
        case (.choice(let choice), _): choice.spoken
        case (.day(let day), .spoken): Spoken.day(day, thisYear: thisYear)
        case (.day(let day), .written): Spoken.writtenDay(day, thisYear: thisYear)
        case (.time(let time), .spoken): Spoken.time(time)
        case (.time(let time), .written): Spoken.writtenTime(time)
        case (.dayAndTime(let day, let time), .spoken): "\(Spoken.day(day, thisYear: thisYear)) at \(Spoken.time(time))"
        case (.dayAndTime(let day, let time), .written):
            "\(Spoken.writtenDay(day, thisYear: thisYear)) at \(Spoken.writtenTime(time))"
        case (.digits(let text), .spoken), (.phone(let text), .spoken): Spoken.digits(text)
        case (.digits(let text), .written), (.phone(let text), .written), (.text(let text), _): text
        }
    }

    /// `.date` or `.time` of a value that has both.
    func part(_ name: Substring) -> SlotValue? {
        guard case .dayAndTime(let day, let time) = self else { return nil }
        return name == "date" ? .day(day) : name == "time" ? .time(time) : nil
    }

    /// Names and ISO values to report, in order.
    func settings(slot: String) -> [(String, String)] {
        guard case .dayAndTime(let day, let time) = self else { return [(slot, iso)] }
        return [(slot + ".date", day.iso), (slot + ".time", time.iso), (slot, iso)]
    }
}
