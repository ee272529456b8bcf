import ParleyCore
import ParleySpeech
import Synchronization

/// One call's agent and voice with `PreemptiveReply` in front of them.
///
/// The lock is never held while something is told, so that whoever is told may call back; whoever finds nobody handing out
/// does it, everybody else only adds to the queue.
public final class PreemptiveSession: AgentSession {
    private struct State {
        var machine = PreemptiveReply()
        var queue: [PreemptiveReply.Effect] = []
        var isHandingOut = false
        var agent: (any AgentSession)?
        var voice: (any SynthesizerSession)?
    }
    private let state = Mutex(State())
    private let reply: @Sendable (Generation, ReplyPart) -> Void
    private let speech: @Sendable (SpeechAnswer) -> Void

    /// - Parameters:
    ///   - reply: takes the agent's parts.
    ///   - speech: takes the voice's answers.
    public init(
        reply: @escaping @Sendable (Generation, ReplyPart) -> Void,
        speech: @escaping @Sendable (SpeechAnswer) -> Void
    ) {
        self.reply = reply
        self.speech = speech
    }

    /// Before anything is asked.
    public func use(agent: any AgentSession) { state.withLock { $0.agent = agent } }
    public func use(voice: any SynthesizerSession) { state.withLock { $0.voice = voice } }

    // MARK: From the agent and the voice

    public func replied(_ generation: Generation, _ part: ReplyPart) { handOut { $0.replied(generation, part) } }
    public func spoke(_ answer: SpeechAnswer) { handOut { $0.spoke(answer) } }

    // MARK: From the call

    public func paused(_ turn: TurnID, at now: CallTime) { state.withLock { $0.machine.paused(turn, at: now) } }
    public func words(_ turn: TurnID, _ text: String, at now: CallTime) { handOut { $0.words(turn, text, at: now) } }

    public func ask(_ request: AgentRequest) { handOut { $0.ask(request) } }
    public func cancel(_ generation: Generation) { handOut { $0.cancelReply(generation) } }
    public func retract(_ generation: Generation) { handOut { $0.retractReply(generation) } }
    public func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {
        handOut { $0.finished(invocation, outcome) }
    }
    public func heard(_ news: TextNews) { state.withLock { $0.agent }?.heard(news) }
    public func noted(_ note: CallNote) {
        state.withLock { state in
            state.machine.noted(note)
            return state.agent
        }?.noted(note)
    }
    public func ended(_ reason: EndReason) { state.withLock { $0.agent }?.ended(reason) }
    public func attend(_ line: AgentLine) { state.withLock { $0.agent }?.attend(line) }

    /// What the call speaks through.
    public var voice: any SynthesizerSession { Voice(session: self) }

    private struct Voice: SynthesizerSession {
        let session: PreemptiveSession

        func speak(_ text: String, generation: Generation, clause: Int) {
            session.handOut { $0.speak(text, generation, clause: clause) }
        }
        func cancel(_ generation: Generation) { session.handOut { $0.cancelSpeech(generation) } }
        func close() { session.state.withLock { $0.voice }?.close() }
    }

    private func handOut(_ change: (inout PreemptiveReply) -> [PreemptiveReply.Effect]) {
        let isMine = state.withLock { state in
            state.queue += change(&state.machine)
            if state.isHandingOut { return false }
            state.isHandingOut = true
            return true
        }
        guard isMine else { return }
        while let (effect, agent, voice) = next() { tell(effect, agent, voice) }
    }

    private func next() -> (PreemptiveReply.Effect, (any AgentSession)?, (any SynthesizerSession)?)? {
        state.withLock { state in
            if state.queue.isEmpty {
                state.isHandingOut = false
                return nil
            }
            return (state.queue.removeFirst(), state.agent, state.voice)
        }
    }

    private func tell(
        _ effect: PreemptiveReply.Effect, _ agent: (any AgentSession)?, _ voice: (any SynthesizerSession)?
    ) {
        switch effect {
        case .ask(let request): agent?.ask(request)
        case .cancelReply(let generation): agent?.cancel(generation)
        case .retractReply(let generation): agent?.retract(generation)
        case .finished(let invocation, let outcome): agent?.finished(invocation, outcome)
        case .reply(let generation, let part): reply(generation, part)
        case .speak(let text, let generation, let clause): voice?.speak(text, generation: generation, clause: clause)
        case .cancelSpeech(let generation): voice?.cancel(generation)
        case .speech(let answer): speech(answer)
        }
    }
}
