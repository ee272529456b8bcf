import ParleyCore

/// A session broke: another attempt.
extension RecognizerSupervisor {
    /// The session that listens is broken: another one hears what is not settled, or nobody will.
    ///
    /// - Parameter canRetry: a fresh session of the same engine may do better.
    mutating func fault(
        _ line: String, isStall: Bool, canRetry: Bool = true, at now: CallTime
    ) -> [Effect] {
        guard let engine = current else { return [] }
        let health = engines[engine].health
        health.failed(at: now, toldFault ?? line, isStall: isStall)
        var effects: [Effect] = [.close]
        if isStall || toldFault == nil { effects.append(news(isStall ? .stalled : .failed, of: engine, line)) }
        // A breaker that is shut passes an engine over where another one is let. It takes nobody's last chance.
        let mayRetry = !hasRetried && canRetry
        if mayRetry, health.permits(at: now) { return effects + retry(engine, at: now) }
        if let next = nextLet(after: engine, at: now) {
            health.switched()
            effects.append(news(.switched, of: engine, engines[next].name))
            tried.insert(next)
            return effects + listen(with: next, at: now)
        }
        return effects + (mayRetry ? retry(engine, at: now) : giveUp())
    }

    private mutating func retry(_ engine: Int, at now: CallTime) -> [Effect] {
        hasRetried = true
        let effects = listen(with: engine, at: now)
        isUnproven = true
        return effects
    }

    /// The second session of an engine says something for the first time: it stands.
    mutating func tellReconnected() -> [Effect] {
        guard isUnproven, let current else { return [] }
        isUnproven = false
        engines[current].health.reconnected()
        return [news(.reconnected, of: current, "")]
    }

    private func nextLet(after engine: Int, at now: CallTime) -> Int? {
        let others = (1..<engines.count).map { (engine + $0) % engines.count }
        return others.first { !tried.contains($0) && engines[$0].health.permits(at: now) }
    }

    /// Nobody listens: the first engine that is let does, or the first of all.
    mutating func beginRound(at now: CallTime) -> [Effect] {
        let engine = engines.indices.first { engines[$0].health.permits(at: now) } ?? 0
        hasRetried = false
        tried = [engine]
        return listen(with: engine, at: now)
    }

    /// A fresh session, given all that is not settled.
    private mutating func listen(with engine: Int, at now: CallTime) -> [Effect] {
        attempt += 1
        current = engine
        toldFault = nil
        garbage = []
        isUnproven = false
        engines[engine].health.opened()
        var effects: [Effect] = [.start(engine: engine, attempt: attempt)]
        for index in turns.indices where turns[index].outcome == nil && !turns[index].isLost {
            turns[index].askAgain(at: now, within: patience.final)
            let turn = turns[index]
            if turn.start < audio.start {
                let lost = (min(audio.start, turn.end) - turn.start) * 1_000 / sampleRate
                effects.append(news(.gap, of: engine, "the first \(lost) ms of a turn were not kept"))
            }
            if turn.end > audio.start { effects.append(.feed(max(turn.start, audio.start)..<turn.end)) }
            guard let id = turn.id else { continue }
            if !turn.isOpen { effects.append(.finish(id)) } else if turn.isPaused { effects.append(.pause(id)) }
        }
        return effects
    }

    /// Every engine had its chance at these turns. The one being spoken is answered when it ends: nobody cuts in on the caller.
    private mutating func giveUp() -> [Effect] {
        current = nil
        for index in turns.indices where turns[index].outcome == nil {
            if turns[index].isOpen { turns[index].isLost = true } else { turns[index].outcome = KeptTurn.Outcome.none }
        }
        return release()
    }

    private func news(_ kind: EngineNews.Kind, of engine: Int, _ detail: String) -> Effect {
        .news(EngineNews(.recognizer, engines[engine].name, kind, detail: detail))
    }
}
