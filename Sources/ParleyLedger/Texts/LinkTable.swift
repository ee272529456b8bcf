import GRDB
import ParleyMessaging

/// Short links, and who opened them when.
struct LinkTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    func insert(_ link: ShortLink, message: String, expiresAt: Int64, now: Int64) throws {
        try db.execute(
            sql: "INSERT INTO links (id, message, url, made_at, expires_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [link.id.text, message, link.target, now, expiresAt])
    }

    /// - Returns: where it leads, and whether it does so still; `nil`: there is none.
    func open(_ id: ShortLink.ID, now: Int64) throws -> (target: String, isLive: Bool)? {
        guard
            let row = try Row.fetchOne(db, sql: "SELECT url, expires_at FROM links WHERE id = ?", arguments: [id.text])
        else { return nil }
        let isLive = now < row["expires_at"]
        if isLive { try db.execute(sql: "INSERT INTO clicks (link, at) VALUES (?, ?)", arguments: [id.text, now]) }
        return (row["url"], isLive)
    }
}

extension Ledger {
    /// Somebody opens a short link: written down, and told where it leads.
    ///
    /// - Returns: `nil` where there is no such link.
    public func openLink(_ id: ShortLink.ID) async throws -> (target: String, isLive: Bool)? {
        let now = now()
        return try await transact { try LinkTable($0).open(id, now: now) }
    }
}
