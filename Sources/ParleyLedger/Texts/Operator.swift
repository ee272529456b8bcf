import GRDB
import ParleyMessaging

/// What an operator does with the record beside a gateway that may be running: SQLite lets one of them write at a time, and
/// the gateway's sender looks again within five seconds.
public struct LedgerOperator: Sendable {
    private let path: String
    private let messaging: Ledger.Messaging
    private let now: Int64

    /// - Parameter now: UTC milliseconds since 1970.
    public init(path: String, messaging: Ledger.Messaging, now: Int64) {
        self.path = path
        self.messaging = messaging
        self.now = now
    }

    /// Another round of tries for a dead letter or a held unknown.
    ///
    /// - Returns: false where its state does not allow it, or there is no such text.
    public func retry(_ message: String) throws -> Bool { try write { try $0.retry(message) } }

    /// A text that will not be sent, whatever became of it.
    public func drop(_ message: String) throws -> Bool { try write { try $0.drop(message) } }

    /// Lifts a sender's pause.
    public func resume(_ channel: String) throws -> Bool {
        let now = now
        return try write { outbox in
            try outbox.db.execute(sql: "DELETE FROM pauses WHERE sender = ?", arguments: [channel])
            let isLifted = outbox.db.changesCount > 0
            if isLifted { try Audit.insert("sender_resumed", subject: channel, detail: "", outbox.db, now: now) }
            return isLifted
        }
    }

    /// Somebody told the operator that they want no texts, or want them again.
    public func optOut(_ number: PhoneNumber) throws {
        let now = now
        try write { outbox in
            try outbox.optOut(OptOut(number: number.e164, means: "operator", at: now))
        }
    }

    public func liftOptOuts(_ number: PhoneNumber) throws {
        let now = now
        try write { outbox in
            try ConsentTable(outbox.db).liftOptOuts(of: number.e164, now: now)
            try Audit.insert(
                "opt_out_lifted", subject: try Subjects(outbox.db).hash(number.e164), detail: "", outbox.db, now: now)
        }
    }

    /// A person has done what a conversation waited for: it is put away until the customer comes back.
    ///
    /// - Returns: false where there is none with that number.
    public func done(_ number: PhoneNumber) throws -> Bool {
        let now = now
        return try write { outbox in
            guard try ThreadTable(outbox.db).thread(number.e164) != nil else { return false }
            try ThreadTable(outbox.db).handle([.archivedByOperator], of: number, from: "operator", now: now)
            return true
        }
    }

    /// Consent that was given elsewhere: on paper, on the web.
    ///
    /// - Parameters:
    ///   - wording: what they agreed to.
    ///   - answer: where the proof of it is.
    /// - Returns: the row's id; `nil` where there is no such channel.
    public func consent(
        _ number: PhoneNumber, channel: String, wording: String, answer: String
    ) throws -> String? {
        guard let channel = messaging.channel(channel) else { return nil }
        let id = ULID.make(at: now)
        let consent = Consent(
            id: id, number: number.e164, purpose: .informational, sender: channel.name, means: .imported,
            wording: wording, wordingVersion: "", heard: "", language: channel.language, answer: answer,
            givenAt: now, call: "", turn: 0, spanBegan: 0, spanEnded: 0, agent: "operator")
        let now = now
        try write { outbox in
            try ConsentTable(outbox.db).insert(consent)
            try Audit.insert(
                "consent_imported", subject: try Subjects(outbox.db).hash(number.e164), detail: id, outbox.db, now: now)
        }
        return id
    }

    private func write<Value>(_ work: (inout OutboxTransaction) throws -> Value) throws -> Value {
        let queue = try LedgerFile.openBeside(path)
        defer { try? queue.close() }
        return try queue.write { db in
            var outbox = OutboxTransaction(db, messaging, now: now)
            return try work(&outbox)
        }
    }
}
