import ParleyMessaging

/// What an agent is told, when a call begins, of what was said and texted before.
public struct ThreadContext: Equatable, Sendable {
    public struct Text: Equatable, Sendable {
        public var body: String
        /// Seconds between the text and the call's beginning.
        public var age: Int64

        public init(body: String, age: Int64) {
            self.body = body
            self.age = age
        }
    }
    /// The contact's; `nil` where it is not known.
    public var name: String?
    /// Slot to written value, halves of days and times among them, as in `ConversationThread.known`.
    public var known: [String: String]
    public var booking: Booking
    public var lastTextIn: Text?
    public var lastTextOut: Text?

    /// Nothing is known: the first call of a number.
    public init(
        name: String? = nil, known: [String: String] = [:], booking: Booking = .none, lastTextIn: Text? = nil,
        lastTextOut: Text? = nil
    ) {
        self.name = name
        self.known = known
        self.booking = booking
        self.lastTextIn = lastTextIn
        self.lastTextOut = lastTextOut
    }

    /// - Parameter now: UTC milliseconds since 1970; a text from after it has the age 0.
    public init(_ thread: ConversationThread, at now: Int64) {
        func text(_ text: ThreadText?) -> Text? {
            text.map { Text(body: $0.body, age: now > $0.at ? now.subtractingReportingOverflow($0.at).0 / 1_000 : 0) }
        }
        self.init(
            name: thread.name, known: thread.known, booking: thread.booking, lastTextIn: text(thread.lastTextIn),
            lastTextOut: text(thread.lastTextOut))
    }
}
