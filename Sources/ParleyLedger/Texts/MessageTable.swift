import GRDB
import ParleyMessaging

/// The rows of texts, within one transaction: taking one on, and what was taken on before.
struct MessageTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// A text that is taken on, with what its row says besides.
    func insert(_ text: TextMessage, _ facts: TextFacts, _ row: OutboxRow) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO messages (id, key, call, action, consent, purpose, recipient, sender, body, encoding, segments,
                    provider, provider_message, state, detail, created_at, updated_at, name, fact, caller, is_custom,
                    has_hint, is_in_call, queued_at, expires_at, not_before)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            text.id, text.key, facts.call, facts.action, text.proof.consent, facts.purpose.rawValue,
            text.recipient.e164, text.sender, stored(text.body), text.segments.encoding.rawValue, text.segments.count,
            facts.provider, row.state.rawValue, stored(row.detail, limit: 256), row.queuedAt, row.queuedAt,
            stored(facts.name, limit: 128), facts.fact, stored(facts.caller, limit: 64), facts.isCustom, facts.hasHint,
            row.isInCall, row.queuedAt, row.expiresAt, row.notBefore,
        ])
    }

    /// What was sent of one fact in one call, or still may be.
    func text(of fact: String, in call: String) throws -> String? {
        try String.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT id FROM messages WHERE call = ? AND fact = ?
                        AND state NOT IN ('suppressed', 'failed', 'expired', 'dead')
                    """), arguments: [call, fact])
    }

    /// The newest text to a number since a time, by its channel.
    func newestChannel(to number: String, since: Int64) throws -> String? {
        try String.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT sender FROM messages WHERE recipient = ? AND created_at > ? AND provider <> 'record_only'
                        AND state NOT IN ('suppressed', 'failed', 'expired') ORDER BY created_at DESC LIMIT 1
                    """), arguments: [number, since])
    }

    /// When a text of this channel told the number last how to opt out.
    func lastHint(from channel: String, to number: String) throws -> Int64? {
        try Int64.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT max(created_at) FROM messages WHERE recipient = ? AND sender = ? AND has_hint
                        AND state NOT IN ('suppressed', 'failed', 'expired')
                    """), arguments: [number, channel])
    }

    /// The caps guard what reaches people: texts that were only recorded do not use them up, but for the call's own.
    ///
    /// - Parameter message: not counted.
    func counts(
        of request: ConsentGate.Request, caller: String, besides message: String
    ) throws -> FraudCaps.Counts {
        let number = request.recipient.e164
        // Answers are bounded by the texts that they answer, and use up no cap of what we send by ourselves.
        let isAnswer = [.conversation, .notice].contains(request.purpose)
        let kind = "purpose \(isAnswer ? "" : "NOT ")IN ('conversation', 'notice')"
        func carried(
            _ condition: String, _ arguments: [any DatabaseValueConvertible], of what: String = "*"
        ) throws -> Int { try self.carried(condition + " AND " + kind, arguments, of: what) }
        var counts = FraudCaps.Counts()
        counts.history.inCall = try count(
            "call = ? AND id <> ? AND state <> 'suppressed'", [request.call, message])
        counts.otherCustomRecipientsInCall = try count(
            "call = ? AND id <> ? AND is_custom AND recipient <> ? AND state <> 'suppressed'",
            [request.call, message, number], of: "DISTINCT recipient")
        func since(_ milliseconds: Int64) -> Int64 { request.at &- milliseconds }
        counts.history.inTenMinutes = try carried(
            "recipient = ? AND created_at > ? AND id <> ?", [number, since(600_000), message])
        counts.history.inDay = try carried(
            "recipient = ? AND created_at > ? AND id <> ?", [number, since(86_400_000), message])
        if !caller.isEmpty {
            counts.callerInHour = try carried(
                "caller = ? AND created_at > ? AND id <> ?", [caller, since(3_600_000), message])
        }
        let prefix = FraudCaps.prefix(of: request.recipient)
        counts.otherNumbersOfPrefixInHour = try carried(
            "recipient >= ? AND recipient < ? AND created_at > ? AND recipient <> ?",
            [prefix, prefix + ":", since(3_600_000), number], of: "DISTINCT recipient")
        counts.tenantInMinute = try carried("created_at > ? AND id <> ?", [since(60_000), message])
        counts.tenantInHour = try carried("created_at > ? AND id <> ?", [since(3_600_000), message])
        counts.tenantInDay = try carried("created_at > ? AND id <> ?", [since(86_400_000), message])
        return counts
    }

    private func carried(
        _ condition: String, _ arguments: [any DatabaseValueConvertible], of what: String = "*"
    ) throws -> Int {
        try count(
            condition + " AND provider <> 'record_only' AND state NOT IN ('suppressed', 'failed', 'expired')",
            arguments, of: what)
    }

    private func count(
        _ condition: String, _ arguments: [any DatabaseValueConvertible], of what: String = "*"
    ) throws -> Int {
        try Int.fetchOne(
            try db.cachedStatement(sql: "SELECT count(\(what)) FROM messages WHERE \(condition)"),
            arguments: StatementArguments(arguments)) ?? 0
    }
}

/// What a text's row says besides the text.
public struct TextFacts: Equatable, Sendable {
    /// The call; for an answer to a text, that text's id.
    public var call: String
    /// The action's key; empty for an answer.
    public var action: String
    /// The action's name; `answer` and `notice` for texts that answer one.
    public var name: String
    public var purpose: ConsentPurpose
    public var provider: String
    /// Unique within a call; `nil` where the same may be said again.
    public var fact: String?
    /// The number that brought it about.
    public var caller: String
    public var isCustom: Bool
    /// It tells how to opt out.
    public var hasHint: Bool

    public init(
        call: String, action: String, name: String, purpose: ConsentPurpose, provider: String, fact: String? = nil,
        caller: String, isCustom: Bool = false, hasHint: Bool
    ) {
        self.call = call
        self.action = action
        self.name = name
        self.purpose = purpose
        self.provider = provider
        self.fact = fact
        self.caller = caller
        self.isCustom = isCustom
        self.hasHint = hasHint
    }
}
