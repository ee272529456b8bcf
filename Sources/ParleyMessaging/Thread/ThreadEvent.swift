/// What happens to a thread.
public enum ThreadEvent: Equatable, Sendable, Codable {
    case callBegan
    case callEnded(PastCall)
    /// The customer settled a value, in a call or by text. `SLOT.date` and `SLOT.time` are halves of an answer.
    case learned(slot: String, value: String)
    /// - question: what it asks; `nil`: nothing, and what was asked before stays open.
    /// - isByPerson: a person of the business wrote it, not the flow.
    case textSent(String, question: OpenQuestion? = nil, isByPerson: Bool = false)
    case textCameIn(String)
    /// What the flow made of a text that came in.
    case textRead(isUnderstood: Bool)
    case bookingMoved(Booking)
    /// The day of what was booked has passed: the next booking begins anew.
    case bookingPassed
    /// Nobody waits for an answer any more.
    case questionClosed
    /// "CANCEL", which opts out too: a request to cancel where there is a booking.
    case cancelRequested
    /// A person of the business has to act.
    case agentMustAct
    case archivedByOperator
    /// Looked at by the clock; no event of the conversation.
    case timePassed
}

/// What came of an event: what is to be stored, and told to whoever listens.
public enum ThreadChange: Equatable, Sendable, Codable {
    case state(ConversationThread.State)
    /// `nil`: no longer known.
    case known(slot: String, value: String?)
    case booking(Booking)
    /// `nil`: nothing is asked any more.
    case question(OpenQuestion?)
    case text(ThreadText)
    case call(PastCall)
}
