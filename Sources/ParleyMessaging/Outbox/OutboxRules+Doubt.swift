/// A request left and no answer came: wait for a callback, ask the provider, then hold or resend. Never sent again by itself
/// but when it is sure not to have been taken, or the operator chose `resend`.
extension OutboxRules {
    func doubt(_ row: OutboxRow, why: String, now: Int64) -> OutboxDecision {
        move(row, to: .unknown, detail: why) { $0.doubt = .waiting(until: Self.sum(now, callbackWaitMS)) }
    }

    /// The provider's answer to `OutboxEffect.query`.
    ///
    /// - Parameter fence: as the query had it: an old "absent" says nothing of a newer try.
    public func answered(_ answer: QueryAnswer, of row: OutboxRow, fence: Int64, now: Int64) -> OutboxDecision {
        guard row.state == .unknown, row.lastTry?.fence == fence else { return .nothing(.superseded) }
        switch answer {
        case .found(let id):
            return move(row, to: .accepted) { next in
                if next.providerID.isEmpty { next.providerID = id }
            }
        case .absent: return resend(row, why: "absent", now: now)
        case .cannotTell: return giveUp(row, now: now)
        }
    }

    /// The next step of a row that is `unknown`, when its time has come.
    func search(_ row: OutboxRow, now: Int64) -> OutboxDecision {
        switch row.doubt {
        case .held: return .nothing(.notDue)
        case .waiting(let until):
            return isOver(until, length: callbackWaitMS, now: now) ? ask(row, count: 1, now: now) : .nothing(.notDue)
        case .asking(let until, let count):
            guard isOver(until, length: queryMS, now: now) else { return .nothing(.notDue) }
            return count < maxQueries ? ask(row, count: max(count, 0) + 1, now: now) : giveUp(row, now: now)
        case nil:
            // From a version that did not search.
            var next = touched(row)
            next.doubt = .waiting(until: Self.sum(now, callbackWaitMS))
            return .change(next, [])
        }
    }

    private func ask(_ row: OutboxRow, count: Int, now: Int64) -> OutboxDecision {
        guard let fence = row.lastTry?.fence else { return giveUp(row, now: now) }
        var next = touched(row)
        next.doubt = .asking(until: Self.sum(now, queryMS), count: count)
        return .change(next, [.query(fence: fence)])
    }

    private func giveUp(_ row: OutboxRow, now: Int64) -> OutboxDecision {
        switch onUnknown {
        case .resend: return resend(row, why: "resent", now: now)
        case .hold:
            if row.doubt == .held { return .nothing(.twice) }
            var next = touched(row)
            next.doubt = .held
            return .change(next, [.alert(.heldUnknown)])
        }
    }

    private func resend(_ row: OutboxRow, why: String, now: Int64) -> OutboxDecision {
        isSpent(row, at: now) ? bury(row, why: why) : requeue(row, at: now, detail: why)
    }
}
