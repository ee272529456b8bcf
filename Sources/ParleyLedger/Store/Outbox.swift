import GRDB
import ParleyActions
import ParleyMessaging

/// The rows of consents, opt-outs and texts.
enum Outbox {
    static func insert(_ consent: Consent, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO consents (id, number, purpose, sender, means, wording, wording_version, heard, language, answer,
                    given_at, zone, call, turn, span_began_ms, span_ended_ms, agent)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'UTC', ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            consent.id, consent.number, consent.purpose.rawValue, consent.sender, consent.means.rawValue,
            stored(consent.wording), stored(consent.wordingVersion), stored(consent.heard), stored(consent.language),
            stored(consent.answer), consent.givenAt, consent.call, consent.turn, consent.spanBegan, consent.spanEnded,
            consent.agent,
        ])
    }

    /// The caller said no, later in the same call.
    static func withdrawConsents(
        of number: PhoneNumber, purpose: ConsentPurpose, call: String, in db: Database, now: Int64
    ) throws {
        try db.execute(
            sql: """
                UPDATE consents SET withdrawn_at = ?
                WHERE number = ? AND purpose = ? AND call = ? AND withdrawn_at IS NULL
                """, arguments: [now, number.e164, purpose.rawValue, call])
    }

    /// Holds from this transaction on, also for texts that wait to leave.
    static func insert(_ optOut: OptOut, in db: Database, now: Int64) throws {
        let scope =
            switch optOut.scope {
            case .everything: "all"
            case .purpose(let purpose): purpose.rawValue
            }
        try db.execute(
            sql: "INSERT INTO opt_outs (number, scope, means, at, call) VALUES (?, ?, ?, ?, ?)",
            arguments: [stored(optOut.number), scope, stored(optOut.means), optOut.at, stored(optOut.call)])
        try db.execute(
            sql: """
                UPDATE messages SET state = 'suppressed', detail = 'opted_out', updated_at = ?
                WHERE state = 'queued' AND recipient = ? AND (? = 'all' OR purpose = ?)
                """, arguments: [now, optOut.number, scope, scope])
    }

    static func insert(
        _ text: TextMessage, action: InvocationKey, call: String, purpose: ConsentPurpose,
        provider: String, in db: Database, now: Int64
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO messages (id, key, call, action, consent, purpose, recipient, sender, body, encoding, segments,
                    provider, provider_message, state, detail, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, '', ?, ?)
                """
        ).execute(arguments: [
            text.id, text.key, call, action.text, text.proof.consent, purpose.rawValue, text.recipient.e164,
            text.sender,
            stored(text.body), text.segments.encoding.rawValue, text.segments.count, provider,
            MessageState.queued.rawValue, now, now,
        ])
    }

    /// Moves a text to the state that its provider's answer means; never backwards.
    static func move(_ message: String, by answer: SendAnswer, in db: Database, now: Int64) throws {
        let stored = try String.fetchOne(db, sql: "SELECT state FROM messages WHERE id = ?", arguments: [message])
        guard let state = stored.flatMap(MessageState.init(rawValue:)), state.canMove(to: answer.state) else { return }
        var providerID = ""
        var detail = ""
        switch answer {
        case .accepted(let id): providerID = id
        case .refused(let code): detail = code
        case .recorded, .unknown: break
        }
        try db.cachedStatement(
            sql: "UPDATE messages SET state = ?, provider_message = ?, detail = ?, updated_at = ? WHERE id = ?"
        ).execute(arguments: [
            answer.state.rawValue, ParleyLedger.stored(providerID, limit: 256), ParleyLedger.stored(detail, limit: 256),
            now, message,
        ])
    }

    /// The newest row that may cover the request; the gate looks at it again. One row, as a number may have thousands.
    static func consents(for request: ConsentGate.Request, in db: Database) throws -> [Consent] {
        let isCallsOwn = request.purpose == .transactionalInCall
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM consents WHERE number = ? AND sender = ? AND purpose = ? AND withdrawn_at IS NULL
                    \(isCallsOwn ? "AND call = ?" : "") ORDER BY given_at DESC, id DESC LIMIT 1
                """)
        let key = [request.recipient.e164, request.sender, request.purpose.rawValue]
        return try Row.fetchAll(statement, arguments: StatementArguments(isCallsOwn ? key + [request.call] : key))
            .compactMap(Consent.init(row:))
    }

    static func optOuts(of number: String, in db: Database) throws -> [OptOut] {
        let statement = try db.cachedStatement(sql: "SELECT * FROM opt_outs WHERE number = ?")
        return try Row.fetchAll(statement, arguments: [number]).map { row in
            let scope: String = row["scope"]
            // A scope that this version does not know stops everything.
            return OptOut(
                number: row["number"], scope: ConsentPurpose(rawValue: scope).map { .purpose($0) } ?? .everything,
                means: row["means"], at: row["at"], call: row["call"])
        }
    }

    /// The caps per recipient guard what reaches people: texts that were only recorded do not use them up.
    static func history(
        _ request: ConsentGate.Request, besides message: String, in db: Database, now: Int64
    ) throws -> ConsentGate.History {
        let inCall = try db.cachedStatement(
            sql: "SELECT count(*) FROM messages WHERE call = ? AND id <> ? AND state <> 'suppressed'")
        let since = try db.cachedStatement(
            sql: """
                SELECT count(*) FROM messages WHERE recipient = ? AND created_at > ? AND id <> ?
                    AND provider <> 'record_only' AND state NOT IN ('suppressed', 'failed', 'expired')
                """)
        let number = request.recipient.e164
        return ConsentGate.History(
            inCall: try Int.fetchOne(inCall, arguments: [request.call, message]) ?? 0,
            inTenMinutes: try Int.fetchOne(since, arguments: [number, now - 600_000, message]) ?? 0,
            inDay: try Int.fetchOne(since, arguments: [number, now - 86_400_000, message]) ?? 0)
    }
}

extension Consent {
    /// `nil` for a purpose or means that this version does not know: it then covers nothing.
    init?(row: Row) {
        guard let purpose = ConsentPurpose(rawValue: row["purpose"]), let means = ConsentMeans(rawValue: row["means"])
        else { return nil }
        self.init(
            id: row["id"], number: row["number"], purpose: purpose, sender: row["sender"], means: means,
            wording: row["wording"], wordingVersion: row["wording_version"], heard: row["heard"],
            language: row["language"], answer: row["answer"], givenAt: row["given_at"], call: row["call"],
            turn: row["turn"], spanBegan: row["span_began_ms"], spanEnded: row["span_ended_ms"], agent: row["agent"])
    }
}
