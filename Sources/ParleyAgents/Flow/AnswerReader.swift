/// What words and keys mean as the answer to a question. Knows when it is, and nothing of the conversation.
struct AnswerReader: Sendable {
    /// Where the flow is at home.
    let now: LocalMoment
    /// E.164, for "this number"; may be empty.
    let caller: String

    enum Understanding {
        case value(SlotValue, used: Set<Int>)
        /// A day without its time, or the other way round.
        case partial(DayAndTime, used: Set<Int>)
        /// With what stays of the answer.
        case refused(Refusal, DayAndTime)
        case nothing
    }

    func keyed(_ ask: AskStep, _ keys: String) -> Understanding {
        switch ask.kind {
        case .yesNo:
            return keys == "1"
                ? .value(.yesNo(true), used: []) : keys == "2" ? .value(.yesNo(false), used: []) : .nothing
        case .oneOf(let choices):
            return ChoicePhrase.byKey(choices, keys).map { .value(.choice(choices[$0]), used: []) } ?? .nothing
        case .digits(let length):
            let digits = keys.last == "#" ? String(keys.dropLast()) : keys
            return NumberWords.isDigits(digits) && length.contains(digits.count)
                ? .value(.digits(digits), used: []) : .nothing
        case .phone(let country, _):
            return PhoneNumber.number(keyed: keys, country: country).map { .value(.phone($0), used: []) } ?? .nothing
        case .date, .time, .dateTime, .freeText: return .nothing
        }
    }

    /// - Parameters:
    ///   - raw: the words as they came, for free text.
    ///   - known: half of the answer, from before.
    func said(_ ask: AskStep, _ words: Words, _ raw: String, known: DayAndTime) -> Understanding {
        let everything = Set(words.tokens.indices)
        switch ask.kind {
        case .yesNo:
            switch YesNo(words) {
            case .yes, .weakYes: return .value(.yesNo(true), used: [])
            case .no: return .value(.yesNo(false), used: [])
            case .unclear: return .nothing
            }
        case .oneOf(let choices):
            guard let found = ChoicePhrase.find(choices, in: words, isAsked: true) else { return .nothing }
            return .value(.choice(choices[found.index]), used: found.used)
        case .digits(let length):
            if let tail = words.corrected, case let digits = DigitString.digits(in: tail), length.contains(digits.count)
            {
                return .value(.digits(digits), used: everything)
            }
            let digits = DigitString.digits(in: words)
            return length.contains(digits.count) ? .value(.digits(digits), used: everything) : .nothing
        case .phone(let country, _):
            return PhoneNumber.number(in: words, caller: caller, country: country).map {
                .value(.phone($0), used: everything)
            }
                ?? .nothing
        case .freeText: return FreeText.text(in: raw).map { .value(.text($0), used: everything) } ?? .nothing
        case .date, .time, .dateTime:
            return dayOrTime(ask, words, isAsked: true, known: known)
        }
    }

    // MARK: days and times

    func dayOrTime(_ ask: AskStep, _ words: Words, isAsked: Bool, known: DayAndTime) -> Understanding {
        let wanted: DayAndTime.Wanted =
            switch ask.kind {
            case .date: .day
            case .time: .time
            default: .both
            }
        let read = DayAndTime.read(words, wanted: wanted, known: known, now: now, hours: ask.hours, isAsked: isAsked)
        switch read.answer {
        case .nothing: return .nothing
        case .conflict(let day, let said):
            return .refused(
                .otherWeekday(day, said: said), DayAndTime(day: nil, time: known.time, part: known.part))
        case .understood(let heard):
            if let refusal = refusal(heard, ask) { return .refused(refusal.why, refusal.left) }
            switch (ask.kind, heard.day, heard.time) {
            case (.date, let day?, _): return .value(.day(day), used: read.used)
            case (.time, _, let time?): return .value(.time(time), used: read.used)
            case (.dateTime, let day?, let time?): return .value(.dayAndTime(day, time), used: read.used)
            default: return .partial(heard, used: read.used)
            }
        }
    }

    /// Why a day or time cannot be had, and what stays of it.
    func refusal(_ heard: DayAndTime, _ ask: AskStep) -> (why: Refusal, left: DayAndTime)? {
        let withoutDay = DayAndTime(day: nil, time: heard.time, part: heard.part)
        let withoutTime = DayAndTime(day: heard.day, time: nil, part: nil)
        if let day = heard.day {
            if day < now.day { return (.dayPassed, withoutDay) }
            if let hours = ask.hours, !hours.isOpen(on: day) { return (.closed(day.weekday), withoutDay) }
        }
        guard let time = heard.time else { return nil }
        if let day = heard.day, day == now.day, time <= now.time { return (.timePassed, withoutTime) }
        if let hours = ask.hours, !hours.isOpen(at: time, on: heard.day) {
            return (.outside(hours, on: heard.day), withoutTime)
        }
        return nil
    }
}
