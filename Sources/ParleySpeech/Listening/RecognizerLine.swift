import ParleyCore

/// One call's recogniser over the network: its turns, and one connection at a time.
///
/// Pure: it is told what happened and when, and writes what is to be done. Time counts from the session's start.
package struct RecognizerLine: Sendable {
    package enum Effect: Equatable, Sendable {
        /// Open a connection; `opened` or `closed` follows.
        case connect
        case send(DialectLine.Message)
        /// Let the connection go, unheard.
        case drop
        /// Close the connection as its protocol has it.
        case close
        case answer(RecognizerAnswer)
        case news(EngineNews.Kind, String)
    }

    enum Phase: Equatable {
        /// No connection, and none before this time unless a turn begins.
        case away(until: CallTime)
        case connecting(since: CallTime)
        case ready(since: CallTime)
        /// The call is over; the peer may yet say goodbye.
        case ending(until: CallTime)
        case closed
    }

    /// A turn without its answer.
    struct Turn {
        /// Rises from turn to turn.
        let number: Int
        /// Known at its first pause or at its end. Until then it is taken for the one after the last.
        var id: TurnID?
        var finishedAt: CallTime?
        /// Something of it has been sent on the present connection.
        var isSent = false
        /// Told as failed while it was still being fed; what it is fed is dropped.
        var failedAs: TurnID?
        /// What was last told of it.
        var words = ""
        var concludeAt: CallTime?
        /// It waits for its place: answers come in the order of the turns.
        var outcome: Outcome?

        var isFinished: Bool { finishedAt != nil }
    }

    enum Outcome {
        case final(String)
        case failed
    }

    /// For the connection to stand and to be ready.
    package static let connectTime = CallTime.seconds(2)
    /// For the peer to close after the goodbye.
    package static let endTime = CallTime.seconds(2)
    /// From a turn's end to its answer. Whoever stands in front of engines loses patience sooner.
    package static let answerTime = CallTime.seconds(10)
    /// A connection that stood for so long was a good one.
    static let steadyTime = CallTime.seconds(5)
    /// A message without words is told as a sign of life, not more often than this.
    static let lifeTime = CallTime.milliseconds(500)
    /// After this long a slow peer is tried again.
    static let slowTime = CallTime.milliseconds(100)

    /// More has been sent than the peer has read, by more than a connection should hold. Set from outside.
    package var isPeerSlow = false

    let makeDialect: @Sendable () -> any RecognizerDialect
    var dialect: any RecognizerDialect
    var encoder: BatchEncoder
    var tail: QuietTail
    var phase = Phase.away(until: .zero)
    var turns: [Turn] = []
    var held = HeldInputs()
    var pace = FeedPace()
    var turnCount = 0
    /// Counts connections.
    var connection = 0
    /// The last turn that was finished or cancelled.
    var lastEnded = TurnID(0)
    var backoff = Backoff()
    var patience = PeerPatience()
    /// Why the connection before was lost, until there is one again.
    var lostFor: String?
    var lastSent = CallTime.zero
    var lastLife = CallTime.zero

    package init(
        encoder: BatchEncoder, legRate: Int, makeDialect: @escaping @Sendable () -> any RecognizerDialect
    ) {
        self.encoder = encoder
        self.makeDialect = makeDialect
        dialect = makeDialect()
        tail = QuietTail(sampleRate: legRate)
    }

    /// When `deadline` is next due.
    package var nextDeadline: CallTime? {
        var due: CallTime?
        func consider(_ time: CallTime) { due = min(due ?? time, time) }
        switch phase {
        case .away(let until): consider(until)
        case .connecting(let since): consider(since + Self.connectTime)
        case .ready:
            if let quiet = dialect.keepAliveAfter { consider(lastSent + quiet) }
            if isPeerSlow, !held.isEmpty { consider(lastSent + Self.slowTime) }
            if !isPeerSlow, dialect.takesMore, !held.isEmpty { consider(pace.due) }
            if let oldest = turns.first?.finishedAt { consider(oldest + Self.answerTime) }
            if let next = turns.compactMap(\.concludeAt).min() { consider(next) }
        case .ending(let until): consider(until)
        case .closed: due = nil
        }
        return due
    }

    // MARK: The call

    /// The session has begun: connects ahead of the first word.
    package mutating func start(at now: CallTime, into effects: inout [Effect]) { connect(at: now, into: &effects) }

    package mutating func feed(_ frame: Span<Int16>, at now: CallTime, into effects: inout [Effect]) {
        guard isListening else { return }
        let open = openTurn()
        guard turns[open].failedAs == nil else { return }
        let number = turns[open].number
        tail.feed(frame)
        var batches: [[UInt8]] = []
        encoder.append(frame) { batches.append($0) }
        for batch in batches { held.append(.audio(batch, encoder.shape.length(of: batch.count)), of: number) }
        if case .away = phase { connect(at: now, into: &effects) }
        drain(at: now, into: &effects)
    }

    package mutating func pause(_ turn: TurnID, at now: CallTime, into effects: inout [Effect]) {
        guard isListening, turn > lastEnded, let open = turns.lastIndex(where: { !$0.isFinished }) else { return }
        identify(open, as: turn, into: &effects)
        guard turns[open].failedAs == nil else { return }
        held.append(.pause, of: turns[open].number)
        drain(at: now, into: &effects)
    }

    package mutating func finish(_ turn: TurnID, at now: CallTime, into effects: inout [Effect]) {
        guard isListening, turn > lastEnded else { return }
        lastEnded = turn
        let wasFed = turns.last.map { !$0.isFinished } ?? false
        let open = openTurn()
        identify(open, as: turn, into: &effects)
        defer { endAudio() }
        guard turns[open].failedAs == nil else {
            turns.remove(at: open)
            return
        }
        turns[open].finishedAt = now
        let number = turns[open].number
        guard wasFed else { return settle(number, .final(""), into: &effects) }
        if let rest = encoder.finish() { held.append(.audio(rest, encoder.shape.length(of: rest.count)), of: number) }
        held.append(.finish(quiet: tail.length), of: number)
        drain(at: now, into: &effects)
    }

    package mutating func cancel(_ turn: TurnID, at now: CallTime, into effects: inout [Effect]) {
        guard isListening else { return }
        let owed = turns.firstIndex { $0.isFinished && $0.id == turn }
        guard owed != nil || turn > lastEnded else { return }
        lastEnded = max(lastEnded, turn)
        guard let index = owed ?? turns.lastIndex(where: { !$0.isFinished }) else { return }
        let gone = turns.remove(at: index)
        if !gone.isFinished { endAudio() }
        let place = held.remove(turn: gone.number)
        guard gone.isSent else { return }
        if let place {
            held.insert(.cancel, of: gone.number, at: place)
            drain(at: now, into: &effects)
        } else {
            talk(at: now, into: &effects) { dialect, line in dialect.cancel(gone.number, into: &line) }
        }
    }

    /// The call is over: nothing is told any more.
    package mutating func close(at now: CallTime, into effects: inout [Effect]) {
        turns = []
        held = HeldInputs()
        switch phase {
        case .away: phase = .closed
        case .connecting:
            phase = .closed
            effects.append(.drop)
        case .ready:
            var line = DialectLine()
            dialect.end(into: &line)
            for message in line.messages { effects.append(.send(message)) }
            phase = line.messages.isEmpty ? .closed : .ending(until: now + Self.endTime)
            if line.messages.isEmpty { effects.append(.close) }
        case .ending, .closed: break
        }
    }
}
