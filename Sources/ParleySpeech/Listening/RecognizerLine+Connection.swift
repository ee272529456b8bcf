import ParleyCore

// The connection: how it comes, what is sent and heard on it, how it goes.
extension RecognizerLine {
    // MARK: Heard

    package mutating func opened(at now: CallTime, into effects: inout [Effect]) {
        guard case .connecting = phase else { return }
        lastSent = now
        talk(at: now, into: &effects) { dialect, line in dialect.open(into: &line) }
    }

    package mutating func received(
        text message: UnsafeRawBufferPointer, at now: CallTime, into effects: inout [Effect]
    ) {
        guard isConnected else { return }
        talk(at: now, into: &effects) { dialect, line in dialect.receive(text: message, into: &line) }
        drain(at: now, into: &effects)
    }

    package mutating func received(
        binary message: UnsafeRawBufferPointer, at now: CallTime, into effects: inout [Effect]
    ) {
        guard isConnected else { return }
        talk(at: now, into: &effects) { dialect, line in dialect.receive(binary: message, into: &line) }
        drain(at: now, into: &effects)
    }

    package mutating func closed(_ reason: String, at now: CallTime, into effects: inout [Effect]) {
        switch phase {
        case .connecting, .ready: lose(reason, at: now, into: &effects)
        case .ending: phase = .closed
        case .away, .closed: break
        }
    }

    package mutating func deadline(at now: CallTime, into effects: inout [Effect]) {
        switch phase {
        case .away(let until) where now >= until: connect(at: now, into: &effects)
        case .connecting(let since) where now >= since + Self.connectTime:
            effects.append(.drop)
            lose("not ready within \(Self.connectTime.milliseconds) ms", at: now, into: &effects)
        case .ready: tend(at: now, into: &effects)
        case .ending(let until) where now >= until:
            phase = .closed
            effects.append(.close)
        default: break
        }
    }

    /// What time alone brings while the connection stands.
    mutating func tend(at now: CallTime, into effects: inout [Effect]) {
        if let oldest = turns.first?.finishedAt, now >= oldest + Self.answerTime {
            effects.append(.drop)
            return lose("no answer within \(Self.answerTime.milliseconds / 1_000) s", at: now, into: &effects)
        }
        let due = turns.filter { $0.concludeAt.map { now >= $0 } ?? false }.map(\.number)
        for number in due {
            if let index = index(of: number) { turns[index].concludeAt = nil }
            talk(at: now, into: &effects) { dialect, line in dialect.conclude(number, into: &line) }
        }
        drain(at: now, into: &effects)
        guard case .ready = phase, let quiet = dialect.keepAliveAfter, now >= lastSent + quiet else { return }
        lastSent = now
        talk(at: now, into: &effects) { dialect, line in dialect.keepAlive(into: &line) }
    }

    // MARK: Sending

    mutating func connect(at now: CallTime, into effects: inout [Effect]) {
        dialect = makeDialect()
        pace = FeedPace()
        held.beginWait()
        connection += 1
        phase = .connecting(since: now)
        effects.append(.connect)
    }

    /// Sends what waits, as far as the peer takes it.
    mutating func drain(at now: CallTime, into effects: inout [Effect]) {
        while case .ready = phase, dialect.takesMore, !isPeerSlow, now >= pace.due, let (turn, input) = held.takeFirst()
        {
            tellGap(into: &effects)
            if case .audio(_, let length) = input { pace.took(length, at: now) }
            if let index = turns.firstIndex(where: { $0.number == turn }) { turns[index].isSent = true }
            lastSent = now
            talk(at: now, into: &effects) { dialect, line in
                switch input {
                case .audio(let octets, let length): dialect.audio(octets, length: length, of: turn, into: &line)
                case .pause: dialect.pause(turn, into: &line)
                case .finish(let quiet): dialect.finish(turn, quiet: quiet, into: &line)
                case .cancel: dialect.cancel(turn, into: &line)
                }
            }
        }
        if isPeerSlow { lastSent = now }
    }

    mutating func tellGap(into effects: inout [Effect]) {
        guard let gap = held.takeGap() else { return }
        effects.append(.news(.gap, "\(gap.milliseconds) ms of audio dropped"))
    }

    /// Lets the dialect act, sends what it wants sent, and takes what it has understood.
    mutating func talk(
        at now: CallTime, into effects: inout [Effect], _ act: (inout any RecognizerDialect, inout DialectLine) -> Void
    ) {
        var line = DialectLine()
        act(&dialect, &line)
        for message in line.messages { effects.append(.send(message)) }
        let mine = connection
        if patience.isFlood(line.signs.count, at: now) {
            effects.append(.drop)
            return lose("more than \(PeerPatience.most) messages in a second", at: now, into: &effects)
        }
        for sign in line.signs where isConnected && connection == mine { take(sign, at: now, into: &effects) }
    }

    // MARK: Losing

    /// The connection is gone: what was sent on it has no answer, nor has what waits when none came to stand.
    mutating func lose(_ reason: String, at now: CallTime, into effects: inout [Effect]) {
        var stoodFor: CallTime?
        if case .ready(let since) = phase { stoodFor = now - since }
        if let stoodFor, stoodFor >= Self.steadyTime { backoff.reset() }
        phase = .away(until: now + backoff.wait())
        connection += 1
        // Kept over connections that were done: a peer with one for each turn is no better for it.
        patience = PeerPatience()
        let isFirst = lostFor == nil
        lostFor = reason
        tellGap(into: &effects)
        if stoodFor == nil { for index in turns.indices { turns[index].isSent = true } }
        // An idle connection that is made again is worth one word, not one for each try. The reason comes first, as for one turn.
        if turns.contains(where: owesAnswer) || (stoodFor == nil && isFirst) { effects.append(.news(.failed, reason)) }
        failSent(into: &effects)
        if !held.isEmpty { connect(at: now, into: &effects) }
    }

    /// The present connection should have answered it.
    private func owesAnswer(_ turn: Turn) -> Bool { turn.isSent && turn.failedAs == nil && turn.outcome == nil }

    /// Fails what the present connection should have answered, oldest first.
    mutating func failSent(into effects: inout [Effect]) {
        for number in turns.filter(owesAnswer).map(\.number) { fail(number, into: &effects) }
        for index in turns.indices { turns[index].isSent = false }
        held.keep(turns: turns.map(\.number))
    }
}
