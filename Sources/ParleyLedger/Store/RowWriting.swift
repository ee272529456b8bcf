import GRDB
import ParleyCore

extension LedgerRow {
    func write(to db: Database, sequence: Int64, process: String) throws {
        switch self {
        case .callStarted(let start):
            try db.cachedStatement(
                sql: """
                    INSERT INTO calls (id, provider, provider_call, stream, caller, called, agent, process, started_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                    """
            ).execute(arguments: [
                stored(start.id), stored(start.provider), stored(start.providerCall), stored(start.stream),
                stored(start.caller), stored(start.called), stored(start.agent), process, start.startedAt,
            ])
        case .callEnded(let call, let at, let reason):
            try db.cachedStatement(
                sql: "UPDATE calls SET ended_at = max(?, started_at), end_reason = ? WHERE id = ? AND ended_at IS NULL"
            ).execute(arguments: [at, reason.rawValue, stored(call)])
        case .note(let call, let at, let note):
            try Self.write(note, call: stored(call), at: at, sequence: sequence, to: db)
        }
    }

    /// What the contact's thread has to know of it: that a call began and ended, and that its caller wants no texts.
    func tellThread(_ db: Database, _ messaging: Ledger.Messaging, now: Int64) throws {
        switch self {
        case .callStarted(let start): try ThreadTable(db).callBegan(start.caller, stored(start.id), now: now)
        case .callEnded(let call, _, _):
            try ThreadTable(db).callEnded(stored(call), messaging.notes, now: now)
        case .note(let call, _, .callerTurn(let turn)) where !turn.isKeyed:
            var outbox = OutboxTransaction(db, messaging, now: now)
            try outbox.heard(turn.text, in: stored(call))
        case .note: break
        }
    }

    private static func write(
        _ note: CallNote, call: String, at: CallTime, sequence: Int64, to db: Database
    ) throws {
        switch note {
        case .floor, .partial:
            break
        case .callerTurn(let turn):
            try turnStatement(db).execute(arguments: [
                call, sequence, "caller", turn.turn.number, stored(turn.text), "", turn.isKeyed, turn.isBackchannel,
                turn.began.milliseconds, turn.ended.milliseconds,
            ])
        case .agentTurn(let turn):
            try turnStatement(db).execute(arguments: [
                call, sequence, "agent", turn.generation.number, stored(turn.heard), stored(turn.unheard), false, false,
                turn.began.milliseconds, turn.ended.milliseconds,
            ])
        case .answered(let waterfall):
            try write(waterfall, call: call, to: db)
        case .variable(let name, let value):
            try db.cachedStatement(
                sql: """
                    INSERT INTO variables (call, name, value, at_ms) VALUES (?, ?, ?, ?)
                    ON CONFLICT (call, name) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms
                    """
            ).execute(arguments: [call, stored(name, limit: 256), stored(value), at.milliseconds])
        case .bargeIn(let bargeIn):
            try event("barge_in", bargeIn.rawValue, call: call, at: at, sequence: sequence, to: db)
        case .late(let role): try event("late", role.rawValue, call: call, at: at, sequence: sequence, to: db)
        case .bridged(let phrase):
            try event("bridged", phrase.rawValue, call: call, at: at, sequence: sequence, to: db)
        case .engine(let news):
            let parts = [news.role.rawValue, news.engine, news.kind.rawValue, news.detail].filter { !$0.isEmpty }
            try event(
                "engine", stored(parts.joined(separator: " "), limit: 256), call: call, at: at, sequence: sequence,
                to: db)
        case .dropped(let dropped):
            // Late news comes in swarms: one row for each kind of it, with a count.
            try db.cachedStatement(
                sql: """
                    UPDATE events SET count = count + 1, last_ms = ?
                    WHERE call = ? AND kind = 'dropped' AND detail = ? AND ? > seq
                    """
            ).execute(arguments: [at.milliseconds, call, dropped.rawValue, sequence])
            guard db.changesCount == 0 else { return }
            try event("dropped", dropped.rawValue, call: call, at: at, sequence: sequence, to: db)
        }
    }

    private static func turnStatement(_ db: Database) throws -> Statement {
        try db.cachedStatement(
            sql: """
                INSERT INTO turns (call, seq, side, n, text, unheard, is_keyed, is_backchannel, began_ms, ended_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (call, seq) DO NOTHING
                """)
    }

    private static func event(
        _ kind: String, _ detail: String, call: String, at: CallTime, sequence: Int64, to db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO events (call, seq, kind, detail, count, at_ms, last_ms) VALUES (?, ?, ?, ?, 1, ?, ?)
                ON CONFLICT (call, seq) DO NOTHING
                """
        ).execute(arguments: [call, sequence, kind, detail, at.milliseconds, at.milliseconds])
    }

    private static func write(_ waterfall: Waterfall, call: String, to db: Database) throws {
        func microseconds(_ time: CallTime?) -> Int64? { time.map { $0.nanoseconds / 1_000 } }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO waterfalls (call, generation, turn, last_voiced_us, paused_us, endpoint_us,
                    final_us, asked_us, first_text_us, first_clause_us, first_audio_us, first_frame_us)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            call, waterfall.generation.number, waterfall.turn.number, microseconds(waterfall.lastVoiced),
            microseconds(waterfall.paused), microseconds(waterfall.endpoint), microseconds(waterfall.final),
            microseconds(waterfall.asked), microseconds(waterfall.firstText), microseconds(waterfall.firstClause),
            microseconds(waterfall.firstAudio), microseconds(waterfall.firstFrame),
        ])
    }
}

/// Text as it is stored: SQLite's text ends at a NUL, and no field may grow without bound.
func stored(_ text: String, limit: Int = 65_536) -> String {
    let isClean = text.utf8.count <= limit && !text.utf8.contains(0)
    if isClean { return text }
    var out = ""
    var room = limit
    for character in text {
        let kept: Character = character == "\0" ? "\u{FFFD}" : character
        room -= kept.utf8.count
        if room < 0 { break }
        out.append(kept)
    }
    return out.utf8.contains(0) ? String(out.unicodeScalars.filter { $0 != "\0" }) : out
}
