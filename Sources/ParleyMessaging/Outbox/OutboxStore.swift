/// Where texts wait. Each method is one transaction, durable when it returns.
///
/// SQLite is one; a test's dictionary is another; PostgreSQL is to be one. Times are UTC milliseconds since 1970. An error
/// says that nobody knows whether the change was made: the sender asks again, or acts as if it was made.
public protocol OutboxStore: Sendable {
    /// Moves on what time alone moves (`OutboxRules.due`), then claims rows whose channel's door is open.
    ///
    /// Pauses of senders are the store's own and are ANDed with `room.doors`.
    func claim(_ room: ClaimRoom, now: Int64) async throws -> ClaimRound

    /// `OutboxRules.begin`, the gate asked in the same transaction.
    func begin(_ claim: Claim, now: Int64) async throws -> BeginAnswer

    /// `OutboxRules.lastLook`, the gate asked again.
    func lastLook(_ claim: Claim, now: Int64) async throws -> LastLookAnswer

    /// `OutboxRules.outcome`: what the request under a claim came to.
    ///
    /// - Parameter random: any 64 random bits; spreads the next try.
    func settle(
        _ outcome: RequestOutcome, of claim: Claim, random: UInt64, now: Int64
    ) async throws -> [OutboxNotice]

    /// `OutboxRules.answered`: what the provider said of a text that may have left.
    func answered(_ answer: QueryAnswer, to query: OutboxQuery, now: Int64) async throws -> [OutboxNotice]

    /// `OutboxRules.release`: gives claims back that were not begun.
    func release(_ claims: [Claim], now: Int64) async throws
}

/// What a sender process can take on now.
public struct ClaimRoom: Equatable, Sendable {
    /// Names the process in its leases.
    public var owner: String
    /// The most rows; 0 claims nothing, and only moves on what is due.
    public var limit: Int
    /// By channel. A channel without one is open.
    public var doors: [String: SenderDoor]

    public init(owner: String, limit: Int, doors: [String: SenderDoor] = [:]) {
        self.owner = owner
        self.limit = limit
        self.doors = doors
    }
}

/// One row, for the length of a lease. It may be gone by the time it is used: the fence tells.
public struct Claim: Equatable, Sendable {
    /// The text's own id.
    public let id: String
    public let fence: Int64
    /// The channel's name, as configured.
    public let channel: String
    /// Through a door that was open for one text only: not sent, it costs the row none of its tries.
    public let isProbe: Bool

    public init(id: String, fence: Int64, channel: String, isProbe: Bool) {
        self.id = id
        self.fence = fence
        self.channel = channel
        self.isProbe = isProbe
    }
}

/// What came of asking for work.
public struct ClaimRound: Equatable, Sendable {
    public var claims: [Claim]
    /// To be put to the provider, each once.
    public var queries: [OutboxQuery]
    public var notices: [OutboxNotice]
    /// When asking again is worth it, in UTC milliseconds; `nil`: not before something else happens.
    public var nextLook: Int64?

    public init(
        claims: [Claim] = [], queries: [OutboxQuery] = [], notices: [OutboxNotice] = [], nextLook: Int64? = nil
    ) {
        self.claims = claims
        self.queries = queries
        self.notices = notices
        self.nextLook = nextLook
    }
}

/// Whether a claimed text may be handed over.
public enum BeginAnswer: Equatable, Sendable {
    /// It is `sending`, which is durable. No byte leaves from `deadline` on.
    ///
    /// - Parameter expiresAt: after which it is not worth delivering.
    case send(TextMessage, expiresAt: Int64, deadline: Int64)
    /// It does not leave now, or never.
    case instead([OutboxNotice])
    /// The row went to another, or on without us: do nothing.
    case lost
}

/// Whether the bytes of a text may leave.
public enum LastLookAnswer: Equatable, Sendable {
    case write
    /// It does not leave now, or never; the row says so already.
    case instead([OutboxNotice])
    case lost
}

/// What is to be done outside the store once a change is durable.
public struct OutboxNotice: Equatable, Sendable {
    /// The text's own id.
    public let message: String
    /// The id of the call that asked for it; empty where none did.
    public let call: String
    public let channel: String
    /// Never one that is stored, and never a query.
    public let effect: OutboxEffect
    /// The state that the text came to be in.
    public let state: MessageState

    public init(message: String, call: String, channel: String, effect: OutboxEffect, state: MessageState) {
        self.message = message
        self.call = call
        self.channel = channel
        self.effect = effect
        self.state = state
    }
}

/// Ask the provider whether it has this text.
public struct OutboxQuery: Equatable, Sendable {
    public let text: SentText
    public let channel: String
    /// Of the try that is asked about; goes back with the answer.
    public let fence: Int64
    /// When that try began, in UTC milliseconds.
    public let since: Int64
    /// The provider's ids that belong to other texts of ours.
    public let known: Set<String>

    public init(text: SentText, channel: String, fence: Int64, since: Int64, known: Set<String>) {
        self.text = text
        self.channel = channel
        self.fence = fence
        self.since = since
        self.known = known
    }
}

/// A text that may have left: what a provider is asked about. There is no way from it to a request that sends.
///
/// Printing one shows its id alone.
public struct SentText: Equatable, Sendable {
    public let id, key: String
    public let recipient: PhoneNumber
    public let body: String

    public init(id: String, key: String, recipient: PhoneNumber, body: String) {
        self.id = id
        self.key = key
        self.recipient = recipient
        self.body = body
    }
}

extension SentText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "text \(id)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
