/// One contact's conversation over voice and text: what is known, what is agreed, what was said last.
///
/// Pure: no clock, no store. Times are UTC milliseconds since 1970.
public struct ConversationThread: Equatable, Sendable, Codable {
    public enum State: String, Sendable, CaseIterable, Codable {
        /// Nothing has happened yet.
        case new
        /// A conversation is going on; nobody is waited for.
        case engaged
        /// A text of ours asked something.
        case waitingOnCustomer = "waiting_on_customer"
        /// A person of the business has to read or do something. Left by that person alone: by a text of theirs, or by
        /// cancelling what was to be cancelled.
        case waitingOnAgent = "waiting_on_agent"
        /// Seven days without an event.
        case completed
        /// Thirty days without an event, or put away by the operator. Any event of the customer opens it again.
        case archived
    }

    /// E.164.
    public var number: String
    /// The contact's name; `nil` where it is not known.
    public var name: String?
    public var state: State
    /// Slot to written value: `2026-12-01`, `15:00`, `2026-12-01T15:00`, `yes`, a choice's value, digits, free text.
    /// Half of a day and time is `SLOT.date` or `SLOT.time`, and stands only while the slot itself is not known.
    public var known: [String: String]
    public var booking: Booking
    /// What our texts asked and nothing has answered yet.
    public var question: OpenQuestion?
    /// Texts in a row that were not understood.
    public var misses: Int
    /// The last texts, oldest first: at most two from the customer and two to them.
    public var texts: [ThreadText]
    public var lastCall: PastCall?
    /// When something happened last.
    public var updatedAt: Int64

    public static let completedAfter: Int64 = 7 * 86_400_000
    public static let archivedAfter: Int64 = 30 * 86_400_000

    public init(
        number: String, name: String? = nil, state: State = .new, known: [String: String] = [:],
        booking: Booking = .none, question: OpenQuestion? = nil, misses: Int = 0, texts: [ThreadText] = [],
        lastCall: PastCall? = nil, updatedAt: Int64
    ) {
        self.number = number
        self.name = name
        self.state = state
        self.known = known
        self.booking = booking
        self.question = question
        self.misses = misses
        self.texts = texts
        self.lastCall = lastCall
        self.updatedAt = updatedAt
    }

    public var lastTextIn: ThreadText? { texts.last { $0.way == .fromCustomer } }
    public var lastTextOut: ThreadText? { texts.last { $0.way == .toCustomer } }

    /// What `InboundText` has to know of this thread.
    public func inboundContext(isOptedOut: Bool) -> InboundText.Context {
        InboundText.Context(
            isOptedOut: isOptedOut, awaitsYes: question?.awaitsYes ?? booking.awaitsYes,
            hasBooking: booking.isOpen || booking.status == .cancelRequested || question != nil)
    }
}

/// What a text asked.
public struct OpenQuestion: Equatable, Sendable, Codable {
    public enum Subject: Equatable, Sendable, Codable {
        case slot(String)
        /// "…, right? Reply YES or NO."
        case confirmation
        /// "What should I change?"
        case change
    }
    public var subject: Subject
    /// A yes is an answer to it.
    public var awaitsYes: Bool

    public init(_ subject: Subject, awaitsYes: Bool = false) {
        self.subject = subject
        self.awaitsYes = awaitsYes || subject == .confirmation
    }
}

/// One text of a thread.
public struct ThreadText: Equatable, Sendable, Codable {
    public enum Way: String, Sendable, Codable { case fromCustomer = "in", toCustomer = "out" }
    public var way: Way
    /// At most `maxBody` characters of it.
    public var body: String
    public var at: Int64

    public static let maxBody = 500

    public init(way: Way, body: String, at: Int64) {
        self.way = way
        self.body = String(body.prefix(Self.maxBody))
        self.at = at
    }
}

/// A call that has ended.
public struct PastCall: Equatable, Sendable, Codable {
    public var id: String
    public var endedAt: Int64
    /// As the record of the call has it.
    public var endReason: String
    /// What was said in it, in a sentence or two; may be empty.
    public var summary: String

    public init(id: String, endedAt: Int64, endReason: String, summary: String) {
        self.id = id
        self.endedAt = endedAt
        self.endReason = endReason
        self.summary = summary
    }
}
