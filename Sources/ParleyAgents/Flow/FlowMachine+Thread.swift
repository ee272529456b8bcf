import ParleyActions
import ParleyMessaging

/// What a call makes of the thread it belongs to. Without one, nothing.
extension FlowMachine {
    /// As a record of the call names the booking: `confirmed`, once the caller said yes to what was read back, and
    /// `none` where the call finds one whose day has passed.
    static let bookingName = "thread.booking"

    /// Thirty days: what was texted before that is no news.
    private static let welcomeAge: Int64 = 30 * 86_400

    /// Answers of before are answers given ahead.
    mutating func takeOver(_ thread: ThreadContext) {
        let known = KnownValues(thread.known, booking: booking, flow: flow, now: now)
        if booking.hasPassed(in: flow, at: now) { booking = .none }
        for (slot, value) in known.slots {
            slots[slot] = value
            ahead.insert(slot)
            carried.insert(slot)
        }
        for (slot, half) in known.halves {
            partials[slot] = half
            if let day = half.day { notes[slot] = Spoken.day(day, thisYear: now.day.year) + "." }
        }
    }

    /// Begins the call: with a welcome back in place of a first `say` where there is a text to refer to.
    mutating func begin(_ first: FlowStep) {
        if let booked = facts.thread?.booking, booked != .none, booking == .none {
            draft.sets.append((Self.bookingName, Booking.Status.none.rawValue))
        }
        for slot in flow.slotNames {
            if carried.contains(slot), let value = slots[slot] { draft.sets += value.settings(slot: slot) }
        }
        guard isWelcomedBack else {
            enter(first.id)
            return
        }
        guard case .say(let say) = first.kind, let next = first.next else {
            enter(first.id)
            draft.sayFirst(welcome)
            return
        }
        enter(next)
        let welcome = welcome
        draft.sayFirst(welcome.isEmpty ? render(say.text) : welcome)
        draft.interruption = draft.interruption.stricter(say.interruption)
    }

    private var isWelcomedBack: Bool {
        !flow.settings.welcomeBack.isEmpty && facts.thread != nil
            && !(threadValue(.lastText, .written).isEmpty)
    }

    /// Its sentences, those left out whose values are empty.
    private var welcome: String {
        flow.settings.welcomeBack.filter { sentence in
            sentence.threadValues.allSatisfy { !threadValue($0, .spoken).isEmpty }
        }.map { render($0) }.joined(separator: " ")
    }

    func threadValue(_ name: ThreadValue, _ format: Template.Format) -> String {
        guard let thread = facts.thread else { return "" }
        switch name {
        case .name: return FreeText.text(in: thread.name ?? "") ?? ""
        case .lastTextIn: return Self.words(of: thread.lastTextIn)
        case .lastTextOut: return Self.words(of: thread.lastTextOut)
        case .lastText:
            let (incoming, outgoing) = (Self.words(of: thread.lastTextIn), Self.words(of: thread.lastTextOut))
            if incoming.isEmpty || outgoing.isEmpty { return incoming + outgoing }
            return (thread.lastTextIn?.age ?? 0) <= (thread.lastTextOut?.age ?? 0) ? incoming : outgoing
        case .known:
            guard case .asking = position else { return "" }
            return list(slots.filter { carried.contains($0.key) }, format)
        case .booking: return bookingWord
        case .booked: return booking.isOpen ? list(bookedValues(booking.agreed), format) : ""
        case .cancelled: return booking.status == .cancelRequested ? list(bookedValues(booking.values), format) : ""
        case .reference:
            guard booking.isOpen else { return "" }
            return format == .spoken ? booking.reference.map(String.init).joined(separator: " ") : booking.reference
        }
    }

    private var bookingWord: String {
        booking.status == .confirmed && !isBookingKept ? "changed" : booking.status.rawValue
    }

    private var isBookingKept: Bool { booking.values.allSatisfy { slots[$0.key]?.iso == $0.value } }

    /// The caller said yes to what a `confirm` step read back.
    mutating func confirmBooking(_ confirm: ConfirmStep) {
        guard facts.thread != nil, !confirm.slots.isEmpty else { return }
        if booking.status == .confirmed, isBookingKept { return }
        let values = slots.mapValues(\.iso).filter { flow.slotNames.contains($0.key) }
        booking = Booking(
            status: .confirmed, reference: CallReference.make(callID: facts.callID), flow: flow.settings.name,
            values: values, standing: values)
        draft.sets.append((Self.bookingName, Booking.Status.confirmed.rawValue))
    }

    private func bookedValues(_ written: [String: String]) -> [String: SlotValue] {
        var values: [String: SlotValue] = [:]
        for ask in flow.steps.compactMap(\.ask) {
            if let text = written[ask.slot], let value = SlotValue(written: text, as: ask) { values[ask.slot] = value }
        }
        return values
    }

    private func list(_ values: [String: SlotValue], _ format: Template.Format) -> String {
        flow.summary(of: values, format, thisYear: now.day.year)
    }

    /// Without the mark at its end: the flow's own follows.
    private static func words(of text: ThreadContext.Text?) -> String {
        guard let text, text.age <= welcomeAge, var line = FreeText.text(in: text.body) else { return "" }
        while let last = line.last, ".!?, ".contains(last) { line.removeLast() }
        return line
    }
}

extension Flow {
    /// "A cleaning, Tue 24 Nov at 3:00 pm": in the order of the questions. Values that do not speak for themselves are
    /// named by their label.
    func summary(of values: [String: SlotValue], _ format: Template.Format, thisYear: Int) -> String {
        var seen: Set<String> = []
        return steps.compactMap(\.ask).compactMap { ask -> String? in
            guard seen.insert(ask.slot).inserted, let value = values[ask.slot] else { return nil }
            let words = value.formatted(format, thisYear: thisYear)
            switch value {
            case .choice, .day, .time, .dayAndTime: return words
            case .yesNo, .digits, .phone, .text:
                let label = ask.label.hasPrefix("the ") ? String(ask.label.dropFirst(4)) : ask.label
                return format == .spoken ? "\(label) \(words)" : "\(label): \(words.prefix(40))"
            }
        }.joined(separator: ", ")
    }
}
