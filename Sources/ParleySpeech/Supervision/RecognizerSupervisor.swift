import ParleyCore

/// What stands between a call and its recognisers, so that the call sees one that does not break.
///
/// One session listens at a time. When it breaks, a fresh one of the same engine is given all that is not settled again; when that
/// breaks before any turn got its words, the next engine is. Pure: told what happened and when, it answers what is to be done.
struct RecognizerSupervisor: Sendable {
    struct Engine: Sendable {
        /// Shared with other calls: its breaker and its counts. No clock and nothing else is in it.
        var health: EngineHealth
        /// Words come while the caller speaks, so that silence from it means something.
        var hasPartials: Bool
        var name: String { health.engine }
    }

    enum Event: Sendable {
        /// The call has begun: connect ahead of the first word.
        case began
        case pause(TurnID)
        case finish(TurnID)
        case cancel(TurnID)
        /// Of the session of this attempt.
        case answer(attempt: Int, RecognizerAnswer)
        case news(attempt: Int, EngineNews)
        case couldNotStart(attempt: Int, EngineError)
        /// `nextDeadline` has passed.
        case deadline
    }

    enum Effect: Equatable, Sendable {
        /// Open a session of this engine; it is the one that listens.
        case start(engine: Int, attempt: Int)
        /// Close the session that listens. Where there is none, nothing.
        case close
        /// Give it this stretch of what is kept (`lend`).
        case feed(Range<Int>)
        case pause(TurnID)
        case finish(TurnID)
        case cancel(TurnID)
        /// For the call.
        case answer(RecognizerAnswer)
        case news(EngineNews)
    }

    let engines: [Engine]
    let patience: RecognizerPatience
    let sampleRate: Int
    /// Oldest first; the last one may be open.
    var turns: [KeptTurn] = []
    var audio: KeptAudio
    /// The newest turn that was finished or cancelled: what is newer is being spoken.
    private var lastClosed = TurnID(0)
    /// The newest turns that were cancelled: answers to them are late, not wrong.
    private var cancelled: [TurnID] = []

    /// Counts sessions: what an earlier one still says is not heard.
    var attempt = 0
    /// The engine that listens; `nil`: none does, until the next turn begins.
    var current: Int?
    /// Since turns last got their words: an engine was given a second session...
    var hasRetried = false
    /// ...and these engines had their chance.
    var tried: Set<Int> = []
    /// The fault that the session told of itself.
    var toldFault: String?
    var garbage: [CallTime] = []
    /// A second session of the same engine listens, and has not shown yet that it hears.
    var isUnproven = false

    /// - Parameter engines: at least one, in the order in which they are wanted.
    init(_ engines: [Engine], sampleRate: Int, patience: RecognizerPatience = RecognizerPatience()) {
        precondition(!engines.isEmpty, "a call is heard by somebody")
        self.engines = engines
        self.patience = patience
        self.sampleRate = sampleRate
        audio = KeptAudio(sampleRate: sampleRate, kept: patience.kept)
    }

    /// When `handle(.deadline, at:)` is due next.
    var nextDeadline: CallTime? {
        var next: CallTime?
        for turn in turns where turn.isOwed { next = min(next ?? turn.due, turn.due) }
        return next
    }

    /// The next frame of the caller's turn.
    ///
    /// - Returns: what to do, in which the frame is included; `nil`: give it to the session as it is.
    mutating func feed(_ frame: Span<Int16>, at now: CallTime) -> [Effect]? {
        if turns.last?.isOpen != true { turns.append(KeptTurn(start: audio.end, sessions: current == nil ? 0 : 1)) }
        let last = turns.count - 1
        guard !turns[last].isLost else { return [] }
        audio.append(frame)
        turns[last].end = audio.end
        guard let current else { return beginRound(at: now) }
        guard engines[current].hasPartials, !turns[last].hasSign else { return nil }
        turns[last].unanswered += frame.count
        guard turns[last].unanswered >= Int(Int64(sampleRate) * patience.sign.nanoseconds / 1_000_000_000) else {
            return nil
        }
        return fault("no sign of life in \(patience.sign.milliseconds) ms of speech", isStall: true, at: now)
    }

    mutating func handle(_ event: Event, at now: CallTime) -> [Effect] {
        switch event {
        case .began: return current == nil ? beginRound(at: now) : []
        case .pause(let turn): return pause(turn)
        case .finish(let turn): return finish(turn, at: now)
        case .cancel(let turn): return cancel(turn)
        case .answer(attempt, let answer) where current != nil: return take(answer, at: now)
        case .news(attempt, let news) where current != nil: return take(news)
        case .couldNotStart(attempt, let error) where current != nil:
            return fault(error.message, isStall: false, canRetry: error.isRetryable, at: now)
        // Of a session that was given up.
        case .answer, .news, .couldNotStart: return []
        case .deadline:
            guard let due = nextDeadline, now >= due else { return [] }
            return fault("no words within \(patience.final.milliseconds) ms of a turn's end", isStall: true, at: now)
        }
    }

    // MARK: What the call wants

    private mutating func pause(_ turn: TurnID) -> [Effect] {
        guard let last = turns.indices.last, turns[last].isOpen, turn > lastClosed else { return [] }
        turns[last].id = turn
        turns[last].isPaused = true
        return current == nil || turns[last].isLost ? [] : [.pause(turn)]
    }

    private mutating func finish(_ turn: TurnID, at now: CallTime) -> [Effect] {
        guard turn > lastClosed else { return [] }
        lastClosed = turn
        if turns.last?.isOpen != true { turns.append(KeptTurn(start: audio.end, sessions: current == nil ? 0 : 1)) }
        let last = turns.count - 1
        turns[last].close(as: turn, at: now, within: patience.final)
        if turns[last].isLost { return release() }
        return current == nil ? beginRound(at: now) : [.finish(turn)]
    }

    private mutating func cancel(_ turn: TurnID) -> [Effect] {
        if turn > lastClosed {
            lastClosed = turn
            if turns.last?.isOpen == true { turns.removeLast() }
        } else {
            guard let index = turns.firstIndex(where: { $0.id == turn }) else { return [] }
            turns.remove(at: index)
        }
        cancelled = cancelled.suffix(7) + [turn]
        return (current == nil ? [] : [.cancel(turn)]) + release()
    }

    // MARK: What the session says

    private mutating func take(_ answer: RecognizerAnswer, at now: CallTime) -> [Effect] {
        if let last = turns.indices.last, turns[last].isOpen { turns[last].hasSign = true }
        switch answer {
        case .partial(let turn, let text):
            // An empty one only says that it lives.
            guard isUnsettled(turn) else { return [] }
            return tellReconnected() + (text.isEmpty ? [] : [.answer(answer)])
        case .final(let turn, let text):
            guard let index = turns.firstIndex(where: { $0.id == turn && $0.isOwed }) else {
                return dismiss(turn, at: now)
            }
            let since = turns[index].asked
            turns[index].outcome = .words(text)
            let effects = tellReconnected()
            if let current {
                engines[current].health.took(now - since)
                engines[current].health.succeeded()
                // A turn that an earlier session had is on its way through the engines still.
                if !turns.contains(where: { $0.outcome == nil && $0.sessions > 1 }) {
                    hasRetried = false
                    tried = [current]
                }
            }
            return effects + release()
        case .failed(let turn):
            guard turns.contains(where: { $0.id == turn && $0.isOwed }) || isUnsettled(turn) else {
                return dismiss(turn, at: now)
            }
            return fault("it gave a turn up", isStall: false, at: now)
        }
    }

    /// Its words may still come. A session guesses the number of a turn that is being spoken.
    private func isUnsettled(_ turn: TurnID) -> Bool {
        if turn > lastClosed { return turns.last.map { $0.isOpen && !$0.isLost } ?? false }
        return turns.contains { $0.id == turn && $0.isOwed }
    }

    /// An answer to what was not asked, or was answered before.
    private mutating func dismiss(_ turn: TurnID, at now: CallTime) -> [Effect] {
        guard !cancelled.contains(turn), let current else { return [] }
        engines[current].health.garbled()
        garbage = (garbage + [now]).suffix(patience.garbage).filter { now - $0 <= patience.garbageWindow }
        guard garbage.count >= patience.garbage else { return [] }
        return fault("\(garbage.count) answers that fit no turn", isStall: false, at: now)
    }

    private mutating func take(_ news: EngineNews) -> [Effect] {
        switch news.kind {
        case .failed: toldFault = news.detail
        case .reconnected:
            isUnproven = false
            if let current { engines[current].health.reconnected() }
        case .garbage:
            if let current { engines[current].health.garbled() }
            return []
        default: break
        }
        return [.news(news)]
    }

    /// Answers what is settled, each turn behind the ones before it, and lets its audio go.
    mutating func release() -> [Effect] {
        var effects: [Effect] = []
        while let turn = turns.first, let id = turn.id, let outcome = turn.outcome {
            switch outcome {
            case .words(let text): effects.append(.answer(.final(id, text)))
            case .none: effects.append(.answer(.failed(id)))
            }
            turns.removeFirst()
        }
        audio.drop(before: turns.first { $0.outcome == nil && !$0.isLost }?.start ?? audio.end)
        return effects
    }
}

extension RecognizerSupervisor {
    /// Lends a stretch of the kept audio as it was fed, frame by frame.
    func lend(_ range: Range<Int>, to body: (Span<Int16>) -> Void) {
        audio.lend(range, samplesPerFrame: sampleRate / 50, to: body)
    }
}
