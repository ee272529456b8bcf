/// What a status callback does to a row.
extension OutboxRules {
    /// - Parameters:
    ///   - fence: of the try, out of the correlation id; `nil` where the provider only gave its own id.
    ///   - providerID: as the callback names it.
    ///
    /// Moves forward only. May come before the answer to the request, in any order and any number of times.
    public func news(
        _ news: ProviderNews, of row: OutboxRow, fence: Int64?, providerID: String?, now: Int64
    ) -> OutboxDecision {
        guard let newest = row.lastTry, (fence ?? newest.fence) <= newest.fence else { return .nothing(.neverSent) }
        let decision = settle(row, news, isNewest: (fence ?? newest.fence) == newest.fence, providerID: providerID)
        // The opt-out holds whatever becomes of the row; writing it twice is harmless, losing it is not.
        if case .misconfigured = news, case .change(let next, let effects) = decision {
            return .change(next, [.pauseSender(.misconfigured), .alert(.senderPaused)] + effects)
        }
        guard case .optedOut = news else { return decision }
        switch decision {
        case .change(let next, let effects): return .change(next, [.recordOptOut] + effects)
        case .nothing: return .change(touched(row), [.recordOptOut])
        }
    }

    private func settle(
        _ row: OutboxRow, _ news: ProviderNews, isNewest: Bool, providerID: String?
    ) -> OutboxDecision {
        let state = news.state
        let id = row.providerID.isEmpty ? providerID ?? "" : row.providerID
        if state == .failed, !isNewest {
            switch row.state {
            // The newer try has its own end.
            case .sending, .unknown, .accepted, .sent: return .nothing(.superseded)
            case .queued, .claimed, .dead, .delivered, .recorded, .failed, .suppressed, .expired: break
            }
        }
        if row.state.canMove(to: state) {
            return move(row, to: state, detail: news.code) { $0.providerID = id }
        }
        if id != row.providerID {
            var next = touched(row)
            next.providerID = id
            return .change(next, [])
        }
        if row.state == state { return .nothing(.twice) }
        switch row.state {
        case .sent, .delivered: return .nothing(state == .failed ? .contradiction : .backwards)
        case .queued, .claimed, .sending, .unknown, .accepted, .recorded, .failed, .suppressed, .expired, .dead:
            return .nothing(.contradiction)
        }
    }

    /// News of a text that no row is known for: yet, or in this store at all.
    public func stray(
        _ news: ProviderNews, key: String, fence: Int64?, now: Int64
    ) -> StrayNews {
        StrayNews(key: key, news: news, fence: fence, keptUntil: Self.sum(now, strayMS))
    }

    /// The news that were kept for a row, once its id or its provider's id is known. Given in the order of their arrival.
    public func settle(_ row: OutboxRow, with strays: [StrayNews], now: Int64) -> OutboxDecision {
        var current = row
        var all: [OutboxEffect] = []
        var quiet = OutboxQuiet.notDue
        for stray in strays where now < stray.keptUntil {
            switch news(stray.news, of: current, fence: stray.fence, providerID: nil, now: now) {
            case .change(let next, let effects):
                current = next
                all += effects
            case .nothing(let why): quiet = why
            }
        }
        return current == row ? .nothing(quiet) : .change(current, all)
    }
}

/// A status callback that waits for its row. Dropped at `keptUntil`.
public struct StrayNews: Equatable, Sendable {
    /// Our id or the provider's, as the callback had it.
    public let key: String
    public let news: ProviderNews
    public let fence: Int64?
    public let keptUntil: Int64

    public init(key: String, news: ProviderNews, fence: Int64?, keptUntil: Int64) {
        self.key = key
        self.news = news
        self.fence = fence
        self.keptUntil = keptUntil
    }
}
