import ParleyActions
import ParleyMessaging

/// What a text is answered. Short: one part of a text with sender and footer where the flow's own words allow it.
extension TextReading {
    // MARK: questions

    /// Asks for what is missing; with nothing missing, reads it all back.
    mutating func goOn() {
        if let ask = unanswered {
            put(ask)
        } else if booking.isOpen, booking.agreed == values {
            keepAgreed()
            sayHowItStands()
        } else {
            propose()
        }
    }

    mutating func put(_ ask: AskStep, after sentence: String = "") {
        let half = halves[ask.slot] ?? DayAndTime()
        var known = ""
        let prompt: String
        if let day = half.day {
            known = Spoken.writtenDay(day, thisYear: now.day.year) + "."
            prompt = ask.timePrompt.map { render($0) } ?? "What time?"
        } else if let time = half.time {
            known = Spoken.writtenTime(time) + "."
            prompt = ask.datePrompt.map { render($0) } ?? "Which day?"
        } else {
            prompt = render(ask.prompt)
        }
        let lead = sentence.isEmpty ? known : sentence
        self.ask(lead.isEmpty ? prompt : "\(lead) \(prompt)", .slot(ask.slot), isYesNo: ask.isYesNo)
    }

    mutating func ask(_ text: String, _ subject: OpenQuestion.Subject, isYesNo: Bool = false) {
        turn.reply = text
        turn.question = OpenQuestion(subject, awaitsYes: isYesNo)
    }

    /// The question that is open, once more.
    mutating func askAgain() {
        switch subject {
        case .slot(let slot)?: if let ask = asking(slot) { put(ask) }
        case .confirmation?: readBack()
        case .change?: ask(changeQuestion, .change)
        case nil: goOn()
        }
    }

    var changeQuestion: String {
        let labels = questions.map(\.label)
        return "What should I change, \(Spoken.list(labels))?"
    }

    // MARK: the booking

    private mutating func propose() {
        // One that was asked to be cancelled may be taken back while it is not cancelled.
        let isOld = booking.isOpen || (booking.status == .cancelRequested && !booking.standing.isEmpty)
        let agreed = isOld ? booking.agreed : [:]
        let next = Booking(
            status: agreed.isEmpty ? .proposed : .changeRequested,
            reference: isOld && !booking.reference.isEmpty ? booking.reference : newReference,
            flow: flow.settings.name, values: values, standing: agreed)
        if next != booking { turn.booking = next }
        readBack()
    }

    /// What was confirmed before holds; no change waits for a yes.
    mutating func keepAgreed() {
        guard booking.status == .changeRequested else { return }
        var kept = booking
        kept.status = .confirmed
        kept.values = booking.standing
        turn.booking = kept
    }

    mutating func readBack() {
        if (turn.booking ?? booking).status == .changeRequested {
            ask("Change to \(summary)? Reply YES or NO.", .confirmation)
        } else {
            ask("\(summary.prefix(1).uppercased() + summary.dropFirst()). Right? Reply YES or NO.", .confirmation)
        }
    }

    mutating func settle() {
        var next = booking
        next.status = .confirmed
        next.values = values
        next.standing = values
        if next.reference.isEmpty { next.reference = newReference }
        turn.booking = next
        turn.reply = "Confirmed: \(summary). Ref \(next.reference). Reply C to cancel."
    }

    mutating func sayHowItStands() {
        guard booking.isOpen, !booking.agreed.isEmpty else { return }
        turn.closesQuestion = thread.question != nil
        turn.reply = "You are booked: \(summary(of: booking.agreed)).\(referenceSentence) Reply C to cancel."
    }

    mutating func requestCancel(saying: Bool) {
        switch booking.status {
        case .none:
            turn.closesQuestion = thread.question != nil
            if saying { turn.reply = "Nothing is booked." }
        case .cancelRequested: if saying { turn.reply = "Your request to cancel is noted already." }
        case .cancelled: if saying { turn.reply = "Your booking is cancelled already." }
        case .proposed, .confirmed, .changeRequested:
            var next = booking
            next.status = .cancelRequested
            turn.booking = next
            guard saying else { return }
            let what = summary(of: booking.agreed.isEmpty ? booking.values : booking.agreed)
            turn.reply = "Your request to cancel is noted\(what.isEmpty ? "" : ": \(what)").\(referenceSentence)"
        }
    }

    private var referenceSentence: String { booking.reference.isEmpty ? "" : " Ref \(booking.reference)." }

    /// The same whenever it is made of the same text.
    private var newReference: String { CallReference.make(callID: "\(thread.number) \(milliseconds)") }

    // MARK: not understood, and asides

    /// Puts the question once more; the second time in a row a person is called.
    mutating func miss(_ again: (inout TextReading) -> Void) {
        guard thread.misses == 0, thread.state != .waitingOnAgent else {
            callPerson()
            return
        }
        turn.isUnderstood = false
        again(&self)
        turn.reply = turn.reply.map { "Sorry, I did not understand. \($0)" }
    }

    /// Says so once.
    mutating func callPerson() {
        turn.isUnderstood = false
        turn.needsPerson = true
        if thread.state != .waitingOnAgent { turn.reply = "Thank you. Somebody will read this and answer you." }
    }

    /// - Returns: whether the text was no more than this.
    mutating func take(aside: Aside?) -> Bool {
        switch aside {
        case nil: return false
        case .wait, .goodbye: break
        case .sayAgain, .help: askAgain()
        case .person:
            callPerson()
            turn.isUnderstood = true
        case .machine:
            askAgain()
            let about =
                flow.settings.about.map { render($0) }
                ?? "Yes, I am a machine: the automated assistant of \(flow.settings.name)."
            turn.reply = [about, turn.reply ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        }
        return true
    }

    // MARK: words

    /// Of the questions that lead to the booking.
    private var values: [String: String] {
        var values: [String: String] = [:]
        for ask in questions { values[ask.slot] = slots[ask.slot]?.iso }
        return values
    }

    var summary: String { summary(of: values) }

    private func summary(of written: [String: String]) -> String {
        var values: [String: SlotValue] = [:]
        for (slot, text) in written { values[slot] = asking(slot).flatMap { SlotValue(written: text, as: $0) } }
        return flow.summary(of: values, .written, thisYear: now.day.year)
    }

    func render(_ template: Template) -> String {
        template.rendered { name, format in
            switch name {
            case .business: flow.settings.name
            case .reference: booking.reference
            case .from: thread.number
            case .thread(.name): FreeText.text(in: thread.name ?? "") ?? ""
            case .parameter, .thread: ""
            case .slot(let name): value(name)?.formatted(format ?? .written, thisYear: now.day.year) ?? ""
            }
        }
    }

    private func value(_ name: String) -> SlotValue? {
        if let value = slots[name] { return value }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return slots[String(name[..<dot])]?.part(name[name.index(after: dot)...])
    }
}
