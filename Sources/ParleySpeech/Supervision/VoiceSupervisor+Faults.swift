import ParleyCore

/// A voice broke: the next one goes on.
extension VoiceSupervisor {
    /// A clause's voice will not say it to its end: this clause and those behind it go to the next voice that is let.
    ///
    /// - Parameters:
    ///   - index: of the clause. Those before it stay with their voice.
    ///   - isSaid: nothing is left to say of it.
    mutating func fault(
        _ index: Int, _ line: String, isStall: Bool, isSaid: Bool = false, at now: CallTime
    ) -> [Effect] {
        let clause = clauses[index]
        let engine = clause.engine
        engines[engine].failed(at: now, line, isStall: isStall)
        var effects: [Effect] = []
        if isStall || !toldFaults.contains(clause.session) {
            effects.append(news(isStall ? .stalled : .failed, of: engine, line))
        }
        if !clauses[..<index].contains(where: { $0.session == clause.session }) {
            effects += close(clause.session)
        }
        let rest = isSaid ? nil : clause.rest(pace: paces[engine].perCharacter)
        if rest == nil { clauses[index].stop() }
        let first = rest == nil ? index + 1 : index
        // Where nothing is left of it, and those behind are with another voice already, that is all.
        if rest == nil, reply?.engine != engine { return effects + release(at: now) }
        if let next = successor(of: engine, at: now) {
            if next != engine {
                engines[engine].switched()
                effects.append(news(.switched, of: engine, engines[next].engine))
            }
            effects += move(from: first, startingAt: rest ?? 0, to: next, at: now)
        } else if rest == nil {
            // It said what it had to, and did not end: the one voice that is left is good for the next clause.
            effects += move(from: first, startingAt: 0, to: engine, at: now)
        } else {
            reply?.isLost = true
            let error = EngineError(engine: engines[engine].engine, message: line, isRetryable: true)
            for other in first..<clauses.count { clauses[other].failure = error }
        }
        return effects + release(at: now)
    }

    /// The clauses from this one on are said by a voice, the first of them from a place in its text on.
    private mutating func move(
        from first: Int, startingAt start: Int, to engine: Int, at now: CallTime
    ) -> [Effect] {
        var effects: [Effect] = []
        // A clause behind may be there already: it is asked for again, in its order.
        if let there = clauses[first...].first(where: { $0.session == sessions[engine] && $0.run == reply?.run }) {
            effects.append(.cancel(session: there.session, there.run))
        }
        reply?.engine = engine
        reply?.tried.insert(engine)
        let run = nextRun()
        reply?.run = run
        reply?.isLost = false
        for index in first..<clauses.count { effects += give(index, from: index == first ? start : 0, at: now) }
        return effects
    }

    /// The voice that goes on: the reply's, where the broken one was given up before; else the next that is let.
    private func successor(of engine: Int, at now: CallTime) -> Int? {
        guard let reply else { return nil }
        return reply.engine == engine ? nextLet(after: engine, at: now) : reply.engine
    }

    private func nextLet(after engine: Int, at now: CallTime) -> Int? {
        guard let tried = reply?.tried else { return nil }
        let others = (1..<engines.count).map { (engine + $0) % engines.count }
        return others.first { !tried.contains($0) && engines[$0].permits(at: now) }
    }

    private mutating func close(_ session: Int) -> [Effect] {
        toldFaults.remove(session)
        if let engine = sessions.firstIndex(of: session) { sessions[engine] = nil }
        return [.close(session: session)]
    }

    mutating func couldNotStart(_ session: Int, _ error: EngineError, at now: CallTime) -> [Effect] {
        guard let engine = sessions.firstIndex(of: session) else { return [] }
        if let index = clauses.firstIndex(where: { $0.session == session }) {
            return fault(index, error.message, isStall: false, at: now)
        }
        engines[engine].failed(at: now, error.message, isStall: false)
        return [news(.failed, of: engine, error.message)] + close(session)
    }
}
