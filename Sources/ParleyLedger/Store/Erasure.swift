import Foundation
import GRDB
import ParleyMessaging

/// Forgets one person, or one call: every word and number goes, ids, times, hashes and opt-outs stay.
///
/// Works beside a gateway that has the file open: SQLite lets one of them write at a time.
public enum Erasure {
    /// What there was of them.
    public struct Report: Equatable, Sendable {
        public var calls: [String]
        public var texts: Int
        public var consents: Int
        /// An opt-out of theirs holds on.
        public var isOptedOut: Bool
        /// Other programs read the file, and its log could not be emptied: what was erased may stand in it until they let go.
        public var isLogBusy: Bool
    }

    /// - Parameters:
    ///   - subject: a number (E.164) or a call's id.
    ///   - now: UTC milliseconds since 1970.
    /// - Throws: `LedgerFault`.
    public static func erase(_ subject: String, in path: String, now: Int64) throws -> Report {
        let queue = try LedgerFile.openBeside(path)
        defer { try? queue.close() }
        var report = try queue.write { db in try erase(subject, db, now: now) }
        try queue.writeWithoutTransaction { db in
            // What is deleted is overwritten (secure_delete). A small file is written anew besides, for what an older version
            // left between its rows; a large one is not: nobody could write to it meanwhile.
            let size =
                try Int64.fetchOne(db, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
                ?? 0
            if size <= 64 << 20 { try db.execute(sql: "VACUUM") }
            let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            report.isLogBusy = (row?[0] as Int? ?? 0) != 0
        }
        return report
    }

    private static func erase(_ subject: String, _ db: Database, now: Int64) throws -> Report {
        let subjects = try Subjects(db)
        let isNumber = subject.hasPrefix("+")
        let calls =
            isNumber
            ? try String.fetchAll(db, sql: "SELECT id FROM calls WHERE caller = ? ORDER BY id", arguments: [subject])
            : try String.fetchAll(db, sql: "SELECT id FROM calls WHERE id = ?", arguments: [subject])
        var report = Report(calls: calls, texts: 0, consents: 0, isOptedOut: false, isLogBusy: false)
        for call in calls { try forget(call: call, db, subjects) }
        if isNumber {
            let name = Subjects.prefix + subjects.hash(subject)
            let about: [DatabaseValueConvertible] = [name, subject]
            try db.execute(
                sql: "UPDATE messages SET recipient = ?, body = '', detail = '' WHERE recipient = ?",
                arguments: StatementArguments(about))
            report.texts += db.changesCount
            try db.execute(
                sql: "UPDATE messages SET caller = ? WHERE caller = ?", arguments: StatementArguments(about))
            try db.execute(
                sql: "UPDATE inbound SET number = ?, body = '' WHERE number = ?", arguments: StatementArguments(about))
            report.texts += db.changesCount
            try db.execute(
                sql: "UPDATE consents SET number = ?, wording = '', heard = '', answer = '' WHERE number = ?",
                arguments: StatementArguments(about))
            report.consents += db.changesCount
            try db.execute(sql: "UPDATE opt_outs SET number = '' WHERE number = ?", arguments: [subject])
            try db.execute(sql: "DELETE FROM threads WHERE number = ?", arguments: [subject])
            try db.execute(
                sql: "UPDATE thread_changes SET number = ?, detail = '' WHERE number = ?",
                arguments: StatementArguments(about))
            report.isOptedOut =
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM opt_outs WHERE subject = ? AND lifted_at IS NULL",
                    arguments: [subjects.hash(subject)]) ?? 0 > 0
        }
        try Audit.insert(
            "erased", subject: isNumber ? subjects.hash(subject) : subject,
            detail: "\(calls.count) calls, \(report.texts) texts, \(report.consents) consents", db, now: now)
        return report
    }

    private static func forget(call: String, _ db: Database, _ subjects: Subjects) throws {
        let caller = try String.fetchOne(db, sql: "SELECT caller FROM calls WHERE id = ?", arguments: [call]) ?? ""
        let name = caller.isEmpty ? "" : Subjects.prefix + subjects.hash(caller)
        try db.execute(
            sql: "UPDATE calls SET caller = ?, provider_call = '', stream = '' WHERE id = ?", arguments: [name, call])
        try db.execute(sql: "UPDATE turns SET text = '', unheard = '' WHERE call = ?", arguments: [call])
        try db.execute(sql: "DELETE FROM variables WHERE call = ?", arguments: [call])
        try db.execute(
            sql: "UPDATE actions SET arguments = '', inputs = '', result = '' WHERE call = ?", arguments: [call])
        let about: [any DatabaseValueConvertible] = [name, call, caller]
        try db.execute(
            sql: "UPDATE consents SET wording = '', heard = '', answer = '' WHERE call = ?", arguments: [call])
        try db.execute(
            sql: "UPDATE consents SET number = ? WHERE call = ? AND number = ?", arguments: StatementArguments(about))
        try db.execute(
            sql: "UPDATE messages SET recipient = ? WHERE call = ? AND recipient = ?",
            arguments: StatementArguments(about))
        try db.execute(
            sql: "UPDATE messages SET caller = ? WHERE call = ? AND caller = ?", arguments: StatementArguments(about))
        try db.execute(
            sql: "DELETE FROM links WHERE message IN (SELECT id FROM messages WHERE call = ?)", arguments: [call])
        try db.execute(
            sql: """
                UPDATE messages SET state = 'suppressed', revision = revision + 1 WHERE call = ?
                    AND state IN ('queued', 'claimed')
                """, arguments: [call])
        try db.execute(sql: "UPDATE messages SET body = '', detail = '' WHERE call = ?", arguments: [call])
    }
}
