import ParleyMessaging

/// Written values of a thread as answers to this flow's questions. What does not fit a question (another kind, a choice
/// that is gone, a day that has passed, an hour that is closed) is left out, so that it is asked.
struct KnownValues: Equatable, Sendable {
    private(set) var slots: [String: SlotValue] = [:]
    /// Halves of days and times.
    private(set) var halves: [String: DayAndTime] = [:]

    /// - Parameter booking: where its day has passed, its values are those of another time: they are not taken over.
    init(_ known: [String: String], booking: Booking, flow: Flow, now: LocalMoment) {
        let hasPassed = booking.hasPassed(in: flow, at: now)
        let reader = AnswerReader(now: now, caller: "")
        for step in flow.steps {
            guard let ask = step.ask, slots[ask.slot] == nil, halves[ask.slot] == nil else { continue }
            if let written = known[ask.slot] {
                if hasPassed, booking.values[ask.slot] == written { continue }
                if let value = SlotValue(written: written, as: ask),
                    reader.refusal(DayAndTime(value), ask) == nil
                {
                    slots[ask.slot] = value
                }
                continue
            }
            guard case .dateTime = ask.kind else { continue }
            let half = DayAndTime(
                day: known[ask.slot + ".date"].flatMap(CalendarDay.init(iso:)),
                time: known[ask.slot + ".time"].flatMap(ClockTime.init(iso:)))
            if half != DayAndTime(), reader.refusal(half, ask) == nil { halves[ask.slot] = half }
        }
    }
}

extension Booking {
    /// What was agreed on was to be before now.
    func hasPassed(in flow: Flow, at now: LocalMoment) -> Bool {
        guard status == .confirmed || status == .changeRequested else { return false }
        return flow.steps.contains { step in
            guard let ask = step.ask, let written = agreed[ask.slot] else { return false }
            switch SlotValue(written: written, as: ask) {
            case .day(let day): return day < now.day
            case .dayAndTime(let day, let time): return (day, time) < (now.day, now.time)
            default: return false
            }
        }
    }
}

extension SlotValue {
    /// Reads what `iso` writes; `nil` where it is no answer to this question.
    init?(written: String, as ask: AskStep) {
        switch ask.kind {
        case .yesNo:
            guard written == "yes" || written == "no" else { return nil }
            self = .yesNo(written == "yes")
        case .oneOf(let choices):
            guard let choice = choices.first(where: { $0.value == written }) else { return nil }
            self = .choice(choice)
        case .date:
            guard let day = CalendarDay(iso: written) else { return nil }
            self = .day(day)
        case .time:
            guard let time = ClockTime(iso: written) else { return nil }
            self = .time(time)
        case .dateTime:
            let halves = written.split(separator: "T", omittingEmptySubsequences: false)
            guard halves.count == 2, let day = CalendarDay(iso: String(halves[0])),
                let time = ClockTime(iso: String(halves[1]))
            else { return nil }
            self = .dayAndTime(day, time)
        case .digits(let length):
            guard NumberWords.isDigits(written), length.contains(written.count) else { return nil }
            self = .digits(written)
        case .phone:
            let digits = written.hasPrefix("+") ? String(written.dropFirst()) : written
            guard NumberWords.isDigits(digits), (7...15).contains(digits.count) else { return nil }
            self = .phone(written)
        case .freeText:
            guard let text = FreeText.text(in: written) else { return nil }
            self = .text(text)
        }
    }
}

extension DayAndTime {
    /// The day and time of a settled value; empty for other kinds.
    init(_ value: SlotValue?) {
        self.init()
        switch value {
        case .day(let day): self.day = day
        case .time(let time): self.time = time
        case .dayAndTime(let day, let time): (self.day, self.time) = (day, time)
        default: break
        }
    }
}

extension CalendarDay {
    /// `2026-11-24`, exactly.
    init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ NumberWords.isDigits(String($0)) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}

extension ClockTime {
    /// `15:00`, exactly.
    init?(iso text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 2], parts.allSatisfy({ NumberWords.isDigits(String($0)) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour <= 23, minute <= 59
        else { return nil }
        self.init(hour: hour, minute: minute)
    }
}
