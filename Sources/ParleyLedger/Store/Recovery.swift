import GRDB
import ParleyCore

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
}
