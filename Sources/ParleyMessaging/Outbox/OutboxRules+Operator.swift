/// What an operator may do with a row: `parley sms retry`, `parley sms drop`.
extension OutboxRules {
    /// Another round of tries, and another time to live. Only for what nothing else will move: a dead letter, or an unknown
    /// row that is held. The gate is asked again before it leaves.
    public func retry(_ row: OutboxRow, now: Int64) -> OutboxDecision {
        guard row.state == .dead || (row.state == .unknown && row.doubt == .held) else { return .nothing(.notAllowed) }
        return move(row, to: .queued, detail: "retried") { next in
            next.notBefore = now
            next.expiresAt = expiry(isInCall: row.isInCall, from: now)
            next.tries = 0
            next.triedSince = nil
        }
    }

    /// It will not be sent, whatever became of it so far. Not while a request is under way.
    public func drop(_ row: OutboxRow) -> OutboxDecision {
        switch row.state {
        case .queued, .claimed, .unknown, .dead: move(row, to: .failed, detail: "dropped")
        case .sending, .accepted, .sent, .delivered, .recorded, .failed, .suppressed, .expired: .nothing(.notAllowed)
        }
    }
}
