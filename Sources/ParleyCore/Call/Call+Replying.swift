/// The agent's side: asking, speaking, what was heard of it, and how it ends.
extension Call {
    mutating func ask(_ cause: AgentRequest.Cause, at now: CallTime, into sink: inout some CallEffectSink) {
        lastGeneration.number += 1
        let generation = lastGeneration
        replying = .open(generation)
        speaking = generation
        pending = Pending(cause: cause, expectation: expectation)
        expectation = Expectation()
        splitter = ClauseSplitter()
        clausesInFlight.removeAll(keepingCapacity: true)
        // A phrase that bridges the wait is said to its end, in front of the reply.
        if !book.isPaused, book.isSpeaking {
            book.carryOn(as: generation)
        } else {
            book.begin(generation)
        }
        hasAnswered = false
        if !book.isSpeaking { waitingSince = waitingSince ?? now }
        quietSince = nil
        if case .silence = cause {} else { silentSince = nil }
        bridges = 0
        waterfall = timesOfWait
        turnTimes = Waterfall(turn: lastTurn, generation: Generation(0))
        waterfall.turn = answering
        waterfall.generation = generation
        waterfall.asked = now
        sink.perform(
            .ask(
                AgentRequest(
                    generation: generation, turn: answering, cause: cause, heard: heardBefore.text,
                    wasCut: heardBefore.wasCut)))
    }

    private func isCurrent(_ generation: Generation) -> Bool {
        switch replying {
        case .open(generation), .closed(generation): true
        default: false
        }
    }

    /// The voice's answer is of what is being spoken.
    private func isSpoken(_ generation: Generation) -> Bool { replyIsDue && generation == speaking }

    /// A reply is under way, in whatever stage.
    var replyIsDue: Bool {
        if case .idle = replying { false } else { true }
    }

    mutating func take(
        _ part: ReplyPart, of generation: Generation, at now: CallTime, into sink: inout some CallEffectSink
    ) {
        // An action asked for is run even if the caller has moved on; a settled value is settled.
        switch part {
        case .action(let request): return run(request, of: generation, into: &sink)
        case .set(let name, let value): return sink.perform(.note(.variable(name, value)))
        default: break
        }
        if case .drop = part, case .closed(generation) = replying { return giveWay(at: now, into: &sink) }
        guard case .open(generation) = replying else { return sink.perform(.note(.dropped(.lateText))) }
        switch part {
        case .text(let text):
            if waterfall.firstText == nil { waterfall.firstText = now }
            splitter.append(text)
        case .sound(let sound):
            if waterfall.firstText == nil { waterfall.firstText = now }
            splitter.append(sound)
        case .drop: dropUnplayed(at: now, into: &sink)
        case .expect(let expectation): self.expectation = expectation
        case .end: farewell = .end(.agentEnded)
        case .transfer(let target): farewell = .transfer(target)
        case .done:
            replying = .closed(generation)
            splitter.finish()
        case .failed: fail(at: now, into: &sink)
        case .action, .set: break
        }
    }

    /// The agent says something else than what has not been played: what was heard of it goes on record, and the reply goes on.
    private mutating func dropUnplayed(at now: CallTime, into sink: inout some CallEffectSink) {
        guard case .open(let generation) = replying, !book.isPaused else { return }
        if waterfall.firstClause != nil { sink.perform(.cancelSpeech(speaking)) }
        if book.isSpeaking {
            book.pause(at: now)
            sink.perform(.clear)
        }
        let (expectation, pending, farewell, hadAnswered) = (expectation, pending, farewell, hasAnswered)
        closeReply(at: now, into: &sink)
        (self.expectation, self.pending, self.farewell, hasAnswered) = (expectation, pending, farewell, hadAnswered)
        replying = .open(generation)
        // The book has begun anew under this one.
        speaking = lastGeneration
        waitingSince = now
    }

    /// All of this reply was here, and the agent would rather be asked for something else: what was heard of it goes on record.
    private mutating func giveWay(at now: CallTime, into sink: inout some CallEffectSink) {
        // Where the caller contests it, that decides; and a goodbye is said to its end.
        guard replyIsDue, !book.isPaused, farewell == nil else { return }
        if waterfall.firstClause != nil { sink.perform(.cancelSpeech(speaking)) }
        if book.isSpeaking {
            book.pause(at: now)
            sink.perform(.clear)
        }
        closeReply(at: now, into: &sink)
        waitingSince = awaiting == nil ? nil : now
    }

    /// Actions whose outcome is not known yet, at most: each key that takes a reply back may have run one.
    private static let mostActions = 32

    private mutating func run(
        _ request: ActionRequest, of generation: Generation, into sink: inout some CallEffectSink
    ) {
        // What was said so far is a clause of its own: the caller hears it while the action runs.
        if case .open(generation) = replying { splitter.append("\n") }
        if isCurrent(generation) { pending = nil }
        lastInvocation += 1
        let invocation = ActionInvocation(
            number: lastInvocation, generation: generation, turn: answering, request: request)
        guard actionsInFlight.count < Self.mostActions else {
            return sink.perform(.tellAgent(generation, invocation, .refused("too many actions are under way")))
        }
        actionsInFlight.append(invocation)
        sink.perform(.run(invocation))
    }

    mutating func take(_ result: ActionResult, at now: CallTime, into sink: inout some CallEffectSink) {
        guard let index = actionsInFlight.firstIndex(where: { $0.number == result.number }) else { return }
        let invocation = actionsInFlight.remove(at: index)
        sink.perform(.tellAgent(invocation.generation, invocation, result.outcome))
    }

    // MARK: Speech

    /// Asks for the next clauses while little waits to be sent.
    mutating func speakOn(at now: CallTime, into sink: inout some CallEffectSink) {
        guard replyIsDue else { return }
        while clausesInFlight.count < 2, book.waiting < settings.credit, let piece = splitter.next() {
            lastClause += 1
            if waterfall.firstClause == nil { waterfall.firstClause = now }
            switch piece {
            case .clause(let text):
                clausesInFlight.append((lastClause, text))
                sink.perform(.speak(speaking, clause: lastClause, text))
            case .sound(let sound):
                clausesInFlight.append((lastClause, ""))
                sink.perform(.sound(speaking, clause: lastClause, sound))
            }
        }
    }

    private var replyGeneration: Generation? {
        switch replying {
        case .open(let generation), .closed(let generation): generation
        case .idle: nil
        }
    }

    mutating func take(_ answer: SynthesizerAnswer, at now: CallTime, into sink: inout some CallEffectSink) {
        switch answer {
        case .audio(let generation, let clause, let audio):
            guard isSpoken(generation), let index = clausesInFlight.firstIndex(where: { $0.clause == clause }) else {
                return sink.perform(.note(.dropped(.lateAudio)))
            }
            if waterfall.firstAudio == nil { waterfall.firstAudio = now }
            book.append(audio, clause: clause, text: clausesInFlight[index].text, isReply: true)
        case .done(let generation, let clause):
            guard isSpoken(generation), let index = clausesInFlight.firstIndex(where: { $0.clause == clause }) else {
                return
            }
            book.complete(clause: clause)
            clausesInFlight.remove(at: index)
        case .failed(let generation, _):
            guard isSpoken(generation) else { return }
            fail(at: now, into: &sink)
        }
    }

    mutating func noteFirstFrame(at now: CallTime, into sink: inout some CallEffectSink) {
        guard book.hasSpoken else { return }
        hasAnswered = true
        failures = 0
        owed = nil
        waterfall.firstFrame = now
        sink.perform(.note(.answered(waterfall)))
    }

    /// A recorded phrase, on its own or in front of a late reply.
    mutating func say(_ phrase: Phrase, into sink: inout some CallEffectSink) {
        sink.perform(.note(.bridged(phrase)))
        if let audio = settings.phrases[phrase] {
            book.append(audio, clause: 0, text: CallSettings.wordsOfPhrases[phrase] ?? "", isReply: false)
        }
        if !replyIsDue { book.complete() }
    }

    // MARK: The end of a reply

    /// Nothing more of this reply is wanted; what was heard of it goes on record.
    /// If nothing was heard and nothing done, what it answered has still to be answered.
    mutating func abandonReply(at now: CallTime, into sink: inout some CallEffectSink) {
        // Stopped and not given the floor back: the floor is the caller's.
        if book.isPaused { sink.perform(.note(.bargeIn(.confirmed))) }
        let retracted = hasAnswered || !replyIsDue ? nil : pending
        if let generation = replyGeneration {
            sink.perform(retracted == nil ? .cancelReply(generation) : .retractReply(generation))
            if waterfall.firstClause != nil { sink.perform(.cancelSpeech(speaking)) }
        }
        if !book.isPaused && book.isSpeaking {
            book.pause(at: now)
            sink.perform(.clear)
        }
        if let retracted {
            forgetReply()
            putBack(retracted)
        } else {
            closeReply(at: now, into: &sink)
        }
        farewell = nil
        waitingSince = nil
    }

    private mutating func putBack(_ pending: Pending) {
        expectation = pending.expectation
        if carried.isEmpty { unansweredTurn = answering }
        switch pending.cause {
        case .said(let words): carried = joined(words, carried)
        case .opening, .keyed, .silence: unanswered = pending.cause
        // It asks again where it still wants to.
        case .nudged: break
        }
    }

    /// Puts on record what was heard, and forgets the reply.
    mutating func closeReply(at now: CallTime, into sink: inout some CallEffectSink) {
        if let generation = replyGeneration, book.began != nil {
            let (heard, rest, cutWord) = book.split()
            let unheard = ([rest] + unspokenClauses + [splitter.rest])
                .filter { !$0.isEmpty }.joined(separator: " ")
            if !heard.isEmpty || !unheard.isEmpty {
                let said = AgentTurn(
                    generation: generation, heard: heard, unheard: unheard, cutWord: cutWord,
                    began: book.spoke ?? now, ended: now)
                sink.perform(.note(.agentTurn(said)))
            }
            heardBefore = (heard, !unheard.isEmpty)
        } else if replyIsDue {
            heardBefore = ("", true)
        }
        forgetReply()
    }

    private mutating func forgetReply() {
        replying = .idle
        pending = nil
        splitter = ClauseSplitter()
        clausesInFlight.removeAll(keepingCapacity: true)
        lastGeneration.number += 1
        book.begin(lastGeneration)
        hasAnswered = true
    }

    /// Clauses asked for of which no audio has come.
    private var unspokenClauses: [String] {
        clausesInFlight.filter { asked in !book.passages.contains { $0.isReply && $0.clause == asked.clause } }
            .map(\.text)
    }

    /// The agent had nothing to say and did nothing, or the synthesiser made no sound of it: the caller would wait for nothing.
    private var isMute: Bool {
        guard let pending else { return false }
        // An agent may leave the first word to the caller, and has the right to think better of what it wanted to say.
        if [.opening, .nudged].contains(pending.cause) && waterfall.firstText == nil { return false }
        return farewell == nil && !book.isPaused && !book.hasWords
    }

    /// Nobody speaks, nobody is owed anything: what the agent wanted to say can be said.
    private mutating func askNudged(at now: CallTime, into sink: inout some CallEffectSink) {
        guard isNudged, farewell == nil, case .idle = listening, awaiting == nil, !replyIsDue, !book.isSpeaking,
            !book.isPaused, keys.isEmpty, !hasUnanswered
        else { return }
        isNudged = false
        answering = lastTurn
        ask(.nudged, at: now, into: &sink)
    }

    /// After everything else: is the reply over, is the line quiet, is it time to go?
    mutating func settle(at now: CallTime, into sink: inout some CallEffectSink) {
        speakOn(at: now, into: &sink)
        if case .closed = replying, clausesInFlight.isEmpty, splitter.isEmpty {
            if isMute { fail(at: now, into: &sink) } else { book.complete() }
        }
        // The mark behind the last frame may only now be due.
        book.send(lead: settings.lead, at: now, into: &sink)

        if book.isDrained {
            closeReply(at: now, into: &sink)
            waitingSince = awaiting == nil ? nil : now
            if let farewell { return depart(farewell, at: now, into: &sink) }
        }
        askNudged(at: now, into: &sink)
        if book.isSpeaking && !book.isStarved(at: now) { waitingSince = nil }
        updateQuiet(at: now)
        updateFloor(into: &sink)
    }

    /// The agent may say more: the clock on its silence runs from when the last of it was played.
    private mutating func updateQuiet(at now: CallTime) {
        if book.isSpeaking { silentSince = nil } else if case .turn = listening { silentSince = nil }
        var isIdle = false
        if case .idle = listening, awaiting == nil, !replyIsDue, !book.isSpeaking, !book.isPaused, keys.isEmpty {
            isIdle = true
        }
        // Due at once at the earliest: no deadline lies in the past.
        let silent = silentSince.map { max($0, now - settings.noSpeechAfter) }
        quietSince = isIdle ? quietSince ?? silent ?? now : nil

        // A recogniser that owes its words is waited for as a reply is.
        if case .idle = listening, awaiting != nil, !book.isPaused, !book.isSpeaking, waitingSince == nil {
            waitingSince = now
        }
        if replyIsDue, !book.isPaused, !book.isComplete, book.isStarved(at: now), waitingSince == nil {
            waitingSince = now
        }
    }

    private mutating func updateFloor(into sink: inout some CallEffectSink) {
        var isTurn = false
        if case .turn = listening { isTurn = true }
        let next: Floor =
            switch (isTurn, book.isSpeaking || book.isPaused) {
            case (true, true): .overlap
            case (true, false): .caller
            case (false, true): .agent
            case (false, false): .free
            }
        guard next != floor else { return }
        floor = next
        sink.perform(.note(.floor(next)))
    }

    private mutating func depart(_ farewell: Farewell, at now: CallTime, into sink: inout some CallEffectSink) {
        switch farewell {
        case .end(let reason): end(reason, at: now, into: &sink)
        case .transfer(let target):
            sink.perform(.transfer(target))
            end(.transferred, at: now, into: &sink)
        }
    }

    /// Nothing is done after it: see `hasEnded`.
    mutating func end(_ reason: EndReason, at now: CallTime, into sink: inout some CallEffectSink) {
        if case .turn(let turn) = listening { sink.perform(.cancelTurn(turn)) }
        if let awaiting { sink.perform(.cancelTurn(awaiting)) }
        if let generation = replyGeneration {
            sink.perform(.cancelReply(generation))
            sink.perform(.cancelSpeech(speaking))
        }
        if !book.isPaused && book.isSpeaking { book.pause(at: now) }
        closeReply(at: now, into: &sink)
        endReason = reason
        sink.perform(.end(reason))
    }
}
