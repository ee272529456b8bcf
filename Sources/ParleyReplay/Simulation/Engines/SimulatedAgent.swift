import ParleyAgents
import ParleyCore
import Synchronization

/// The real flow agent, behind a model that streams: its parts come late, in pieces, and not always as they should.
struct SimulatedAgent {
    private let session: any AgentSession
    private let outbox = PartBox()
    private var random: SplitMix64
    private let latency: ClosedRange<Int>
    /// Parts come in order.
    private var lastDue = CallTime.zero

    init(_ flow: Flow, _ facts: CallFacts, seed: UInt64) {
        random = SplitMix64(seed: seed, stream: 0xA6E27)
        latency = random.pick([1...10, 50...300, 200...600])
        session = FlowAgent(flow).start(facts) { [outbox] generation, part in outbox.put(generation, part) }
    }

    mutating func ask(
        _ request: AgentRequest, at now: CallTime, faults: inout EngineFaults,
        into queue: inout EventQueue<Happening>
    ) {
        session.ask(request)
        if faults.happens(.replyFails, at: now) {
            _ = outbox.takeAll()
            return put(request.generation, .failed, after: random.milliseconds(latency), at: now, into: &queue)
        }
        if case .silence = request.cause, faults.happens(.replyWordless, at: now) {
            keepActions(outbox.takeAll(), at: now, into: &queue)
            let deed = ActionRequest(name: "note_silence", arguments: "{}")
            put(request.generation, .action(deed), after: random.milliseconds(latency), at: now, into: &queue)
            return put(request.generation, .done, after: .zero, at: now, into: &queue)
        }
        hand(at: now, faults: &faults, into: &queue)
    }

    mutating func finished(
        _ invocation: ActionInvocation, _ outcome: ActionResult.Outcome, at now: CallTime, faults: inout EngineFaults,
        into queue: inout EventQueue<Happening>
    ) {
        session.finished(invocation, outcome)
        hand(at: now, faults: &faults, into: &queue)
    }

    mutating func cancel(_ generation: Generation, isRetracted: Bool, in queue: inout EventQueue<Happening>) {
        if isRetracted { session.retract(generation) } else { session.cancel(generation) }
        // Words that are on their way still come, now and then; actions and values always do.
        if random.chance(0.3) { return }
        queue.removeAll { happening in
            guard case .input(.reply(generation, let part)) = happening else { return false }
            switch part {
            case .action, .set: return false
            default: return true
            }
        }
    }

    private mutating func hand(
        at now: CallTime, faults: inout EngineFaults, into queue: inout EventQueue<Happening>
    ) {
        let parts = outbox.takeAll()
        guard let generation = parts.first?.0 else { return }
        if faults.happens(.replyNever, at: now) { return keepActions(parts, at: now, into: &queue) }
        if faults.happens(.replyEmpty, at: now) {
            keepActions(parts, at: now, into: &queue)
            return put(generation, .done, after: random.milliseconds(latency), at: now, into: &queue)
        }
        var delay = random.milliseconds(latency)
        if faults.happens(.replyLate, at: now) { delay += random.milliseconds(1_000...6_000) }
        var stall = faults.happens(.replyStalls, at: now) ? random.milliseconds(1_000...8_000) : nil
        if faults.happens(.actionUnknown, at: now) {
            let request = ActionRequest(name: "launch_rocket", arguments: "{\"at\": ")
            put(generation, .action(request), after: delay, at: now, into: &queue)
        }
        for (generation, part) in parts {
            guard case .text(let text) = part else {
                put(generation, part, after: delay, at: now, into: &queue)
                if case .action = part, faults.happens(.actionRepeated, at: now) {
                    put(generation, part, after: delay + random.milliseconds(0...2_000), at: now, into: &queue)
                }
                delay += random.milliseconds(0...5)
                continue
            }
            for piece in Self.pieces(of: text) {
                put(generation, .text(piece), after: delay, at: now, into: &queue)
                delay += random.milliseconds(5...60)
                if let pause = stall {
                    delay += pause
                    stall = nil
                }
            }
        }
        if faults.happens(.replyAfterDone, at: now) {
            put(generation, .text(" And one more thing."), after: delay, at: now, into: &queue)
        }
    }

    /// What was decided is decided, though its words are lost.
    private mutating func keepActions(
        _ parts: [(Generation, ReplyPart)], at now: CallTime, into queue: inout EventQueue<Happening>
    ) {
        for (generation, part) in parts {
            guard case .action = part else { continue }
            put(generation, part, after: random.milliseconds(latency), at: now, into: &queue)
        }
    }

    private mutating func put(
        _ generation: Generation, _ part: ReplyPart, after delay: CallTime, at now: CallTime,
        into queue: inout EventQueue<Happening>
    ) {
        lastDue = max(lastDue, now + delay)
        queue.put(.input(.reply(generation, part)), at: lastDue)
    }

    /// As a model streams them: a few words at a time.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            piece.append(character)
            if piece.utf8.count >= 24, character == " " {
                pieces.append(piece)
                piece = ""
            }
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }
}

/// Where an agent's session puts its parts.
private final class PartBox: Sendable {
    private let parts = Mutex<[(Generation, ReplyPart)]>([])

    func put(_ generation: Generation, _ part: ReplyPart) { parts.withLock { $0.append((generation, part)) } }

    func takeAll() -> [(Generation, ReplyPart)] {
        parts.withLock { parts in
            defer { parts = [] }
            return parts
        }
    }
}
