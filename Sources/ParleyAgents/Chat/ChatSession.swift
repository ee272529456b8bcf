import NIOCore
import ParleyCore
import ParleyNetwork
import Synchronization

/// One call's chat: takes what it is told from any thread, in order, to its event loop.
final class ChatSession: AgentSession {
    private enum Message: Sendable {
        case event(ChatMachine.Event)
        case attend(AgentLine)
    }
    private struct Inbox {
        var messages: [Message] = []
        var isDraining = false
    }
    private let inbox = Mutex(Inbox())
    private let loop: any EventLoop
    private let desk: NIOLoopBoundBox<ChatDesk>

    init(_ desk: sending ChatDesk, on loop: any EventLoop) {
        self.loop = loop
        self.desk = NIOLoopBoundBox.makeBoxSendingValue(desk, eventLoop: loop)
    }

    func ask(_ request: AgentRequest) { post(.event(.asked(request))) }
    func cancel(_ generation: Generation) { post(.event(.cancelled(generation))) }
    func retract(_ generation: Generation) { post(.event(.retracted(generation))) }
    func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {
        post(.event(.finished(invocation, outcome)))
    }
    func heard(_ news: TextNews) { post(.event(.texted(news))) }
    func attend(_ line: AgentLine) { post(.attend(line)) }

    private func post(_ message: Message) {
        let isMine = inbox.withLock { inbox in
            inbox.messages.append(message)
            defer { inbox.isDraining = true }
            return !inbox.isDraining
        }
        guard isMine else { return }
        if loop.inEventLoop { drain() } else { loop.execute { self.drain() } }
    }

    private func drain() {
        while let message = next() {
            switch message {
            case .event(let event): desk.value.take(event)
            case .attend(let line): desk.value.attend(line)
            }
        }
    }

    private func next() -> Message? {
        inbox.withLock { inbox in
            if inbox.messages.isEmpty {
                inbox.isDraining = false
                return nil
            }
            return inbox.messages.removeFirst()
        }
    }
}

/// Carries out what one call's machine wants. Confined to its event loop.
final class ChatDesk {
    private var machine: ChatMachine
    private let agent: ChatAgent
    private let loop: any EventLoop
    private let answer: @Sendable (Generation, ReplyPart) -> Void
    private var line: AgentLine?
    /// From before anybody attended.
    private var waitingNews: [EngineNews]
    private let began = NIODeadline.now()
    private var tasks: [UInt32: HTTPStreamTask] = [:]
    private var alarm: Scheduled<Void>?
    private let events = EffectQueue<ChatMachine.Event>()

    init(
        _ machine: ChatMachine, of agent: ChatAgent, news: [EngineNews], on loop: any EventLoop,
        answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) {
        self.machine = machine
        self.agent = agent
        self.loop = loop
        self.answer = answer
        waitingNews = news
    }

    func attend(_ line: AgentLine) {
        self.line = line
        for news in waitingNews { line.news(news) }
        waitingNews = []
    }

    func take(_ event: ChatMachine.Event) {
        events.waiting.append(event)
        let isDone = events.drain { event in
            for effect in machine.handle(event, at: now) { perform(effect) }
        }
        if isDone { setAlarm() }
    }

    func fail(_ id: UInt32, _ fault: ChatFault) {
        tasks.removeValue(forKey: id)?.cancel()
        take(.failed(id, fault))
    }

    func ended(_ id: UInt32, _ usage: ChatChunk.Usage?) {
        tasks[id] = nil
        if let usage { agent.count(usage) }
    }

    private var now: CallTime { CallTime(nanoseconds: (NIODeadline.now() - began).nanoseconds) }

    private func perform(_ effect: ChatMachine.Effect) {
        switch effect {
        case .send(let request): send(request)
        case .stop(let id): tasks.removeValue(forKey: id)?.cancel()
        case .reply(let generation, let part): answer(generation, part)
        case .news(let news):
            if news.kind == .switched { agent.models.first { $0.name == news.engine }?.health.report(.switched) }
            if let line { line.news(news) } else { waitingNews.append(news) }
        case .nudge: line?.nudge()
        case .fared(let model, let outcome): agent.models[model].health.report(outcome)
        }
    }

    private func send(_ request: ChatRequest) {
        let model = agent.models[request.model]
        guard model.health.admits() else { return events.waiting.append(.failed(request.id, .passedOver)) }
        tasks[request.id] = model.client.send(
            "POST", model.url, headers: model.headers, body: model.body(request, tools: agent.tools),
            within: agent.longestRequest, on: loop, user: ChatExchange(request.id, self))
    }

    private func setAlarm() {
        alarm?.cancel()
        alarm = nil
        guard let due = machine.nextDeadline else { return }
        alarm = loop.assumeIsolated().scheduleTask(deadline: began + .nanoseconds(due.nanoseconds)) {
            self.take(.deadline)
        }
    }
}
