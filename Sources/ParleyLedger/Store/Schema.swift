import GRDB

/// The tables, as forward-only steps. A step that was released is never edited: a change is a new one.
enum Schema {
    /// `PRLY`: tells our files from other programs' databases.
    static let applicationID = 0x5052_4C59

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { try $0.execute(sql: v1) }
        migrator.registerMigration("v2") { try SchemaTexts.migrate($0) }
        migrator.registerMigration("v3") { try SchemaWebhooks.migrate($0) }
        return migrator
    }

    // Times ending in `_at` are UTC milliseconds since 1970; `_ms` and `_us` count from the call's start.
    // `seq` counts a process's rows: writing one twice writes it once.
    private static let v1 = """
        CREATE TABLE calls (
            id TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, provider_call TEXT NOT NULL, stream TEXT NOT NULL,
            caller TEXT NOT NULL, called TEXT NOT NULL, agent TEXT NOT NULL, process TEXT NOT NULL,
            started_at INTEGER NOT NULL, ended_at INTEGER, end_reason TEXT,
            CHECK ((ended_at IS NULL) = (end_reason IS NULL))
        ) WITHOUT ROWID;
        CREATE INDEX calls_by_start ON calls(started_at);
        CREATE INDEX calls_open ON calls(id) WHERE ended_at IS NULL;

        CREATE TABLE turns (
            call TEXT NOT NULL REFERENCES calls(id), seq INTEGER NOT NULL,
            side TEXT NOT NULL CHECK (side IN ('caller', 'agent')),
            n INTEGER NOT NULL,
            text TEXT NOT NULL, unheard TEXT NOT NULL,
            is_keyed INTEGER NOT NULL, is_backchannel INTEGER NOT NULL,
            began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
            PRIMARY KEY (call, seq)
        ) WITHOUT ROWID;

        CREATE TABLE waterfalls (
            call TEXT NOT NULL REFERENCES calls(id), generation INTEGER NOT NULL, turn INTEGER NOT NULL,
            last_voiced_us INTEGER, paused_us INTEGER, endpoint_us INTEGER, final_us INTEGER, asked_us INTEGER,
            first_text_us INTEGER, first_clause_us INTEGER, first_audio_us INTEGER, first_frame_us INTEGER,
            PRIMARY KEY (call, generation)
        ) WITHOUT ROWID;

        CREATE TABLE variables (
            call TEXT NOT NULL REFERENCES calls(id), name TEXT NOT NULL, value TEXT NOT NULL, at_ms INTEGER NOT NULL,
            PRIMARY KEY (call, name)
        ) WITHOUT ROWID;

        CREATE TABLE events (
            call TEXT NOT NULL REFERENCES calls(id), seq INTEGER NOT NULL,
            kind TEXT NOT NULL, detail TEXT NOT NULL, count INTEGER NOT NULL,
            at_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
            PRIMARY KEY (call, seq)
        ) WITHOUT ROWID;

        CREATE TABLE consents (
            id TEXT NOT NULL PRIMARY KEY, number TEXT NOT NULL, purpose TEXT NOT NULL, sender TEXT NOT NULL,
            means TEXT NOT NULL, wording TEXT NOT NULL, wording_version TEXT NOT NULL, heard TEXT NOT NULL,
            language TEXT NOT NULL, answer TEXT NOT NULL, given_at INTEGER NOT NULL, zone TEXT NOT NULL,
            call TEXT NOT NULL, turn INTEGER NOT NULL, span_began_ms INTEGER NOT NULL, span_ended_ms INTEGER NOT NULL,
            agent TEXT NOT NULL, withdrawn_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX consents_by_number ON consents(number, sender, purpose, call);
        CREATE INDEX consents_by_call ON consents(call);

        CREATE TABLE opt_outs (
            id INTEGER NOT NULL PRIMARY KEY, number TEXT NOT NULL, scope TEXT NOT NULL, means TEXT NOT NULL,
            at INTEGER NOT NULL, call TEXT NOT NULL
        );
        CREATE INDEX opt_outs_by_number ON opt_outs(number);

        CREATE TABLE actions (
            key TEXT NOT NULL PRIMARY KEY, call TEXT NOT NULL REFERENCES calls(id), turn INTEGER NOT NULL,
            number INTEGER NOT NULL, generation INTEGER NOT NULL, name TEXT NOT NULL, arguments TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('committed', 'refused')), rule TEXT NOT NULL,
            at_ms INTEGER NOT NULL, decided_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX actions_by_call ON actions(call, at_ms);

        CREATE TABLE messages (
            id TEXT NOT NULL PRIMARY KEY, key TEXT NOT NULL UNIQUE, call TEXT NOT NULL, action TEXT NOT NULL,
            consent TEXT NOT NULL REFERENCES consents(id), purpose TEXT NOT NULL,
            recipient TEXT NOT NULL, sender TEXT NOT NULL, body TEXT NOT NULL,
            encoding TEXT NOT NULL, segments INTEGER NOT NULL,
            provider TEXT NOT NULL, provider_message TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX messages_by_call ON messages(call);
        CREATE INDEX messages_by_recipient ON messages(recipient, created_at) WHERE provider <> 'record_only';
        CREATE INDEX messages_by_time ON messages(created_at);
        CREATE INDEX messages_queued ON messages(id) WHERE state = 'queued';
        """
}
