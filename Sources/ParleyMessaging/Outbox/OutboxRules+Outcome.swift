/// What the answer to a request does to its row.
extension OutboxRules {
    /// - Parameters:
    ///   - fence: of the try that is answered, as given at `begin`.
    ///   - random: any 64 random bits; spreads the next try.
    ///   - isProbe: claimed through a door that was open for one text only: not sent, it costs none of the row's tries.
    ///
    /// An answer may come late: after the row went `unknown`, or after a callback told more. That the provider has a text is
    /// true whoever holds the row by then; that it has not, only of the newest try.
    public func outcome(
        _ outcome: RequestOutcome, of row: OutboxRow, fence: Int64, random: UInt64, isProbe: Bool = false, now: Int64
    ) -> OutboxDecision {
        guard let newest = row.lastTry, fence <= newest.fence else { return .nothing(.neverSent) }
        if case .accepted(let id) = outcome {
            return news(.accepted, of: row, fence: fence, providerID: id, now: now)
        }
        if case .optedOut(let code) = outcome {
            return news(.optedOut(code: code), of: row, fence: fence, providerID: nil, now: now)
        }
        guard fence == newest.fence else { return .nothing(.superseded) }
        switch row.state {
        case .queued, .claimed, .sending, .unknown: break
        case .accepted, .sent, .delivered, .recorded, .failed, .suppressed, .expired, .dead:
            if case .ambiguous = outcome { return .nothing(.backwards) }
            return .nothing(.contradiction)
        }
        // A row that is neither was queued again meanwhile: there is no try to take back.
        let isInFlight = row.state == .sending || row.state == .unknown

        switch outcome {
        case .accepted, .optedOut: return .nothing(.twice)
        case .recorded: return move(row, to: .recorded)
        case .refused(let code): return move(row, to: .failed, detail: code)
        case .misconfigured(let code):
            return move(
                row, to: .failed, detail: code, effects: [.pauseSender(.misconfigured), .alert(.senderPaused)])
        case .unauthorised(let code):
            let effects: [OutboxEffect] = [.pauseSender(.unauthorised), .alert(.senderPaused)]
            guard isInFlight else { return .change(touched(row), effects) }
            return requeue(row, at: now, detail: code, effects: effects, givesBack: true)
        case .notSent(let why, let retryAfterMS):
            guard isInFlight else { return .nothing(.superseded) }
            let delay = retryDelay(tries: row.tries, retryAfterMS: retryAfterMS, random: random)
            let next = Self.sum(now, delay)
            if isProbe { return requeue(row, at: next, detail: why.rawValue, givesBack: true) }
            if isSpent(row, at: next) { return bury(row, why: why.rawValue) }
            return requeue(row, at: next, detail: why.rawValue)
        case .ambiguous(let why):
            guard row.state == .sending else { return .nothing(.twice) }
            return doubt(row, why: why.rawValue, now: now)
        }
    }

    /// Full jitter, on top of what the provider asks for: rows that were refused together do not come back together.
    ///
    /// - Parameter tries: so far, 1 or more.
    public func retryDelay(tries: Int, retryAfterMS: Int64?, random: UInt64) -> Int64 {
        let doublings = min(max(tries, 1), 31) - 1  // 2^30 s is beyond every bound
        let (doubled, isOver) = firstRetryMS.multipliedReportingOverflow(by: 1 << Int64(doublings))
        let longest = isOver ? maxRetryMS : min(doubled, maxRetryMS)
        let jittered = Int64((UInt64(longest) + 1).multipliedFullWidth(by: random).high)
        return min(max(retryAfterMS ?? 0, 0), maxRetryAfterMS) + jittered
    }

    func isSpent(_ row: OutboxRow, at next: Int64) -> Bool {
        row.tries >= maxTries || Self.gap(next, row.triedSince ?? next) >= retryWindowMS
    }

    func bury(_ row: OutboxRow, why: String) -> OutboxDecision {
        move(row, to: .dead, detail: why, effects: [.alert(.deadLetter)])
    }
}
