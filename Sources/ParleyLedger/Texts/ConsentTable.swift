import GRDB
import ParleyMessaging

/// The rows of consents and opt-outs, within one transaction.
struct ConsentTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    func insert(_ consent: Consent) throws {
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

    /// Somebody said no, later in the same call.
    func withdraw(_ number: PhoneNumber, purpose: ConsentPurpose, call: String, now: Int64) throws {
        try db.execute(
            sql: """
                UPDATE consents SET withdrawn_at = ?
                WHERE number = ? AND purpose = ? AND call = ? AND withdrawn_at IS NULL
                """, arguments: [now, number.e164, purpose.rawValue, call])
    }

    /// The newest row that may cover the request; the gate looks at it again. One row, as a number may have thousands.
    func consents(for request: ConsentGate.Request) throws -> [Consent] {
        let isCallsOwn = [.transactionalInCall, .notice].contains(request.purpose)
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM consents WHERE number = ? AND sender = ? AND purpose = ? AND withdrawn_at IS NULL
                    \(isCallsOwn ? "AND call = ?" : "") ORDER BY given_at DESC, id DESC LIMIT 1
                """)
        let key = [request.recipient.e164, request.sender, request.purpose.rawValue]
        return try Row.fetchAll(statement, arguments: StatementArguments(isCallsOwn ? key + [request.call] : key))
            .compactMap(Consent.init(row:))
    }

    /// Those that hold now.
    func optOuts(of number: String) throws -> [OptOut] {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM opt_outs WHERE subject = ? AND lifted_at IS NULL ORDER BY id")
        return try Row.fetchAll(statement, arguments: [try Subjects(db).hash(number)]).map { row in
            let scope: String = row["scope"]
            // A scope that this version does not know stops everything.
            return OptOut(
                number: number, scope: ConsentPurpose(rawValue: scope).map { .purpose($0) } ?? .everything,
                means: row["means"], at: row["at"], call: row["call"])
        }
    }

    func insert(_ optOut: OptOut) throws {
        let scope =
            switch optOut.scope {
            case .everything: "all"
            case .purpose(let purpose): purpose.rawValue
            }
        try db.execute(
            sql: "INSERT INTO opt_outs (number, subject, scope, means, at, call) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                stored(optOut.number), try Subjects(db).hash(optOut.number), scope, stored(optOut.means), optOut.at,
                stored(optOut.call),
            ])
    }

    /// A clear yes, later in the same call, to what was stopped in it by word of mouth.
    func liftSpoken(of number: String, call: String, now: Int64) throws {
        try db.execute(
            sql: """
                UPDATE opt_outs SET lifted_at = ? WHERE subject = ? AND call = ? AND means IN ('spoken', ?)
                    AND lifted_at IS NULL
                """, arguments: [now, try Subjects(db).hash(number), call, OptOut.suspected])
    }

    /// They want texts again. The opt-outs stay on record.
    func liftOptOuts(of number: String, now: Int64) throws {
        try db.execute(
            sql: "UPDATE opt_outs SET lifted_at = ? WHERE subject = ? AND lifted_at IS NULL",
            arguments: [now, try Subjects(db).hash(number)])
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
