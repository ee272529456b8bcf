import NIOCore
import ParleyCore
import ParleyNetwork
import ParleySpeech

/// Runs one call's machine over a WebSocket. Confined to its event loop; decides nothing.
final class RealtimeLine: EngineConnectionUser {
    private let settings: RealtimeSettings
    private let loop: any EventLoop
    private let began = NIODeadline.now()
    private var machine: RealtimeMachine
    private var connection: EngineConnection?
    private var alarm: Scheduled<Void>?
    private var due: CallTime?
    private var resampler: Resampler?
    private var isClosed = false

    private let effects = EffectQueue<RealtimeMachine.Effect>()

    private var recognizer: (RecognizerAnswer) -> Void = { _ in }
    private var voice: (SpeechAnswer) -> Void = { _ in }
    private var agent: (Generation, ReplyPart) -> Void = { _, _ in }
    private var news: [EngineRole: (EngineNews) -> Void] = [:]

    init(_ settings: RealtimeSettings, on loop: any EventLoop) {
        self.settings = settings
        self.loop = loop
        machine = RealtimeMachine(settings)
    }

    // MARK: The three roles

    func start() { change { machine, _ in machine.connect() } }

    func listen(
        sampleRate: Int, _ answer: @escaping (RecognizerAnswer) -> Void, _ news: @escaping (EngineNews) -> Void
    ) {
        recognizer = answer
        self.news[.recognizer] = news
        resampler = sampleRate == 8_000 ? nil : Resampler(from: sampleRate, to: 8_000)
    }

    func speak(_ answer: @escaping (SpeechAnswer) -> Void, _ news: @escaping (EngineNews) -> Void) {
        voice = answer
        self.news[.voice] = news
    }

    func reply(_ answer: @escaping (Generation, ReplyPart) -> Void) { agent = answer }

    func attend(_ news: @escaping (EngineNews) -> Void) { self.news[.agent] = news }

    func feed(_ audio: Span<Int16>) {
        guard !isClosed else { return }
        var samples: [Int16] = []
        if resampler?.process(audio, appendingTo: &samples) == nil {
            machine.feed(audio)
        } else {
            machine.feed(samples.span)
        }
        perform()
    }

    func change(_ body: (inout RealtimeMachine, CallTime) -> Void) {
        guard !isClosed else { return }
        body(&machine, now)
        perform()
    }

    /// The call is over.
    func close() {
        isClosed = true
        alarm?.cancel()
        connection?.close()
        connection = nil
        (recognizer, voice, agent, news) = ({ _ in }, { _ in }, { _, _ in }, [:])
    }

    private var now: CallTime { CallTime(nanoseconds: (NIODeadline.now() - began).nanoseconds) }

    // MARK: Effects

    private func perform() {
        effects.waiting += machine.takeEffects()
        if effects.drain(perform) { setAlarm() }
    }

    private func perform(_ effect: RealtimeMachine.Effect) {
        guard !isClosed else { return }
        switch effect {
        case .connect:
            connection = EngineConnection(
                settings.target, headers: settings.headers, trust: settings.trust,
                within: .nanoseconds(settings.times.connect.nanoseconds), watch: .engine, on: loop, user: self)
        case .disconnect:
            connection?.drop()
            connection = nil
        case .send(let message): connection?.sendText(message)
        case .recognizer(let answer): recognizer(answer)
        case .reply(let generation, let part): agent(generation, part)
        case .speech(let answer): voice(answer)
        case .news(let role, let kind, let detail):
            let tell = news[role] ?? news[.recognizer]
            tell?(EngineNews(role, settings.name, kind, detail: detail))
        }
    }

    private func setAlarm() {
        let next = isClosed ? nil : machine.nextDeadline
        guard next != due else { return }
        due = next
        alarm?.cancel()
        alarm = nil
        guard let next else { return }
        alarm = loop.assumeIsolated().scheduleTask(deadline: began + .nanoseconds(next.nanoseconds)) { [weak self] in
            self?.due = nil
            self?.change { $0.pass(at: $1) }
        }
    }

    // MARK: The connection

    func opened() { change { $0.opened(at: $1) } }

    func text(_ message: UnsafeRawBufferPointer) {
        do throws(RealtimeEvent.Fault) {
            let event = try RealtimeEvent(message)
            change { $0.handle(event, at: $1) }
        } catch {
            change { $0.handleGarbage(at: $1) }
        }
    }

    func binary(_ message: UnsafeRawBufferPointer) { change { $0.handleGarbage(at: $1) } }

    func closed(_ reason: String) {
        connection = nil
        change { $0.closed(reason, at: $1) }
    }
}
