import ParleyCore
import ParleyWire

/// The call's side: what it asks, and what the caller heard of it.
extension RelayMachine {
    /// An `info` of Parley's own: its value is a JSON object with `voicePrompt` and `answer`.
    static let answeredByPlatform = "answeredByPlatform"
    private static let mostUntold = 8

    mutating func ask(_ request: AgentRequest) {
        newest = request.generation
        reply = Reply(request: request)
        isNudged = false
        (isBargeIn, heldSince) = (false, nil)
        lastPartial = ""
        switch request.cause {
        case .opening:
            guard let greeting = settings.greeting else {
                expect(settings.interruptible.hasSpeech)
                return tellRequest()
            }
            reply?.isGreeting = true
            say(greeting, isInterruptible: settings.greetingInterruptible.hasSpeech)
        case .silence:
            guard !hasSomethingToSay else { return sayWhatWaits() }
            say(settings.reprompt, isInterruptible: true)
        case .nudged:
            sayWhatWaits()
            if reply?.isOpen == true, reply?.item == nil { finishReply() }
        case .keyed(let keys):
            if isOver { return sayWhatWaits() }
            guard settings.detectsKeys else { return say(settings.reprompt, isInterruptible: true) }
            tell(keys.map { .dtmf($0) })
        case .said(let words):
            if isOver { return sayWhatWaits() }
            if let question = settings.asksForMachine(words) {
                tellAnswered(words)
                if question == .alone { return say(settings.honestAnswer, isInterruptible: true) }
                out.append(.answer(newest, .text(settings.honestAnswer + " ")))
                reply?.truth = TrueSentences()
            }
            tell([.prompt(words, language: language, isLast: true)])
        }
    }

    /// Parley answers in the application's place: it is told what was asked and what is said, so that it knows as much as
    /// the caller.
    private mutating func tellAnswered(_ words: String) {
        var json = JSONWriter()
        json.beginObject()
        json.field("voicePrompt", words)
        json.field("answer", settings.honestAnswer)
        json.endObject()
        let notice = info(ofPlatform: Self.answeredByPlatform, String(decoding: json.bytes, as: UTF8.self))
        if case .open = link { send(notice) } else { untold = (untold + [notice]).suffix(Self.mostUntold) }
    }

    /// Nothing is asked of the application.
    private mutating func sayWhatWaits() {
        retracted = nil
        expect(settings.interruptible.hasSpeech)
        pump()
    }

    /// Words of Parley's own.
    private mutating func say(_ words: String, isInterruptible: Bool) {
        guard let generation = reply?.generation else { return }
        expect(isInterruptible)
        out.append(.answer(generation, .text(words)))
        finishReply()
    }

    /// How the caller's next turn is heard, and whether it stops what is said.
    mutating func expect(_ isInterruptible: Bool) {
        guard let generation = reply?.generation else { return }
        reply?.isInterruptible = isInterruptible
        out.append(
            .answer(
                generation,
                .expect(
                    Expectation(
                        takesEachKey: settings.detectsKeys, interruption: isInterruptible ? .always : .never))))
    }

    private mutating func tell(_ notices: [RelayNotice]) {
        expect(settings.interruptible.hasSpeech)
        reply?.notices = notices
        if let retracted {
            self.retracted = nil
            takeUp(retracted.request, toldIn: retracted.session)
        } else if let cut {
            interrupt(heard: cut.heard ?? reply?.request.heard ?? "", milliseconds: cut.milliseconds)
        }
        tellRequest()
        pump()
    }

    /// The caller was asked to wait and spoke on, or coughed: only what is new is told.
    private mutating func takeUp(_ before: AgentRequest, toldIn session: Int?) {
        guard let request = reply?.request else { return }
        if request.turn == before.turn, request.cause == before.cause {
            // The application has it already, and may have answered.
            reply?.isTold = session == sessions
            return
        }
        if queue.contains(where: \.wasGiven) {
            stopCycles()
            interrupt(heard: "", milliseconds: 0)
        }
        guard session == sessions, case .said(let old) = before.cause, case .said(let words) = request.cause,
            words.hasPrefix(old + " ")
        else { return }
        let rest = String(words.dropFirst(old.count + 1))
        reply?.notices = [.prompt(rest, language: language, isLast: true)]
    }

    /// Tells the application what the open reply is to answer, now or when the connection stands. Of a call's opening it
    /// is told by the setup alone: it speaks when it likes, once it is there.
    mutating func tellRequest() {
        guard let reply, reply.isOpen, reply.item == nil, !reply.isTold else { return }
        let isOpening = reply.request.cause == .opening
        guard isOpening || !reply.notices.isEmpty else { return }
        switch link {
        case .open:
            if isOpening { return finishReply() }
            for notice in reply.notices { send(notice) }
            // A new question: what comes from now on answers it.
            isStale = false
            self.reply?.isTold = true
            self.reply?.failsAt = nil
        case .connecting, .away: self.reply?.failsAt = reply.failsAt ?? now + settings.awayTime
        case .gone: failReply()
        }
    }

    mutating func failReply() {
        guard let generation = reply?.generation else { return }
        out.append(.answer(generation, .failed))
        reply = nil
    }

    // MARK: Taken back

    mutating func cancel(_ generation: Generation) {
        guard let reply, reply.generation == generation else { return }
        self.reply = nil
        if reply.item != nil || reply.isGreeting {
            cut = Cut(generation: generation)
            if reply.item?.isWhole == false { isStale = true }
            stopCycles()
        }
        if hasSomethingToSay { nudge() }
    }

    /// All that waits is forgotten; the rest of a cycle that was not whole will be.
    private mutating func stopCycles() {
        if queue.last?.isWhole == false { isStale = true }
        queue = []
    }

    mutating func retract(_ generation: Generation) {
        guard let reply, reply.generation == generation else { return }
        self.reply = nil
        if !reply.notices.isEmpty { retracted = (reply.request, reply.isTold ? sessions : nil) }
        guard var item = reply.item else { return }
        item.takeBack()
        queue.insert(item, at: 0)
        if reply.request.cause == .nudged { nudge() }
    }

    // MARK: What becomes of it

    mutating func take(_ note: CallNote) {
        switch note {
        case .bargeIn(.paused): heldSince = now
        case .bargeIn(.resumed): heldSince = nil
        case .bargeIn(.confirmed): isBargeIn = true
        case .agentTurn(let turn): take(turn)
        case .floor(let floor): take(floor)
        case .partial(_, let words):
            // Over the agent, only the interruption tells whether the caller means it.
            guard settings.sendsPartials, floor != .agent, floor != .overlap, !words.isEmpty, words != lastPartial
            else { return }
            lastPartial = words
            send(.prompt(words, language: language, isLast: false))
        case .callerTurn(let turn):
            guard turn.isBackchannel, !turn.text.isEmpty, settings.reportedDuringSpeech.hasSpeech else { return }
            send(.prompt(turn.text, language: language, isLast: true))
        // The protocol has no message for anything else.
        default: break
        }
    }

    private mutating func take(_ turn: AgentTurn) {
        if settings.events.contains(.tokensPlayed), !turn.heard.isEmpty {
            send(.info("tokensPlayed", turn.heard, at: nil))
        }
        if cut?.generation == turn.generation {
            cut?.heard = turn.heard
            // Nothing was played while it was judged whether the caller means it.
            let held = heldSince.map { now - $0 } ?? .zero
            cut?.milliseconds = max(0, (turn.ended - turn.began - held).milliseconds)
            heldSince = nil
            if isBargeIn, let cut { interrupt(heard: turn.heard, milliseconds: cut.milliseconds) }
        } else if reply?.generation == turn.generation, reply?.isOpen == false {
            reply?.mayBePlaying = false
        }
    }

    private mutating func interrupt(heard: String, milliseconds: Int) {
        (cut, isBargeIn) = (nil, false)
        send(.interrupt(heard: heard, milliseconds: milliseconds))
    }

    private mutating func take(_ floor: Floor) {
        let before = self.floor
        self.floor = floor
        guard settings.events.contains(.speaker) else { return }
        for (name, isNow, was) in [
            ("clientSpeaking", floor.isCaller, before.isCaller), ("agentSpeaking", floor.isAgent, before.isAgent),
        ] where isNow != was {
            info(name, isNow ? "on" : "off")
        }
    }
}

extension Floor {
    fileprivate var isCaller: Bool { self == .caller || self == .overlap }
    fileprivate var isAgent: Bool { self == .agent || self == .overlap }
}
