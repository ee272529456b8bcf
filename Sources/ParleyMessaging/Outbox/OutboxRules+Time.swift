/// What time alone does to rows, and when it is worth looking again.
extension OutboxRules {
    /// One step of what is due; ask again until nothing is. The same in a running process and in a new one.
    public func due(_ row: OutboxRow, now: Int64) -> OutboxDecision {
        switch row.state {
        case .queued: return now >= row.expiresAt ? expire(row) : .nothing(.notDue)
        case .claimed:
            let isOver = row.lease.map { self.isOver($0.end, length: leaseMS, now: now) } ?? true
            return isOver ? requeue(row, at: now, detail: "lease_over") : .nothing(.notDue)
        case .sending:
            return isOrphaned(row, now: now) ? doubt(row, why: "no_answer", now: now) : .nothing(.notDue)
        case .unknown: return search(row, now: now)
        case .accepted, .sent, .delivered, .recorded, .failed, .suppressed, .expired, .dead: return .nothing(.notDue)
        }
    }

    /// What a new process does with a row that the one before left.
    ///
    /// - Parameter isAlone: the store can have no other process (SQLite's lock): whoever claimed or sent is dead, and there
    ///   is nothing to wait for.
    public func recover(_ row: OutboxRow, isAlone: Bool, now: Int64) -> OutboxDecision {
        switch row.state {
        case .claimed where isAlone: requeue(row, at: now, detail: "process_lost")
        case .sending where isAlone: doubt(row, why: "process_lost", now: now)
        default: due(row, now: now)
        }
    }

    /// The deadline is the sender's own; others wait a little longer, as their clocks may run ahead of it.
    private func isOrphaned(_ row: OutboxRow, now: Int64) -> Bool {
        guard let deadline = row.requestDeadline else { return true }
        return isOver(Self.sum(deadline, clockSlackMS), length: attemptMS + clockSlackMS, now: now)
    }

    /// Somebody said stop: what has not begun to be sent never will. What is `sending` asks the gate at its last look.
    public func stop(_ row: OutboxRow, rule: String) -> OutboxDecision {
        switch row.state {
        case .queued, .claimed: move(row, to: .suppressed, detail: rule)
        case .sending, .unknown: .nothing(.notDue)
        case .accepted, .sent, .delivered, .recorded, .failed, .suppressed, .expired, .dead: .nothing(.notDue)
        }
    }

    // MARK: one timer

    /// The earliest time at which one of the rows wants attention: a claim or `due`. Never before `now`; `nil` while only
    /// outside news can change anything.
    ///
    /// - Parameters:
    ///   - rows: that this process could take; with no room for a further request, leave the queued ones out.
    ///   - doors: by sender; a sender without one is open.
    public func nextLook(_ rows: some Sequence<OutboxRow>, doors: [String: SenderDoor] = [:], now: Int64) -> Int64? {
        var earliest: Int64?
        for row in rows {
            guard let time = nextLook(row, door: doors[row.sender] ?? .open, now: now) else { continue }
            earliest = min(earliest ?? time, time)
            if time <= now { return now }
        }
        return earliest
    }

    private func nextLook(_ row: OutboxRow, door: SenderDoor, now: Int64) -> Int64? {
        if case .change = due(row, now: now) { return now }
        switch row.state {
        case .queued:
            switch door {
            case .open: return max(now, min(row.notBefore, row.expiresAt))
            case .shut(let until):
                return until.map { max(now, min(max($0, row.notBefore), row.expiresAt)) } ?? row.expiresAt
            }
        case .claimed: return row.lease?.end
        case .sending: return row.requestDeadline.map { Self.sum($0, clockSlackMS) }
        case .unknown:
            switch row.doubt {
            case .waiting(let until), .asking(let until, _): return until
            case .held, nil: return nil
            }
        case .accepted, .sent, .delivered, .recorded, .failed, .suppressed, .expired, .dead: return nil
        }
    }
}
