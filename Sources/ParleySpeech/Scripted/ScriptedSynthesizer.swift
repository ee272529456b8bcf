import ParleyCore
import Synchronization

/// A synthesiser whose speech is tones of a known length: so many milliseconds for each character of the text.
///
/// For tests: the audio of a clause is a function of its text, and delays are the test's own.
public struct ScriptedSynthesizer: SpeechSynthesizer {
    public struct Behaviour: Sendable {
        /// From `speak` to the first chunk.
        public var delay = CallTime.zero
        public var millisecondsPerCharacter = 60
        /// Length of a chunk; 0: a clause is one chunk.
        public var chunkMilliseconds = 0
        /// The n-th clause of a session, from 0, that fails; `nil`: none does.
        public var failsAt: Int?

        public init() {}
    }

    public let name = "scripted"
    private let behaviour: Behaviour
    private let schedule: ScriptedDelay

    public init(_ behaviour: Behaviour = Behaviour(), schedule: @escaping ScriptedDelay = { _, body in body() }) {
        self.behaviour = behaviour
        self.schedule = schedule
    }

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        ScriptedSynthesizerSession(behaviour: behaviour, schedule: schedule, answer: answer)
    }
}

/// A synthesiser that answers every clause at once with the same four seconds of sound: for load tests. The samples are made once
/// and shared by all clauses of all calls.
public struct InstantSynthesizer: SpeechSynthesizer {
    public let name = "instant"

    public init() {}

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        InstantSynthesizerSession(line: AnswerLine(answer))
    }

    /// Four seconds at 8 kHz, loud enough to be taken for speech.
    public static let samples: [Int16] = ToneSpeech.samples(milliseconds: 4_000, sampleRate: 8_000)
}

private final class ScriptedSynthesizerSession: SynthesizerSession {
    private struct State {
        var clauses = 0
        var cancelled = Generation(0)
    }

    private let behaviour: ScriptedSynthesizer.Behaviour
    private let schedule: ScriptedDelay
    private let line: AnswerLine<SpeechAnswer>
    private let state = Mutex(State())

    init(
        behaviour: ScriptedSynthesizer.Behaviour, schedule: @escaping ScriptedDelay,
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) {
        self.behaviour = behaviour
        self.schedule = schedule
        line = AnswerLine(answer)
    }

    func speak(_ text: String, generation: Generation, clause: Int) {
        let number = state.withLock { state in
            defer { state.clauses += 1 }
            return state.clauses
        }
        let answer = { @Sendable [self] in
            guard state.withLock({ generation > $0.cancelled }) else { return }
            if number == behaviour.failsAt {
                line.post(.failed(generation, clause: clause, EngineError(engine: "scripted", message: "as scripted")))
            } else {
                for chunk in chunks(of: text) { line.post(.chunk(generation, clause: clause, chunk)) }
                line.post(.done(generation, clause: clause))
            }
            line.deliver()
        }
        if behaviour.delay > .zero { schedule(behaviour.delay, answer) } else { answer() }
    }

    func cancel(_ generation: Generation) {
        state.withLock { $0.cancelled = max($0.cancelled, generation) }
    }

    func close() { line.close() }

    private func chunks(of text: String) -> [SpeechChunk] {
        let length = text.count * behaviour.millisecondsPerCharacter
        let samples = ToneSpeech.samples(milliseconds: length, sampleRate: 8_000)
        let words = ToneSpeech.wordEnds(of: text, millisecondsPerCharacter: behaviour.millisecondsPerCharacter)
        let size = behaviour.chunkMilliseconds > 0 ? behaviour.chunkMilliseconds * 8 : max(1, samples.count)
        return stride(from: 0, to: samples.count, by: size).map { start in
            let part = Array(samples[start..<min(samples.count, start + size)])
            return SpeechChunk(samples: part, sampleRate: 8_000, words: start == 0 ? words : [])
        }
    }
}

private final class InstantSynthesizerSession: SynthesizerSession {
    private let line: AnswerLine<SpeechAnswer>

    init(line: AnswerLine<SpeechAnswer>) { self.line = line }

    func speak(_ text: String, generation: Generation, clause: Int) {
        line.post(.chunk(generation, clause: clause, Self.chunk))
        line.post(.done(generation, clause: clause))
        line.deliver()
    }

    func cancel(_ generation: Generation) {}
    func close() { line.close() }

    private static let chunk = SpeechChunk(samples: InstantSynthesizer.samples, sampleRate: 8_000)
}
