import ParleyMessaging

extension OutboxModel {
    /// The first byte leaves, in the same moment as the last look.
    mutating func leave(_ owner: Int, _ index: Int, _ fence: Int64) {
        guard let row = rows[index] else { return }
        if hasOptedOut[truths[index].recipient] { violations.append("\(index): left after a stop") }
        if row.fence != fence { violations.append("\(index): left under a fence that was lost") }
        let end =
            mistake == .expiryIgnored && row.detail != "retried"
            ? row.queuedAt + (row.isInCall ? 900_000 : 86_400_000) : row.expiresAt
        if time(owner) >= end { violations.append("\(index): left after its time") }
        // Kill point 5: the request is written, and nobody will read its answer.
        let isDead = dies(owner)
        if isDown || random.chance(12) {
            if !isDead {
                plan(
                    .answer(owner, row: index, fence: fence, .notSent(.unreachable, retryAfterMS: nil)),
                    in: random.below(2_000))
            }
            return
        }
        if !isDead {
            plan(.answer(owner, row: index, fence: fence, .ambiguous(.timeout)), in: Int(rules.attemptMS))
        }
        if random.chance(6) { return }
        let way = random.chance(6) ? random.below(Self.longestWay) : random.below(200)
        // The dead do not read their answers, and neither does the process that comes after them.
        plan(.arrive(owner, row: index, fence: fence, epoch: isDead ? -1 : owners[owner].epoch), in: way)
    }

    mutating func arrive(_ owner: Int, _ index: Int, _ fence: Int64, _ epoch: Int) {
        func way(_ model: inout OutboxModel) -> Int {
            model.random.chance(8) ? model.random.below(15_000) : model.random.below(300)
        }
        func reply(_ outcome: RequestOutcome, _ model: inout OutboxModel) {
            let delay = way(&model)
            guard model.owners[owner].epoch == epoch else { return }
            model.plan(.answer(owner, row: index, fence: fence, outcome), in: delay)
        }
        guard isSecretGood else { return reply(.unauthorised(code: "401"), &self) }
        switch isBusy ? 0 : random.below(100) {
        case ..<8:
            let after: Int64? = random.chance(50) ? Int64(random.below(400_000)) : nil
            return reply(.notSent(.rateLimited, retryAfterMS: after), &self)
        case ..<13: return reply(.notSent(.unavailable, retryAfterMS: Int64(random.below(60_000))), &self)
        case ..<18: return reply(.refused(code: "21211"), &self)
        case ..<20: return reply(.optedOut(code: "21610"), &self)
        case ..<21: return reply(.misconfigured(code: "30034"), &self)
        case ..<25: return reply(.ambiguous(.serverError), &self)
        default: break
        }

        truths[index].taken += 1
        let truth = truths[index]
        if truth.taken > 1, !truth.isLiedAbout, !truth.isRisked { violations.append("\(index): taken twice") }
        let id = "p\(index)-\(truth.taken)"
        switch random.below(100) {
        case ..<70: reply(.accepted(providerID: id), &self)
        case ..<80: break
        case ..<86: reply(.ambiguous(.reset), &self)
        case ..<93: reply(.ambiguous(.serverError), &self)
        case ..<97 where isLying:
            truths[index].isLiedAbout = true
            reply(.notSent(.rateLimited, retryAfterMS: nil), &self)
        default:
            if owners[owner].epoch == epoch {
                plan(.answer(owner, row: index, fence: fence, .accepted(providerID: id)), in: 11_000)
            }
        }

        var news: [ProviderNews] = random.chance(40) ? [.accepted] : []
        if random.chance(80) { news.append(.sent) }
        let end: ProviderNews =
            random.chance(80)
            ? .delivered : (random.chance(20) ? .optedOut(code: "21610") : .undelivered(code: "30003"))
        news.append(end)
        if isLying, random.chance(20) { news += [.delivered, .undelivered(code: "30008"), .sent] }
        let isCorrelated = !random.chance(20)
        for item in news where !random.chance(20) {
            for _ in 0..<(random.chance(20) ? 3 : 1) {
                let delay = random.chance(60) ? random.below(2_000) : random.below(120_000)
                let callback = Callback(
                    row: index, news: item, fence: fence, providerID: id, isCorrelated: isCorrelated, repeats: 3)
                plan(.callback(callback), in: delay)
            }
        }
    }

    mutating func receive(_ callback: Callback) {
        let living = owners.indices.filter { owners[$0].isAlive }
        var again = callback
        again.repeats -= 1
        guard !living.isEmpty else {
            if again.repeats > 0 { plan(.callback(again), in: 10_000) }
            return
        }
        let owner = living[random.below(living.count)]
        // Kill point 8: read and not committed. The provider had no answer, and calls again.
        guard !dies(owner) else {
            if again.repeats > 0 { plan(.callback(again), in: 10_000) }
            return
        }
        let index =
            callback.isCorrelated ? callback.row : rows.firstIndex { $0?.providerID == callback.providerID }
        if let index, let row = rows[index] {
            var decision = rules.news(
                callback.news, of: row, fence: callback.isCorrelated ? callback.fence : nil,
                providerID: callback.providerID, now: time(owner))
            if mistake == .newsOfUnknownDropped, row.state == .unknown { decision = .nothing(.notDue) }
            if mistake == .newsBackwards, row.lastTry != nil {
                var next = row
                switch callback.news {
                case .accepted: next.state = .accepted
                case .sent: next.state = .sent
                case .delivered: next.state = .delivered
                case .undelivered, .optedOut, .misconfigured: next.state = .failed
                }
                next.revision += 1
                decision = .change(next, [])
            }
            write(decision, over: row, by: owner)
        } else if mistake != .straysDropped {
            strays.append(
                rules.stray(callback.news, key: callback.providerID, fence: nil, now: time(owner)))
        }
        // Kill point 9: committed and not answered.
        if dies(owner) {
            if again.repeats > 0 { plan(.callback(again), in: 10_000) }
        } else if callback.news == .delivered {
            truths[callback.row].toldOf = callback.isCorrelated ? "" : callback.providerID
        }
    }

    mutating func query(_ owner: Int, _ index: Int, _ fence: Int64) {
        let truth = truths[index]
        let answer: QueryAnswer
        switch random.below(100) {
        case ..<15: return
        case ..<30: answer = .cannotTell
        case ..<35 where isLying && truth.taken > 0:
            truths[index].isLiedAbout = true
            answer = .absent
        default: answer = truth.taken > 0 ? .found(providerID: "p\(index)-\(truth.taken)") : .absent
        }
        let delay = random.chance(5) ? random.below(90_000) : random.below(500)
        plan(.queried(owner, row: index, fence: fence, answer), in: delay)
    }

    // MARK: watching

    /// States go forward only, said once more without `MessageState`'s table.
    mutating func watch(_ old: OutboxRow, _ next: OutboxRow) {
        guard old.state != next.state else { return }
        let isForward =
            switch old.state {
            case .delivered, .recorded, .failed, .suppressed, .expired: false
            case .accepted: [.sent, .delivered, .failed].contains(next.state)
            case .sent: [.delivered, .failed].contains(next.state)
            case .dead: ![.claimed, .sending, .unknown].contains(next.state)
            case .queued: next.state != .sending && next.state != .unknown
            case .claimed: next.state != .unknown
            case .sending: next.state != .claimed
            case .unknown: next.state != .claimed && next.state != .sending
            }
        if !isForward { violations.append("\(next.id): from \(old.state) to \(next.state)") }
        if !old.state.canMove(to: next.state) { violations.append("\(next.id): against the table") }
    }

    /// When nothing waits any more.
    mutating func judge() {
        for index in rows.indices {
            let truth = truths[index]
            let isSure = !truth.isLiedAbout && !truth.isRisked
            guard let row = rows[index] else {
                if truth.taken > 0 { violations.append("\(index): sent and not on record") }
                continue
            }
            switch row.state {
            case .queued, .claimed, .sending: violations.append("\(index): lost as \(row.state)")
            case .unknown:
                if row.doubt != .held || !truth.isAlerted { violations.append("\(index): held and nobody knows") }
            case .accepted, .sent, .delivered:
                if truth.taken == 0, !truth.isLiedAbout { violations.append("\(index): \(row.state) and never sent") }
            case .suppressed, .expired, .dead:
                if truth.taken > 0, isSure { violations.append("\(index): \(row.state) and sent all the same") }
                if row.state == .dead, !truth.isAlerted { violations.append("\(index): dead and nobody knows") }
            case .failed, .recorded: break
            }
            if let told = truth.toldOf, told.isEmpty || told == row.providerID,
                [.accepted, .sent, .unknown].contains(row.state)
            {
                violations.append("\(index): delivered, and on record as \(row.state)")
            }
        }
    }
}
