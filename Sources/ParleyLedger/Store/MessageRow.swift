import GRDB
import ParleyMessaging

/// A text's row, as sending, answering and auditing need it.
struct MessageRow: Equatable, Sendable {
    var outbox: OutboxRow
    var key: String
    var call: String
    var purpose: String
    var recipient: String
    var body: String
    var name: String
    var waiting: WaitingText {
        WaitingText(
            id: outbox.id, call: call, purpose: purpose, recipient: recipient, sender: outbox.sender,
            isInCall: outbox.isInCall)
    }

    init(_ row: Row) {
        outbox = OutboxRow(row)
        key = row["key"]
        call = row["call"]
        purpose = row["purpose"]
        recipient = row["recipient"]
        body = row["body"]
        name = row["name"]
    }

    static func fetch(_ id: String, _ db: Database) throws -> MessageRow? {
        try Row.fetchOne(try db.cachedStatement(sql: "SELECT * FROM messages WHERE id = ?"), arguments: [id])
            .map(MessageRow.init)
    }

    /// Writes a decision over the revision that it was made on.
    ///
    /// - Returns: false where the row has moved on: nothing was written.
    static func write(_ next: OutboxRow, over revision: Int64, at now: Int64, _ db: Database) throws -> Bool {
        var (doubt, until, count): (String?, Int64?, Int?) = (nil, nil, nil)
        switch next.doubt {
        case .waiting(let end): (doubt, until) = ("waiting", end)
        case .asking(let end, let asked): (doubt, until, count) = ("asking", end, asked)
        case .held: doubt = "held"
        case nil: break
        }
        try db.cachedStatement(
            sql: """
                UPDATE messages SET state = ?, detail = ?, updated_at = ?, provider_message = ?, expires_at = ?,
                    revision = ?, fence = ?, lease_owner = ?, lease_end = ?, not_before = ?, tries = ?, tried_since = ?,
                    try_fence = ?, try_at = ?, request_deadline = ?, doubt = ?, doubt_until = ?, doubt_count = ?
                WHERE id = ? AND revision = ?
                """
        ).execute(arguments: [
            next.state.rawValue, stored(next.detail, limit: 256), now, stored(next.providerID, limit: 256),
            next.expiresAt, next.revision, next.fence, next.lease?.owner, next.lease?.end, next.notBefore, next.tries,
            next.triedSince, next.lastTry?.fence, next.lastTry?.at, next.requestDeadline, doubt, until, count, next.id,
            revision,
        ])
        return db.changesCount == 1
    }
}

extension OutboxRow {
    init(_ row: Row) {
        var lease: Lease?
        if let owner: String = row["lease_owner"], let end: Int64 = row["lease_end"] {
            lease = Lease(owner: owner, end: end)
        }
        var lastTry: Try?
        if let fence: Int64 = row["try_fence"], let at: Int64 = row["try_at"] { lastTry = Try(fence: fence, at: at) }
        var doubt: Doubt?
        switch (row["doubt"] as String?, row["doubt_until"] as Int64?) {
        case ("waiting", let until?): doubt = .waiting(until: until)
        case ("asking", let until?): doubt = .asking(until: until, count: row["doubt_count"] ?? 0)
        case ("held", _): doubt = .held
        default: break
        }
        self.init(
            id: row["id"], sender: row["sender"], isInCall: row["is_in_call"], queuedAt: row["queued_at"],
            expiresAt: row["expires_at"],
            // A state that this version does not know is nobody's to move.
            state: MessageState(rawValue: row["state"]) ?? .failed, revision: row["revision"], fence: row["fence"],
            lease: lease, notBefore: row["not_before"], tries: row["tries"], triedSince: row["tried_since"],
            lastTry: lastTry, requestDeadline: row["request_deadline"], doubt: doubt,
            providerID: row["provider_message"], detail: row["detail"])
    }
}
