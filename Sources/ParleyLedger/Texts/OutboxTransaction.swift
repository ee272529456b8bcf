import GRDB
import ParleyMessaging

/// The outbox's rules over its rows, within one transaction of SQLite.
struct OutboxTransaction {
    let db: Database
    let messaging: Ledger.Messaging
    let now: Int64
    private(set) var notices: [OutboxNotice] = []
    private(set) var queries: [OutboxQuery] = []
    private var rules: OutboxRules { messaging.plan.outbox }

    init(_ db: Database, _ messaging: Ledger.Messaging, now: Int64) {
        self.db = db
        self.messaging = messaging
        self.now = now
    }

    /// Rows that one look moves on at most; the next look takes the rest.
    private static let maxRows = 256

    // MARK: Sending

    mutating func claim(_ room: ClaimRoom) throws -> ClaimRound {
        for row in try dueRows() { try apply(rules.due(row.outbox, now: now), to: row) }
        var pauses = try PauseTable(db).all()
        var shut: Set<String> = []
        var claims: [Claim] = []
        var until: Int64?
        for (sender, pause) in pauses {
            if case .shut(let end) = pause.door(now: now).and(room.doors[sender] ?? .open) {
                shut.insert(sender)
                until = earlier(until, end)
            }
        }
        for (sender, door) in room.doors where !shut.contains(sender) {
            if case .shut(let end) = door {
                shut.insert(sender)
                until = earlier(until, end)
            }
        }
        for row in try queuedRows(besides: shut, limit: room.limit) {
            let sender = row.outbox.sender
            let door = (pauses[sender]?.door(now: now) ?? .open).and(room.doors[sender] ?? .open)
            switch rules.claim(row.outbox, owner: room.owner, door: door, now: now) {
            case .claimed(let next):
                guard try MessageRow.write(next, over: row.outbox.revision, at: now, db) else { continue }
                let isProbe = pauses[sender]?.claimed(now: now) ?? false
                if isProbe, let pause = pauses[sender] { try PauseTable(db).write(pause, of: sender, now: now) }
                claims.append(Claim(id: next.id, fence: next.fence, channel: sender, isProbe: isProbe))
            case .ended(let next, let effects): try apply(.change(next, effects), to: row)
            case .refused: continue
            }
        }
        return ClaimRound(
            claims: claims, queries: queries, notices: notices,
            nextLook: earlier(until, try nextLook(besides: shut, isFull: claims.count >= room.limit)))
    }

    mutating func begin(_ claim: Claim) throws -> BeginAnswer {
        guard let row = try MessageRow.fetch(claim.id, db) else { return .lost }
        let (verdict, proof) = try verdict(on: row)
        switch rules.begin(row.outbox, fence: claim.fence, gate: verdict, now: now) {
        case .lost: return .lost
        case .instead(let next, let effects):
            try apply(.change(next, effects), to: row)
            return .instead(notices)
        case .send(let next):
            guard let proof, try MessageRow.write(next, over: row.outbox.revision, at: now, db) else { return .lost }
            try db.execute(
                sql: """
                    INSERT INTO attempts (message, fence, began_at, outcome, code) VALUES (?, ?, ?, 'sending', '')
                    ON CONFLICT DO NOTHING
                    """, arguments: [claim.id, claim.fence, now])
            return .send(
                TextMessage(id: row.outbox.id, key: row.key, proof: proof, stored: row.body),
                expiresAt: next.expiresAt, deadline: next.requestDeadline ?? now)
        }
    }

    mutating func lastLook(_ claim: Claim) throws -> LastLookAnswer {
        guard let row = try MessageRow.fetch(claim.id, db) else { return .lost }
        let (verdict, _) = try verdict(on: row)
        switch rules.lastLook(row.outbox, fence: claim.fence, gate: verdict, now: now) {
        case .write: return .write
        case .lost: return .lost
        case .instead(let next, let effects):
            try apply(.change(next, effects), to: row)
            try endAttempt(claim.id, claim.fence, "withheld", next.detail)
            return .instead(notices)
        }
    }

    mutating func settle(_ outcome: RequestOutcome, of claim: Claim, random: UInt64) throws -> [OutboxNotice] {
        guard let row = try MessageRow.fetch(claim.id, db) else { return [] }
        try endAttempt(claim.id, claim.fence, outcome.name, outcome.code)
        if claim.isProbe, var pause = try PauseTable(db).all()[claim.channel] {
            pause.probeEnded(outcome)
            try PauseTable(db).write(pause, of: claim.channel, now: now)
        }
        let decision = rules.outcome(
            outcome, of: row.outbox, fence: claim.fence, random: random, isProbe: claim.isProbe, now: now)
        try apply(decision, to: row)
        if case .accepted(let id) = outcome { try catchUp(claim.id, providerID: id) }
        try stopIfRefused(claim.id)
        return notices
    }

    /// What was erased or purged while it waited has nothing left to say.
    private func verdict(on row: MessageRow) throws -> (GateVerdict, ConsentProof?) {
        if row.body.isEmpty { return (.refused(rule: "text_erased"), nil) }
        return try RowGate(DatabaseStore(db), messaging).verdict(on: row.waiting, now: now)
    }

    /// A text that would wait for another try, and may not go any more, ends here.
    private mutating func stopIfRefused(_ message: String) throws {
        guard let row = try MessageRow.fetch(message, db), row.outbox.state == .queued,
            case .refused(let rule) = try verdict(on: row).0
        else { return }
        try apply(rules.stop(row.outbox, rule: rule), to: row)
    }

    mutating func answered(_ answer: QueryAnswer, to query: OutboxQuery) throws -> [OutboxNotice] {
        guard let row = try MessageRow.fetch(query.text.id, db) else { return [] }
        try apply(rules.answered(answer, of: row.outbox, fence: query.fence, now: now), to: row)
        if case .found(let id) = answer { try catchUp(query.text.id, providerID: id) }
        return notices
    }

    mutating func release(_ claims: [Claim]) throws {
        for claim in claims {
            guard let row = try MessageRow.fetch(claim.id, db) else { continue }
            try apply(rules.release(row.outbox, fence: claim.fence, now: now), to: row)
        }
    }

    // MARK: News

    /// - Parameters:
    ///   - message: ours, out of the correlation id; `nil` where the provider only gave its own.
    ///   - channels: whose provider it is: ids of two providers may be alike.
    /// - Returns: whether the text is one of ours. News of others are kept for a day.
    mutating func news(
        _ news: ProviderNews, of message: String?, fence: Int64?, providerID: String, channels: [String]
    ) throws -> Bool {
        let id = try message ?? MessageTable(db).message(ofProvider: providerID, channels: channels)
        guard let id, let row = try MessageRow.fetch(id, db) else {
            try db.execute(
                sql:
                    "INSERT INTO strays (provider_message, state, code, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [stored(providerID, limit: 256), news.state.rawValue, stored(news.code, limit: 128), now])
            return false
        }
        try apply(
            rules.news(news, of: row.outbox, fence: fence, providerID: providerID, now: now), to: row)
        return true
    }

    /// Reports that came before the answer that names their text.
    private mutating func catchUp(_ message: String, providerID: String) throws {
        let early = try Row.fetchAll(
            db, sql: "SELECT state, code FROM strays WHERE provider_message = ? ORDER BY at", arguments: [providerID])
        for row in early {
            guard let state = MessageState(rawValue: row["state"]),
                let news = ProviderNews(state, code: row["code"])
            else { continue }
            _ = try self.news(news, of: message, fence: nil, providerID: providerID, channels: [])
        }
        if !early.isEmpty {
            try db.execute(sql: "DELETE FROM strays WHERE provider_message = ?", arguments: [providerID])
        }
    }

    // MARK: Stops, operators, a new process

    /// Holds from this transaction on, also for texts that wait to leave.
    mutating func optOut(_ optOut: OptOut) throws {
        try ConsentTable(db).insert(optOut)
        let rule = optOut.means == OptOut.suspected ? ConsentGate.Rule.heldForReview : .optedOut
        let open = try Row.fetchAll(
            db, sql: "SELECT * FROM messages WHERE recipient = ? AND state IN ('queued', 'claimed')",
            arguments: [optOut.number]
        ).map(MessageRow.init)
        for row in open {
            guard let purpose = ConsentPurpose(rawValue: row.purpose), optOut.covers(purpose) else { continue }
            try apply(rules.stop(row.outbox, rule: rule.rawValue), to: row)
        }
    }

    /// What a caller said: any way of saying that no more texts are wanted is one, whatever the agent makes of it.
    mutating func heard(_ words: String, in call: String) throws {
        let isOptOut = SpokenOptOut.isOptOut(words, languages: messaging.plan.optOutLanguages)
        guard isOptOut || SpokenOptOut.isUnsure(words),
            let caller = try String.fetchOne(db, sql: "SELECT caller FROM calls WHERE id = ?", arguments: [call]),
            let number = try? PhoneNumber(caller)
        else { return }
        try optOut(
            OptOut(number: number.e164, means: isOptOut ? "spoken" : OptOut.suspected, at: now, call: call))
        if !isOptOut { try ThreadTable(db).handle([.agentMustAct], of: number, from: call, now: now) }
    }

    /// - Returns: false where its state does not allow it, or there is no such text.
    mutating func retry(_ message: String) throws -> Bool {
        let (rules, now) = (rules, now)
        // The words are gone, or another text has said them since.
        guard let row = try MessageRow.fetch(message, db), !row.body.isEmpty, try !isSaidSince(message) else {
            return false
        }
        return try operate(message, "sms_retried") { rules.retry($0, now: now) }
    }

    private func isSaidSince(_ message: String) throws -> Bool {
        let row = try Row.fetchOne(db, sql: "SELECT call, fact FROM messages WHERE id = ?", arguments: [message])
        guard let row, let fact: String = row["fact"] else { return false }
        let other = try MessageTable(db).text(of: fact, in: row["call"])
        return other != nil && other != message
    }

    mutating func drop(_ message: String) throws -> Bool {
        let rules = rules
        return try operate(message, "sms_dropped") { rules.drop($0) }
    }

    private mutating func operate(
        _ message: String, _ kind: String, _ decide: (OutboxRow) -> OutboxDecision
    ) throws -> Bool {
        guard let row = try MessageRow.fetch(message, db), case .change(let next, let effects) = decide(row.outbox)
        else { return false }
        try apply(.change(next, effects), to: row)
        try Audit.insert(kind, subject: message, detail: row.outbox.state.rawValue, db, now: now)
        return true
    }

    /// What a process before this one left claimed or sending. It is dead: the writer's lock is held.
    mutating func recover() throws {
        let left = try Row.fetchAll(db, sql: "SELECT * FROM messages WHERE state IN ('claimed', 'sending')")
        for row in left.map(MessageRow.init) {
            try apply(rules.recover(row.outbox, isAlone: true, now: now), to: row)
            if let fence = row.outbox.lastTry?.fence { try endAttempt(row.outbox.id, fence, "process_lost", "") }
        }
    }

    // MARK: Rows

    private mutating func apply(_ decision: OutboxDecision, to row: MessageRow) throws {
        guard case .change(let next, let effects) = decision,
            try MessageRow.write(next, over: row.outbox.revision, at: now, db)
        else { return }
        for effect in effects {
            switch effect {
            case .pauseSender(let reason):
                var pause = try PauseTable(db).all()[next.sender] ?? SenderPause()
                pause.pause(reason, now: now)
                try PauseTable(db).write(pause, of: next.sender, now: now)
            case .recordOptOut:
                // The row itself has moved: others that wait for the number end here.
                try optOut(OptOut(number: row.recipient, means: "provider", at: now, call: row.call))
            case .query(let fence): try ask(row, fence: fence)
            case .alert, .tellCall:
                notices.append(
                    OutboxNotice(
                        message: next.id, call: row.call, channel: next.sender, effect: effect, state: next.state))
            }
        }
    }

    private mutating func ask(_ row: MessageRow, fence: Int64) throws {
        guard let number = try? PhoneNumber(row.recipient) else { return }
        let known = try String.fetchAll(
            db,
            sql: "SELECT provider_message FROM messages WHERE recipient = ? AND id <> ? AND provider_message <> ''",
            arguments: [row.recipient, row.outbox.id])
        queries.append(
            OutboxQuery(
                text: SentText(id: row.outbox.id, key: row.key, recipient: number, body: row.body),
                channel: row.outbox.sender, fence: fence, since: row.outbox.lastTry?.at ?? row.outbox.queuedAt,
                known: Set(known)))
    }

    private func endAttempt(_ message: String, _ fence: Int64, _ outcome: String, _ code: String) throws {
        try db.execute(
            sql: """
                UPDATE attempts SET ended_at = ?, outcome = ?, code = ?
                WHERE message = ? AND fence = ? AND ended_at IS NULL
                """, arguments: [now, outcome, stored(code, limit: 128), message, fence])
    }

    /// Rows that time alone may move; held ones wait for a person.
    private func dueRows() throws -> [MessageRow] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM messages WHERE state IN ('claimed', 'sending', 'unknown') AND coalesce(doubt, '') <> 'held'
                UNION ALL
                SELECT * FROM messages WHERE state = 'queued' AND expires_at <= ? LIMIT ?
                """, arguments: [now, Self.maxRows]
        ).map(MessageRow.init)
    }

    private func queuedRows(besides shut: Set<String>, limit: Int) throws -> [MessageRow] {
        guard limit > 0 else { return [] }
        return try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM messages WHERE state = 'queued' AND not_before <= ? \(Self.notIn(shut))
                ORDER BY not_before, id LIMIT ?
                """,
            arguments: StatementArguments([now]) + StatementArguments(shut.sorted())
                + StatementArguments([min(limit, Self.maxRows)])
        ).map(MessageRow.init)
    }

    private func nextLook(besides shut: Set<String>, isFull: Bool) throws -> Int64? {
        let others = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM messages WHERE state IN ('claimed', 'sending', 'unknown') AND coalesce(doubt, '') <> 'held'
                LIMIT ?
                """, arguments: [Self.maxRows]
        ).map { OutboxRow($0) }
        let next = rules.nextLook(others, now: now)
        // Full: the next claim comes with the next answer.
        if isFull { return next }
        let queued = try Int64.fetchOne(
            db,
            sql: "SELECT min(min(not_before, expires_at)) FROM messages WHERE state = 'queued' \(Self.notIn(shut))",
            arguments: StatementArguments(shut.sorted()))
        let expiring = try Int64.fetchOne(db, sql: "SELECT min(expires_at) FROM messages WHERE state = 'queued'")
        return earlier(earlier(next, queued), expiring)
    }

    private static func notIn(_ senders: Set<String>) -> String {
        senders.isEmpty ? "" : "AND sender NOT IN (" + senders.map { _ in "?" }.joined(separator: ", ") + ")"
    }

    private func earlier(_ one: Int64?, _ other: Int64?) -> Int64? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }
}

extension MessageTable {
    /// Our id of a text that the provider knows by its own.
    func message(ofProvider id: String, channels: [String]) throws -> String? {
        guard !id.isEmpty else { return nil }
        let found = try Row.fetchAll(
            try db.cachedStatement(sql: "SELECT id, sender FROM messages WHERE provider_message = ?"), arguments: [id])
        return found.first { channels.contains($0["sender"]) }?["id"]
    }
}

/// Which senders are paused, and why.
struct PauseTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    func all() throws -> [String: SenderPause] {
        var pauses: [String: SenderPause] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT sender, reason, probe_at FROM pauses") {
            // A reason that this version does not know is an operator's to look at.
            let reason = SenderPause.Reason(rawValue: row["reason"]) ?? .misconfigured
            pauses[row["sender"]] = SenderPause(state: .paused(reason, probeAt: row["probe_at"]))
        }
        return pauses
    }

    func write(_ pause: SenderPause, of sender: String, now: Int64) throws {
        switch pause.state {
        case .running: try db.execute(sql: "DELETE FROM pauses WHERE sender = ?", arguments: [sender])
        case .paused(let reason, let probeAt):
            try db.execute(
                sql: """
                    INSERT INTO pauses (sender, reason, probe_at, at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (sender) DO UPDATE SET reason = excluded.reason, probe_at = excluded.probe_at
                    """, arguments: [sender, reason.rawValue, probeAt, now])
        }
    }
}

/// What operators and time did.
enum Audit {
    static func insert(_ kind: String, subject: String, detail: String, _ db: Database, now: Int64) throws {
        try db.execute(
            sql: "INSERT INTO audit (at, kind, subject, detail) VALUES (?, ?, ?, ?)",
            arguments: [now, kind, stored(subject, limit: 256), stored(detail, limit: 1_024)])
    }
}
