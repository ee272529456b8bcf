import GRDB
import ParleyActions

extension Ledger {
    /// Writes down what became of a request, and its values as the call's variables. Durable when it returns; of an action
    /// that is not `pending` nothing is changed.
    ///
    /// - Throws: `LedgerFault`, or the disk's.
    public func settle(_ key: InvocationKey, as ending: WebhookEnding) async throws {
        let now = now()
        try await transact { db in try WebhookTable(db).settle(key, as: ending, now: now) }
    }
}

/// Actions that are carried over the network.
struct WebhookTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    func settle(_ key: InvocationKey, as ending: WebhookEnding, now: Int64) throws {
        let (outcome, rule, values) =
            switch ending {
            case .answered(let values, let note): ("answered", note, values)
            case .refused(let rule): ("refused", rule, JSON.null)
            case .failed(let fault): ("failed", fault, JSON.null)
            case .unknown(let fault): ("unknown", fault, JSON.null)
            }
        let row = try Row.fetchOne(
            db, sql: "SELECT call, at_ms, decided_at FROM actions WHERE key = ? AND outcome = 'pending'",
            arguments: [key.text])
        guard let row else { return }
        try db.execute(
            sql: "UPDATE actions SET outcome = ?, rule = ?, result = ?, ended_at = ? WHERE key = ?",
            arguments: [outcome, stored(rule, limit: 256), values == .null ? "" : values.canonical, now, key.text])
        guard case .object(let members) = values else { return }
        let began: Int64 = row["at_ms"]
        let decided: Int64 = row["decided_at"]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            try keep(value.spoken, as: name, of: row["call"], at: began &+ max(0, now &- decided))
        }
    }

    /// What the answer has nothing of is no variable any more: it would be an older answer's.
    private func keep(_ value: String, as name: String, of call: String, at time: Int64) throws {
        guard !value.isEmpty else {
            return try db.execute(sql: "DELETE FROM variables WHERE call = ? AND name = ?", arguments: [call, name])
        }
        try db.execute(
            sql: """
                INSERT INTO variables (call, name, value, at_ms) VALUES (?, ?, ?, ?)
                ON CONFLICT (call, name) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms
                """, arguments: [call, name, stored(value), time])
    }

    /// What a process before this one had under way: whether its requests arrived nobody knows, and none is sent again.
    func recover(now: Int64) throws {
        try db.execute(
            sql:
                "UPDATE actions SET outcome = 'unknown', rule = 'process_lost', ended_at = ? WHERE outcome = 'pending'",
            arguments: [now])
    }
}
