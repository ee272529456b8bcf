/// From the queue to the first byte: claim, begin, last look.
extension OutboxRules {
    /// A sender process wants the row. The write decides between two that want it: one revision, one winner.
    ///
    /// - Parameter door: of the row's sender, right now.
    public func claim(_ row: OutboxRow, owner: String, door: SenderDoor, now: Int64) -> ClaimDecision {
        guard row.state == .queued else { return .refused(.notQueued) }
        if now >= row.expiresAt, case .change(let next, let effects) = expire(row) { return .ended(next, effects) }
        if now < row.notBefore { return .refused(.early(until: row.notBefore)) }
        guard door == .open else { return .refused(.senderShut) }
        var next = touched(row)
        next.state = .claimed
        next.fence = Self.sum(row.fence, 1)
        next.lease = OutboxRow.Lease(owner: owner, end: Self.sum(now, leaseMS))
        return .claimed(next)
    }

    /// The process gives a claimed row back: it shuts down, or the sender was paused meanwhile.
    public func release(_ row: OutboxRow, fence: Int64, now: Int64) -> OutboxDecision {
        guard row.state == .claimed, row.fence == fence else { return .nothing(.superseded) }
        return requeue(row, at: now)
    }

    /// The text is about to be handed over. Its answer is durable before a byte leaves.
    ///
    /// - Parameter gate: looked at in the same transaction, so that an opt-out is either seen or committed later.
    public func begin(_ row: OutboxRow, fence: Int64, gate: GateVerdict, now: Int64) -> SendDecision {
        guard row.state == .claimed, row.fence == fence, let lease = row.lease,
            !isOver(lease.end, length: leaseMS, now: now)
        else { return .lost }
        if let decision = obstacle(row, gate: gate, now: now) { return SendDecision(decision) }
        var next = touched(row)
        next.state = .sending
        next.lease = nil
        next.tries = min(row.tries, Self.mostTries) + 1
        next.triedSince = isInARow(row, now: now) ? row.triedSince ?? now : now
        next.lastTry = OutboxRow.Try(fence: fence, at: now)
        next.requestDeadline = Self.sum(now, attemptMS)
        return .send(next)
    }

    /// Directly before the first byte: a process that slept after its commit may have lost the row, its time, or the
    /// recipient's consent. Whatever it says besides `write`, no byte has left.
    public func lastLook(_ row: OutboxRow, fence: Int64, gate: GateVerdict, now: Int64) -> LastLook {
        guard row.state == .sending, row.fence == fence, let deadline = row.requestDeadline else { return .lost }
        if let decision = obstacle(row, gate: gate, now: now) { return LastLook(decision) }
        if isOver(deadline, length: attemptMS, now: now) {
            return LastLook(requeue(row, at: now, detail: "too_late_to_write", givesBack: true))
        }
        return .write
    }

    /// A try so long after the one before that something else than a retry kept it (quiet hours, a pause, an open breaker)
    /// begins a new window.
    private func isInARow(_ row: OutboxRow, now: Int64) -> Bool {
        guard let last = row.lastTry else { return false }
        return Self.gap(now, last.at) <= leaseMS + maxRetryMS + maxRetryAfterMS
    }

    private func obstacle(_ row: OutboxRow, gate: GateVerdict, now: Int64) -> OutboxDecision? {
        if now >= row.expiresAt { return expire(row) }
        switch gate {
        case .allowed: return nil
        case .refused(let rule): return move(row, to: .suppressed, detail: rule)
        case .deferred(let until):
            let next = max(until, Self.sum(now, Self.shortestDeferralMS))
            return requeue(row, at: next, detail: "deferred", givesBack: row.state == .sending)
        }
    }

    func expire(_ row: OutboxRow) -> OutboxDecision { move(row, to: .expired, detail: "expired") }

    /// - Parameter givesBack: no byte left, and the try does not count.
    func requeue(
        _ row: OutboxRow, at time: Int64, detail: String = "", effects: [OutboxEffect] = [], givesBack: Bool = false
    ) -> OutboxDecision {
        move(row, to: .queued, detail: detail, effects: effects) { next in
            next.notBefore = time
            guard givesBack else { return }
            next.tries = max(row.tries, 1) - 1
            if next.tries == 0 { next.triedSince = nil }
        }
    }
}

extension SendDecision {
    fileprivate init(_ decision: OutboxDecision) {
        switch decision {
        case .change(let row, let effects): self = .instead(row, effects)
        case .nothing: self = .lost
        }
    }
}

extension LastLook {
    fileprivate init(_ decision: OutboxDecision) {
        switch decision {
        case .change(let row, let effects): self = .instead(row, effects)
        case .nothing: self = .lost
        }
    }
}
