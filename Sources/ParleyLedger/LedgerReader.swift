import GRDB
import ParleyMessaging

/// Reads the record. Every method blocks on the disk.
public struct LedgerReader: Sendable {
    let source: @Sendable () -> any DatabaseReader

    init(source: @escaping @Sendable () -> any DatabaseReader) { self.source = source }

    /// Opens a ledger that a gateway may be writing at the same time; never writes.
    ///
    /// - Throws: `LedgerFault`, one line with the mend.
    public init(path: String) throws(LedgerFault) {
        let queue = try LedgerFile.openForReading(path)
        source = { queue }
    }

    /// The newest calls, newest first.
    public func calls(limit: Int = 50) throws -> [CallSummary] {
        try source().read { db in
            try CallSummary.fetchAll(
                db, sql: CallSummary.select + " ORDER BY started_at DESC, id DESC LIMIT ?",
                arguments: [Swift.max(0, limit)])
        }
    }

    /// One call, all of it; `nil` where there is none of this id. The beginning of an id will do if no other call's
    /// begins so.
    public func call(_ id: String) throws -> CallRecord? {
        try source().read { db in
            let found = try CallSummary.fetchAll(
                db, sql: CallSummary.select + " WHERE calls.id >= ? AND calls.id < ? LIMIT 2",
                arguments: [id, id + "\u{10FFFF}"])
            guard !id.isEmpty, found.count == 1 || found.first?.id == id, let call = found.first else { return nil }
            return CallRecord(
                call: call,
                turns: try TurnRecord.fetchAll(
                    db,
                    sql: """
                        SELECT side, n, text, unheard, is_keyed, is_backchannel, began_ms, ended_ms FROM turns
                        WHERE call = ? ORDER BY began_ms, seq
                        """, arguments: [call.id]),
                waterfalls: try WaterfallRecord.fetchAll(
                    db, sql: "SELECT * FROM waterfalls WHERE call = ? ORDER BY generation", arguments: [call.id]),
                variables: try VariableRecord.fetchAll(
                    db, sql: "SELECT name, value, at_ms FROM variables WHERE call = ? ORDER BY at_ms, name",
                    arguments: [call.id]),
                actions: try ActionRecord.fetchAll(
                    db,
                    sql: """
                        SELECT name, turn, outcome, rule, at_ms FROM actions WHERE call = ? ORDER BY at_ms, turn, number, decided_at
                        """, arguments: [call.id]),
                consents: try ConsentRecord.fetchAll(
                    db, sql: "SELECT * FROM consents WHERE call = ? ORDER BY given_at, id", arguments: [call.id]),
                messages: try MessageRecord.fetchAll(
                    db, sql: "SELECT * FROM messages WHERE call = ? ORDER BY created_at, id", arguments: [call.id]),
                events: try EventRecord.fetchAll(
                    db,
                    sql: "SELECT kind, detail, count, at_ms, last_ms FROM events WHERE call = ? ORDER BY at_ms, seq",
                    arguments: [call.id]))
        }
    }

    /// What is known of a contact (E.164); `nil`: nothing was ever heard of the number.
    public func thread(_ number: String) throws -> ConversationThread? {
        try source().read { try ThreadTable($0).thread(number) }
    }

    /// The newest texts, newest first.
    public func messages(limit: Int = 50) throws -> [MessageRecord] {
        try source().read { db in
            try MessageRecord.fetchAll(
                db, sql: "SELECT * FROM messages ORDER BY created_at DESC, id DESC LIMIT ?",
                arguments: [Swift.max(0, limit)])
        }
    }

    /// Every consent of one number (E.164), oldest first.
    public func consents(number: String) throws -> [ConsentRecord] {
        try source().read { db in
            try ConsentRecord.fetchAll(
                db, sql: "SELECT * FROM consents WHERE number = ? ORDER BY given_at, id", arguments: [number])
        }
    }
}
