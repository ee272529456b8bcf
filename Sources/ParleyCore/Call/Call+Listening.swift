/// The caller's side: turns, endpoints, barge-in, keys.
extension Call {
    /// What one frame means, given who holds the floor.
    mutating func listen(_ activity: VoiceActivity, at now: CallTime, into sink: inout some CallEffectSink) {
        let isOverAgent = book.isSpeaking || book.isPaused
        if !speech.isActive && isOverAgent && !mayInterrupt(at: now) {
            // A protected prompt is spoken to its end; whoever still talks then has the floor.
            return
        }
        let pauseAfter = Int(settings.pauseAfter.nanoseconds / CallTime.frame.nanoseconds)
        switch speech.hear(activity, at: now, pauseAfter: pauseAfter) {
        case .none: break
        case .began: beginTurn(into: &sink)
        case .paused:
            guard case .turn(let turn) = listening else { break }
            turnTimes.paused = now
            sink.perform(.pauseTurn(turn))
        case .resumed:
            turnTimes.paused = nil
            words.resume()
        }
        guard case .turn(let turn) = listening else { return }
        turnTimes.lastVoiced = speech.lastVoiced
        if book.isPaused || book.isSpeaking { contest(turn, activity, at: now, into: &sink) }
        dropUnheardReply(at: now, into: &sink)
        // The turn may have been none: forgotten in the lines above.
        guard case .turn(turn) = listening, case .end(let reason) = settings.endpoint.judge(moment()) else { return }
        turnTimes.ending = reason
        endTurn(turn, at: now, into: &sink)
    }

    private func mayInterrupt(at now: CallTime) -> Bool {
        guard farewell == nil else { return false }
        switch expectation.interruption {
        case .always: return true
        case .never: return false
        case .after(let time): return book.played(at: now) >= time
        }
    }

    private mutating func beginTurn(into sink: inout some CallEffectSink) {
        lastTurn.number += 1
        listening = .turn(lastTurn)
        words.reset()
        turnTimes = Waterfall(turn: lastTurn, generation: Generation(0))
        quietSince = nil
        preRoll.feed(into: &sink)
        // Held for the turn before, whose words are owed: for this one from now on.
        if book.isPaused { speech.hold() }
    }

    /// What endpointing goes by.
    private mutating func moment() -> EndpointPolicy.Moment {
        var moment = EndpointPolicy.Moment(silence: speech.silence, length: speech.length)
        moment.completeness = words.areOfPause ? words.completeness : nil
        moment.steady = words.steady
        moment.asksForSentence = expectation.answer == .open || expectation.answer == .freeText
        moment.hangover = expectation.hangover
        moment.isNoisy = line.isNoisy
        return moment
    }

    /// The caller's turn is over: its words, please.
    mutating func endTurn(_ turn: TurnID, at now: CallTime, into sink: inout some CallEffectSink) {
        guard speech.voiced >= settings.minimumSpeech else { return forgetTurn(turn, at: now, into: &sink) }
        turnTimes.endpoint = now
        turnBegan = speech.began
        turnVoiced = speech.voiced
        // While the agent is held, a turn that ended since, its words owed or unanswered, and what follows are judged as one.
        let isMore = book.isPaused && awaitingSince >= heldSince && (awaiting != nil || hasUnanswered)
        turnWasConfirmed = (speech.wasConfirmed && !isDoubted) || (isMore && turnWasConfirmed)
        if !isMore { awaitingSince = now }
        speech.reset()
        listening = .idle
        awaiting = turn
        if !book.isPaused && !book.isSpeaking {
            waitingSince = waitingSince ?? now
            bridges = 0
        }
        sink.perform(.finishTurn(turn))
    }

    /// A click, a cough, a hum: as if nobody had spoken.
    mutating func forgetTurn(_ turn: TurnID, at now: CallTime, into sink: inout some CallEffectSink) {
        speech.reset()
        listening = .idle
        sink.perform(.cancelTurn(turn))
        // The words of the turn before may yet take the floor.
        guard awaiting == nil else { return }
        takeBack(at: now, into: &sink)
        if hasUnanswered { answer(to: turn, "", at: now, into: &sink) }
    }

    // MARK: Over the agent

    /// Speech as long as this is the caller going on, no click.
    private static let breath = CallTime.milliseconds(200)
    /// What has been doubtful for long stops the agent only while it is more likely speech than not. It is the tail of a
    /// knock otherwise.
    private static let likely: Float = 0.6
    /// Held without a verdict for this long, the agent goes on.
    static let longestHold = CallTime.seconds(2)
    /// The detector is sure of a voice by then; what it is not sure of was none.
    private static let doubtfulHold = CallTime.milliseconds(460)
    /// Silence after what was no voice; the recogniser has had the time to find a word in it.
    private static let doubtfulSilence = CallTime.milliseconds(320)

    /// The caller speaks while the agent does: stop the sound at once, give the floor when it is meant.
    private mutating func contest(
        _ turn: TurnID, _ activity: VoiceActivity, at now: CallTime, into sink: inout some CallEffectSink
    ) {
        let isLoud =
            speech.isDiscounted
            ? speech.sure >= Self.breath
            : activity.isInterruption || (speech.spoken >= settings.bargeInAfter && activity.score >= Self.likely)
        // Silence stops nothing: the agent may have begun in the caller's pause.
        if !book.isPaused, isLoud, speech.silence == .zero, mayInterrupt(at: now) { hold(at: now, into: &sink) }
        guard book.isPaused else { return }
        let isMostlyVoiced =
            speech.isDiscounted
            ? speech.heldVoiced + speech.heldVoiced >= speech.held : speech.voiced + speech.voiced >= speech.spoken
        if speech.wasConfirmed {
            // What had been noise for long has to be a voice for as long again as it was doubted.
            let isLong =
                speech.isDiscounted
                ? speech.held >= Self.doubtfulHold && activity.isConfirmed
                : speech.spoken >= settings.bargeInConfirmedAfter
            if isLong, isMostlyVoiced {
                confirmBargeIn(at: now, into: &sink)
            } else if (speech.isDiscounted ? speech.held : speech.length) >= Self.longestHold {
                forgetTurn(turn, at: now, into: &sink)
            }
        } else if speech.silence >= Self.doubtfulSilence {
            forgetTurn(turn, at: now, into: &sink)
        } else if speech.held >= Self.doubtfulHold, awaiting == nil {
            // Noise, as far as anyone can tell.
            if hasUnanswered { return forgetTurn(turn, at: now, into: &sink) }
            // The turn goes on: it may yet become a voice.
            speech.discount()
            takeBack(at: now, into: &sink)
        }
    }

    /// Our sound stops; what the caller has not heard of it is kept.
    private mutating func hold(at now: CallTime, into sink: inout some CallEffectSink) {
        speech.hold()
        heldSince = now
        book.pause(at: now)
        sink.perform(.clear)
        sink.perform(.note(.bargeIn(.paused)))
    }

    /// The caller means it: what was not heard will not be said.
    mutating func confirmBargeIn(at now: CallTime, into sink: inout some CallEffectSink) {
        abandonReply(at: now, into: &sink)
    }

    /// The caller did not mean it: go on from the heard point.
    mutating func takeBack(at now: CallTime, into sink: inout some CallEffectSink) {
        guard book.isPaused else { return }
        lastGeneration.number += 1
        book.resume(as: lastGeneration)
        sink.perform(.note(.bargeIn(.resumed)))
    }

    /// The caller speaks on before any of the reply was heard: it would answer an unfinished turn.
    private mutating func dropUnheardReply(at now: CallTime, into sink: inout some CallEffectSink) {
        guard waitingSince != nil, !book.isSpeaking, !book.isPaused, farewell == nil else { return }
        guard speech.spoken >= Self.breath else { return }
        abandonReply(at: now, into: &sink)
    }

    // MARK: Words

    mutating func take(_ answer: RecognizerAnswer, at now: CallTime, into sink: inout some CallEffectSink) {
        switch answer {
        case .partial(let turn, let text):
            guard isCurrent(turn) else { return sink.perform(.note(.dropped(.lateWords))) }
            sink.perform(.note(.partial(turn, text)))
            if case .turn(turn) = listening {
                words.take(text, as: expectation.answer, inPause: speech.hasPaused, length: speech.length)
            }
            judge(text, of: turn, at: now, into: &sink)
        case .final(let turn, let text):
            guard let awaiting, turn <= awaiting else { return sink.perform(.note(.dropped(.lateWords))) }
            if turn == awaiting { self.awaiting = nil }
            finish(turn, with: text, at: now, into: &sink)
        case .failed(let turn):
            guard isCurrent(turn) else { return }
            if awaiting == turn { awaiting = nil }
            if case .turn(turn) = listening {
                speech.reset()
                listening = .idle
            }
            takeBack(at: now, into: &sink)
            if !book.isSpeaking { fail(at: now, into: &sink) }
        }
    }

    private func isCurrent(_ turn: TurnID) -> Bool {
        if case .turn(turn) = listening { return true }
        return awaiting == turn
    }

    /// The agent took the floor back from what is going on, and it has not been a voice for long enough since: whatever words a
    /// recogniser makes of it are the noise's.
    private var isDoubted: Bool { speech.isDiscounted && speech.held < Self.doubtfulHold }

    /// While the agent is held, words decide: a "mhm" gives the floor back, anything else takes it.
    private mutating func judge(
        _ text: String, of turn: TurnID, at now: CallTime, into sink: inout some CallEffectSink
    ) {
        guard case .turn(turn) = listening, speech.wasConfirmed, book.isPaused else { return }
        // Half a word may read as another: a "yeah" that has only begun, as "yes".
        guard speech.hasPaused || speech.voiced >= settings.minimumInterruption, !isDoubted else { return }
        if isBackchannel(text, voiced: speech.voiced, at: now) {
            guard speech.hasPaused else { return }
            noteTurn(turn, text, isBackchannel: true, began: speech.began, at: now, into: &sink)
            forgetTurn(turn, at: now, into: &sink)
        } else if !Backchannel.isEmpty(text) {
            confirmBargeIn(at: now, into: &sink)
        }
    }

    /// - Parameter voiced: how much of it was voiced. A recogniser finds words in a cough: what is this short takes the
    ///   floor only by a word that means to.
    private func isBackchannel(_ text: String, voiced: CallTime, at now: CallTime) -> Bool {
        let isNearEnd =
            splitter.isEmpty && clausesInFlight.isEmpty && book.remaining(at: now) < .milliseconds(1_500)
        if Backchannel.isEmpty(text) { return false }
        // There were no words that it could go with, but "one moment".
        if !book.hasSpoken { return Backchannel.matches(text, isNearEnd: false) }
        if !isNearEnd && voiced < settings.minimumInterruption && !Backchannel.hasStop(text) { return true }
        return Backchannel.matches(text, isNearEnd: isNearEnd)
    }

    private mutating func finish(
        _ turn: TurnID, with text: String, at now: CallTime, into sink: inout some CallEffectSink
    ) {
        turnTimes.final = turnTimes.final ?? now
        let isEmpty = Backchannel.isEmpty(text)
        if case .turn = listening, speech.spoken >= Self.breath {
            // It was a breath, not an end.
            if !isEmpty { carry(turn, text, at: now, into: &sink) }
            return
        }
        if let awaiting, turn < awaiting {
            if !isEmpty { carry(turn, text, at: now, into: &sink) }
            return
        }
        if book.isPaused {
            let words = joined(carried, text)
            // Over a filler there is nothing to protect from a noise's words, and an answer to lose.
            let isNoise = Backchannel.isEmpty(words) || (!turnWasConfirmed && book.hasSpoken)
            if isNoise || isBackchannel(words, voiced: turnVoiced, at: now) {
                if !isEmpty { noteTurn(turn, text, isBackchannel: true, began: turnBegan, at: now, into: &sink) }
                return takeBack(at: now, into: &sink)
            }
            confirmBargeIn(at: now, into: &sink)
        } else if book.isSpeaking, !isBridging || (replyIsDue && Backchannel.matches(text, isNearEnd: false)) {
            // Too short to stop the agent's sound: a nod at most.
            if !isEmpty { noteTurn(turn, text, isBackchannel: true, began: turnBegan, at: now, into: &sink) }
            return
        }
        answer(to: turn, text, at: now, into: &sink)
    }

    /// Nothing but a phrase is said, as something was late: what the caller says is the answer that it bridges, or more of
    /// it, and hardly ever a nod.
    private var isBridging: Bool { book.isSpeaking && !book.hasSpoken && farewell == nil }

    var hasUnanswered: Bool { !carried.isEmpty || unanswered != nil }

    /// Asks the agent about what was said, with what was said before and never answered.
    mutating func answer(
        to turn: TurnID, _ text: String, at now: CallTime, into sink: inout some CallEffectSink
    ) {
        let isEmpty = Backchannel.isEmpty(text)
        guard !isEmpty || hasUnanswered || turnVoiced >= .milliseconds(500) else {
            if !replyIsDue { waitingSince = nil }
            return
        }
        if !isEmpty { noteTurn(turn, text, isBackchannel: false, began: turnBegan, at: now, into: &sink) }
        // The caller has waited for the words, and waits on.
        let waited = waitingSince
        if replyIsDue || !isBridging { abandonReply(at: now, into: &sink) }
        waitingSince = waited
        carried = joined(carried, isEmpty ? "" : text)
        var cause = AgentRequest.Cause.said(carried)
        if let unanswered {
            // Keys win over words; a greeting or a reminder that nobody heard gives way to them.
            if case .keyed = unanswered { cause = unanswered } else if carried.isEmpty { cause = unanswered }
        }
        if !carried.isEmpty { silences = 0 }
        answering = isEmpty && hasUnanswered ? unansweredTurn : turn
        forgetUnanswered()
        ask(cause, at: now, into: &sink)
    }

    private mutating func carry(
        _ turn: TurnID, _ text: String, at now: CallTime, into sink: inout some CallEffectSink
    ) {
        noteTurn(turn, text, isBackchannel: false, began: turnBegan, at: now, into: &sink)
        carried = joined(carried, text)
        unansweredTurn = turn
    }

    func joined(_ words: String, _ more: String) -> String {
        words.isEmpty ? more : more.isEmpty ? words : words + " " + more
    }

    /// The caller was asked to say it again, or keyed it.
    mutating func forgetUnanswered() {
        carried = ""
        unanswered = nil
    }

    private mutating func noteTurn(
        _ turn: TurnID, _ text: String, isBackchannel: Bool, began: CallTime, at now: CallTime,
        into sink: inout some CallEffectSink
    ) {
        let said = CallerTurn(
            turn: turn, text: text, isKeyed: false, isBackchannel: isBackchannel, began: began,
            ended: turnTimes.lastVoiced ?? now)
        sink.perform(.note(.callerTurn(said)))
    }

    // MARK: Keys

    private static let longestKeys = 64

    /// A key is never misheard: it takes the floor at once.
    mutating func press(_ digit: Digit, at now: CallTime, into sink: inout some CallEffectSink) {
        guard farewell == nil, keys.utf8.count < Self.longestKeys else { return }
        // The pound key ends an answer; alone it is none, but where each key is one.
        if digit == .pound && keys.isEmpty && !expectation.takesEachKey { return }
        if case .turn(let turn) = listening {
            speech.reset()
            listening = .idle
            sink.perform(.cancelTurn(turn))
        }
        forgetUnanswered()
        if let turn = awaiting {
            awaiting = nil
            sink.perform(.cancelTurn(turn))
        }
        if book.isPaused || (book.isSpeaking && mayInterrupt(at: now)) {
            if !book.isPaused { hold(at: now, into: &sink) }
            confirmBargeIn(at: now, into: &sink)
        } else if waitingSince != nil, !book.isSpeaking {
            // The caller goes on before any of the reply was heard.
            abandonReply(at: now, into: &sink)
        }
        quietSince = nil
        if keys.isEmpty {
            lastTurn.number += 1
            turnTimes = Waterfall(turn: lastTurn, generation: Generation(0))
            turnBegan = now
        }
        lastKey = now
        let isEach = expectation.takesEachKey
        if digit != .pound || isEach { keys.append(digit.character) }
        if digit == .pound || isEach || (expectation.digits > 0 && keys.utf8.count >= expectation.digits) {
            finishKeys(at: now, into: &sink)
        }
    }

    mutating func finishKeys(at now: CallTime, into sink: inout some CallEffectSink) {
        let pressed = keys
        keys = ""
        silences = 0
        let keyed = CallerTurn(
            turn: lastTurn, text: pressed, isKeyed: true, isBackchannel: false, began: turnBegan, ended: lastKey)
        sink.perform(.note(.callerTurn(keyed)))
        abandonReply(at: now, into: &sink)
        forgetUnanswered()
        answering = lastTurn
        turnTimes.endpoint = now
        ask(.keyed(pressed), at: now, into: &sink)
    }
}
