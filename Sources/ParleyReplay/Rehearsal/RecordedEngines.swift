import ParleyAgents
import ParleyCore
import ParleySpeech
import Synchronization

/// Engines and an agent that answer as they were recorded: the n-th request of a kind gets the n-th answer, so long after it as
/// it took then. What was never recorded fails, as an engine does that has stalled.
final class RecordedEngines: VirtualEngines, Agent, Sendable {
    let name = "recorded"
    private let call: RecordedCall
    private let clock = Mutex<VirtualClock?>(nil)

    init(_ call: RecordedCall) { self.call = call }

    func begin(on clock: VirtualClock) throws(EngineError) -> VirtualSpeech {
        self.clock.withLock { $0 = clock }
        for opinion in call.opinions { clock.post(.event(opinion.event), after: opinion.at) }
        return VirtualSpeech(
            recognizer: RecordedRecognizer(call: call, clock: clock),
            synthesizer: RecordedSynthesizer(call: call, clock: clock))
    }

    func settle() {}
    func end() {}

    func start(
        _ facts: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession {
        guard let clock = clock.withLock({ $0 }) else { preconditionFailure("engines begin before the agent") }
        return RecordedAgentSession(replies: call.replies, clock: clock, answer: answer)
    }
}

private struct RecordedRecognizer: SpeechRecognizer {
    let name = "recorded"
    let call: RecordedCall
    let clock: VirtualClock

    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        let session = Session(finals: call.finals, clock: clock, answer: answer)
        for partial in call.partials { clock.after(partial.at) { session.tell(partial.text) } }
        return session
    }

    final class Session: RecognizerSession {
        private struct State {
            var finals: ArraySlice<RecordedCall.Delayed<String?>>
            var settled = TurnID(0)
            var hasAudio = false
        }
        private let state: Mutex<State>
        private let clock: VirtualClock
        private let answer: @Sendable (RecognizerAnswer) -> Void

        init(
            finals: [RecordedCall.Delayed<String?>], clock: VirtualClock,
            answer: @escaping @Sendable (RecognizerAnswer) -> Void
        ) {
            state = Mutex(State(finals: finals[...]))
            self.clock = clock
            self.answer = answer
        }

        /// Words so far, of whichever turn is going on.
        func tell(_ text: String) {
            let turn = state.withLock { $0.hasAudio ? TurnID($0.settled.number + 1) : nil }
            if let turn { answer(.partial(turn, text)) }
        }

        func feed(_ audio: Span<Int16>) { state.withLock { $0.hasAudio = true } }
        func pause(_ turn: TurnID) {}

        func finish(_ turn: TurnID) {
            let final = state.withLock { state in
                (state.settled, state.hasAudio) = (turn, false)
                return state.finals.popFirst()
            }
            guard let final else { return answer(.failed(turn)) }
            clock.after(final.after) { [answer] in
                answer(final.value.map { .final(turn, $0) } ?? .failed(turn))
            }
        }

        func cancel(_ turn: TurnID) {
            state.withLock { state in
                if turn > state.settled { (state.settled, state.hasAudio) = (turn, false) }
            }
        }

        func close() {}
    }
}

private struct RecordedSynthesizer: SpeechSynthesizer {
    let name = "recorded"
    let call: RecordedCall
    let clock: VirtualClock

    func start(answer: @escaping @Sendable (SpeechAnswer) -> Void) throws(EngineError) -> any SynthesizerSession {
        Session(speech: call.speech, clock: clock, answer: answer)
    }

    final class Session: SynthesizerSession {
        private let speech: Mutex<ArraySlice<[RecordedCall.Delayed<SynthesizerAnswer>]>>
        private let clock: VirtualClock
        private let answer: @Sendable (SpeechAnswer) -> Void

        init(
            speech: [[RecordedCall.Delayed<SynthesizerAnswer>]], clock: VirtualClock,
            answer: @escaping @Sendable (SpeechAnswer) -> Void
        ) {
            self.speech = Mutex(speech[...])
            self.clock = clock
            self.answer = answer
        }

        func speak(_ text: String, generation: Generation, clause: Int) {
            let missing = SpeechAnswer.failed(
                generation, clause: clause, EngineError(engine: "recorded", message: "no more speech was recorded"))
            guard let recorded = speech.withLock({ $0.popFirst() }), !recorded.isEmpty else { return answer(missing) }
            for part in recorded {
                let said: SpeechAnswer =
                    switch part.value {
                    case .audio(_, _, let audio): .chunk(generation, clause: clause, SpeechChunk(audio))
                    case .done: .done(generation, clause: clause)
                    case .failed: missing
                    }
                clock.after(part.after) { [answer] in answer(said) }
            }
        }

        func cancel(_ generation: Generation) {}
        func close() {}
    }
}

extension SpeechChunk {
    /// Recorded speech of a telephone leg, as samples.
    fileprivate init(_ audio: SpeechAudio) {
        self.init(samples: audio.payload.map { MuLaw.decode($0) }, sampleRate: 8_000, words: audio.words)
    }
}

private final class RecordedAgentSession: AgentSession {
    private let replies: Mutex<ArraySlice<[RecordedCall.Delayed<ReplyPart>]>>
    private let clock: VirtualClock
    private let answer: @Sendable (Generation, ReplyPart) -> Void

    init(
        replies: [[RecordedCall.Delayed<ReplyPart>]], clock: VirtualClock,
        answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) {
        self.replies = Mutex(replies[...])
        self.clock = clock
        self.answer = answer
    }

    func ask(_ request: AgentRequest) { next(for: request.generation) }

    func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) { next(for: invocation.generation) }

    func cancel(_ generation: Generation) {}

    private func next(for generation: Generation) {
        guard let parts = replies.withLock({ $0.popFirst() }) else { return answer(generation, .failed) }
        for part in parts {
            clock.after(part.after) { [answer] in answer(generation, part.value) }
        }
    }
}
