import ParleyMessaging

/// A store in memory: `OutboxRules` over a dictionary. Fails when it is told to.
actor MemoryOutbox: OutboxStore {
    enum Operation: Hashable, Sendable {
        case claim, begin, lastLook, settle, answered, release
    }
    struct Broken: Error {}

    private struct Failure {
        var times: Int
        /// The change is made, and nobody is told.
        var isCommitted: Bool
    }

    private let rules: OutboxRules
    private(set) var rows: [String: OutboxRow] = [:]
    private var texts: [String: TextMessage] = [:]
    private var order: [String] = []
    private var optedOut: Set<String> = []
    private var pauses: [String: SenderPause] = [:]
    private var failures: [Operation: Failure] = [:]
    private let changes = Conditions<[OutboxRow]>()
    private var atLastLook: (@Sendable (Claim) async -> Void)?
    private(set) var outcomes: [RequestOutcome] = []
    private(set) var calls: [Operation: Int] = [:]
    private(set) var probes = 0
    /// When texts became `sending`.
    private(set) var begun: [Int64] = []

    init(rules: OutboxRules = OutboxRules()) { self.rules = rules }

    // MARK: for the test

    func add(_ id: String, channel: String, to number: String = "+12125550123", now: Int64) throws {
        let recipient = try PhoneNumber(number)
        let consent = Consent(
            id: "c-\(id)", number: recipient.e164, purpose: .informational, sender: channel, means: .spoken,
            wording: "",
            wordingVersion: "1", heard: "", language: "en", answer: "yes", givenAt: 0, call: "", turn: 0, spanBegan: 0,
            spanEnded: 0, agent: "")
        let decision = ConsentGate().decide(
            ConsentGate.Request(recipient: recipient, sender: channel, purpose: .informational, call: "", at: 0),
            consents: [consent], optOuts: [], history: ConsentGate.History())
        guard case .allowed(let proof) = decision else { throw Broken() }
        texts[id] = TextMessage(id: id, key: "key-\(id)", proof: proof, stored: "Text \(id)")
        rows[id] = rules.queued(id: id, sender: channel, isInCall: true, now: now)
        order.append(id)
        look()
    }

    /// The opt-out's transaction.
    func optOut(_ number: String) {
        optedOut.insert(number)
        for id in order where texts[id]?.recipient.e164 == number {
            if let row = rows[id] { _ = write(rules.stop(row, rule: "opted_out")) }
        }
    }

    func fail(_ operation: Operation, times: Int, isCommitted: Bool = false) {
        failures[operation] = Failure(times: times, isCommitted: isCommitted)
    }

    func beforeLastLook(_ hook: @escaping @Sendable (Claim) async -> Void) { atLastLook = hook }

    func row(_ id: String) -> OutboxRow? { rows[id] }

    func lift(_ channel: String) { pauses[channel]?.lift() }

    /// Until the rows, in the order they were added, are as wanted.
    func until(_ isEnough: @escaping @Sendable ([OutboxRow]) -> Bool) async throws {
        try await changes.wait(now: { list }, until: isEnough)
    }

    private var list: [OutboxRow] { order.compactMap { rows[$0] } }

    private func look() { changes.look(list) }

    // MARK: OutboxStore

    func claim(_ room: ClaimRoom, now: Int64) async throws -> ClaimRound {
        try enter(.claim)
        var round = ClaimRound()
        for id in order {
            for _ in 0..<4 {
                guard let row = rows[id], case .change(let next, let effects) = rules.due(row, now: now) else { break }
                take(write(.change(next, effects)), into: &round, of: next)
            }
        }
        var doors = room.doors
        for (name, pause) in pauses { doors[name] = (doors[name] ?? .open).and(pause.door(now: now)) }
        for id in order where round.claims.count < room.limit {
            guard let row = rows[id] else { continue }
            let door = (room.doors[row.sender] ?? .open).and(pauses[row.sender]?.door(now: now) ?? .open)
            switch rules.claim(row, owner: room.owner, door: door, now: now) {
            case .claimed(let next):
                _ = write(.change(next, []))
                let isProbe = pauses[row.sender]?.claimed(now: now) ?? false
                round.claims.append(Claim(id: id, fence: next.fence, channel: row.sender, isProbe: isProbe))
            case .ended(let next, let effects): take(write(.change(next, effects)), into: &round, of: next)
            case .refused: break
            }
        }
        let isFull = round.claims.count >= room.limit
        let open = list.filter { !isFull || $0.state != .queued }
        round.nextLook = rules.nextLook(open, doors: doors, now: now)
        try leave(.claim)
        return round
    }

    func begin(_ claim: Claim, now: Int64) async throws -> BeginAnswer {
        try enter(.begin)
        guard let row = rows[claim.id], let text = texts[claim.id] else { return .lost }
        let answer: BeginAnswer
        switch rules.begin(row, fence: claim.fence, gate: gate(text), now: now) {
        case .send(let next):
            begun.append(now)
            _ = write(.change(next, []))
            answer = .send(text, expiresAt: next.expiresAt, deadline: next.requestDeadline ?? now)
        case .instead(let next, let effects): answer = .instead(notices(write(.change(next, effects)), of: next))
        case .lost: answer = .lost
        }
        try leave(.begin)
        return answer
    }

    func lastLook(_ claim: Claim, now: Int64) async throws -> LastLookAnswer {
        await atLastLook?(claim)
        try enter(.lastLook)
        guard let row = rows[claim.id], let text = texts[claim.id] else { return .lost }
        let answer: LastLookAnswer
        switch rules.lastLook(row, fence: claim.fence, gate: gate(text), now: now) {
        case .write: answer = .write
        case .instead(let next, let effects): answer = .instead(notices(write(.change(next, effects)), of: next))
        case .lost: answer = .lost
        }
        try leave(.lastLook)
        return answer
    }

    func settle(
        _ outcome: RequestOutcome, of claim: Claim, random: UInt64, now: Int64
    ) async throws -> [OutboxNotice] {
        try enter(.settle)
        outcomes.append(outcome)
        guard let row = rows[claim.id] else { return [] }
        if claim.isProbe {
            probes += 1
            pauses[row.sender]?.probeEnded(outcome)
        }
        let decision = rules.outcome(
            outcome, of: row, fence: claim.fence, random: random, isProbe: claim.isProbe, now: now)
        let list = notices(write(decision), of: rows[claim.id] ?? row)
        try leave(.settle)
        return list
    }

    func answered(_ answer: QueryAnswer, to query: OutboxQuery, now: Int64) async throws -> [OutboxNotice] {
        try enter(.answered)
        guard let row = rows[query.text.id] else { return [] }
        let effects = write(rules.answered(answer, of: row, fence: query.fence, now: now))
        try leave(.answered)
        return notices(effects, of: rows[query.text.id] ?? row)
    }

    func release(_ claims: [Claim], now: Int64) async throws {
        try enter(.release)
        for claim in claims {
            if let row = rows[claim.id] { _ = write(rules.release(row, fence: claim.fence, now: now)) }
        }
        try leave(.release)
    }

    // MARK: parts

    private func enter(_ operation: Operation) throws {
        calls[operation, default: 0] += 1
        if let failure = failures[operation], !failure.isCommitted { try use(failure, operation) }
    }

    private func leave(_ operation: Operation) throws {
        if let failure = failures[operation], failure.isCommitted { try use(failure, operation) }
    }

    private func use(_ failure: Failure, _ operation: Operation) throws {
        failures[operation] =
            failure.times > 1 ? Failure(times: failure.times - 1, isCommitted: failure.isCommitted) : nil
        throw Broken()
    }

    private func gate(_ text: TextMessage) -> GateVerdict {
        optedOut.contains(text.recipient.e164) ? .refused(rule: "opted_out") : .allowed
    }

    private func write(_ decision: OutboxDecision) -> [OutboxEffect] {
        guard case .change(let next, let effects) = decision else { return [] }
        rows[next.id] = next
        for effect in effects {
            switch effect {
            case .pauseSender(let reason):
                pauses[next.sender, default: SenderPause()].pause(reason, now: next.lastTry?.at ?? 0)
            case .recordOptOut: if let text = texts[next.id] { optOut(text.recipient.e164) }
            case .alert, .tellCall, .query: break
            }
        }
        look()
        return effects
    }

    private func notices(_ effects: [OutboxEffect], of row: OutboxRow) -> [OutboxNotice] {
        effects.compactMap { effect in
            if effect.isStored { return nil }
            if case .query = effect { return nil }
            return OutboxNotice(message: row.id, call: "", channel: row.sender, effect: effect, state: row.state)
        }
    }

    private func take(_ effects: [OutboxEffect], into round: inout ClaimRound, of row: OutboxRow) {
        round.notices += notices(effects, of: row)
        for case .query(let fence) in effects {
            guard let text = texts[row.id] else { continue }
            let known = Set(rows.values.map(\.providerID)).subtracting([""])
            round.queries.append(
                OutboxQuery(
                    text: SentText(id: text.id, key: text.key, recipient: text.recipient, body: text.body),
                    channel: row.sender, fence: fence, since: row.lastTry?.at ?? 0, known: known))
        }
    }
}
