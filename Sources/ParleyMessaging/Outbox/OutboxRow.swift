/// What sending has to know of a text's row, and all that it changes there.
///
/// Every time is UTC milliseconds since 1970. Holds no number, no name and no word of anybody. A row that came damaged out
/// of its store (claimed without a lease, say) counts as one whose wait is over.
public struct OutboxRow: Equatable, Sendable {
    /// The text's own id. With the fence of a try it is the correlation id of status callbacks.
    public let id: String
    /// The channel and sender as configured: what a breaker and a pause belong to.
    public let sender: String
    /// Asked for in a call that was live when it was queued.
    public let isInCall: Bool
    public let queuedAt: Int64
    /// Not handed over from here on.
    public var expiresAt: Int64
    public var state: MessageState
    /// Grows with every write. A store writes a decision only over the revision that it was made on.
    public var revision: Int64
    /// Counts the claims: the newest claim's number, 0 before the first.
    public var fence: Int64
    /// While `claimed`.
    public var lease: Lease?
    /// While `queued`: not claimed before.
    public var notBefore: Int64
    /// Tries that count, the one in flight included.
    public var tries: Int
    /// When the first of the tries in a row began.
    public var triedSince: Int64?
    /// The newest try, also when it is over; `nil`: no byte can have left.
    public var lastTry: Try?
    /// While `sending`: the answer is waited for until then, and no byte leaves from then on.
    public var requestDeadline: Int64?
    /// While `unknown`.
    public var doubt: Doubt?
    /// The provider's own id, once it is known.
    public var providerID: String
    /// Why it is in its state: a rule, or a provider's code. A store cuts it to length.
    public var detail: String

    /// One sender process has the row.
    public struct Lease: Equatable, Sendable {
        public var owner: String
        public var end: Int64

        public init(owner: String, end: Int64) {
            self.owner = owner
            self.end = end
        }
    }

    /// One request to the provider. There is at most one for each fence.
    public struct Try: Equatable, Sendable {
        public var fence: Int64
        public var at: Int64

        public init(fence: Int64, at: Int64) {
            self.fence = fence
            self.at = at
        }
    }

    /// How far the search for a lost answer has come.
    public enum Doubt: Equatable, Sendable {
        /// A status callback may still settle it.
        case waiting(until: Int64)
        /// The provider was asked `count` times; the next step is due at `until`.
        case asking(until: Int64, count: Int)
        /// A person decides.
        case held
    }

    public init(
        id: String, sender: String, isInCall: Bool, queuedAt: Int64, expiresAt: Int64, state: MessageState = .queued,
        revision: Int64 = 0, fence: Int64 = 0, lease: Lease? = nil, notBefore: Int64 = 0, tries: Int = 0,
        triedSince: Int64? = nil, lastTry: Try? = nil, requestDeadline: Int64? = nil, doubt: Doubt? = nil,
        providerID: String = "", detail: String = ""
    ) {
        self.id = id
        self.sender = sender
        self.isInCall = isInCall
        self.queuedAt = queuedAt
        self.expiresAt = expiresAt
        self.state = state
        self.revision = revision
        self.fence = fence
        self.lease = lease
        self.notBefore = notBefore
        self.tries = tries
        self.triedSince = triedSince
        self.lastTry = lastTry
        self.requestDeadline = requestDeadline
        self.doubt = doubt
        self.providerID = providerID
        self.detail = detail
    }
}
