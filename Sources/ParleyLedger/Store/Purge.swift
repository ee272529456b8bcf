import GRDB
import ParleyMessaging

/// Takes out of the record what was kept long enough: a batch at a time, so that nobody waits long for the disk.
struct Purge {
    static let batch = 1_000
    let db: Database
    let retention: Retention
    let now: Int64

    /// - Returns: rows that were emptied or removed; 0: there is nothing more to do.
    func step() throws -> Int {
        let texts = now &- retention.textsMS
        let transcripts = now &- retention.transcriptsMS
        var count = 0
        count += try run(
            "UPDATE messages SET body = '' WHERE id IN (SELECT id FROM messages WHERE created_at < ? AND body <> '' LIMIT ?)",
            texts)
        count += try run(
            "UPDATE inbound SET body = '' WHERE id IN (SELECT id FROM inbound WHERE at < ? AND body <> '' LIMIT ?)",
            texts)
        for table in ["links", "clicks"] {
            let time = table == "links" ? "expires_at" : "at"
            count += try run(
                "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE \(time) < ? LIMIT ?)", texts)
        }
        count += try run(
            """
            UPDATE turns SET text = '', unheard = '' WHERE (call, seq) IN (SELECT call, seq FROM turns
                JOIN calls ON calls.id = turns.call WHERE started_at < ? AND (text <> '' OR unheard <> '') LIMIT ?)
            """, transcripts)
        count += try run(
            """
            DELETE FROM variables WHERE (call, name) IN (SELECT call, name FROM variables
                JOIN calls ON calls.id = variables.call WHERE started_at < ? LIMIT ?)
            """, transcripts)
        count += try run(
            """
            UPDATE actions SET arguments = '', inputs = '', result = '' WHERE key IN (SELECT key FROM actions WHERE decided_at < ?
                AND (arguments <> '' OR inputs <> '' OR result <> '') LIMIT ?)
            """, transcripts)
        count += try run(
            """
            UPDATE consents SET wording = '', heard = '', answer = '' WHERE id IN (SELECT id FROM consents
                WHERE given_at < ? AND (wording <> '' OR heard <> '' OR answer <> '') LIMIT ?)
            """, now &- retention.consentMS)
        count += try run(
            "DELETE FROM threads WHERE number IN (SELECT number FROM threads WHERE updated_at < ? LIMIT ?)", texts)
        count += try run(
            "DELETE FROM thread_changes WHERE id IN (SELECT id FROM thread_changes WHERE at < ? LIMIT ?)", texts)
        count += try run(
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? LIMIT ?)", now &- retention.auditMS)
        count += try run(
            "DELETE FROM strays WHERE (provider_message, state) IN (SELECT provider_message, state FROM strays WHERE at < ? LIMIT ?)",
            now &- 86_400_000)
        count += try run("DELETE FROM triggers WHERE id IN (SELECT id FROM triggers WHERE at < ? LIMIT ?)", texts)
        try ThreadTable(db).letTimePass(now: now, limit: Self.batch)
        if count > 0 { try Audit.insert("purged", subject: "", detail: "\(count) rows", db, now: now) }
        return count
    }

    private func run(_ sql: String, _ before: Int64) throws -> Int {
        try db.execute(sql: sql, arguments: [before, Self.batch])
        return db.changesCount
    }
}

extension Ledger {
    /// Removes what was kept long enough, in batches that let others in between.
    public func purge() async throws {
        let (retention, now) = (messaging.plan.retention, now())
        while try await transact({ db in try Purge(db: db, retention: retention, now: now).step() }) > 0 {}
    }
}
