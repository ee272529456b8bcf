import ParleyCore

/// The agent's role.
extension RealtimeMachine {
    mutating func ask(_ request: AgentRequest, at now: CallTime) {
        settleEarlier(request, at: now)
        unrecorded = request.generation
        guard isHopeful || isOpen else { return effects.append(.reply(request.generation, .failed)) }
        switch request.cause {
        case .said(let words): answer(request, words, at: now)
        case .keyed(let keys):
            discardDraft(at: now)
            addReply(request.generation, request.turn, want: RealtimeReply.Want())
            put(down: "(The caller pressed these telephone keys: \(keys.map(String.init).joined(separator: " ")))")
        case .opening:
            begin(
                request,
                settings.greeting.isEmpty
                    ? "The call has just begun. Greet the caller and ask what you can do for them."
                    : Self.verbatim(settings.greeting), at: now)
        case .silence(let count):
            begin(
                request,
                "The caller has said nothing for a while (\(count) in a row). "
                    + "Ask in a few words whether they are still there, or ask your question again.", at: now)
        case .nudged: begin(request, nil, at: now)
        }
        pump(at: now)
    }

    private static func verbatim(_ words: String) -> String {
        "Say exactly these words, and nothing else: \(words)"
    }

    /// Answers to nothing that was said.
    private mutating func begin(_ request: AgentRequest, _ task: String?, at now: CallTime) {
        discardDraft(at: now)
        addReply(
            request.generation, request.turn,
            want: RealtimeReply.Want(
                instructions: task.map(instructions), mayCall: task == nil, mayBeEmpty: task == nil))
    }

    /// A response's own instructions replace the session's.
    private func instructions(_ task: String) -> String { settings.fullInstructions + "\n\n" + task }

    private mutating func answer(_ request: AgentRequest, _ words: String, at now: CallTime) {
        let isHonest = HonestAnswer(words) != nil
        if let draft, replies[draft].turn == request.turn, !isHonest {
            replies[draft].asked = words
            if !words.isEmpty { memory.append(.caller(words)) }
            return bind(draft, request.generation, at: now)
        }
        discardDraft(at: now)
        addReply(request.generation, request.turn, want: isHonest ? honestAnswer : RealtimeReply.Want())
        if heardTurns.contains(request.turn) {
            replies[replies.count - 1].asked = words
            if !words.isEmpty { memory.append(.caller(words)) }
        } else if !words.isEmpty {
            // This connection has not heard the turn.
            put(down: words)
        }
    }

    /// Not left to the model.
    var honestAnswer: RealtimeReply.Want {
        RealtimeReply.Want(
            instructions: instructions(Self.verbatim(settings.honestAnswer)), mayCall: false,
            mustSay: settings.honestAnswer)
    }

    /// What the caller did goes into the conversation as words. Where no connection stands, the memory keeps it for the next.
    private mutating func put(down words: String) {
        memory.append(.caller(words))
        replies[replies.count - 1].asked = words
        guard isOpen else { return }
        lastItem += 1
        let id = "parley-\(lastItem)"
        replies[replies.count - 1].ownItems.append(id)
        send([RealtimeMessages.text(words, from: .user, id: id, dialect: settings.dialect)])
    }

    /// The call asks for what was begun for it.
    private mutating func bind(_ index: Int, _ generation: Generation, at now: CallTime) {
        draftDue = nil
        replies[index].generation = generation
        let (held, heldCalls) = (replies[index].held, replies[index].heldCalls)
        (replies[index].held, replies[index].heldCalls) = ([], [])
        for part in held { tell(part, index) }
        for call in heldCalls { run(call, index) }
        goOn(index)
    }

    /// The reply before is over: the model is to know what was heard of it, no more.
    private mutating func settleEarlier(_ request: AgentRequest, at now: CallTime) {
        if unrecorded != nil { record(heard: request.heard) }
        for index in replies.indices {
            guard let generation = replies[index].generation, generation < request.generation else { continue }
            let isLeft = replies[index].ending == nil
            guard isLeft || replies[index].ending == .cut(heard: nil) else { continue }
            if !request.wasCut { replies[index].items = [] }
            end(index, .cut(heard: request.heard), at: now)
        }
    }

    private mutating func record(heard: String) {
        unrecorded = nil
        if !heard.isEmpty { memory.append(.agent(heard)) }
    }

    /// The caller took the floor: what was heard is told by `heard`, or with the next question.
    mutating func cancel(_ generation: Generation, at now: CallTime) {
        guard let index = index(of: generation), replies[index].ending == nil else { return }
        end(index, .cut(heard: nil), at: now)
        pump(at: now)
    }

    /// What was heard of a reply that is over.
    mutating func heard(_ words: String, of generation: Generation, wasCut: Bool, at now: CallTime) {
        if unrecorded == generation { record(heard: words) }
        guard let index = index(of: generation), replies[index].ending != .discarded else { return }
        if !wasCut { replies[index].items = [] }
        end(index, .cut(heard: words), at: now)
        pump(at: now)
    }

    /// Nobody heard any of it: what it answered is asked again.
    mutating func retract(_ generation: Generation, at now: CallTime) {
        if unrecorded == generation { unrecorded = nil }
        guard let index = index(of: generation), replies[index].ending == nil else { return }
        if let asked = replies[index].asked { memory.retract(asked) }
        discard(index, at: now)
        pump(at: now)
    }

    /// The next response where the model owes words about what was done, or the reply's end.
    mutating func goOn(_ index: Int) {
        let reply = replies[index]
        guard let generation = reply.generation, reply.ending == nil, !reply.isDone, reply.want == nil,
            running?.reply != reply.number, reply.responses > 0, !calls.isWaiting(generation)
        else { return }
        if reply.owesTruth, reply.responses < settings.bounds.responses {
            replies[index].owesTruth = false
            replies[index].want = honestAnswer
            return
        }
        // Nobody is hung up on in silence.
        let leavesMute = reply.isFarewell && !reply.hasSpoken
        if reply.owesWords || leavesMute, reply.responses < settings.bounds.responses {
            replies[index].owesWords = false
            replies[index].want = RealtimeReply.Want(
                mayCall: !leavesMute && reply.responses + 1 < settings.bounds.responses)
        } else {
            let hasNothing = !reply.hasSpoken && !reply.isFarewell && !reply.mayBeSilent
            tell(hasNothing ? .failed : .done, index)
            replies[index].isDone = true
        }
    }
}
