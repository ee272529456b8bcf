/// One connection of a fake recogniser, with the faults that its script has for it.
struct FakeTalk: Sendable {
    private let script: FakeScript
    private let progress: FakeProgress
    private let wire: any FakeWire
    private let violations: FakeRecord<FakeViolation>
    private let finals: FakeRecord<FakeFinal>

    init(
        _ script: FakeScript, _ progress: FakeProgress, wire: any FakeWire, violations: FakeRecord<FakeViolation>,
        finals: FakeRecord<FakeFinal>
    ) {
        self.script = script
        self.progress = progress
        self.wire = wire
        self.violations = violations
        self.finals = finals
    }

    func run(_ ear: any FakeEar) async {
        var ear = ear
        var hearing = FakeHearing(script, progress, connection: wire.number, rate: ear.rate)
        var state = State()
        guard await take(ear.opened(), &ear, &hearing, &state) else { return }
        while true {
            let message: FakeMessage
            switch await wire.next(within: ear.patience) {
            case .element(let next): message = next
            case .ended: return
            case .late:
                _ = await take(ear.outOfPatience(), &ear, &hearing, &state)
                return
            }
            state.messages += 1
            let faults = script.faults(connection: wire.number, turn: hearing.turn)
            if faults.contains(where: { $0.stalls(after: state.messages) }) { return await wire.stall() }
            guard await take(ear.take(message), &ear, &hearing, &state) else { return }
        }
    }

    private struct State {
        var messages = 0
        /// The turn that a fault has struck in its middle.
        var struck: Int?
        var isMute = false
    }

    /// - Returns: whether the connection goes on.
    private func take(
        _ steps: [FakeStep], _ ear: inout any FakeEar, _ hearing: inout FakeHearing, _ state: inout State
    ) async -> Bool {
        for step in steps {
            switch step {
            case .say(let message): if !state.isMute { await wire.send(message) }
            case .wrong(let what): violations.append(FakeViolation(connection: wire.number, what: what))
            case .close(let code, let reason):
                await wire.close(code: code, reason: reason)
                return false
            case .forget: hearing.forget()
            case .hear(let audio):
                hearing.rate = ear.rate
                let turn = hearing.turn
                let messages = ear.tell(hearing.hear(audio))
                if script.faults(connection: wire.number, turn: turn).contains(.neverAnswers) { state.isMute = true }
                if !state.isMute { for message in messages { await wire.send(message) } }
                guard await strike(turn, messages, &ear, hearing, &state) else { return false }
            case .settle:
                guard await settle(&ear, &hearing, &state) else { return false }
            }
        }
        return true
    }

    /// The faults of a turn's middle.
    private func strike(
        _ turn: Int, _ partials: [FakeMessage], _ ear: inout any FakeEar, _ hearing: FakeHearing, _ state: inout State
    ) async -> Bool {
        guard state.struck != turn, hearing.turnMilliseconds >= script.middleMilliseconds else { return true }
        state.struck = turn
        for fault in script.faults(connection: wire.number, turn: turn) {
            switch fault {
            case .closesMidTurn(let code):
                await wire.close(code: code, reason: "scripted")
                return false
            case .dropsMidTurn:
                await wire.drop()
                return false
            case .reportsError: for message in ear.trouble() { await wire.send(message) }
            case .endlessPartials:
                let partial = partials.last ?? ear.huge(64)
                while await wire.send(partial) {}
                return false
            case .endlessMessage:
                await wire.sendWithoutEnd()
                return false
            case .hugeMessage(let bytes): await wire.send(ear.huge(bytes))
            default: break
            }
        }
        return true
    }

    private func settle(
        _ ear: inout any FakeEar, _ hearing: inout FakeHearing, _ state: inout State
    ) async -> Bool {
        let turn = hearing.turn
        let faults = script.faults(connection: wire.number, turn: turn)
        let heard = hearing.settleTurn()
        if case .ended(let segment) = heard {
            finals.append(FakeFinal(connection: wire.number, turn: turn, text: segment.textOfTurn))
        }
        if heard != nil, faults.contains(.neverAnswers) { state.isMute = true }
        guard !state.isMute else { return true }
        let isLast = if case .ended = heard { true } else { false }
        var told: [[FakeHeard]] = [heard.map { [$0] } ?? []]
        if heard != nil {
            for case .late(let time) in faults { await FakeLoop.delay(time) }
        }
        for fault in faults where isLast {
            switch fault {
            case .garbage(let kind, let times):
                for _ in 0..<times { await wire.send(ear.garbage(kind)) }
            case .outOfOrder: if let heard { told = heard.outOfOrder.map { [$0] } }
            case .repeatedFinals(let times): told = Array(repeating: told[0], count: times)
            default: break
            }
        }
        for heard in told {
            for message in ear.tell(heard) { await wire.send(message) }
        }
        return true
    }
}

extension FakeFault.Kind {
    fileprivate func stalls(after messages: Int) -> Bool {
        if case .stallsAfter(let limit) = self { messages > limit } else { false }
    }
}

extension FakeHeard {
    /// The end of the last words, then that of the words before, then what they were taken for at first.
    fileprivate var outOfOrder: [FakeHeard] {
        guard case .ended(let whole) = self, whole.words.count > 1 else { return [self] }
        let half = whole.words.count / 2
        let middle = whole.words[half].start
        let before = FakeSegment(
            words: Array(whole.words[..<half]), start: whole.start, end: middle,
            ofTurn: Array(whole.ofTurn.dropLast(whole.words.count - half)))
        let after = FakeSegment(
            words: Array(whole.words[half...]), start: middle, end: whole.end, ofTurn: whole.ofTurn)
        return [.ended(after), .settled(before), .partial(before)]
    }
}
