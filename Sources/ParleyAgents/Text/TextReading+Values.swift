import ParleyMessaging

/// What a text settles besides the question that it answers.
extension TextReading {
    enum Outcome: Equatable {
        case nothing
        /// It says what is known already.
        case same
        case changed
        /// A day or time that cannot be had, for this slot.
        case refused(Refusal, slot: String)
    }

    /// Takes every clear value, for questions in any order.
    ///
    /// - Parameters:
    ///   - slot: answered already.
    ///   - isAsked: a lone number is a time.
    mutating func takeValues(from given: Words? = nil, except slot: String? = nil, isAsked: Bool = false) -> Outcome {
        var rest = given ?? words
        var outcome = Outcome.nothing
        var seen: Set<String> = []
        if let slot { seen.insert(slot) }
        // One answer may decide which questions follow.
        while let ask = questions.first(where: { !seen.contains($0.slot) }) {
            seen.insert(ask.slot)
            switch ask.kind {
            case .oneOf(let choices):
                guard let found = ChoicePhrase.find(choices, in: rest, isAsked: false) else { continue }
                rest.drop(found.used)
                note(ask.slot, .choice(choices[found.index]), &outcome)
            case .date, .time, .dateTime: takeDayOrTime(ask, &rest, isAsked, &outcome)
            case .phone(let country, _): takePhone(ask, country, &rest, &outcome)
            case .digits:
                // Figures may be anything, unless a number of theirs was asked to be changed.
                guard isAsked, slots[ask.slot] != nil,
                    case .value(let value, _) = reader.said(ask, rest, "", known: DayAndTime())
                else { continue }
                note(ask.slot, value, &outcome)
            case .yesNo, .freeText: continue
            }
        }
        return outcome
    }

    private mutating func takeDayOrTime(_ ask: AskStep, _ rest: inout Words, _ isAsked: Bool, _ outcome: inout Outcome)
    {
        var isAsked = isAsked
        if case .date = ask.kind, questions.contains(where: \.isClock) { isAsked = false }
        let known = halves[ask.slot] ?? DayAndTime(slots[ask.slot])
        switch reader.dayOrTime(ask, rest, isAsked: isAsked, known: known) {
        case .value(let value, let used):
            rest.drop(used)
            note(ask.slot, value, &outcome)
        case .partial(let half, let used):
            rest.drop(used)
            guard half != known else { return }
            take(half: half, of: ask)
            if outcome == .nothing || outcome == .same { outcome = .changed }
        case .refused(let refusal, let left):
            take(half: left, of: ask)
            if case .refused = outcome { return }
            outcome = .refused(refusal, slot: ask.slot)
        case .nothing: break
        }
    }

    /// A run of figures that is a number by itself: "Tue 3pm, 212 555 0123".
    private mutating func takePhone(
        _ ask: AskStep, _ country: String?, _ rest: inout Words, _ outcome: inout Outcome
    ) {
        var start = 0
        while start < rest.tokens.count {
            var end = start
            while end < rest.tokens.count, NumberWords.isDigits(rest.tokens[end]) { end += 1 }
            let from = start > 0 && rest.tokens[start - 1] == "plus" ? start - 1 : start
            let run = Words(tokens: Array(rest.tokens[from..<end]))
            if run.tokens.joined().count >= 10, let number = PhoneNumber.number(in: run, caller: "", country: country) {
                rest.drop(Set(from..<end))
                note(ask.slot, .phone(number), &outcome)
                return
            }
            start = max(end, start + 1)
        }
    }

    private mutating func note(_ slot: String, _ value: SlotValue, _ outcome: inout Outcome) {
        if slots[slot] == value {
            if outcome == .nothing { outcome = .same }
            return
        }
        fill(slot, value)
        if outcome == .nothing || outcome == .same { outcome = .changed }
    }

    mutating func fill(_ slot: String, _ value: SlotValue) {
        slots[slot] = value
        halves[slot] = nil
        turn.set.append(TextTurn.Setting(slot: slot, value: value.iso))
    }

    /// Half an answer takes the place of a whole one: what was booked is kept by the booking.
    mutating func take(half: DayAndTime, of ask: AskStep) {
        guard case .dateTime = ask.kind, half.day != nil || half.time != nil else { return }
        slots[ask.slot] = nil
        halves[ask.slot] = half
        if let day = half.day { turn.set.append(TextTurn.Setting(slot: ask.slot + ".date", value: day.iso)) }
        if let time = half.time { turn.set.append(TextTurn.Setting(slot: ask.slot + ".time", value: time.iso)) }
    }

    /// Back to values of before.
    mutating func restore(_ values: [String: String]) {
        for (slot, written) in values.sorted(by: { $0.key < $1.key }) where slots[slot]?.iso != written {
            guard let ask = asking(slot), let value = SlotValue(written: written, as: ask) else { continue }
            fill(slot, value)
        }
    }

    func asking(_ slot: String) -> AskStep? { flow.steps.first { $0.ask?.slot == slot }?.ask }
}

extension Words {
    /// These words are understood; the others keep their places.
    mutating func drop(_ used: Set<Int>) {
        for index in used where tokens.indices.contains(index) { tokens[index] = "" }
    }
}

extension AskStep {
    var isYesNo: Bool { if case .yesNo = kind { true } else { false } }
    var isFreeText: Bool { if case .freeText = kind { true } else { false } }
    /// A time of day is among its answer.
    var isClock: Bool {
        switch kind {
        case .time, .dateTime: true
        case .yesNo, .oneOf, .date, .digits, .phone, .freeText: false
        }
    }
}
