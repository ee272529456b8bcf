/// In every state there is a deadline, and a thing to do when it passes.
extension Call {
    /// What `nextDeadline` is to be. Changes nothing; but what is not `mutating` is given a copy of the call, five KiB of it.
    mutating func earliestDeadline() -> CallTime? {
        guard !hasEnded else { return nil }
        var next = book.nextSend(lead: settings.lead)
        func consider(_ time: CallTime?) {
            guard let time else { return }
            next = next.map { min($0, time) } ?? time
        }
        consider(book.drainDeadline)
        consider(bridgeDue)
        consider(runsDry)
        consider(reprompt)
        consider(keysDue)
        consider(stalledTurn)
        consider(verdictDue)
        return next
    }

    /// The agent has been silent too long on its turn.
    private var bridgeDue: CallTime? {
        guard let waitingSince, !book.isPaused else { return nil }
        return waitingSince + (bridges == 0 ? settings.fillerAfter : settings.sayAgainAfter)
    }

    /// All that is here of a reply will have been played, and more is to come: the agent's silence begins.
    private var runsDry: CallTime? {
        guard replyIsDue, waitingSince == nil, !book.isPaused, !book.isComplete, book.waiting == .zero else {
            return nil
        }
        return book.playEnd
    }

    /// The caller has been silent too long.
    private var reprompt: CallTime? {
        guard case .idle = listening, let quietSince else { return nil }
        return quietSince + settings.noSpeechAfter
    }

    private var keysDue: CallTime? { keys.isEmpty ? nil : lastKey + settings.interDigit }

    /// A turn ends by counting frames; when no frames come any more, the clock ends it.
    private var stalledTurn: CallTime? {
        guard case .turn = listening else { return nil }
        return speech.lastVoiced + settings.endpoint.bound(hangover: expectation.hangover) + .seconds(2)
    }

    /// The agent is held and the recogniser does not say what the caller said.
    private var verdictDue: CallTime? {
        book.isPaused && awaiting != nil ? max(awaitingSince, heldSince) + Self.longestHold : nil
    }

    mutating func passDeadlines(at now: CallTime, into sink: inout some CallEffectSink) {
        if let due = book.drainDeadline, now >= due { book.assumeHeard() }
        if let due = keysDue, now >= due { finishKeys(at: now, into: &sink) }
        if case .turn(let turn) = listening, let due = stalledTurn, now >= due {
            endTurn(turn, at: now, into: &sink)
        }
        if let turn = awaiting, let due = verdictDue, now >= due {
            awaiting = nil
            sink.perform(.cancelTurn(turn))
            if hasUnanswered && turnWasConfirmed {
                confirmBargeIn(at: now, into: &sink)
                answer(to: turn, "", at: now, into: &sink)
            } else {
                takeBack(at: now, into: &sink)
            }
        }
        if let due = bridgeDue, now >= due { bridge(at: now, into: &sink) }
        if let due = reprompt, now >= due { promptAgain(at: now, into: &sink) }
    }

    /// The ladder: a filler, then the caller is asked to say it again, then a transfer or a goodbye.
    private mutating func bridge(at now: CallTime, into sink: inout some CallEffectSink) {
        sink.perform(.note(.late(lateStage)))
        guard bridges == 0 else { return fail(at: now, into: &sink) }
        noteWait()
        bridges = 1
        waitingSince = now
        say(.oneMoment, into: &sink)
    }

    /// What the caller waits for: the words, the answer to them, or its sound.
    private var lateStage: EngineRole { awaiting != nil ? .recognizer : clausesInFlight.isEmpty ? .agent : .voice }

    /// This reply will not come.
    mutating func fail(at now: CallTime, into sink: inout some CallEffectSink) {
        noteWait()
        if let turn = awaiting {
            awaiting = nil
            sink.perform(.cancelTurn(turn))
        }
        abandonReply(at: now, into: &sink)
        forgetUnanswered()
        failures += 1
        quietSince = nil
        guard failures < 2 else { return giveUp(into: &sink) }
        say(.sayAgain, into: &sink)
    }

    /// Asking again was of no use.
    private mutating func giveUp(into sink: inout some CallEffectSink) {
        guard !settings.transferTo.isEmpty else {
            return leave(saying: .cannotContinue, because: .engineFailed, into: &sink)
        }
        farewell = .transfer(settings.transferTo)
        say(.transferring, into: &sink)
    }

    private mutating func promptAgain(at now: CallTime, into sink: inout some CallEffectSink) {
        silences += 1
        (silentSince, quietSince) = (quietSince, nil)
        guard silences <= settings.reprompts else {
            return leave(saying: .noSpeechGoodbye, because: .noSpeech, into: &sink)
        }
        answering = lastTurn
        ask(.silence(silences), at: now, into: &sink)
    }

    private mutating func leave(
        saying phrase: Phrase, because reason: EndReason, into sink: inout some CallEffectSink
    ) {
        farewell = .end(reason)
        say(phrase, into: &sink)
    }
}
