import GRDB
import ParleyMessaging

/// How the texts of one action fared in the last thirty days.
public struct TextRates: Codable, Equatable, Sendable {
    public var action: String
    /// Handed to a provider, and settled: it took them, or they failed.
    public var sent: Int
    public var delivered: Int
    /// Answered by their recipient within seven days.
    public var replied: Int

    /// Share of 1; `nil` while there are none.
    public var deliveryRate: Double? { sent > 0 ? Double(delivered) / Double(sent) : nil }
    public var replyRate: Double? { sent > 0 ? Double(replied) / Double(sent) : nil }

    /// What is good, and below what somebody should look (shares of 1).
    public static let deliveryGoal = 0.98
    public static let deliveryFloor = 0.95
    public static let replyGoal = 0.08
    public static let replyFloor = 0.02

    /// `good`, `fair` or `low`; `-` while there are none.
    public static func verdict(_ rate: Double?, goal: Double, floor: Double) -> String {
        guard let rate else { return "-" }
        return rate >= goal ? "good" : rate >= floor ? "fair" : "low"
    }
}

extension LedgerReader {
    /// Texts of the last thirty days, by where they are on their way.
    ///
    /// - Parameter now: UTC milliseconds since 1970.
    public func textCounts(now: Int64) throws -> [MessageState: Int] {
        try source().read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT state, count(*) AS n FROM messages WHERE created_at > ? GROUP BY state",
                arguments: [now - 30 * 86_400_000])
            var counts: [MessageState: Int] = [:]
            for row in rows { if let state = MessageState(rawValue: row["state"]) { counts[state] = row["n"] } }
            return counts
        }
    }

    /// By action, sorted by name; texts that were only recorded do not count.
    ///
    /// - Parameter now: UTC milliseconds since 1970.
    public func textRates(now: Int64) throws -> [TextRates] {
        try source().read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT name, count(*) AS sent, sum(state = 'delivered') AS delivered,
                        sum(EXISTS (SELECT 1 FROM inbound WHERE inbound.number = messages.recipient
                            AND inbound.at > messages.created_at AND inbound.at <= messages.created_at + 604800000)) AS replied
                    FROM messages
                    WHERE created_at > ? AND name <> '' AND provider <> 'record_only'
                        AND state IN ('accepted', 'sent', 'delivered', 'failed', 'unknown', 'dead', 'expired')
                    GROUP BY name ORDER BY name
                    """, arguments: [now - 30 * 86_400_000]
            ).map {
                TextRates(action: $0["name"], sent: $0["sent"], delivered: $0["delivered"], replied: $0["replied"])
            }
        }
    }
}
