import ParleyMessaging

/// A way to get the outbox wrong. The model must find each.
enum Mistake: String, CaseIterable, Sendable {
    /// The bytes leave, and then `sending` is committed.
    case bytesBeforeCommit
    /// A process acts under the row's fence, not under its own.
    case fenceIgnored
    case expiryIgnored
    /// A row that was `sending` when its process died is sent again.
    case sendingRequeued
    /// A timeout or a reset counts as not sent.
    case ambiguousRetried
    /// Opt-outs count when a text is queued, and never after.
    case gateOnlyWhenQueued
    /// No last look between the commit and the first byte.
    case noLastLook
    /// A decision is written over a row that has moved on.
    case revisionIgnored
    /// The last callback wins.
    case newsBackwards
    /// "Cannot tell" is taken for "absent".
    case cannotTellAbsent
    /// The provider is asked at once, while the request may be under way.
    case askedAtOnce
    /// Nobody takes over the rows of a dead process.
    case leaseForever
    /// A callback settles an unknown row only if it was `sending`.
    case newsOfUnknownDropped
    /// A row that the provider cannot be asked about waits without an alert.
    case heldInSilence
    /// News of a text that is not known yet are thrown away.
    case straysDropped
}

/// Some processes, one store, one provider that loses, delays, repeats, reorders and lies, and people who say stop: all of
/// it from one seed. The rules under test decide; this only carries their decisions out, and watches.
struct OutboxModel {
    static let start: Int64 = 1_800_000_000_000
    static let mostSteps = 20_000
    /// The longest time for a request to reach the provider.
    static let longestWay = 12_000

    struct Owner {
        let name: String
        /// Of its clock, in milliseconds.
        let skew: Int64
        var epoch = 0
        var isAlive = true
        var breaker = Breaker(opensAfter: 3)
        var lookAt: Int64?
        /// Bits of rows that a claim is being written for, and of those that are probes.
        var claiming = 0
        var probes = 0
    }

    /// What really became of a text.
    struct Truth {
        var recipient: Int
        var taken = 0
        /// The provider said what is not so, in a way that nobody could see through.
        var isLiedAbout = false
        /// Somebody chose to risk a second one.
        var isRisked = false
        var isAlerted = false
        /// The provider said that it was delivered, and was told that we know: under the correlation id or its own.
        var toldOf: String?
    }

    enum Step {
        case enqueue(Int, row: Int)
        case look(Int)
        indirect case claim(Int, OutboxRow, over: Int64)
        case begin(Int, row: Int, fence: Int64)
        case lastLook(Int, row: Int, fence: Int64)
        case arrive(Int, row: Int, fence: Int64, epoch: Int)
        case answer(Int, row: Int, fence: Int64, RequestOutcome)
        case callback(Callback)
        case query(Int, row: Int, fence: Int64)
        case queried(Int, row: Int, fence: Int64, QueryAnswer)
        case stop(recipient: Int)
        case restart(Int)
        case lift
        case operate(row: Int)
        case secretTurns(good: Bool)
        case providerTurns(down: Bool, busy: Bool)
    }

    struct Callback {
        var row: Int
        var news: ProviderNews
        var fence: Int64
        var providerID: String
        /// Whether it carries our correlation id.
        var isCorrelated: Bool
        var repeats: Int
    }

    struct Scheduled {
        var at: Int64
        var order: Int
        var epoch: Int
        var step: Step
    }

    let rules: OutboxRules
    let mistake: Mistake?
    let isLying: Bool
    var random: SplitMix64
    var now = Self.start
    var agenda: [Scheduled] = []
    var order = 0
    var crashesLeft = 4

    // The store.
    var rows: [OutboxRow?]
    var hasOptedOut: [Bool]
    var pause = SenderPause()
    var strays: [StrayNews] = []

    var owners: [Owner]
    var truths: [Truth]
    var isSecretGood = true
    /// Nobody answers at the provider, or it answers everybody that they ask too often.
    var isDown = false
    var isBusy = false
    /// Rows or doors have changed since the processes set their timers.
    var isChanged = false
    var violations: [String] = []

    init(seed: UInt64, mistake: Mistake? = nil) {
        var random = SplitMix64(state: seed)
        let onUnknown: OutboxRules.OnUnknown = random.chance(10) ? .resend : .hold
        rules = OutboxRules(
            expiresInCallMS: mistake == .expiryIgnored ? OutboxRules.longestMS : 900_000,
            callbackWaitMS: mistake == .askedAtOnce ? 1 : 30_000, onUnknown: onUnknown)
        self.mistake = mistake
        isLying = random.chance(12)
        let count = 1 + random.below(4)
        let people = 1 + random.below(count)
        rows = Array(repeating: nil, count: count)
        hasOptedOut = Array(repeating: false, count: people)
        truths = (0..<count).map { _ in
            Truth(recipient: random.below(people), isRisked: onUnknown == .resend)
        }
        owners = (0..<(1 + random.below(3))).map { index in
            Owner(name: "o\(index)", skew: Int64(random.below(1_801)) - 900)
        }
        self.random = random
        for row in 0..<count { plan(.enqueue(self.random.below(owners.count), row: row), in: self.random.below(5_000)) }
        for person in 0..<people where self.random.chance(25) {
            plan(.stop(recipient: person), in: self.random.below(self.random.chance(50) ? 8_000 : 200_000))
        }
        if self.random.chance(10) {
            plan(.secretTurns(good: false), in: self.random.below(5_000))
            if self.random.chance(80) { plan(.secretTurns(good: true), in: self.random.below(3_600_000)) }
        }
        if self.random.chance(12) {
            let isDown = self.random.chance(50)
            plan(.providerTurns(down: isDown, busy: !isDown), in: self.random.below(5_000))
            plan(.providerTurns(down: false, busy: false), in: 5_000 + self.random.below(2_400_000))
        }
    }

    /// Runs to the end of everything that anybody waits for.
    mutating func run() -> [String] {
        var steps = 0
        while let next = takeNext() {
            steps += 1
            guard steps < Self.mostSteps else {
                violations.append("waits for ever")
                return violations
            }
            now = max(now, next.at)
            if let owner = Self.owner(of: next.step), owners[owner].epoch != next.epoch { continue }
            run(next.step)
            if isChanged { arm() }
        }
        judge()
        return violations
    }

    // MARK: the agenda

    mutating func plan(_ step: Step, in delay: Int) { plan(step, at: now + Int64(delay)) }

    mutating func plan(_ step: Step, at time: Int64) {
        order += 1
        let epoch = Self.owner(of: step).map { owners[$0].epoch } ?? 0
        agenda.append(Scheduled(at: time, order: order, epoch: epoch, step: step))
    }

    private mutating func takeNext() -> Scheduled? {
        guard !agenda.isEmpty else { return nil }
        var first = 0
        for index in 1..<agenda.count
        where agenda[index].at < agenda[first].at
            || (agenda[index].at == agenda[first].at && agenda[index].order < agenda[first].order)
        { first = index }
        agenda.swapAt(first, agenda.count - 1)
        return agenda.removeLast()
    }

    /// Whose death ends the step.
    private static func owner(of step: Step) -> Int? {
        switch step {
        case .enqueue(let owner, _), .look(let owner), .claim(let owner, _, _), .begin(let owner, _, _),
            .lastLook(let owner, _, _), .answer(let owner, _, _, _), .query(let owner, _, _),
            .queried(let owner, _, _, _):
            owner
        // A request that left arrives without its sender.
        case .arrive, .callback, .stop, .restart, .lift, .operate, .secretTurns, .providerTurns: nil
        }
    }

    /// A kill point: the process may die here.
    mutating func dies(_ owner: Int) -> Bool {
        guard crashesLeft > 0, random.chance(4) else { return false }
        crashesLeft -= 1
        owners[owner].epoch += 1
        owners[owner].isAlive = false
        plan(.restart(owner), in: 200 + random.below(random.chance(20) ? 120_000 : 5_000))
        return true
    }

    func time(_ owner: Int) -> Int64 { now + owners[owner].skew }

    // MARK: the store

    /// Compare and set. `false`: the row has moved on, and nothing was written.
    mutating func write(_ next: OutboxRow, over revision: Int64, _ effects: [OutboxEffect], by owner: Int?) -> Bool {
        guard let index = Int(next.id), let old = rows[index] else { return false }
        if old.revision != revision, mistake != .revisionIgnored { return false }
        watch(old, next)
        rows[index] = next
        for effect in effects {
            switch effect {
            case .pauseSender(let reason):
                pause.pause(reason, now: now)
                if random.chance(70) { plan(.lift, in: random.below(7_200_000)) }
            case .recordOptOut: stop(truths[index].recipient)
            case .alert:
                if mistake != .heldInSilence { truths[index].isAlerted = true }
                if random.chance(40) { plan(.operate(row: index), in: random.below(600_000)) }
            case .tellCall: break
            case .query(let fence):
                if let owner { plan(.query(owner, row: index, fence: fence), in: random.below(500)) }
            }
        }
        if old.providerID.isEmpty, !next.providerID.isEmpty {
            let kept = strays.filter { $0.key == next.providerID }
            strays.removeAll { $0.key == next.providerID }
            if case .change(let settled, let more) = rules.settle(next, with: kept, now: now) {
                _ = write(settled, over: next.revision, more, by: owner)
            }
        }
        isChanged = true
        return true
    }

    mutating func write(_ decision: OutboxDecision, over row: OutboxRow, by owner: Int?) {
        if case .change(let next, let effects) = decision { _ = write(next, over: row.revision, effects, by: owner) }
    }

    mutating func stop(_ recipient: Int) {
        hasOptedOut[recipient] = true
        if mistake == .gateOnlyWhenQueued { return }
        for index in rows.indices where truths[index].recipient == recipient {
            guard let row = rows[index] else { continue }
            write(rules.stop(row, rule: "opted_out"), over: row, by: nil)
        }
    }

    /// Every process re-arms its one timer when a row changes.
    private mutating func arm() {
        isChanged = false
        for owner in owners.indices where owners[owner].isAlive {
            let waiting = rows.indices.compactMap { owners[owner].claiming & (1 << $0) == 0 ? rows[$0] : nil }
            let doors = ["s": pause.door(now: time(owner)).and(owners[owner].breaker.door(now: time(owner)))]
            guard let look = rules.nextLook(waiting, doors: doors, now: time(owner)) else { continue }
            let at = max(now, look - owners[owner].skew)
            if let armed = owners[owner].lookAt, armed <= at { continue }
            owners[owner].lookAt = at
            plan(.look(owner), at: at)
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}
