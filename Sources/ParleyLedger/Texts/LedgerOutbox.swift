import ParleyMessaging

/// The outbox in the ledger's file.
public struct LedgerOutbox: OutboxStore {
    private let ledger: Ledger

    init(_ ledger: Ledger) { self.ledger = ledger }

    private func transact<Value: Sendable>(
        _ now: Int64, _ work: @escaping @Sendable (inout OutboxTransaction) throws -> Value
    ) async throws -> Value {
        let messaging = ledger.messaging
        return try await ledger.transact { db in
            var transaction = OutboxTransaction(db, messaging, now: now)
            return try work(&transaction)
        }
    }

    public func claim(_ room: ClaimRoom, now: Int64) async throws -> ClaimRound {
        try await transact(now) { try $0.claim(room) }
    }

    public func begin(_ claim: Claim, now: Int64) async throws -> BeginAnswer {
        try await transact(now) { try $0.begin(claim) }
    }

    public func lastLook(_ claim: Claim, now: Int64) async throws -> LastLookAnswer {
        try await transact(now) { try $0.lastLook(claim) }
    }

    public func settle(
        _ outcome: RequestOutcome, of claim: Claim, random: UInt64, now: Int64
    ) async throws -> [OutboxNotice] {
        try await transact(now) { try $0.settle(outcome, of: claim, random: random) }
    }

    public func answered(_ answer: QueryAnswer, to query: OutboxQuery, now: Int64) async throws -> [OutboxNotice] {
        try await transact(now) { try $0.answered(answer, to: query) }
    }

    public func release(_ claims: [Claim], now: Int64) async throws {
        try await transact(now) { try $0.release(claims) }
    }
}

extension Ledger {
    public var outbox: LedgerOutbox { LedgerOutbox(self) }

    /// A provider's report on a text, believed already. Any number of times, in any order.
    ///
    /// - Parameters:
    ///   - message: ours, out of the correlation id; `nil` where the report only has the provider's.
    ///   - channels: whose provider reported.
    /// - Returns: what is to be told; `nil` where the text is none of ours (it is kept for a day).
    public func reported(
        _ news: ProviderNews, of message: String?, fence: Int64?, providerID: String, channels: [String], now: Int64
    ) async throws -> [OutboxNotice]? {
        let messaging = messaging
        return try await transact { db in
            var outbox = OutboxTransaction(db, messaging, now: now)
            let isOurs = try outbox.news(news, of: message, fence: fence, providerID: providerID, channels: channels)
            return isOurs ? outbox.notices : nil
        }
    }

    /// Somebody said stop. Durable when it returns; what waited for the number is suppressed in the same transaction.
    public func optOut(_ optOut: OptOut) async throws {
        let (messaging, now) = (messaging, now())
        try await transact { db in
            var outbox = OutboxTransaction(db, messaging, now: now)
            try outbox.optOut(optOut)
            if let number = try? PhoneNumber(optOut.number), optOut.means == OptOut.suspected {
                try ThreadTable(db).handle([.agentMustAct], of: number, from: optOut.means, now: now)
            }
        }
    }
}
