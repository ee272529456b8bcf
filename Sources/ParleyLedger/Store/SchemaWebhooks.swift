import GRDB

/// The third step of the tables: actions that are carried over the network, and so are not at their end when they are decided.
///
/// `pending` is one under way; what became of it is `answered`, `refused`, `failed` or `unknown`, at `ended_at`, with what was
/// kept of the answer as a JSON object in `result`.
enum SchemaWebhooks {
    static func migrate(_ db: Database) throws { try db.execute(sql: v3) }

    // SQLite changes no CHECK of a table that is there.
    private static let v3 = """
        CREATE TABLE actions_now (
            key TEXT NOT NULL PRIMARY KEY, call TEXT NOT NULL REFERENCES calls(id), turn INTEGER NOT NULL,
            number INTEGER NOT NULL, generation INTEGER NOT NULL, name TEXT NOT NULL, arguments TEXT NOT NULL,
            outcome TEXT NOT NULL
                CHECK (outcome IN ('committed', 'refused', 'pending', 'answered', 'failed', 'unknown')),
            rule TEXT NOT NULL, at_ms INTEGER NOT NULL, decided_at INTEGER NOT NULL, inputs TEXT NOT NULL DEFAULT '',
            result TEXT NOT NULL DEFAULT '', ended_at INTEGER
        ) WITHOUT ROWID;
        INSERT INTO actions_now (key, call, turn, number, generation, name, arguments, outcome, rule, at_ms, decided_at,
                inputs)
            SELECT key, call, turn, number, generation, name, arguments, outcome, rule, at_ms, decided_at, inputs
            FROM actions;
        DROP TABLE actions;
        ALTER TABLE actions_now RENAME TO actions;
        CREATE INDEX actions_by_call ON actions(call, at_ms);
        CREATE INDEX actions_pending ON actions(key) WHERE outcome = 'pending';
        """
}
