import ParleyCore
import Synchronization

/// Runs something later. Live it is a timer; in a test, whatever the test says; `at once` by default.
public typealias ScriptedDelay = @Sendable (_ delay: CallTime, _ body: @escaping @Sendable () -> Void) -> Void

/// A recogniser that hears what it was told to hear: the n-th turn of a call gets the n-th line.
///
/// For fixtures whose outcome must not depend on a model, and for tests. A turn counts when it was finished, or when it was given up
/// after a pause. Turns beyond the last line are silent (an empty final).
public struct ScriptedRecognizer: SpeechRecognizer {
    public struct Line: Sendable {
        /// Said at `pause` and by `finish`; empty: the turn held no words.
        public var text: String
        /// From `finish` to the final.
        public var delay: CallTime
        /// True: the engine fails this turn.
        public var fails: Bool

        public init(_ text: String, delay: CallTime = .zero, fails: Bool = false) {
            self.text = text
            self.delay = delay
            self.fails = fails
        }
    }

    public let name = "scripted"
    private let lines: [Line]
    private let schedule: ScriptedDelay

    /// - Parameter schedule: realises delays above zero; must run bodies in the order of their times.
    public init(_ lines: [Line], schedule: @escaping ScriptedDelay = { _, body in body() }) {
        self.lines = lines
        self.schedule = schedule
    }

    public func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        ScriptedRecognizerSession(lines: lines, schedule: schedule, answer: answer)
    }
}

/// A recogniser that hears "yes", at once, whatever was said: for load tests.
public struct InstantRecognizer: SpeechRecognizer {
    public let name = "instant"

    public init() {}

    public func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        InstantRecognizerSession(line: AnswerLine(answer))
    }
}

private final class ScriptedRecognizerSession: RecognizerSession {
    private struct State {
        /// Turns that had their line: the next one gets the line of this index.
        var turn = 0
        /// The turn that paused last, and has been told its line.
        var paused: TurnID?
        /// Turns whose final is not wanted any more, or was given.
        var settled: Set<TurnID> = []
    }

    private let lines: [ScriptedRecognizer.Line]
    private let schedule: ScriptedDelay
    private let line: AnswerLine<RecognizerAnswer>
    private let state = Mutex(State())

    init(
        lines: [ScriptedRecognizer.Line], schedule: @escaping ScriptedDelay,
        answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) {
        self.lines = lines
        self.schedule = schedule
        line = AnswerLine(answer)
    }

    func feed(_ audio: Span<Int16>) {}

    func pause(_ turn: TurnID) {
        let next = state.withLock { state in
            state.paused = turn
            return lines.indices.contains(state.turn) ? lines[state.turn] : nil
        }
        guard let next else { return }
        if !next.text.isEmpty && !next.fails { line.send(.partial(turn, next.text)) }
    }

    func finish(_ turn: TurnID) {
        let script = state.withLock { state in
            defer { state.turn += 1 }
            state.paused = nil
            return lines.indices.contains(state.turn) ? lines[state.turn] : ScriptedRecognizer.Line("")
        }
        let answer = { @Sendable [self] in
            guard state.withLock({ $0.settled.insert(turn).inserted }) else { return }
            line.send(script.fails ? .failed(turn) : .final(turn, script.text))
        }
        if script.delay > .zero { schedule(script.delay, answer) } else { answer() }
    }

    func cancel(_ turn: TurnID) {
        state.withLock { state in
            state.settled.insert(turn)
            guard state.paused == turn else { return }
            state.paused = nil
            state.turn += 1
        }
    }

    func close() { line.close() }
}

private final class InstantRecognizerSession: RecognizerSession {
    private let line: AnswerLine<RecognizerAnswer>

    init(line: AnswerLine<RecognizerAnswer>) { self.line = line }

    func feed(_ audio: Span<Int16>) {}
    func pause(_ turn: TurnID) {}
    func finish(_ turn: TurnID) { line.send(.final(turn, "yes")) }
    func cancel(_ turn: TurnID) {}
    func close() { line.close() }
}
