import ParleyCore

// The turns: their numbers, what the engine says of them, and their answers.
extension RecognizerLine {
    var isListening: Bool {
        switch phase {
        case .ending, .closed: false
        default: true
        }
    }

    var isConnected: Bool {
        switch phase {
        case .connecting, .ready: true
        default: false
        }
    }

    /// The turn that is being fed, begun if need be.
    mutating func openTurn() -> Int {
        if let last = turns.indices.last, !turns[last].isFinished { return last }
        turnCount += 1
        turns.append(Turn(number: turnCount))
        return turns.count - 1
    }

    mutating func endAudio() {
        encoder.reset()
        tail.reset()
    }

    /// The number that a turn goes by.
    func name(_ turn: Turn) -> TurnID { turn.id ?? TurnID(lastEnded.number + 1) }

    /// A turn that failed under a number that was not its own fails under its own.
    mutating func identify(_ index: Int, as turn: TurnID, into effects: inout [Effect]) {
        turns[index].id = turn
        guard let told = turns[index].failedAs, told != turn else { return }
        turns[index].failedAs = turn
        effects.append(.answer(.failed(turn)))
    }

    /// A turn that is not finished fails at once; what else it is fed is dropped.
    mutating func fail(_ number: Int, into effects: inout [Effect]) {
        guard let index = index(of: number) else { return }
        held.remove(turn: number)
        guard !turns[index].isFinished else { return settle(number, .failed, into: &effects) }
        turns[index].failedAs = name(turns[index])
        effects.append(.answer(.failed(name(turns[index]))))
    }

    /// A finished turn has its answer: told now, or when the turns before it have theirs.
    mutating func settle(_ number: Int, _ outcome: Outcome, into effects: inout [Effect]) {
        guard let index = index(of: number) else { return }
        turns[index].outcome = outcome
        turns[index].concludeAt = nil
        while let first = turns.first, let outcome = first.outcome {
            turns.removeFirst()
            switch outcome {
            case .final(let words): effects.append(.answer(.final(name(first), words)))
            case .failed: effects.append(.answer(.failed(name(first))))
            }
        }
    }

    // MARK: Understanding

    mutating func take(_ sign: DialectLine.Sign, at now: CallTime, into effects: inout [Effect]) {
        switch sign {
        case .ready: becomeReady(at: now, into: &effects)
        case .alive: tellLife(at: now, into: &effects)
        case .partial(let number, let words):
            guard let index = index(of: number) else { return }
            let words = Self.trimmed(words)
            guard words != turns[index].words else { return tellLife(at: now, into: &effects) }
            turns[index].words = words
            lastLife = now
            effects.append(.answer(.partial(name(turns[index]), words)))
        case .final(let number, let words):
            guard let index = index(of: number), turns[index].isFinished else { return }
            settle(number, .final(Self.trimmed(words)), into: &effects)
            backoff.reset()
        case .failed(let number, let reason):
            guard index(of: number) != nil else { return }
            // The reason first: whoever hears that a turn failed may be done with this session.
            effects.append(.news(.failed, reason))
            fail(number, into: &effects)
        case .expect(let number, let within):
            if let index = index(of: number) { turns[index].concludeAt = now + within }
        case .done:
            effects.append(.drop)
            failSent(into: &effects)
            connect(at: now, into: &effects)
        case .garbage:
            effects.append(.news(.garbage, ""))
            guard patience.isTooMuch(at: now) else { return }
            let window = PeerPatience.window.milliseconds / 1_000
            effects.append(.drop)
            lose(
                "\(PeerPatience.limit) messages in \(window) s that are not of its protocol", at: now, into: &effects)
        case .fault(let reason):
            effects.append(.drop)
            lose(reason, at: now, into: &effects)
        }
    }

    /// Of a turn that has no answer yet.
    func index(of number: Int) -> Int? {
        turns.firstIndex { $0.number == number && $0.failedAs == nil && $0.outcome == nil }
    }

    static func trimmed(_ words: String) -> String {
        let isOuter = { (character: Character) in character.isWhitespace }
        guard let last = words.lastIndex(where: { !isOuter($0) }) else { return "" }
        return String(words[...last].drop(while: isOuter))
    }

    mutating func becomeReady(at now: CallTime, into effects: inout [Effect]) {
        guard case .connecting = phase else { return }
        phase = .ready(since: now)
        if let reason = lostFor { effects.append(.news(.reconnected, reason)) }
        lostFor = nil
        drain(at: now, into: &effects)
    }

    /// The peer has said something while a turn is on: its words so far again, for whoever watches for a stall.
    mutating func tellLife(at now: CallTime, into effects: inout [Effect]) {
        guard now - lastLife >= Self.lifeTime,
            let turn = turns.first(where: { $0.failedAs == nil && $0.outcome == nil && $0.isSent })
        else { return }
        lastLife = now
        effects.append(.answer(.partial(name(turn), turn.words)))
    }
}
