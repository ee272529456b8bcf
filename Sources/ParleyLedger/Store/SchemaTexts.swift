import Crypto
import Foundation
import GRDB

/// The second step of the tables: texts that are sent, come in and are answered; threads, links, triggers, erasure.
enum SchemaTexts {
    static func migrate(_ db: Database) throws {
        try db.execute(sql: v2)
        for name in ["subject_key", "correlation_key"] {
            let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
            try db.execute(sql: "INSERT INTO facts (name, value) VALUES (?, ?)", arguments: [name, key])
        }
        // Opt-outs are looked up by their number's hash, which stays when the number is erased.
        let subjects = try Subjects(db)
        for number in try String.fetchAll(db, sql: "SELECT DISTINCT number FROM opt_outs") {
            try db.execute(
                sql: "UPDATE opt_outs SET subject = ? WHERE number = ?", arguments: [subjects.hash(number), number])
        }
    }

    // A message's outbox columns are those of `OutboxRow`. `name` is the action's, `fact` makes one text of one fact in
    // one call, `call` is the inbound text's id where a text answers one.
    private static let v2 = """
        CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

        CREATE TABLE texts (
            id TEXT NOT NULL PRIMARY KEY, key TEXT NOT NULL UNIQUE, call TEXT NOT NULL, action TEXT NOT NULL,
            consent TEXT NOT NULL REFERENCES consents(id), purpose TEXT NOT NULL,
            recipient TEXT NOT NULL, sender TEXT NOT NULL, body TEXT NOT NULL,
            encoding TEXT NOT NULL, segments INTEGER NOT NULL,
            provider TEXT NOT NULL, provider_message TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            name TEXT NOT NULL DEFAULT '', fact TEXT, caller TEXT NOT NULL DEFAULT '',
            is_custom INTEGER NOT NULL DEFAULT 0, has_hint INTEGER NOT NULL DEFAULT 1,
            is_in_call INTEGER NOT NULL DEFAULT 1, queued_at INTEGER NOT NULL DEFAULT 0,
            expires_at INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 0,
            fence INTEGER NOT NULL DEFAULT 0, lease_owner TEXT, lease_end INTEGER,
            not_before INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, tried_since INTEGER,
            try_fence INTEGER, try_at INTEGER, request_deadline INTEGER,
            doubt TEXT CHECK (doubt IN ('waiting', 'asking', 'held')), doubt_until INTEGER, doubt_count INTEGER
        ) WITHOUT ROWID;
        INSERT INTO texts (id, key, call, action, consent, purpose, recipient, sender, body, encoding, segments,
                provider, provider_message, state, detail, created_at, updated_at, name, queued_at, expires_at)
            SELECT id, key, call, action, consent, purpose, recipient, sender, body, encoding, segments, provider,
                provider_message, state, detail, created_at, updated_at,
                coalesce((SELECT name FROM actions WHERE actions.key = messages.action), ''), created_at,
                created_at + 86400000 FROM messages;
        UPDATE texts SET state = 'recorded' WHERE provider = 'record_only' AND state = 'queued';
        DROP TABLE messages;
        ALTER TABLE texts RENAME TO messages;
        CREATE INDEX messages_by_call ON messages(call);
        CREATE INDEX messages_by_recipient ON messages(recipient, created_at);
        CREATE INDEX messages_by_caller ON messages(caller, created_at) WHERE caller <> '';
        CREATE INDEX messages_by_time ON messages(created_at);
        CREATE INDEX messages_by_action ON messages(name, created_at);
        CREATE INDEX messages_by_provider ON messages(provider_message) WHERE provider_message <> '';
        CREATE INDEX messages_open ON messages(not_before)
            WHERE state IN ('queued', 'claimed', 'sending', 'unknown');
        CREATE INDEX messages_by_fact ON messages(call, fact) WHERE fact IS NOT NULL;

        CREATE TABLE attempts (
            message TEXT NOT NULL, fence INTEGER NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER,
            outcome TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (message, fence)
        ) WITHOUT ROWID;

        CREATE TABLE pauses (
            sender TEXT NOT NULL PRIMARY KEY, reason TEXT NOT NULL, probe_at INTEGER, at INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- Reports on texts that nobody here knows, for a day: the provider's answer may name them yet.
        CREATE TABLE strays (
            provider_message TEXT NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (provider_message, state)
        ) WITHOUT ROWID;

        CREATE TABLE inbound (
            id TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, provider_message TEXT NOT NULL,
            channel TEXT NOT NULL, number TEXT NOT NULL, body TEXT NOT NULL, media INTEGER NOT NULL,
            meaning TEXT NOT NULL, rule TEXT NOT NULL, at INTEGER NOT NULL, answered_at INTEGER, answer TEXT,
            UNIQUE (provider, provider_message)
        ) WITHOUT ROWID;
        CREATE INDEX inbound_by_number ON inbound(number, at);
        CREATE INDEX inbound_open ON inbound(at) WHERE answered_at IS NULL;

        CREATE TABLE threads (
            number TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, content TEXT NOT NULL,
            revision INTEGER NOT NULL, updated_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX threads_by_time ON threads(updated_at);
        CREATE TABLE thread_changes (
            id INTEGER NOT NULL PRIMARY KEY, number TEXT NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL,
            kind TEXT NOT NULL, detail TEXT NOT NULL
        );
        CREATE INDEX thread_changes_by_number ON thread_changes(number, at);

        CREATE TABLE links (
            id TEXT NOT NULL PRIMARY KEY, message TEXT NOT NULL, url TEXT NOT NULL, made_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE clicks (id INTEGER NOT NULL PRIMARY KEY, link TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX clicks_by_link ON clicks(link);

        CREATE TABLE triggers (
            id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, call TEXT NOT NULL, hash TEXT NOT NULL,
            outcome TEXT NOT NULL, at INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- What the operator and time did: purges, erasures, opt-outs entered by hand, rows retried and dropped.
        CREATE TABLE audit (
            id INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
            detail TEXT NOT NULL
        );

        ALTER TABLE opt_outs ADD COLUMN subject TEXT NOT NULL DEFAULT '';
        ALTER TABLE opt_outs ADD COLUMN lifted_at INTEGER;
        DROP INDEX opt_outs_by_number;
        CREATE INDEX opt_outs_by_subject ON opt_outs(subject);
        ALTER TABLE actions ADD COLUMN inputs TEXT NOT NULL DEFAULT '';
        CREATE INDEX calls_by_provider ON calls(provider_call) WHERE provider_call <> '';
        CREATE INDEX calls_by_caller ON calls(caller, started_at);
        """
}
