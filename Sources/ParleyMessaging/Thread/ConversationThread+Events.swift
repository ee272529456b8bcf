extension ConversationThread {
    /// Takes one event.
    ///
    /// - Parameter now: when it happened, UTC milliseconds since 1970. News may be late: `updatedAt` never goes back.
    /// - Returns: what changed, in order; repeated news changes nothing.
    public mutating func handle(_ event: ThreadEvent, at now: Int64) -> [ThreadChange] {
        let before = self
        var changes: [ThreadChange] = []
        switch event {
        case .timePassed: letTimePass(now)
        case .archivedByOperator: archive()
        default:
            wake()
            take(event, at: now, &changes)
            updatedAt = max(updatedAt, now)
        }
        return changes + settled(since: before)
    }

    private mutating func take(_ event: ThreadEvent, at now: Int64, _ changes: inout [ThreadChange]) {
        switch event {
        case .callBegan:
            if state == .waitingOnCustomer { state = .engaged }
            misses = 0
        case .callEnded(let call):
            if let last = lastCall, last.endedAt > call.endedAt { break }
            if lastCall != call { changes.append(.call(call)) }
            lastCall = call
            waitAgain()
        case .learned(let slot, let value): learn(slot, value)
        case .textSent(let body, let asked, let isByPerson):
            keep(ThreadText(way: .toCustomer, body: body, at: now), &changes)
            if isByPerson {
                misses = 0
                question = asked
                state = .engaged
            } else if let asked {
                question = asked
            }
            waitAgain()
        case .textCameIn(let body):
            keep(ThreadText(way: .fromCustomer, body: body, at: now), &changes)
            if state == .waitingOnCustomer { state = .engaged }
        case .textRead(let isUnderstood):
            misses = isUnderstood ? 0 : min(misses + 1, 1_000)
            waitAgain()
        case .bookingMoved(let next): move(to: next)
        case .bookingPassed:
            forget(booking)
            booking = .none
        case .questionClosed: close { _ in true }
        case .cancelRequested:
            guard booking.isOpen else { break }
            var next = booking
            next.status = .cancelRequested
            move(to: next)
        case .agentMustAct: state = .waitingOnAgent
        case .archivedByOperator, .timePassed: break
        }
    }

    // MARK: parts

    /// Whatever happens on a thread that is new or put away makes it a conversation.
    private mutating func wake() {
        if state == .new || state == .completed || state == .archived { state = .engaged }
    }

    /// A question that is still open is waited for again.
    private mutating func waitAgain() {
        if question != nil, state == .engaged { state = .waitingOnCustomer }
    }

    private mutating func close(_ subject: (OpenQuestion.Subject) -> Bool) {
        guard let asked = question, subject(asked.subject) else { return }
        question = nil
        if state == .waitingOnCustomer { state = .engaged }
    }

    /// A whole value takes the place of its halves, and a half that of the whole: the customer began anew.
    private mutating func learn(_ slot: String, _ value: String) {
        if let dot = slot.lastIndex(of: ".") {
            known[String(slot[..<dot])] = nil
        } else {
            for half in [slot + ".date", slot + ".time"] { known[half] = nil }
            close { $0 == .slot(slot) }
        }
        known[slot] = value
    }

    /// The newest two of each way, in the order of their times.
    private mutating func keep(_ text: ThreadText, _ changes: inout [ThreadChange]) {
        let place = texts.lastIndex { $0.at <= text.at }.map { $0 + 1 } ?? 0
        texts.insert(text, at: place)
        for way in [ThreadText.Way.fromCustomer, .toCustomer] {
            while texts.count(where: { $0.way == way }) > 2, let oldest = texts.firstIndex(where: { $0.way == way }) {
                texts.remove(at: oldest)
            }
        }
        changes.append(.text(text))
    }

    private mutating func move(to next: Booking) {
        guard booking.canMove(to: next) else { return }
        let last = booking
        booking = next
        switch next.status {
        case .none: break
        case .proposed: learn(next.values)
        case .changeRequested:
            if next.standing.isEmpty { booking.standing = last.standing }
            learn(next.values)
        case .confirmed:
            booking.standing = next.values
            learn(next.values)
            close { _ in true }
        case .cancelRequested:
            close { _ in true }
            // What was answered for it is not taken over to the next one; the booking keeps it.
            forget(last)
            state = .waitingOnAgent
        case .cancelled:
            close { _ in true }
            if last.status == .cancelRequested, state == .waitingOnAgent { state = .engaged }
            forget(last)
        }
    }

    private mutating func learn(_ values: [String: String]) {
        for (slot, value) in values.sorted(by: { $0.key < $1.key }) { learn(slot, value) }
    }

    /// What was answered for a booking, whatever it has come to be since.
    private mutating func forget(_ booking: Booking) {
        for slot in booking.values.keys {
            for name in [slot, slot + ".date", slot + ".time"] { known[name] = nil }
        }
    }

    private mutating func letTimePass(_ now: Int64) {
        let quiet = now.subtractingReportingOverflow(updatedAt)
        guard !quiet.overflow, state != .archived else { return }
        if quiet.partialValue >= Self.archivedAfter {
            archive()
        } else if quiet.partialValue >= Self.completedAfter {
            state = .completed
        }
    }

    /// What was answered for nothing in particular is forgotten; a booking that stands is not.
    private mutating func archive() {
        guard state != .archived else { return }
        state = .archived
        question = nil
        misses = 0
        known = booking.isOpen ? booking.values : [:]
    }

    /// What differs from before, in a fixed order.
    private func settled(since before: ConversationThread) -> [ThreadChange] {
        var changes: [ThreadChange] = []
        for slot in Set(before.known.keys).union(known.keys).sorted() where before.known[slot] != known[slot] {
            changes.append(.known(slot: slot, value: known[slot]))
        }
        if booking != before.booking { changes.append(.booking(booking)) }
        if question != before.question { changes.append(.question(question)) }
        if state != before.state { changes.append(.state(state)) }
        return changes
    }
}
