import ParleyCore

/// How a call is first written down.
public struct CallStart: Equatable, Sendable {
    /// Our own id (a ULID).
    public var id: String
    public var provider: String
    /// The provider's ids of the call and of its media stream.
    public var providerCall: String
    public var stream: String
    /// As the provider gave them; empty where it did not.
    public var caller: String
    public var called: String
    /// The agent or flow that takes the call.
    public var agent: String
    /// UTC milliseconds since 1970.
    public var startedAt: Int64

    public init(
        id: String, provider: String, providerCall: String, stream: String, caller: String, called: String,
        agent: String, startedAt: Int64
    ) {
        self.id = id
        self.provider = provider
        self.providerCall = providerCall
        self.stream = stream
        self.caller = caller
        self.called = called
        self.agent = agent
        self.startedAt = startedAt
    }
}

/// Something to be written down, in the order in which it is recorded.
public enum LedgerRow: Equatable, Sendable {
    case callStarted(CallStart)
    /// What the call noted. Floor changes and partials are not kept: they are for whoever watches.
    case note(call: String, at: CallTime, CallNote)
    /// `at`: UTC milliseconds since 1970. The first end of a call stands.
    case callEnded(call: String, at: Int64, EndReason)
}

extension LedgerRow {
    /// What the row holds of the queue's bytes.
    var cost: Int {
        switch self {
        case .callStarted(let start):
            256 + start.providerCall.utf8.count + start.stream.utf8.count + start.caller.utf8.count
                + start.called.utf8.count + start.agent.utf8.count
        case .callEnded: 128
        case .note(_, _, .callerTurn(let turn)): 192 + turn.text.utf8.count
        case .note(_, _, .agentTurn(let turn)): 192 + turn.heard.utf8.count + turn.unheard.utf8.count
        case .note(_, _, .variable(let name, let value)): 192 + name.utf8.count + value.utf8.count
        case .note: 256
        }
    }

    /// The first and last row of a call may use the queue's reserve: without them the rest is worth little.
    var isSkeleton: Bool {
        if case .note = self { return false }
        return true
    }

    /// Whether there is anything to write.
    var isKept: Bool {
        switch self {
        case .note(_, _, .floor), .note(_, _, .partial): false
        default: true
        }
    }
}

/// What became of an action: for the call, the agent and whoever watches.
public struct ActionReceipt: Equatable, Sendable {
    public struct Text: Equatable, Sendable {
        public var id: String
        public var body: String
        public var segments: Int
    }
    public var outcome: ActionResult.Outcome
    /// The same request had been decided before: nothing was done again.
    public var isRepeat: Bool
    /// Said of a commit in the record: `declined` for a consent that was not granted. Else empty.
    public var rule: String
    /// The consent row that was written.
    public var consent: String?
    /// The text that was taken on.
    public var text: Text?
    /// A call over HTTPS whose end is not known yet: with one, `outcome` says only that it was taken on.
    public var order: WebhookOrder?

    public init(
        _ outcome: ActionResult.Outcome, isRepeat: Bool = false, rule: String = "", consent: String? = nil,
        text: Text? = nil, order: WebhookOrder? = nil
    ) {
        self.outcome = outcome
        self.isRepeat = isRepeat
        self.rule = rule
        self.consent = consent
        self.text = text
        self.order = order
    }

    public static let unavailable = ActionReceipt(.failed("ledger_unavailable"))
    public static let busy = ActionReceipt(.failed("ledger_queue_full"))
}
