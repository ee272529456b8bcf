import NIOCore
import NIOPosix
import ParleyCore
import ParleyNetwork
import ParleySpeech

/// One call's model. It takes the place of the call's recogniser, voice and agent; each is started once.
public final class RealtimeSession: Sendable {
    let settings: RealtimeSettings
    private let loop: any EventLoop
    private let line: NIOLoopBoundBox<RealtimeLine>

    /// Connects on the event loop that it is made on, or on one of its own.
    init(_ settings: RealtimeSettings) {
        self.settings = settings
        let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        line = NIOLoopBoundBox.makeBoxSendingValue(RealtimeLine(settings, on: loop), eventLoop: loop)
        perform { $0.start() }
    }

    public var recognizer: any SpeechRecognizer { RealtimeRecognizer(session: self) }
    public var synthesizer: any SpeechSynthesizer { RealtimeSynthesizer(session: self) }
    public var agent: any Agent { RealtimeAgent(session: self) }

    /// At once on its own event loop, which is where a call is; from elsewhere soon, in order.
    func perform(_ body: @escaping @Sendable (RealtimeLine) -> Void) {
        let line = line
        if loop.inEventLoop { body(line.value) } else { loop.execute { body(line.value) } }
    }

    func feed(_ audio: Span<Int16>) {
        guard !loop.inEventLoop else { return line.value.feed(audio) }
        let samples = audio.withUnsafeBufferPointer { Array($0) }
        perform { $0.feed(samples.span) }
    }
}

private struct RealtimeRecognizer: SpeechRecognizer {
    let session: RealtimeSession
    var name: String { session.settings.name }
    var capabilities: RecognizerCapabilities {
        RecognizerCapabilities(rates: [8_000], encodings: [.mulaw], batch: .milliseconds(40))
    }

    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        try start(sampleRate: sampleRate, answer: answer) { _ in }
    }

    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void,
        news: @escaping @Sendable (EngineNews) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        session.perform { $0.listen(sampleRate: sampleRate, answer, news) }
        return RealtimeHearing(session: session)
    }
}

private final class RealtimeHearing: RecognizerSession {
    private let session: RealtimeSession

    init(session: RealtimeSession) { self.session = session }

    func feed(_ audio: Span<Int16>) { session.feed(audio) }
    func pause(_ turn: TurnID) { session.perform { line in line.change { machine, _ in machine.pause(turn) } } }
    func finish(_ turn: TurnID) { session.perform { line in line.change { $0.finish(turn, at: $1) } } }
    func cancel(_ turn: TurnID) { session.perform { line in line.change { $0.cancel(turn, at: $1) } } }
    func close() { session.perform { $0.close() } }
}

private struct RealtimeSynthesizer: SpeechSynthesizer {
    let session: RealtimeSession
    var name: String { session.settings.name }
    var capabilities: SynthesizerCapabilities { SynthesizerCapabilities(encodings: [.mulaw]) }

    func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        try start(answer: answer) { _ in }
    }

    func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void, news: @escaping @Sendable (EngineNews) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        session.perform { $0.speak(answer, news) }
        return RealtimeVoice(session: session)
    }
}

private struct RealtimeVoice: SynthesizerSession {
    let session: RealtimeSession

    func speak(_ text: String, generation: Generation, clause: Int) {
        session.perform { line in line.change { $0.speak(text, generation, clause: clause, at: $1) } }
    }
    func cancel(_ generation: Generation) {
        session.perform { line in line.change { machine, _ in machine.cancelSpeech(generation) } }
    }
    func close() { session.perform { $0.close() } }
}

private struct RealtimeAgent: Agent {
    let session: RealtimeSession
    var name: String { session.settings.name }

    func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession {
        session.perform { $0.reply(answer) }
        return RealtimeAgentSession(session: session)
    }
}

struct RealtimeAgentSession: AgentSession {
    let session: RealtimeSession

    func ask(_ request: AgentRequest) { session.perform { line in line.change { $0.ask(request, at: $1) } } }
    func cancel(_ generation: Generation) {
        session.perform { line in line.change { $0.cancel(generation, at: $1) } }
    }
    func retract(_ generation: Generation) {
        session.perform { line in line.change { $0.retract(generation, at: $1) } }
    }
    /// What was heard of a reply: the model is to know no more of it.
    func noted(_ note: CallNote) {
        guard case .agentTurn(let turn) = note else { return }
        session.perform { line in
            line.change { $0.heard(turn.heard, of: turn.generation, wasCut: turn.wasCut, at: $1) }
        }
    }
    func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {
        session.perform { line in line.change { $0.finished(invocation, outcome, at: $1) } }
    }
    func attend(_ line: AgentLine) { session.perform { $0.attend(line.news) } }
}
