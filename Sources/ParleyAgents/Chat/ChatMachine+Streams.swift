import ParleyCore

/// How the machine takes an answer as it streams in, and what it does when that fails.
extension ChatMachine {
    mutating func take(_ event: ChatStreamEvent, of id: UInt32, at now: CallTime) {
        guard var reply, case .streaming(id, _, _) = reply.stage else { return }
        switch event {
        case .text(let text):
            noteFirst(id, at: now)
            let room = max(0, settings.mostCharacters - reply.characters)
            // Not characters: a million accents on one letter are one.
            let length = text.unicodeScalars.count
            reply.characters += length
            reply.hasStreamed = true
            reply.stage = .streaming(id, since: now, hasToken: true)
            reply.splitter.append(reply.spoken.feed(String(String.UnicodeScalarView(text.unicodeScalars.prefix(room)))))
            self.reply = reply
            handOutClauses()
            // Nobody listens to more than that.
            if length > room {
                effects.append(.stop(id))
                end(.length, [], at: now)
            }
        case .tool(let name):
            noteFirst(id, at: now)
            reply.hasStreamed = true
            reply.openTool = name
            reply.stage = .streaming(id, since: now, hasToken: true)
            self.reply = reply
        case .ended(let reason, let calls): end(reason, calls, at: now)
        }
    }

    private mutating func noteFirst(_ id: UInt32, at now: CallTime) {
        guard let reply, case .streaming(id, let since, hasToken: false) = reply.stage else { return }
        effects.append(.fared(model: reply.model, .began(after: now - since)))
    }

    private mutating func handOutClauses() {
        // A model may be talked into anything; what the caller hears of it is true.
        while case .clause(let clause)? = reply?.splitter.next() {
            // One that began in the clause before is told by both.
            let isLie = MachineDenial.isIn(clause) || MachineDenial.isIn((self.reply?.unfinished ?? "") + " " + clause)
            self.reply?.unfinished = clause.last.map { ".!?".contains($0) } ?? true ? "" : clause
            say(isLie ? settings.honestAnswer : clause, isOnce: isLie)
        }
    }

    private mutating func end(_ reason: ChatStreamEvent.Reason, _ calls: [ModelCall], at now: CallTime) {
        guard var reply else { return }
        let isEmpty = !reply.hasStreamed && calls.isEmpty
        if isEmpty, reason == .filtered || !mayBeEmpty(reply) {
            return fail(.wordless(reason == .filtered ? "the answer was filtered" : "the answer is empty"), at: now)
        }
        effects.append(.fared(model: reply.model, .succeeded))
        reply.openTool = nil
        reply.splitter.append(reply.spoken.finish())
        // A sentence that was cut off is let fall, unless there is no other.
        if reason == .stop || reply.said.isEmpty { reply.splitter.finish() }
        self.reply = reply
        handOutClauses()
        if !calls.isEmpty { return run(calls, isWhole: reason == .stop, at: now) }
        // Markup alone is nothing to say.
        if self.reply?.said.isEmpty == true, !mayBeEmpty(reply) { return giveUp() }
        finishReply()
    }

    /// There need be nothing to say: something was said already, it takes its leave, or nobody asked.
    private func mayBeEmpty(_ reply: Reply) -> Bool {
        !reply.said.isEmpty || reply.farewell != nil || reply.cause == .nudged
    }

    // MARK: Faults

    mutating func fail(_ fault: ChatFault, at now: CallTime) {
        guard let failed = reply else { return }
        if fault != .passedOver {
            effects.append(news(fault == .stalled ? .stalled : .failed, fault.text))
            if fault.isOfEngine {
                effects.append(.fared(model: failed.model, .failed(fault.text, isStall: fault == .stalled)))
            }
        }
        if let tool = failed.openTool { reject(tool, "cut_off") }
        reply?.openTool = nil
        let hasNext = failed.model + 1 < settings.models.count
        // The caller has waited for it once: the next reply does not.
        if fault == .stalled, hasNext { firstModel = failed.model + 1 }
        if failed.hasStreamed {
            reply?.goesOn = !failed.said.isEmpty
            if failed.openTool != nil, !failed.hasRepaired {
                reply?.hasRepaired = true
                send(at: now)
            } else if !hasNext, !failed.hasRetried {
                reply?.hasRetried = true
                send(at: now)
            } else {
                turnToNext(at: now)
            }
            return
        }
        let pause = fault == .stalled ? CallTime.zero : pause(fault.retryAfter)
        let isInTime = now + pause - failed.askedAt <= settings.times.retryWithin
        if !failed.hasRetried, hasNext ? fault.isRetryable && isInTime : fault.isRetryable || fault == .stalled {
            reply?.hasRetried = true
            reply?.stage = .pausing(until: now + pause)
        } else {
            turnToNext(at: now)
        }
    }

    private mutating func pause(_ asked: CallTime?) -> CallTime {
        let times = settings.times
        let jitter = CallTime(nanoseconds: Int64(random.unit() * Double(times.jitter.nanoseconds)))
        return min(max(asked ?? times.retry, .zero), times.longestRetry) + jitter
    }

    private mutating func turnToNext(at now: CallTime) {
        guard let failed = reply, failed.model + 1 < settings.models.count else { return giveUp() }
        effects.append(news(.switched, settings.models[failed.model + 1]))
        reply?.model += 1
        reply?.hasRetried = false
        send(at: now)
    }

    // MARK: Time

    mutating func expire(at now: CallTime) {
        guard let reply, let due = nextDeadline, now >= due else { return }
        if case .streaming(let id, _, _) = reply.stage { effects.append(.stop(id)) }
        if now >= reply.until {
            effects.append(news(.stalled, "the turn took too long"))
            if let tool = reply.openTool { reject(tool, "cut_off") }
            return giveUp()
        }
        switch reply.stage {
        case .streaming: fail(.stalled, at: now)
        case .pausing: send(at: now)
        // Its only deadline is the turn's.
        case .acting: break
        }
    }
}
