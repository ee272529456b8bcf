import ParleyMessaging

/// What one inbound text comes to: the reply, and what it settles.
public struct TextTurn: Equatable, Sendable {
    public struct Setting: Equatable, Sendable {
        public var slot: String
        /// Written as in `ConversationThread.known`.
        public var value: String

        public init(slot: String, value: String) {
            self.slot = slot
            self.value = value
        }
    }
    /// The words to send, without sender and footer; `nil`: stay silent.
    public var reply: String?
    /// In order.
    public var set: [Setting] = []
    /// As it is to be from now on; `nil`: unchanged.
    public var booking: Booking?
    /// What the reply asks; `nil`: nothing new.
    public var question: OpenQuestion?
    /// Nobody waits for an answer to what was asked before.
    public var closesQuestion = false
    /// What was booked has passed: said before all else.
    public var bookingPassed = false
    /// A person has to read the text.
    public var needsPerson = false
    /// False counts towards `ConversationThread.misses`.
    public var isUnderstood = true

    public init() {}

    public var asks: Bool { question != nil }

    /// What the thread is to be told, in this order, after the text itself (`textCameIn`). The reply is among it as it
    /// stands here; a caller that sends it in other words, or not at all, says so instead.
    public var events: [ThreadEvent] {
        var events: [ThreadEvent] = bookingPassed ? [.bookingPassed] : []
        events += set.map { .learned(slot: $0.slot, value: $0.value) }
        if let booking { events.append(.bookingMoved(booking)) }
        if closesQuestion { events.append(.questionClosed) }
        if let reply { events.append(.textSent(reply, question: question)) }
        events.append(.textRead(isUnderstood: isUnderstood))
        if needsPerson { events.append(.agentMustAct) }
        return events
    }
}
