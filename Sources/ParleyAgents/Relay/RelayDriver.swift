import NIOCore
import ParleyCore
import ParleyNetwork

/// Carries out what a `RelayMachine` wants: the application's socket, its alarm, and what goes to the call. Decides nothing.
///
/// Confined to the call's event loop.
final class RelayDriver {
    private var machine: RelayMachine
    private let callback: RelayCallback?
    private let loop: any EventLoop
    private let answer: @Sendable (Generation, ReplyPart) -> Void
    private let began = NIODeadline.now()
    var line: AgentLine?

    private var connection: EngineConnection?
    private var link: Link?
    private var alarm: Scheduled<Void>?
    private var alarmAt: CallTime?
    private let events = EffectQueue<RelayMachine.Event>()

    init(
        _ machine: RelayMachine, _ callback: RelayCallback?, on loop: any EventLoop,
        _ answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) {
        self.machine = machine
        self.callback = callback
        self.loop = loop
        self.answer = answer
    }

    private var now: CallTime { CallTime(nanoseconds: (NIODeadline.now() - began).nanoseconds) }

    func handle(_ event: RelayMachine.Event) {
        events.waiting.append(event)
        let isDone = events.drain { event in
            for effect in machine.handle(event, at: now) { perform(effect) }
        }
        if isDone { setAlarm() }
    }

    private func setAlarm() {
        let due = machine.nextDeadline
        guard due != alarmAt else { return }
        alarm?.cancel()
        alarmAt = due
        alarm = due.map { due in
            loop.assumeIsolated().scheduleTask(deadline: began + .nanoseconds(due.nanoseconds)) { [self] in
                alarmAt = nil
                handle(.deadline)
            }
        }
    }

    private func perform(_ effect: RelayMachine.Effect) {
        switch effect {
        case .connect: connect()
        case .send(let notice): connection?.sendText(notice.json)
        case .ping: connection?.ping()
        case .close(let code, let reason):
            link?.driver = nil
            connection?.close(code: code, reason: reason)
            (connection, link) = (nil, nil)
        case .answer(let generation, let part): answer(generation, part)
        case .nudge: line?.nudge()
        case .news(let kind, let detail): tell(kind, detail)
        case .report(let ending): report(ending)
        }
    }

    private func connect() {
        let settings = machine.settings
        let link = Link(self)
        self.link = link
        let headers = settings.key.map { [(RelaySignature.header, RelaySignature.make(settings.url, key: $0))] } ?? []
        connection = EngineConnection(
            settings.address, headers: headers.map { (name: $0.0, value: $0.1) }, trust: settings.trust,
            within: .nanoseconds(settings.connectTime.nanoseconds), maxMessageBytes: RelayMessage.longest, on: loop,
            user: link)
    }

    private func tell(_ kind: EngineNews.Kind, _ detail: String) {
        line?.news(EngineNews(.agent, machine.settings.name, kind, detail: detail))
    }

    private func report(_ ending: RelayEnding) {
        let (ids, facts) = (machine.ids, machine.facts)
        callback?.post(
            ending.form(account: ids.account, call: ids.call, from: facts.from, to: facts.to), on: loop
        ) { [self] problem in
            tell(.failed, "the callback: \(problem)")
        }
    }

    /// One connection's ears: what comes after it was let go is not heard.
    private final class Link: EngineConnectionUser {
        weak var driver: RelayDriver?

        init(_ driver: RelayDriver) { self.driver = driver }

        func opened() { driver?.handle(.opened) }
        func text(_ message: UnsafeRawBufferPointer) { driver?.handle(.received(Array(message))) }
        func binary(_ message: UnsafeRawBufferPointer) { driver?.handle(.receivedBinary) }
        func closed(_ reason: String) { driver?.handle(.lost(reason)) }
    }
}
