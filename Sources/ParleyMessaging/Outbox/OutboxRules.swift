/// Decides how a text's row moves: over a row, an event and a time, and nothing else. A store keeps what it decides.
///
/// Every method takes the row as it was read, and answers with the row to write over that revision. Times are UTC
/// milliseconds since 1970, lengths milliseconds; each length is at least 1 and at most a week. Rows are few enough and moves
/// rare enough that a method costs no more than copying its row.
public struct OutboxRules: Equatable, Sendable {
    /// How long a claim holds without being renewed.
    public let leaseMS: Int64
    /// From the commit of `sending` to the last moment for an answer.
    public let attemptMS: Int64
    /// By how much the clocks of two processes may differ.
    public let clockSlackMS: Int64
    /// The first wait after a try; doubles with each further one, up to `maxRetryMS`.
    public let firstRetryMS: Int64
    public let maxRetryMS: Int64
    /// What a provider may ask for in Retry-After; more is cut to this.
    public let maxRetryAfterMS: Int64
    public let maxTries: Int
    /// From the first try to the last.
    public let retryWindowMS: Int64
    public let expiresInCallMS: Int64
    public let expiresMS: Int64
    /// How long a status callback may settle a lost answer before the provider is asked.
    public let callbackWaitMS: Int64
    /// From one question to the provider to the next step.
    public let queryMS: Int64
    public let maxQueries: Int
    /// How long news of an unknown text are kept.
    public let strayMS: Int64
    public let onUnknown: OnUnknown

    /// What becomes of a text when nobody can tell whether it was sent.
    public enum OnUnknown: String, Sendable, CaseIterable {
        /// An operator decides.
        case hold
        /// Sent again, at the risk of reaching the person twice.
        case resend
    }

    public static let longestMS: Int64 = 7 * 86_400_000
    public static let mostTries = 100
    /// A deferral never comes back sooner than this, so that a wrong one costs no processor.
    static let shortestDeferralMS: Int64 = 1_000

    public init(
        leaseMS: Int64 = 30_000, attemptMS: Int64 = 10_000, clockSlackMS: Int64 = 2_000, firstRetryMS: Int64 = 1_000,
        maxRetryMS: Int64 = 60_000, maxRetryAfterMS: Int64 = 300_000, maxTries: Int = 8,
        retryWindowMS: Int64 = 900_000, expiresInCallMS: Int64 = 900_000, expiresMS: Int64 = 86_400_000,
        callbackWaitMS: Int64 = 30_000, queryMS: Int64 = 30_000, maxQueries: Int = 3, strayMS: Int64 = 86_400_000,
        onUnknown: OnUnknown = .hold
    ) {
        func length(_ value: Int64) -> Int64 { min(max(value, 1), Self.longestMS) }
        func count(_ value: Int) -> Int { min(max(value, 1), Self.mostTries) }
        self.leaseMS = length(leaseMS)
        self.attemptMS = length(attemptMS)
        self.clockSlackMS = length(clockSlackMS)
        self.firstRetryMS = length(firstRetryMS)
        self.maxRetryMS = length(maxRetryMS)
        self.maxRetryAfterMS = length(maxRetryAfterMS)
        self.maxTries = count(maxTries)
        self.retryWindowMS = length(retryWindowMS)
        self.expiresInCallMS = length(expiresInCallMS)
        self.expiresMS = length(expiresMS)
        self.callbackWaitMS = length(callbackWaitMS)
        self.queryMS = length(queryMS)
        self.maxQueries = count(maxQueries)
        self.strayMS = length(strayMS)
        self.onUnknown = onUnknown
    }

    /// The row of a text that was taken on just now.
    public func queued(id: String, sender: String, isInCall: Bool, now: Int64) -> OutboxRow {
        OutboxRow(
            id: id, sender: sender, isInCall: isInCall, queuedAt: now, expiresAt: expiry(isInCall: isInCall, from: now),
            notBefore: now)
    }

    func expiry(isInCall: Bool, from now: Int64) -> Int64 {
        Self.sum(now, isInCall ? expiresInCallMS : expiresMS)
    }

    // MARK: moving

    /// The only way from one state to another: nothing goes against `MessageState`.
    func move(
        _ row: OutboxRow, to state: MessageState, detail: String = "", effects: [OutboxEffect] = [],
        _ change: (inout OutboxRow) -> Void = { _ in }
    ) -> OutboxDecision {
        guard row.state.canMove(to: state) else { return .nothing(.backwards) }
        var next = touched(row)
        next.state = state
        next.lease = nil
        next.requestDeadline = nil
        next.doubt = nil
        next.detail = detail
        change(&next)
        return .change(next, row.isInCall && Self.concernsCall(state) ? effects + [.tellCall(state)] : effects)
    }

    /// The row as it will be written, its state unchanged.
    func touched(_ row: OutboxRow) -> OutboxRow {
        var next = row
        next.revision = Self.sum(row.revision, 1)
        return next
    }

    private static func concernsCall(_ state: MessageState) -> Bool {
        switch state {
        case .queued, .claimed, .sending, .sent: false
        case .accepted, .delivered, .recorded, .failed, .unknown, .suppressed, .expired, .dead: true
        }
    }

    // MARK: time

    /// A wait of at most `length` is over at its end; and when it seems to have longer to go than it ever had, because the
    /// clock was set back.
    func isOver(_ end: Int64, length: Int64, now: Int64) -> Bool {
        now >= end || Self.gap(end, now) > length + clockSlackMS
    }

    /// Times may come out of a damaged store: they stop at the ends of the range.
    static func sum(_ time: Int64, _ length: Int64) -> Int64 {
        let (sum, isOver) = time.addingReportingOverflow(length)
        return isOver ? (length > 0 ? .max : .min) : sum
    }

    static func gap(_ time: Int64, _ earlier: Int64) -> Int64 {
        let (gap, isOver) = time.subtractingReportingOverflow(earlier)
        return isOver ? (earlier < 0 ? .max : .min) : gap
    }
}
