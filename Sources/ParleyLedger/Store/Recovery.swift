import GRDB
import ParleyCore
import ParleyMessaging

/// What a new process does with what the one before left behind. The writer's lock is held: nobody else has open calls.
enum Recovery {
    /// Ends every open call as `process_lost`, at the last moment that is known of it.
    static func closeLostCalls(_ db: Database) throws -> Int {
        try db.execute(
            sql: """
                UPDATE calls SET end_reason = ?, ended_at = started_at + max(
                    0,
                    coalesce((SELECT max(ended_ms) FROM turns WHERE call = calls.id), 0),
                    coalesce((SELECT max(last_ms) FROM events WHERE call = calls.id), 0),
                    coalesce((SELECT max(at_ms) FROM variables WHERE call = calls.id), 0),
                    coalesce((SELECT max(at_ms) FROM actions WHERE call = calls.id), 0),
                    coalesce((SELECT max(first_frame_us) / 1000 FROM waterfalls WHERE call = calls.id), 0))
                WHERE ended_at IS NULL
                """, arguments: [EndReason.processLost.rawValue])
        return db.changesCount
    }

    /// Texts that were taken on and not handed over: each passes the gate again before it may go.
    static func waitingTexts(_ db: Database, decisions: ActionTransaction) throws -> [TextMessage] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, key, call, purpose, recipient, sender, body FROM messages WHERE state = 'queued'")
        var texts: [TextMessage] = []
        for row in rows {
            let id: String = row["id"]
            guard let number = try? PhoneNumber(row["recipient"]),
                let purpose = ConsentPurpose(rawValue: row["purpose"])
            else {
                try suppress(id, rule: "row_unreadable", in: db, now: decisions.now())
                continue
            }
            let request = ConsentGate.Request(
                recipient: number, sender: row["sender"], purpose: purpose, call: row["call"])
            switch try Outbox.decide(request, gate: decisions.messaging.gate, besides: id, in: db, now: decisions.now())
            {
            case .allowed(let proof):
                texts.append(TextMessage(id: id, key: row["key"], proof: proof, stored: row["body"]))
            case .refused(let rule):
                try suppress(id, rule: rule.rawValue, in: db, now: decisions.now())
            }
        }
        return texts
    }

    private static func suppress(_ message: String, rule: String, in db: Database, now: Int64) throws {
        try db.execute(
            sql: "UPDATE messages SET state = 'suppressed', detail = ?, updated_at = ? WHERE id = ?",
            arguments: [rule, now, message])
    }
}
