import ParleyCore

/// One call's conversation with a model: told what is asked, what streams in and what tools gave, it says what to request
/// and what to speak. Pure: no clock, no socket; times are counted from the session's start.
///
/// What is handed out is whole clauses, so that a stream that breaks leaves no half of one: the next model goes on behind it.
struct ChatMachine: Sendable {
    enum Event: Sendable {
        case asked(AgentRequest)
        case cancelled(Generation)
        case retracted(Generation)
        case finished(ActionInvocation, ActionResult.Outcome)
        case texted(TextNews)
        case stream(UInt32, ChatStreamEvent)
        /// A request is over without a whole answer.
        case failed(UInt32, ChatFault)
        case deadline
    }
    enum Effect: Equatable, Sendable {
        case send(ChatRequest)
        /// Nobody wants the rest of its answer.
        case stop(UInt32)
        case reply(Generation, ReplyPart)
        case news(EngineNews)
        case nudge
        /// How a model does with a request, for its circuit breaker.
        case fared(model: Int, ModelOutcome)
    }

    /// A reply under way.
    struct Reply {
        enum Stage: Equatable {
            case streaming(UInt32, since: CallTime, hasToken: Bool)
            /// Until the same request is tried again.
            case pausing(until: CallTime)
            case acting
        }
        let generation: Generation
        let turn: TurnID
        let cause: AgentRequest.Cause
        let until: CallTime
        var stage = Stage.acting
        /// The first request for the answer that is awaited.
        var askedAt: CallTime
        var model = 0
        var hasRetried = false
        var hasRepaired = false
        var mayUseTools = true
        /// The newest request offered tools.
        var offersTools = false
        var characters = 0
        var spoken = SpokenText()
        var splitter = ClauseSplitter()
        /// The last clause of the model's, where its sentence goes on.
        var unfinished = ""
        /// Clauses that were handed out, as words.
        var said: [String] = []
        /// A model goes on behind another's words, or behind ours: clauses that were said are let fall.
        var goesOn = false
        /// Something of the newest answer came.
        var hasStreamed = false
        /// The tool whose call is coming in.
        var openTool: String?
        var farewell: ReplyPart?
    }

    let settings: ChatSettings
    var memory: ChatMemory
    var reply: Reply?
    var book = ToolBook()
    var effects: [Effect] = []
    private var lastRequest: UInt32 = 0
    /// Place in the chain of the model that the next reply is asked of first: behind one that let a caller wait in vain.
    var firstModel = 0
    /// A tool's outcome came that no model has been told of yet.
    private var isUntold = false
    private var undelivered: Set<String> = []
    var random: SplitMix64

    /// - Parameters:
    ///   - prompt: the system's message.
    ///   - seed: of the jitter.
    init(_ settings: ChatSettings, prompt: String, seed: UInt64) {
        self.settings = settings
        memory = ChatMemory(system: prompt)
        random = SplitMix64(seed: seed)
    }

    mutating func handle(_ event: Event, at now: CallTime) -> [Effect] {
        switch event {
        case .asked(let request): ask(request, at: now)
        case .cancelled(let generation): cancel(generation, at: now)
        case .retracted(let generation):
            cancel(generation, at: now)
            memory.retract(generation, hasActed: book.retract(generation))
        case .finished(let invocation, let outcome): finish(invocation, outcome, at: now)
        case .texted(let news): take(news)
        case .stream(let id, let event): take(event, of: id, at: now)
        case .failed(let id, let fault):
            if case .streaming(id, _, _)? = reply?.stage { fail(fault, at: now) }
        case .deadline: expire(at: now)
        }
        defer { effects = [] }
        return effects
    }

    /// When `handle(.deadline, at:)` is due.
    var nextDeadline: CallTime? {
        guard let reply else { return nil }
        switch reply.stage {
        case .streaming(_, let since, let hasToken):
            return min(reply.until, since + (hasToken ? settings.times.stall : settings.times.firstToken))
        case .pausing(let until): return min(reply.until, until)
        case .acting: return reply.until
        }
    }

    // MARK: Asked

    private mutating func ask(_ request: AgentRequest, at now: CallTime) {
        if let reply { cancel(reply.generation, at: now) }
        memory.hear(request.heard, wasCut: request.wasCut)
        reply = Reply(
            generation: request.generation, turn: request.turn, cause: request.cause, until: now + settings.times.turn,
            askedAt: now, model: firstModel)
        if request.cause == .nudged, !isUntold { return finishReply() }
        memory.begin(request.generation, ChatPrompt.text(of: request.cause))
        switch request.cause {
        case .opening:
            if let greeting = settings.greeting { return sayWhole(greeting) }
        case .said(let text):
            if let question = HonestAnswer(text) {
                if !question.isPartOfMore { return sayWhole(settings.honestAnswer) }
                say(settings.honestAnswer)
                reply?.goesOn = true
            }
        case .keyed, .silence, .nudged: break
        }
        send(at: now)
    }

    private mutating func sayWhole(_ text: String) {
        say(text)
        finishReply()
    }

    private mutating func cancel(_ generation: Generation, at now: CallTime) {
        guard let reply, reply.generation == generation else { return }
        if case .streaming(let id, let since, let hasToken) = reply.stage {
            effects.append(.stop(id))
            if !hasToken, now - since >= settings.times.slow { passOver(reply.model) }
        }
        if let tool = reply.openTool { reject(tool, "interrupted") }
        self.reply = nil
    }

    /// A model let the caller wait in vain: what the caller says next is asked of another one.
    private mutating func passOver(_ model: Int) {
        effects.append(news(.stalled, ChatFault.stalled.text))
        effects.append(.fared(model: model, .failed(ChatFault.stalled.text, isStall: true)))
        firstModel = (model + 1) % settings.models.count
        if firstModel != model { effects.append(news(.switched, settings.models[firstModel])) }
    }

    // MARK: Out

    /// Asks the reply's model for its next answer.
    mutating func send(at now: CallTime) {
        guard var reply else { return }
        lastRequest += 1
        reply.spoken = SpokenText(language: settings.language)
        reply.splitter = ClauseSplitter()
        reply.hasStreamed = false
        reply.openTool = nil
        reply.offersTools = reply.mayUseTools && book.admits(reply.turn)
        reply.stage = .streaming(lastRequest, since: now, hasToken: false)
        self.reply = reply
        isUntold = false
        var messages = memory.messages
        if reply.goesOn { messages.append(.user(ChatPrompt.goOn)) }
        effects.append(
            .send(
                ChatRequest(
                    id: lastRequest, model: reply.model, messages: messages, mayUseTools: reply.offersTools)))
    }

    /// Hands words out.
    ///
    /// - Parameter isOnce: what was said before in this reply is not said again.
    mutating func say(_ clause: String, isOnce: Bool = false) {
        guard var reply else { return }
        let words = Words(clause).phrase
        if isOnce || reply.goesOn, reply.said.contains(words) { return }
        if reply.hasStreamed { reply.goesOn = false }
        reply.said.append(words)
        self.reply = reply
        memory.say(clause)
        // The line's end has the call take it as the clause that it is.
        effects.append(.reply(reply.generation, .text(clause + "\n")))
    }

    mutating func finishReply() {
        if let farewell = reply?.farewell, reply?.said.isEmpty == true { say(ChatPrompt.words(of: farewell)) }
        guard let reply else { return }
        self.reply = nil
        if let farewell = reply.farewell { effects.append(.reply(reply.generation, farewell)) }
        effects.append(.reply(reply.generation, .done))
    }

    /// There is no way on: what was said is what there is.
    mutating func giveUp() {
        guard let reply else { return }
        if reply.farewell != nil || !reply.said.isEmpty { return finishReply() }
        firstModel = 0
        self.reply = nil
        effects.append(.reply(reply.generation, .failed))
    }

    func news(_ kind: EngineNews.Kind, _ detail: String) -> Effect {
        .news(EngineNews(.agent, settings.models[reply?.model ?? 0], kind, detail: detail))
    }

    // MARK: What became of things

    private mutating func finish(
        _ invocation: ActionInvocation, _ outcome: ActionResult.Outcome, at now: CallTime
    ) {
        let result = ToolResult.text(outcome)
        guard let calls = book.settle(invocation, result) else {
            // It was under way when its request was taken back.
            guard book.settleRetracted(invocation) else { return }
            memory.note(ChatPrompt.text(of: invocation.request.name, result))
            return tellLater()
        }
        for call in calls { memory.settle(call, result) }
        if let reply, reply.stage == .acting, book.deeds.contains(where: { $0.turn == reply.turn && $0.calls == calls })
        {
            goOn(at: now)
        } else {
            tellLater()
        }
    }

    private mutating func take(_ news: TextNews) {
        guard news.isOnItsWay == false, undelivered.insert(news.message).inserted else { return }
        memory.note(ChatPrompt.notDelivered)
        tellLater()
    }

    private mutating func tellLater() {
        isUntold = true
        effects.append(.nudge)
    }
}
