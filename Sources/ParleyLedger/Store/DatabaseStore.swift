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
            try db.cachedStatement(sql: "SELECT outcome, rule, result FROM actions WHERE key = ?"),
            arguments: [key.text]
        )
        guard let row else { return nil }
        switch row["outcome"] as String {
        case "committed": return ActionReceipt(.committed, isRepeat: true)
        case "pending": return ActionReceipt(.committed, isRepeat: true, order: WebhookOrder(key: key, request: nil))
        case "answered": return ActionReceipt(.answered(row["result"]), isRepeat: true)
        case "failed", "unknown": return ActionReceipt(.failed(row["rule"]), isRepeat: true)
        default: return ActionReceipt(.refused(row["rule"]), isRepeat: true)
        }
    }

    func call(_ id: String) throws -> CallOnRecord? {
        try Row.fetchOne(
            try db.cachedStatement(
                sql: "SELECT caller, agent, ended_at IS NOT NULL AS is_over FROM calls WHERE id = ?"),
            arguments: [id]
        ).map { CallOnRecord(caller: $0["caller"], agent: $0["agent"], isOver: $0["is_over"]) }
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
        let newest = try String.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT text FROM turns WHERE call = ? AND side = 'agent' AND text <> '' AND began_ms <= ?
                    ORDER BY began_ms DESC, seq DESC LIMIT 2
                    """), arguments: [call, answer.ended])
        // "Please say yes or no" asks again what was asked before it.
        guard let last = newest.first else { return nil }
        return ConsentQuestion.namesTexts(last) ? last : newest.reversed().joined(separator: " ")
    }

    func variables(of call: String) throws -> [String: String] {
        let rows = try Row.fetchAll(
            try db.cachedStatement(sql: "SELECT name, value FROM variables WHERE call = ?"), arguments: [call])
        return Dictionary(rows.map { ($0["name"], $0["value"]) }, uniquingKeysWith: { $1 })
    }

    func consents(for request: ConsentGate.Request) throws -> [Consent] {
        try ConsentTable(db).consents(for: request)
    }

    func optOuts(of number: String) throws -> [OptOut] { try ConsentTable(db).optOuts(of: number) }

    func counts(
        for request: ConsentGate.Request, caller: String, besides message: String
    ) throws -> FraudCaps.Counts {
        try MessageTable(db).counts(of: request, caller: caller, besides: message)
    }

    func text(of fact: String, in call: String) throws -> String? { try MessageTable(db).text(of: fact, in: call) }

    func newestChannel(to number: String, since: Int64) throws -> String? {
        try MessageTable(db).newestChannel(to: number, since: since)
    }

    func lastHint(from channel: String, to number: String) throws -> Int64? {
        try MessageTable(db).lastHint(from: channel, to: number)
    }

    func isTranscript(_ words: String, of call: String) throws -> Bool {
        let turns = try String.fetchAll(
            // What the agent read out it may well write; what the caller said is theirs.
            try db.cachedStatement(
                sql: "SELECT text FROM turns WHERE call = ? AND side = 'caller' ORDER BY seq LIMIT 1000"),
            arguments: [call])
        return Repetition().isTranscript(words, of: turns)
    }

    mutating func insert(_ action: DecidedAction) throws {
        let (outcome, rule) =
            switch action.receipt.outcome {
            case .committed, .answered: (action.receipt.order == nil ? "committed" : "pending", action.receipt.rule)
            case .refused(let rule): ("refused", rule)
            case .failed(let fault): ("refused", fault)
            }
        try db.cachedStatement(
            sql: """
                INSERT INTO actions (key, call, turn, number, generation, name, arguments, outcome, rule, at_ms, decided_at,
                    inputs)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            action.key.text, action.call, action.invocation.turn.number, action.invocation.number,
            action.invocation.generation.number, stored(action.invocation.request.name, limit: 128),
            stored(action.arguments), outcome, rule, action.at.milliseconds, action.decidedAt, stored(action.inputs),
        ])
    }

    mutating func write(_ effect: DecisionEffect, now: Int64) throws {
        switch effect {
        case .consent(let consent): try ConsentTable(db).insert(consent)
        case .withdrawConsents(let number, let purpose, let call):
            try ConsentTable(db).withdraw(number, purpose: purpose, call: call, now: now)
        case .liftSpokenOptOuts(let number, let call):
            try ConsentTable(db).liftSpoken(of: number.e164, call: call, now: now)
        case .text(let message, let facts, let row):
            try MessageTable(db).insert(message, facts, row)
            try ThreadTable(db).handle([.textSent(message.body)], of: message.recipient, from: facts.call, now: now)
        case .links(let links, let message, let expiresAt):
            for link in links { try LinkTable(db).insert(link, message: message, expiresAt: expiresAt, now: now) }
        case .trigger(let trigger, let call): try ThreadTable(db).raised(trigger, in: call, now: now)
        }
    }
}
