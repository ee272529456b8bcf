import ParleyActions
import ParleyCore
import ParleyLedger
import ParleyMessaging
import Synchronization

/// The ledger's writer over a simulated disk: the real decisions, in batches that take their time, may fail, and are lost
/// when the process is killed before they are durable.
///
/// Does as `LedgerWriter`: a refused batch's rows wait for the disk, whoever waits for a commit is told that there is none.
struct SimulatedLedger {
    enum Work {
        case row(LedgerRow)
        case action(ActionInvocation, at: CallTime)
        case answered(message: String)

        var isAction: Bool { if case .action = self { true } else { false } }
    }
    /// What a commit brings about, told when it is durable.
    private struct Outcome {
        var store: SimulatedStore
        var receipts: [ActionResult] = []
        var texts: [TextMessage] = []
    }

    static let caller = "+12125550123"
    private static let batchDelay = CallTime.milliseconds(20)
    private static let retryDelay = CallTime.seconds(1)

    private let decisions: ActionDecisions
    private let clock: WallClock
    private(set) var store = SimulatedStore()
    private let callID: String
    private var pending: [Work] = []
    private var inFlight: (batch: [Work], outcome: Outcome)?
    private var toTell: Outcome?
    private var isScheduled = false
    private var isHealthy = true
    private var random: SplitMix64
    /// The provider's side: what it was given, by key.
    private(set) var delivered: [String: Int] = [:]

    init(seed: UInt64, call: String) {
        random = SplitMix64(seed: seed, stream: 0x1ED6E2)
        callID = call
        let clock = WallClock(seed: seed)
        self.clock = clock
        // A carrier's channel: the world hands its texts over.
        let channel = Channel(
            name: "+15005550006", provider: .webhook, sender: "+15005550006", senderName: "Bright Smile Dental",
            countries: ["US"], language: "en")
        decisions = ActionDecisions(
            messaging: Ledger.Messaging(plan: MessagingPlan(channel)), now: { clock.milliseconds },
            makeID: { clock.makeID(at: $0) })
    }

    /// The wall-clock time of the call's beginning, in seconds since 1970-01-01 UTC: a Wednesday morning.
    static let wallClock = 1_795_600_800.0

    /// Rows wait for the disk.
    var isBehind: Bool { !pending.isEmpty || inFlight != nil }

    // MARK: What the shell asks for

    mutating func record(_ row: LedgerRow, at now: CallTime, into queue: inout EventQueue<Happening>) {
        if case .note(_, _, .floor) = row { return }
        if case .note(_, _, .partial) = row { return }
        pending.append(.row(row))
        schedule(after: Self.batchDelay, at: now, into: &queue)
    }

    mutating func commit(_ invocation: ActionInvocation, at now: CallTime, into queue: inout EventQueue<Happening>) {
        guard isHealthy else {
            return refuse([invocation.number], at: now, into: &queue)
        }
        pending.append(.action(invocation, at: now))
        schedule(after: .zero, at: now, into: &queue)
    }

    private mutating func refuse(_ numbers: [UInt32], at now: CallTime, into queue: inout EventQueue<Happening>) {
        guard case .failed(let fault) = ActionReceipt.unavailable.outcome else { return }
        for number in numbers {
            queue.put(.receipt(ActionResult(number: number, outcome: .failed(fault))), at: now)
        }
    }

    private mutating func schedule(after delay: CallTime, at now: CallTime, into queue: inout EventQueue<Happening>) {
        guard !isScheduled, inFlight == nil else { return }
        isScheduled = true
        queue.put(.disk(.write), at: now + delay)
    }

    // MARK: The disk

    enum Step {
        case write, written, tell
        /// The provider has a message.
        case answered(String)
    }

    mutating func handle(
        _ step: Step, at now: CallTime, faults: inout EngineFaults, into queue: inout EventQueue<Happening>
    ) -> [TextMessage] {
        clock.set(now)
        switch step {
        case .write: write(at: now, faults: &faults, into: &queue)
        case .written: written(at: now, faults: &faults, into: &queue)
        case .tell: return tell(at: now, into: &queue)
        case .answered(let message):
            pending.append(.answered(message: message))
            schedule(after: Self.batchDelay, at: now, into: &queue)
        }
        return []
    }

    private mutating func write(
        at now: CallTime, faults: inout EngineFaults, into queue: inout EventQueue<Happening>
    ) {
        isScheduled = false
        guard inFlight == nil, !pending.isEmpty else { return }
        let batch = pending
        pending = []
        var outcome = Outcome(store: store)
        for work in batch {
            switch work {
            case .row(let row): outcome.store.write(row)
            case .answered(let message): outcome.store.move(message, to: .recorded)
            case .action(let invocation, let at):
                // The simulated store does not throw.
                guard let (receipt, text) = try? decisions.run(invocation, call: callID, at: at, in: &outcome.store)
                else { continue }
                outcome.receipts.append(ActionResult(number: invocation.number, outcome: receipt.outcome))
                if let text { outcome.texts.append(text) }
            }
        }
        inFlight = (batch, outcome)
        var time = random.milliseconds(1...15)
        if faults.happens(.diskSlow, at: now) { time += random.milliseconds(100...6_000) }
        queue.put(.disk(.written), at: now + time)
    }

    private mutating func written(
        at now: CallTime, faults: inout EngineFaults, into queue: inout EventQueue<Happening>
    ) {
        guard let (batch, outcome) = inFlight else { return }
        inFlight = nil
        let isFull = faults.happens(.diskFull, at: now)
        if isFull || faults.happens(.diskFails, at: now) {
            isHealthy = false
            let refused = (batch + pending).compactMap {
                if case .action(let action, _) = $0 { action.number } else { nil }
            }
            pending = (batch + pending).filter { !$0.isAction }
            refuse(refused, at: now, into: &queue)
            return schedule(after: Self.retryDelay, at: now, into: &queue)
        }
        isHealthy = true
        store = outcome.store
        toTell = outcome
        queue.put(.disk(.tell), at: now + random.milliseconds(0...3))
    }

    /// - Returns: the texts that leave now.
    private mutating func tell(at now: CallTime, into queue: inout EventQueue<Happening>) -> [TextMessage] {
        guard let outcome = toTell else { return [] }
        toTell = nil
        for result in outcome.receipts { queue.put(.receipt(result), at: now) }
        if !pending.isEmpty { schedule(after: .zero, at: now, into: &queue) }
        return outcome.texts
    }

    // MARK: The provider

    /// - Returns: whether a durable consent covers it.
    mutating func deliver(
        _ text: TextMessage, at now: CallTime, faults: inout EngineFaults, into queue: inout EventQueue<Happening>
    ) -> Bool {
        delivered[text.key, default: 0] += 1
        if !faults.happens(.textUnanswered, at: now) {
            queue.put(.disk(.answered(text.id)), at: now + random.milliseconds(0...2_000))
        }
        let isStored = store.texts.contains { $0.message.id == text.id && $0.message.proof == text.proof }
        return isStored && store.consents.contains { $0.row.id == text.proof.consent && !$0.isWithdrawn }
    }

    // MARK: A kill, and the start after it

    /// What was not durable is gone; of what was on its way to the disk nobody knows.
    mutating func kill() {
        if let inFlight, random.chance(0.5) { store = inFlight.outcome.store }
        inFlight = nil
        toTell = nil
        pending = []
        isScheduled = false
        isHealthy = true
    }

    /// A new process takes the record over.
    ///
    /// - Returns: the texts that it hands over.
    mutating func recover(at now: CallTime) -> [TextMessage] {
        clock.set(now)
        for id in store.calls.keys.sorted() where store.calls[id]?.ends.isEmpty == true {
            store.calls[id]?.ends.append(.processLost)
        }
        let gate = RowGate(store, decisions.messaging)
        var texts: [TextMessage] = []
        for row in store.texts where row.state == .queued {
            guard let (verdict, proof) = try? gate.verdict(on: row.waiting, now: clock.milliseconds) else { continue }
            switch (verdict, proof) {
            case (.allowed, let proof?):
                texts.append(
                    TextMessage(id: row.message.id, key: row.message.key, proof: proof, stored: row.message.body))
            case (.refused, _): store.move(row.message.id, to: .suppressed)
            case (.allowed, nil), (.deferred, _): break
            }
        }
        return texts
    }
}

/// The time outside of the call, and ids that follow from the seed.
private final class WallClock: Sendable {
    private let state: Mutex<(milliseconds: Int64, random: SplitMix64)>

    init(seed: UInt64) {
        state = Mutex((Int64(SimulatedLedger.wallClock * 1_000), SplitMix64(seed: seed, stream: 0x1D)))
    }

    var milliseconds: Int64 { state.withLock { $0.milliseconds } }

    func set(_ now: CallTime) {
        state.withLock { $0.milliseconds = Int64(SimulatedLedger.wallClock * 1_000) + Int64(now.milliseconds) }
    }

    func makeID(at time: Int64) -> String { state.withLock { ULID.make(at: time, using: &$0.random) } }
}
