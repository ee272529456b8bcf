import ParleyCore

/// What stands between a call and its voices, so that a voice that fails or falls silent is not heard to.
///
/// A clause whose voice breaks goes to the next one: all of it where nothing of it was handed out, else what is left. The reply stays
/// with that voice to its end; the next reply begins with the first again. Pure: told what happened and when, it answers what is to
/// be done.
struct VoiceSupervisor: Sendable {
    enum Event: Sendable {
        /// The call has begun: connect ahead of the first clause.
        case began
        case speak(String, Generation, clause: Int)
        case cancel(Generation)
        /// Of this session of a voice, with the generation that it was told.
        case answer(session: Int, SpeechAnswer)
        case news(session: Int, EngineNews)
        case couldNotStart(session: Int, EngineError)
        /// `nextDeadline` has passed.
        case deadline
    }

    enum Effect: Sendable {
        case start(engine: Int, session: Int)
        case close(session: Int)
        case speak(session: Int, String, Generation, clause: Int)
        case cancel(session: Int, Generation)
        /// For the call.
        case answer(SpeechAnswer)
        case news(EngineNews)
    }

    /// The newest reply. Within it no voice comes back.
    struct Reply: Sendable {
        var generation: Generation
        var engine: Int
        var tried: Set<Int>
        /// What voices know it as. A new one after each cancel and each change of voice: what carries another is late.
        var run: Generation
        /// Every voice had its chance.
        var isLost = false
    }

    /// In the order in which they are wanted; shared with other calls.
    let engines: [EngineHealth]
    let patience: VoicePatience
    /// In the order of `speak`; the first one is being said.
    var clauses: [SpokenClause] = []
    var reply: Reply?
    /// The open session of each voice.
    var sessions: [Int?]
    var paces: [SpeechPace]
    /// Sessions that have told their fault themselves.
    var toldFaults: Set<Int> = []
    private var lastSession = 0
    private var lastRun: UInt32 = 0
    /// When the caller will have heard all that was handed out.
    private var dry = CallTime.zero

    /// - Parameter engines: at least one.
    init(_ engines: [EngineHealth], patience: VoicePatience = VoicePatience()) {
        precondition(!engines.isEmpty, "a call is spoken to by somebody")
        self.engines = engines
        self.patience = patience
        sessions = [Int?](repeating: nil, count: engines.count)
        paces = [SpeechPace](repeating: SpeechPace(), count: engines.count)
    }

    /// When `handle(.deadline, at:)` is due next.
    var nextDeadline: CallTime? {
        guard let head = clauses.first else { return nil }
        guard let last = head.last else { return head.asked + patience.first }
        if head.handedByVoice < paces[head.engine].expected(characters: head.givenCharacters) {
            return max(last + patience.gap, dry - patience.margin)
        }
        return max(last + patience.end, dry)
    }

    mutating func handle(_ event: Event, at now: CallTime) -> [Effect] {
        switch event {
        // Only where its breaker is closed: to connect is no probe.
        case .began: return engines.indices.first { engines[$0].breaker == .closed }.map { open($0) } ?? []
        case .speak(let text, let generation, let clause): return speak(text, generation, clause, at: now)
        case .cancel(let generation): return cancel { $0 <= generation }
        case .answer(let session, let answer): return take(answer, of: session, at: now)
        case .news(let session, let news):
            guard sessions.contains(session) else { return [] }
            if news.kind == .failed { toldFaults.insert(session) }
            return [.news(news)]
        case .couldNotStart(let session, let error): return couldNotStart(session, error, at: now)
        case .deadline:
            guard let due = nextDeadline, now >= due, let head = clauses.first else { return [] }
            let time = (now - (head.last ?? head.asked)).milliseconds
            return fault(0, "no sound for \(time) ms", isStall: true, at: now)
        }
    }

    // MARK: What the call wants

    private mutating func speak(
        _ text: String, _ generation: Generation, _ clause: Int, at now: CallTime
    ) -> [Effect] {
        var effects: [Effect] = []
        if reply?.generation != generation {
            effects += cancel { _ in true }
            let engine = firstLet(at: now)
            reply = Reply(generation: generation, engine: engine, tried: [engine], run: nextRun())
        }
        guard reply?.isLost == false else {
            let error = EngineError(engine: engines[0].engine, message: "no voice is left for this reply")
            return effects + [.answer(.failed(generation, clause: clause, error))]
        }
        clauses.append(SpokenClause(text, generation: generation, number: clause))
        return effects + give(clauses.count - 1, from: 0, at: now)
    }

    /// A clause, from a place in its text on, goes to the reply's voice.
    mutating func give(_ index: Int, from start: Int, at now: CallTime) -> [Effect] {
        guard let reply else { return [] }
        var effects: [Effect] = []
        if sessions[reply.engine] == nil { effects += open(reply.engine) }
        let session = sessions[reply.engine] ?? 0
        clauses[index].give(to: reply.engine, session: session, run: reply.run, from: start, at: now)
        let clause = clauses[index]
        effects.append(.speak(session: session, String(clause.given), reply.run, clause: clause.number))
        return effects
    }

    private mutating func open(_ engine: Int) -> [Effect] {
        lastSession += 1
        sessions[engine] = lastSession
        engines[engine].opened()
        return [.start(engine: engine, session: lastSession)]
    }

    /// A breaker that is shut passes a voice over where another one is let. It takes nobody's last chance.
    private func firstLet(at now: CallTime) -> Int { engines.indices.first { engines[$0].permits(at: now) } ?? 0 }

    mutating func nextRun() -> Generation {
        lastRun += 1
        return Generation(lastRun)
    }

    private mutating func cancel(_ isUnwanted: (Generation) -> Bool) -> [Effect] {
        let unwanted = clauses.filter { isUnwanted($0.generation) }
        clauses.removeAll { isUnwanted($0.generation) }
        if let reply, isUnwanted(reply.generation) {
            // The same reply may go on with other words.
            let run = nextRun()
            self.reply?.run = run
            dry = .zero
        }
        var effects: [Effect] = []
        var last: (Int, Generation)?
        for clause in unwanted where last.map({ $0 != (clause.session, clause.run) }) ?? true {
            effects.append(.cancel(session: clause.session, clause.run))
            last = (clause.session, clause.run)
        }
        return effects
    }

    // MARK: What voices say

    private mutating func take(_ answer: SpeechAnswer, of session: Int, at now: CallTime) -> [Effect] {
        switch answer {
        case .chunk(let run, let number, let chunk):
            guard let index = find(session, run, number) else { return dismiss(session, run) }
            guard Resampler.supports(from: chunk.sampleRate, to: 8_000) else {
                return fault(index, "speech at \(chunk.sampleRate) samples a second", isStall: false, at: now)
            }
            guard index > 0 else { return handOut(chunk, at: now) }
            clauses[index].hold(chunk)
            guard clauses[index].heldLength > patience.longest else { return [] }
            return fault(index, tooLong, isStall: false, at: now)
        case .done(let run, let number):
            guard let index = find(session, run, number) else { return dismiss(session, run) }
            let isMute = clauses[index].handedByVoice + clauses[index].heldLength == .zero
            guard !isMute || engines.count == reply?.tried.count else {
                return fault(index, "a clause without a sound", isStall: false, at: now)
            }
            clauses[index].isDone = true
            return release(at: now)
        case .failed(let run, let number, let error):
            guard let index = find(session, run, number) else { return dismiss(session, run) }
            return fault(index, error.message, isStall: false, at: now)
        }
    }

    private func find(_ session: Int, _ run: Generation, _ number: Int) -> Int? {
        clauses.firstIndex { $0.session == session && $0.run == run && $0.number == number && !$0.isDone }
    }

    /// Of a clause that is over: late where the voice was told so, and garbage where it said so itself.
    private func dismiss(_ session: Int, _ run: Generation) -> [Effect] {
        if run == reply?.run, let engine = sessions.firstIndex(of: session) { engines[engine].garbled() }
        return []
    }

    /// Sound of the first clause.
    private mutating func handOut(_ chunk: SpeechChunk, at now: CallTime) -> [Effect] {
        let isFirst = clauses[0].last == nil
        let chunk = clauses[0].handOut(chunk, at: now)
        let head = clauses[0]
        if isFirst, head.last != nil { engines[head.engine].took(now - head.asked) }
        dry = max(dry, now) + chunk.length
        let effects: [Effect] = [.answer(.chunk(head.generation, clause: head.number, chunk))]
        guard head.handedByVoice <= patience.longest else {
            return effects + fault(0, tooLong, isStall: false, isSaid: true, at: now)
        }
        return effects
    }

    private var tooLong: String { "more than \(patience.longest.milliseconds) ms of sound for one clause" }

    /// Tells the ends of clauses, and the sound of the next one that came before its turn.
    mutating func release(at now: CallTime) -> [Effect] {
        var effects: [Effect] = []
        while let head = clauses.first, head.isDone || head.failure != nil {
            if let error = head.failure {
                effects.append(.answer(.failed(head.generation, clause: head.number, error)))
            } else {
                effects += finish()
            }
            clauses.removeFirst()
            guard !clauses.isEmpty else { break }
            clauses[0].asked = max(clauses[0].asked, now)
            for chunk in clauses[0].takeHeld() { effects += handOut(chunk, at: now) }
        }
        return effects
    }

    /// The first clause was said.
    private mutating func finish() -> [Effect] {
        let head = clauses[0]
        var effects: [Effect] = [.answer(.done(head.generation, clause: head.number))]
        if head.handedByVoice > .zero { engines[head.engine].succeeded() }
        let characters = head.text.count
        if !SpeechPace.isUsual(head.handed, characters: characters) {
            let detail = "\(head.handed.milliseconds) ms of sound for \(characters) characters"
            effects.append(news(.length, of: head.engine, detail))
        } else if head.isOfOneVoice {
            paces[head.engine].learn(head.handed, characters: characters)
        }
        return effects
    }

    func news(_ kind: EngineNews.Kind, of engine: Int, _ detail: String) -> Effect {
        .news(EngineNews(.voice, engines[engine].engine, kind, detail: detail))
    }
}
