import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging

/// SQLite, within one transaction, as what actions are decided on.
struct DatabaseStore: ActionStore {
    let db: Database

    init(_ db: Database) { self.db = db }

    func receipt(of key: InvocationKey) throws -> ActionReceipt? {
        let row = try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT outcome, rule FROM actions WHERE key = ?"), arguments: [key.text])
        guard let row else { return nil }
        let isCommitted: Bool = row["outcome"] == "committed"
        return ActionReceipt(isCommitted ? .committed : .refused(row["rule"]), isRepeat: true)
    }

    func call(_ id: String) throws -> CallOnRecord? {
        try Row.fetchOne(try db.cachedStatement(sql: "SELECT caller, agent FROM calls WHERE id = ?"), arguments: [id])
            .map { CallOnRecord(caller: $0["caller"], agent: $0["agent"]) }
    }

    func answer(in call: String, turn: UInt32) throws -> AnswerOnRecord? {
        try Row.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT text, is_keyed, began_ms, ended_ms FROM turns
                    WHERE call = ? AND side = 'caller' AND n = ? ORDER BY seq DESC LIMIT 1
                    """), arguments: [call, turn]
        ).map {
            AnswerOnRecord(text: $0["text"], isKeyed: $0["is_keyed"], began: $0["began_ms"], ended: $0["ended_ms"])
        }
    }

    func heard(in call: String, before answer: AnswerOnRecord) throws -> String? {
        try String.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT text FROM turns WHERE call = ? AND side = 'agent' AND text <> '' AND began_ms <= ?
                    ORDER BY began_ms DESC, seq DESC LIMIT 1
                    """), arguments: [call, answer.ended])
    }

    func consents(for request: ConsentGate.Request) throws -> [Consent] {
        try Outbox.consents(for: request, in: db)
    }

    func optOuts(of number: String) throws -> [OptOut] { try Outbox.optOuts(of: number, in: db) }

    func history(for request: ConsentGate.Request, besides message: String, now: Int64) throws -> ConsentGate.History {
        try Outbox.history(request, besides: message, in: db, now: now)
    }

    func waitingTexts() throws -> [WaitingText] {
        try Row.fetchAll(
            db, sql: "SELECT id, key, call, purpose, recipient, sender, body FROM messages WHERE state = 'queued'"
        ).map { row in
            WaitingText(
                id: row["id"], key: row["key"], call: row["call"], purpose: row["purpose"], recipient: row["recipient"],
                sender: row["sender"], body: row["body"])
        }
    }

    mutating func insert(_ action: DecidedAction) throws {
        let (outcome, rule) =
            switch action.receipt.outcome {
            case .committed: ("committed", action.receipt.rule)
            case .refused(let rule): ("refused", rule)
            case .failed(let fault): ("refused", fault)
            }
        try db.cachedStatement(
            sql: """
                INSERT INTO actions (key, call, turn, number, generation, name, arguments, outcome, rule, at_ms, decided_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            action.key.text, action.call, action.invocation.turn.number, action.invocation.number,
            action.invocation.generation.number, stored(action.invocation.request.name, limit: 128),
            stored(action.arguments), outcome, rule, action.at.milliseconds, action.decidedAt,
        ])
    }

    mutating func insert(_ consent: Consent) throws { try Outbox.insert(consent, in: db) }

    mutating func withdrawConsents(of number: PhoneNumber, purpose: ConsentPurpose, call: String, now: Int64) throws {
        try Outbox.withdrawConsents(of: number, purpose: purpose, call: call, in: db, now: now)
    }

    mutating func insert(
        _ text: TextMessage, of action: DecidedAction, purpose: ConsentPurpose, provider: String
    ) throws {
        try Outbox.insert(
            text, action: action.key, call: action.call, purpose: purpose, provider: provider, in: db,
            now: action.decidedAt)
    }

    mutating func suppress(_ message: String, rule: String, now: Int64) throws {
        try db.execute(
            sql: "UPDATE messages SET state = 'suppressed', detail = ?, updated_at = ? WHERE id = ?",
            arguments: [rule, now, message])
    }
}
