import Foundation
import GRDB
import ParleyActions
import ParleyMessaging

/// The contacts' threads, within one transaction.
struct ThreadTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// `nil`: nothing was ever heard of the number.
    func thread(_ number: String) throws -> ConversationThread? {
        let text = try String.fetchOne(
            try db.cachedStatement(sql: "SELECT content FROM threads WHERE number = ?"), arguments: [number])
        return text.flatMap { try? JSONDecoder().decode(ConversationThread.self, from: Data($0.utf8)) }
    }

    /// Tells a contact's thread what happened, and keeps what came of it.
    ///
    /// - Parameter source: where it happened: a call's id, an inbound text's, `operator`, `clock`.
    func handle(_ events: [ThreadEvent], of number: PhoneNumber, from source: String, now: Int64) throws {
        try handle(events, of: number.e164, from: source, now: now)
    }

    private func handle(_ events: [ThreadEvent], of number: String, from source: String, now: Int64) throws {
        let before = try thread(number)
        var thread = before ?? ConversationThread(number: number, updatedAt: now)
        var changes: [ThreadChange] = []
        for event in events { changes += thread.handle(event, at: now) }
        guard thread != before else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = String(decoding: try encoder.encode(thread), as: UTF8.self)
        try db.cachedStatement(
            sql: """
                INSERT INTO threads (number, id, state, content, revision, updated_at) VALUES (?, ?, ?, ?, 1, ?)
                ON CONFLICT (number) DO UPDATE SET state = excluded.state, content = excluded.content,
                    revision = revision + 1, updated_at = excluded.updated_at
                """
        ).execute(arguments: [number, ULID.make(at: now), thread.state.rawValue, content, thread.updatedAt])
        for change in changes {
            guard let (kind, detail) = change.line else { continue }
            try db.cachedStatement(
                sql: "INSERT INTO thread_changes (number, at, source, kind, detail) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [number, now, stored(source, limit: 64), kind, stored(detail, limit: 1_024)])
        }
    }

    /// Conversations that nothing happens in any more come to rest.
    func letTimePass(now: Int64, limit: Int) throws {
        let quiet = try String.fetchAll(
            db,
            sql: """
                SELECT number FROM threads WHERE state <> 'waiting_on_agent' AND ((updated_at < ? AND state <> 'archived')
                    OR (updated_at < ? AND state NOT IN ('completed', 'archived'))) LIMIT ?
                """,
            arguments: [now - ConversationThread.archivedAfter, now - ConversationThread.completedAfter, limit])
        for number in quiet { try handle([.timePassed], of: number, from: "clock", now: now) }
    }

    // MARK: Calls

    func callBegan(_ caller: String, _ call: String, now: Int64) throws {
        guard let number = try? PhoneNumber(caller) else { return }
        try handle([.callBegan], of: number, from: call, now: now)
    }

    /// What the call settled is known from now on.
    ///
    /// - Parameter notes: what its settled values mean.
    func callEnded(_ call: String, _ notes: Ledger.CallNotes, now: Int64) throws {
        guard
            let row = try Row.fetchOne(
                try db.cachedStatement(sql: "SELECT caller, ended_at, end_reason FROM calls WHERE id = ?"),
                arguments: [call]), let number = try? PhoneNumber(row["caller"]), let ended: Int64 = row["ended_at"]
        else { return }
        var events = notes(call, try variables(of: call))
        let summary = try String.fetchOne(
            try db.cachedStatement(
                sql: "SELECT text FROM turns WHERE call = ? AND side = 'agent' AND text <> '' ORDER BY seq DESC LIMIT 1"
            ),
            arguments: [call])
        events.append(
            .callEnded(PastCall(id: call, endedAt: ended, endReason: row["end_reason"], summary: summary ?? "")))
        try handle(events, of: number, from: call, now: now)
    }

    /// Something happened in a call that has a name.
    func raised(_ trigger: TextAction.Trigger, in call: String, now: Int64) throws {
        guard
            let row = try Row.fetchOne(
                try db.cachedStatement(sql: "SELECT caller, agent FROM calls WHERE id = ?"), arguments: [call]),
            let number = try? PhoneNumber(row["caller"])
        else { return }
        switch trigger {
        case .bookingConfirmed:
            // Late news of what they have asked to be cancelled since.
            if try thread(number.e164)?.booking.status == .cancelRequested { return }
            let values = try variables(of: call).filter { !$0.name.hasPrefix("thread.") }
            let booking = Booking(
                status: .confirmed, reference: CallReference.make(callID: call), flow: row["agent"],
                values: Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
            try handle([.bookingMoved(booking)], of: number, from: call, now: now)
        case .escalationAccepted: try handle([.agentMustAct], of: number, from: call, now: now)
        case .paymentCaptured, .callerRequested: break
        }
    }

    /// In the order in which they were settled; of one moment, what follows from the others last.
    private func variables(of call: String) throws -> [(name: String, value: String)] {
        try Row.fetchAll(
            try db.cachedStatement(
                sql: "SELECT name, value FROM variables WHERE call = ? ORDER BY at_ms, name LIKE 'thread.%', name"),
            arguments: [call]
        ).map { ($0["name"], $0["value"]) }
    }
}

extension ThreadChange {
    /// As the record has it; `nil` for what has rows of its own.
    fileprivate var line: (kind: String, detail: String)? {
        switch self {
        case .state(let state): ("state", state.rawValue)
        case .booking(let booking): ("booking", booking.status.rawValue)
        case .known(let slot, let value): value.map { ("known", "\(slot) = \($0)") } ?? ("forgotten", slot)
        case .question, .text, .call: nil
        }
    }
}
