import ParleyMessaging

/// One inbound text, while it is made into a turn.
struct TextReading {
    let flow: Flow
    let thread: ConversationThread
    let text: String
    let words: Words
    let now: LocalMoment
    let milliseconds: Int64
    var slots: [String: SlotValue]
    var halves: [String: DayAndTime]
    /// As it stands; one whose day has passed is none.
    let booking: Booking
    var turn = TextTurn()

    init(flow: Flow, thread: ConversationThread, text: String, at now: LocalMoment, milliseconds: Int64) {
        self.flow = flow
        self.thread = thread
        self.text = text
        self.now = now
        self.milliseconds = milliseconds
        words = TextWords.words(text)
        let known = KnownValues(thread.known, booking: thread.booking, flow: flow, now: now)
        slots = known.slots
        halves = known.halves
        turn.bookingPassed = thread.booking.hasPassed(in: flow, at: now)
        booking = turn.bookingPassed ? .none : thread.booking
        guard booking.status == .cancelRequested else { return }
        // Another day takes the request back: the rest of the booking stays as it was.
        for (slot, value) in KnownValues(booking.standing, booking: .none, flow: flow, now: now).slots
        where slots[slot] == nil && halves[slot] == nil {
            slots[slot] = value
        }
    }

    var reader: AnswerReader { AnswerReader(now: now, caller: thread.number) }
    var questions: [AskStep] { flow.questions(knowing: slots, booking: booking) }
    /// The next question that nothing has answered.
    var unanswered: AskStep? { questions.first { slots[$0.slot] == nil } }

    /// A question about a slot that the flow no longer has, or an answer that nobody can give, is none.
    var subject: OpenQuestion.Subject? {
        switch thread.question?.subject {
        case .slot(let slot)? where asking(slot) == nil: nil
        case .confirmation? where !booking.awaitsYes: nil
        case let subject?: subject
        case nil: booking.awaitsYes ? .confirmation : nil
        }
    }

    mutating func converse() {
        let subject = subject
        guard !questions.isEmpty else {
            callPerson()
            return
        }
        if case .slot(let slot)? = subject, let ask = asking(slot) {
            if ask.isFreeText, take(aside: Aside(words, isFreeText: true)) { return }
            answer(ask)
            return
        }
        if TextWords.isThanks(words) { return }
        if take(aside: Aside(words)) { return }
        let answer = YesNo(words)
        let isNumber = words.bare.count == 1 && NumberWords.isNumber(words.bare, at: 0)
        let outcome = takeValues(isAsked: subject == .change || answer == .no || isNumber)
        switch outcome {
        case .changed: goOn()
        case .refused: finish(outcome)
        case .same, .nothing:
            switch subject {
            case .confirmation: confirm(answer, isRepeated: outcome == .same)
            case .change: change(answer)
            case .slot, nil: move(answer, isRepeated: outcome == .same)
            }
        }
    }

    // MARK: a question about one value

    private mutating func answer(_ ask: AskStep) {
        let known = halves[ask.slot] ?? DayAndTime(slots[ask.slot])
        switch reader.said(ask, words, text, known: known) {
        case .value(let value, let used):
            var rest = words
            if ask.isYesNo { rest = Words(tokens: []) }
            for index in used where rest.tokens.indices.contains(index) { rest.tokens[index] = "" }
            fill(ask.slot, value)
            finish(takeValues(from: rest, except: ask.slot))
        case .partial(let half, let used) where half != known:
            var rest = words
            for index in used { rest.tokens[index] = "" }
            take(half: half, of: ask)
            finish(takeValues(from: rest, except: ask.slot))
        case .refused(let refusal, let left):
            take(half: left, of: ask)
            put(ask, after: refusal.written)
        case .partial, .nothing:
            if TextWords.isThanks(words) || take(aside: Aside(words)) { return }
            let outcome = takeValues(except: ask.slot)
            if outcome != .nothing {
                finish(outcome)
            } else if isKeeping, booking.isOpen, !booking.agreed.isEmpty {
                restore(booking.agreed)
                sayHowItStands()
            } else if isKeeping, slots[ask.slot] != nil {
                goOn()
            } else {
                miss { $0.put(ask) }
            }
        }
    }

    private mutating func finish(_ outcome: Outcome) {
        if case .refused(let refusal, let slot) = outcome, let ask = asking(slot) {
            put(ask, after: refusal.written)
        } else {
            goOn()
        }
    }

    /// "No", "never mind", "keep it": asked what to change something to, they let it be.
    private var isKeeping: Bool {
        YesNo(words) == .no || ["keep", "nothing", "leave it"].contains(where: words.contains)
    }

    // MARK: yes, no, and what to change

    private mutating func confirm(_ answer: YesNo, isRepeated: Bool) {
        switch answer {
        case .yes, .weakYes:
            // A day that has passed meanwhile is asked again.
            if unanswered == nil { settle() } else { goOn() }
        case .no:
            guard booking.status == .changeRequested, !booking.standing.isEmpty else {
                ask(changeQuestion, .change)
                return
            }
            // What was confirmed before holds.
            restore(booking.standing)
            keepAgreed()
            ask("You stay booked: \(summary). \(changeQuestion)", .change)
        case .unclear where isRepeated: readBack()
        case .unclear: miss { $0.readBack() }
        }
    }

    private mutating func change(_ answer: YesNo) {
        if answer == .yes || answer == .weakYes || (isKeeping && words.tokens != ["no"]) {
            if booking.awaitsYes { goOn() } else { sayHowItStands() }
            return
        }
        let named = questions.filter { ChoicePhrase.find([$0.labelChoice], in: words, isAsked: false) != nil }
        guard let ask = named.first else {
            miss { $0.ask($0.changeQuestion, .change) }
            return
        }
        let isTimeOnly = words.contains("time") && !words.contains("day") && !words.contains("date")
        let isDayOnly = !words.contains("time") && (words.contains("day") || words.contains("date"))
        if case .dateTime = ask.kind, isTimeOnly {
            self.ask(ask.timePrompt.map { render($0) } ?? "What time?", .slot(ask.slot))
        } else if case .dateTime = ask.kind, isDayOnly {
            self.ask(ask.datePrompt.map { render($0) } ?? "Which day?", .slot(ask.slot))
        } else {
            self.ask(render(ask.prompt), .slot(ask.slot), isYesNo: ask.isYesNo)
        }
    }

    /// Nothing is asked.
    private mutating func move(_ answer: YesNo, isRepeated: Bool) {
        guard booking.status == .confirmed else {
            // Whoever writes first has asked for no question: they get the first one, and it is not their fault.
            if thread.question == nil, thread.state != .waitingOnAgent, let ask = unanswered {
                turn.isUnderstood = answer != .unclear
                if thread.misses > 0, !turn.isUnderstood { callPerson() } else { put(ask) }
            } else {
                miss { $0.goOn() }
            }
            return
        }
        switch answer {
        case .yes: sayHowItStands()
        case .weakYes: if isRepeated { sayHowItStands() }
        case .no: ask(changeQuestion, .change)
        case .unclear where isRepeated: sayHowItStands()
        case .unclear: miss { $0.turn.reply = "Text a new day or time, or C to cancel." }
        }
    }
}
