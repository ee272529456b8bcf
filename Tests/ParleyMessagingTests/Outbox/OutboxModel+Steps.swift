import ParleyMessaging

extension OutboxModel {
    mutating func run(_ step: Step) {
        switch step {
        case .enqueue(let owner, let row): enqueue(owner, row)
        case .look(let owner): look(owner)
        case .claim(let owner, let next, let revision): claim(owner, next, over: revision)
        case .begin(let owner, let row, let fence): begin(owner, row, fence)
        case .lastLook(let owner, let row, let fence): lastLook(owner, row, fence)
        case .arrive(let owner, let row, let fence, let epoch): arrive(owner, row, fence, epoch)
        case .answer(let owner, let row, let fence, let outcome): answer(owner, row, fence, outcome)
        case .callback(let callback): receive(callback)
        case .query(let owner, let row, let fence): query(owner, row, fence)
        case .queried(let owner, let index, let fence, var answer):
            if mistake == .cannotTellAbsent, answer == .cannotTell { answer = .absent }
            guard let row = rows[index] else { return }
            write(rules.answered(answer, of: row, fence: fence, now: time(owner)), over: row, by: owner)
        case .stop(let recipient): stop(recipient)
        case .restart(let owner): restart(owner)
        case .lift:
            pause.lift()
            isChanged = true
        case .operate(let row): operate(row)
        case .secretTurns(let good): isSecretGood = good
        case .providerTurns(let down, let busy):
            isDown = down
            isBusy = busy
        }
    }

    private mutating func enqueue(_ owner: Int, _ row: Int) {
        // Kill points 1 and 2: before and after the commit of `queued`.
        guard !dies(owner) else { return }
        if hasOptedOut[truths[row].recipient] { return }
        rows[row] = rules.queued(id: String(row), sender: "s", isInCall: random.chance(80), now: time(owner))
        isChanged = true
        _ = dies(owner)
    }

    private mutating func look(_ owner: Int) {
        guard owners[owner].lookAt == now else { return }
        owners[owner].lookAt = nil
        settleDue(owner, isNew: false)
        let time = time(owner)
        for index in rows.indices where owners[owner].claiming & (1 << index) == 0 {
            guard let row = rows[index], row.state == .queued else { continue }
            let door = pause.door(now: time).and(owners[owner].breaker.door(now: time))
            switch rules.claim(row, owner: owners[owner].name, door: door, now: time) {
            case .claimed(let next):
                owners[owner].claiming |= 1 << index
                let delay = random.chance(5) ? random.below(5_000) : random.below(30)
                plan(.claim(owner, next, over: row.revision), in: delay)
            case .ended(let next, let effects): _ = write(next, over: row.revision, effects, by: owner)
            case .refused: break
            }
        }
        isChanged = true
    }

    private mutating func settleDue(_ owner: Int, isNew: Bool) {
        for index in rows.indices {
            for _ in 0..<4 {
                guard let row = rows[index] else { break }
                let time = time(owner)
                if mistake == .leaseForever, row.state == .claimed { break }
                var decision =
                    isNew ? rules.recover(row, isAlone: owners.count == 1, now: time) : rules.due(row, now: time)
                if mistake == .sendingRequeued, row.state == .sending, case .change(var next, _) = decision {
                    next.state = .queued
                    next.doubt = nil
                    next.notBefore = time
                    decision = .change(next, [])
                }
                guard case .change(let next, let effects) = decision,
                    write(next, over: row.revision, effects, by: owner)
                else { break }
            }
        }
    }

    private mutating func restart(_ owner: Int) {
        owners[owner].isAlive = true
        owners[owner].breaker = Breaker(opensAfter: 3)
        owners[owner].lookAt = nil
        owners[owner].claiming = 0
        owners[owner].probes = 0
        settleDue(owner, isNew: true)
        isChanged = true
    }

    private mutating func claim(_ owner: Int, _ next: OutboxRow, over revision: Int64) {
        guard let index = Int(next.id) else { return }
        owners[owner].claiming &= ~(1 << index)
        guard write(next, over: revision, [], by: owner) else {
            isChanged = true
            return
        }
        let time = time(owner)
        let isPauseProbe = pause.claimed(now: time)
        let isBreakerProbe = owners[owner].breaker.claimed(now: time)
        owners[owner].probes =
            isPauseProbe || isBreakerProbe ? owners[owner].probes | 1 << index : owners[owner].probes & ~(1 << index)
        // Kill point 3. Sometimes the process sleeps beyond its lease.
        guard !dies(owner) else { return }
        let delay = random.chance(10) ? random.below(60_000) : random.below(30)
        plan(.begin(owner, row: index, fence: next.fence), in: delay)
    }

    private mutating func verdict(_ row: Int, _ owner: Int) -> GateVerdict {
        if mistake == .gateOnlyWhenQueued { return .allowed }
        if hasOptedOut[truths[row].recipient] { return .refused(rule: "opted_out") }
        return random.chance(2) ? .deferred(until: time(owner) + Int64(random.below(1_800_000))) : .allowed
    }

    private mutating func begin(_ owner: Int, _ index: Int, _ fence: Int64) {
        guard let row = rows[index] else { return }
        let used = mistake == .fenceIgnored ? row.fence : fence
        switch rules.begin(row, fence: used, gate: verdict(index, owner), now: time(owner)) {
        case .send(let next):
            if mistake == .bytesBeforeCommit {
                leave(owner, index, fence)
                guard !dies(owner) else { return }
                _ = write(next, over: row.revision, [], by: owner)
                return
            }
            guard write(next, over: row.revision, [], by: owner) else { return }
            // Kill point 4: nothing has left yet.
            guard !dies(owner) else { return }
            if mistake == .noLastLook {
                plan(.lastLook(owner, row: index, fence: fence), in: random.below(20_000))
                return
            }
            let delay = random.chance(6) ? random.below(60_000) : random.below(10)
            plan(.lastLook(owner, row: index, fence: fence), in: delay)
        case .instead(let next, let effects): _ = write(next, over: row.revision, effects, by: owner)
        case .lost: break
        }
    }

    private mutating func lastLook(_ owner: Int, _ index: Int, _ fence: Int64) {
        guard let row = rows[index] else { return }
        if mistake == .noLastLook { return leave(owner, index, fence) }
        let used = mistake == .fenceIgnored ? row.fence : fence
        switch rules.lastLook(row, fence: used, gate: verdict(index, owner), now: time(owner)) {
        case .write: leave(owner, index, fence)
        case .instead(let next, let effects): _ = write(next, over: row.revision, effects, by: owner)
        case .lost: break
        }
    }

    private mutating func answer(_ owner: Int, _ index: Int, _ fence: Int64, _ outcome: RequestOutcome) {
        // Kill point 6: read and not committed.
        guard !dies(owner), let row = rows[index] else { return }
        var outcome = outcome
        if mistake == .ambiguousRetried, case .ambiguous = outcome {
            outcome = .notSent(.unavailable, retryAfterMS: nil)
        }
        let isProbe = owners[owner].probes & (1 << index) != 0
        // The timer of a request that was answered is no outcome of its own.
        if row.state == .sending || outcome.isProviderUnwell == false {
            let time = time(owner)
            owners[owner].breaker.ended(outcome, now: time)
        }
        if isProbe { pause.probeEnded(outcome) }
        let decision = rules.outcome(
            outcome, of: row, fence: fence, random: random.next(), isProbe: isProbe, now: time(owner))
        write(decision, over: row, by: owner)
        isChanged = true
        // Kill point 7.
        if case .accepted = outcome { _ = dies(owner) }
    }

    private mutating func operate(_ index: Int) {
        guard let row = rows[index] else { return }
        guard random.chance(60) else { return write(rules.drop(row), over: row, by: nil) }
        let decision = rules.retry(row, now: now)
        if case .change = decision, row.state == .unknown { truths[index].isRisked = true }
        write(decision, over: row, by: nil)
    }
}
