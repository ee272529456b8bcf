#if LocalSpeech
import ParleyCore
import ParleySpeech
import Synchronization

/// A voice that speaks one clause on the thread it is called on.
protocol ClauseVoice: Sendable {
    var name: String { get }
    /// - Parameter receive: takes each chunk; `false` means that nobody listens any more.
    func speak(_ text: String, receive: (SpeechChunk) -> Bool) throws(EngineError)
}

/// One call's embedded synthesiser: clauses in order, on the engines' threads.
final class ClauseSession: SynthesizerSession {
    /// UTF-8 units. The call cuts clauses at some 220 characters; more than this is a fault.
    private static let longestClause = 4_000

    private struct State {
        /// The newest generation that was spoken, whose first clause is awaited by a silent caller.
        var newest = Generation(0)
        /// This one and all before it are unwanted.
        var cancelled = Generation(0)
        var isClosed = false
    }

    private let voice: any ClauseVoice
    private let memory: SpokenBefore
    /// Among those that share the memory.
    private let id: UInt64
    private let lane: EngineLane
    private let line: AnswerLine<SpeechAnswer>
    private let state = Mutex(State())

    /// - Parameters:
    ///   - memory: of this voice, shared by its calls.
    ///   - beside: where what comes from memory is made the leg's sound.
    init(
        voice: any ClauseVoice, memory: SpokenBefore, threads: EngineThreads, beside: EngineLane.Beside? = nil,
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) {
        self.voice = voice
        self.memory = memory
        id = memory.makeID()
        lane = beside.map { EngineLane(threads: threads, beside: $0) } ?? EngineLane(threads: threads)
        line = AnswerLine(answer)
    }

    func speak(_ text: String, generation: Generation, clause: Int) {
        let priority: EngineThreads.Priority? = state.withLock { state in
            guard !state.isClosed, generation > state.cancelled else { return nil }
            defer { state.newest = generation }
            return generation > state.newest ? .firstClause : .clause
        }
        guard let priority else { return }
        guard text.utf8.count <= Self.longestClause else {
            return fail(
                generation, clause, "a clause of \(text.utf8.count) bytes is too long; at most \(Self.longestClause)")
        }
        // Not past a clause that is still to come.
        if let chunks = memory.chunks(of: text), lane.runBeside({ [self] in send(chunks, generation, clause) }) {
            return
        }
        let isAccepted = lane.enqueue(priority, tag: Int(generation.number)) { [self] in
            run(text, generation, clause)
        }
        if !isAccepted { fail(generation, clause, "too many clauses wait to be spoken; fewer calls, or more cores") }
    }

    func cancel(_ generation: Generation) {
        state.withLock { $0.cancelled = max($0.cancelled, generation) }
        _ = lane.remove { $0 <= Int(generation.number) }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        line.close()
        _ = lane.remove { _ in true }
    }

    private func isWanted(_ generation: Generation) -> Bool {
        state.withLock { !$0.isClosed && generation > $0.cancelled }
    }

    private func run(_ text: String, _ generation: Generation, _ clause: Int) {
        guard isWanted(generation) else { return }
        if let chunks = memory.chunks(of: text) { return send(chunks, generation, clause) }
        do {
            var spoken: [SpeechChunk] = []
            try voice.speak(text) { chunk in
                guard isWanted(generation) else { return false }
                spoken.append(chunk)
                line.send(.chunk(generation, clause: clause, chunk))
                return true
            }
            guard isWanted(generation) else { return }
            memory.add(text, spoken, by: id)
            line.send(.done(generation, clause: clause))
        } catch {
            if isWanted(generation) { line.send(.failed(generation, clause: clause, error)) }
        }
    }

    private func send(_ chunks: [SpeechChunk], _ generation: Generation, _ clause: Int) {
        guard isWanted(generation) else { return }
        for chunk in chunks { line.send(.chunk(generation, clause: clause, chunk)) }
        line.send(.done(generation, clause: clause))
    }

    private func fail(_ generation: Generation, _ clause: Int, _ message: String) {
        line.send(
            .failed(generation, clause: clause, EngineError(engine: voice.name, message: message, isRetryable: true)))
    }
}
#endif
