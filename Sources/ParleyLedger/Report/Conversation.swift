import GRDB
import ParleyMessaging

/// One contact's whole conversation, over voice and text, in the order of its times.
public struct ConversationRecord: Codable, Equatable, Sendable {
    public struct Line: Codable, Equatable, Sendable {
        /// UTC milliseconds since 1970.
        public var at: Int64
        /// `call`, `caller`, `agent`, `text_in`, `text_out`, `consent`, `opt_out`, `action`, `thread`.
        public var kind: String
        public var what: String
        /// The call, the text or the row that it belongs to.
        public var source: String
    }
    public var id: String
    /// E.164, or what stands in its place once it is erased.
    public var number: String
    public var state: String
    public var lines: [Line]
}

/// The consents and opt-outs of a number, all of them.
public struct ConsentChain: Codable, Equatable, Sendable {
    public struct Stop: Codable, Equatable, Sendable, FetchableRecord {
        public var at: Int64
        public var scope: String
        public var means: String
        public var call: String
        /// `nil` while it holds.
        public var liftedAt: Int64?

        public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase
    }
    public var number: String
    public var consents: [ConsentRecord]
    public var optOuts: [Stop]

    public var isOptedOut: Bool { optOuts.contains { $0.liftedAt == nil } }
}

extension LedgerReader {
    public func consentChain(_ number: String) throws -> ConsentChain {
        try source().read { db in
            ConsentChain(
                number: number,
                consents: try ConsentRecord.fetchAll(
                    db, sql: "SELECT * FROM consents WHERE number = ? ORDER BY given_at, id", arguments: [number]),
                optOuts: try ConsentChain.Stop.fetchAll(
                    db, sql: "SELECT at, scope, means, call, lifted_at FROM opt_outs WHERE subject = ? ORDER BY id",
                    arguments: [try Subjects(db).hash(number)]))
        }
    }

    /// Conversations, the newest first.
    ///
    /// - Parameter state: of these alone; `nil`: of all.
    public func conversations(state: ConversationThread.State?, limit: Int) throws -> [ConversationRecord] {
        try source().read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, number, state, updated_at FROM threads WHERE ? IS NULL OR state = ?
                    ORDER BY updated_at DESC LIMIT ?
                    """, arguments: [state?.rawValue, state?.rawValue, max(0, limit)]
            ).map { row in
                let last = ConversationRecord.Line(at: row["updated_at"], kind: "thread", what: "last", source: "")
                return ConversationRecord(id: row["id"], number: row["number"], state: row["state"], lines: [last])
            }
        }
    }

    /// - Parameter subject: a number (E.164) or a thread's id.
    /// - Returns: `nil` where nothing was ever heard of it.
    public func conversation(_ subject: String) throws -> ConversationRecord? {
        try source().read { db in
            let thread = try Row.fetchOne(
                db, sql: "SELECT id, number, state FROM threads WHERE number = ? OR id = ?",
                arguments: [subject, subject])
            let number = thread.map { $0["number"] as String } ?? subject
            let lines = try Self.lines(of: number, db)
            guard thread != nil || !lines.isEmpty else { return nil }
            return ConversationRecord(
                id: thread?["id"] ?? "", number: number, state: thread?["state"] ?? "new", lines: lines)
        }
    }

    private static func lines(of number: String, _ db: Database) throws -> [ConversationRecord.Line] {
        let subject = try Subjects(db).hash(number)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT started_at AS at, 0 AS rank, 'call' AS kind, 'began, by ' || provider AS what, id AS source
                    FROM calls WHERE caller = :number
                UNION ALL SELECT ended_at, 9, 'call', 'ended: ' || end_reason, id
                    FROM calls WHERE caller = :number AND ended_at IS NOT NULL
                UNION ALL SELECT started_at + began_ms, 1, side, text, calls.id
                    FROM turns JOIN calls ON calls.id = turns.call
                    WHERE caller = :number AND text <> '' AND NOT is_backchannel
                UNION ALL SELECT started_at + at_ms, 3, 'action',
                        name || ': ' || outcome || CASE rule WHEN '' THEN '' ELSE ', ' || rule END, calls.id
                    FROM actions JOIN calls ON calls.id = actions.call WHERE caller = :number
                UNION ALL SELECT at, 2, 'text_in', body, id FROM inbound WHERE number = :number
                UNION ALL SELECT created_at, 4, 'text_out', body || ' [' || state || ']', id
                    FROM messages WHERE recipient = :number
                UNION ALL SELECT given_at, 2, 'consent', purpose || ', ' || means || ', from ' || sender, id
                    FROM consents WHERE number = :number
                UNION ALL SELECT at, 2, 'opt_out', scope || ', ' || means
                        || CASE WHEN lifted_at IS NULL THEN '' ELSE ' (lifted)' END, call
                    FROM opt_outs WHERE subject = :subject
                UNION ALL SELECT at, 5, 'thread', kind || ': ' || detail, source
                    FROM thread_changes WHERE number = :number
                ORDER BY 1, 2
                """, arguments: ["number": number, "subject": subject])
        return rows.map {
            ConversationRecord.Line(at: $0["at"], kind: $0["kind"], what: $0["what"], source: $0["source"])
        }
    }
}

extension LedgerReport {
    public static func conversation(_ record: ConversationRecord, reveal: Bool = false) -> String {
        let number = reveal ? record.number : PhoneNumber.masked(record.number)
        var out = "conversation \(record.id.isEmpty ? "-" : record.id) with \(number), \(record.state)\n"
        for line in record.lines {
            let head = "  \(date(line.at))  " + line.kind + String(repeating: " ", count: max(1, 10 - line.kind.count))
            let blank = String(repeating: " ", count: head.count)
            for (index, text) in wrapped(line.what, width: width - head.count).enumerated() {
                out += (index == 0 ? head : blank) + text + "\n"
            }
        }
        return out
    }

    public static func conversations(_ records: [ConversationRecord], reveal: Bool = false) -> String {
        if records.isEmpty { return "No such conversations.\n" }
        var table = TextTable([("last (UTC)", .left), ("conversation", .left), ("number", .left), ("state", .left)])
        for record in records {
            table.add([
                record.lines.last.map { date($0.at) } ?? "-", record.id,
                reveal ? record.number : PhoneNumber.masked(record.number), record.state,
            ])
        }
        return table.render()
    }

    public static func conversationJSON(_ record: ConversationRecord, reveal: Bool = false) throws -> String {
        var copy = record
        if !reveal { copy.number = PhoneNumber.masked(record.number) }
        return try json(copy)
    }

    public static func conversationsJSON(_ records: [ConversationRecord], reveal: Bool = false) throws -> String {
        try json(
            records.map { record in
                var copy = record
                if !reveal { copy.number = PhoneNumber.masked(record.number) }
                return copy
            })
    }

    public static func consents(_ chain: ConsentChain, reveal: Bool = false) -> String {
        let number = reveal ? chain.number : PhoneNumber.masked(chain.number)
        if chain.consents.isEmpty, chain.optOuts.isEmpty { return "\(number): no consent and no opt-out on record\n" }
        var out = "\(number): \(chain.isOptedOut ? "opted out" : "not opted out")\n"
        for row in chain.consents {
            out += "  \(date(row.givenAt)) UTC  "
            out += consent(reveal ? row : row.masked(), began: row.givenAt).drop { $0 == " " }
            if !row.call.isEmpty {
                out += "    call \(row.call), turn \(row.turn), agent \(printable(row.agent))\n"
            }
        }
        for stop in chain.optOuts {
            let lifted = stop.liftedAt.map { ", lifted \(date($0)) UTC" } ?? ""
            out += "  \(date(stop.at)) UTC  opt-out: \(stop.scope), \(stop.means)\(lifted)\n"
        }
        return out
    }

    public static func consentsJSON(_ chain: ConsentChain, reveal: Bool = false) throws -> String {
        var copy = chain
        if !reveal {
            copy.number = PhoneNumber.masked(chain.number)
            copy.consents = chain.consents.map { $0.masked() }
        }
        return try json(copy)
    }

    public static func rates(_ rates: [TextRates]) -> String {
        if rates.isEmpty { return "No texts were carried in the last 30 days.\n" }
        func percent(_ share: Double?) -> String {
            guard let share else { return "-" }
            let tenths = Int((share * 1_000).rounded())
            return "\(tenths / 10).\(tenths % 10) %"
        }
        var table = TextTable([
            ("action", .left), ("texts", .right), ("delivered", .right), ("(98/95 %)", .left), ("replied", .right),
            ("(8/2 %)", .left),
        ])
        for rate in rates {
            table.add([
                rate.action, String(rate.sent), percent(rate.deliveryRate),
                TextRates.verdict(rate.deliveryRate, goal: TextRates.deliveryGoal, floor: TextRates.deliveryFloor),
                percent(rate.replyRate),
                TextRates.verdict(rate.replyRate, goal: TextRates.replyGoal, floor: TextRates.replyFloor),
            ])
        }
        return table.render()
    }

    public static func ratesJSON(_ rates: [TextRates]) throws -> String { try json(rates) }
}
