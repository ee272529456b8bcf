import ParleyCore

/// Turns text into speech: one for the process, a session for each call.
public protocol SpeechSynthesizer: Sendable {
    /// As in the configuration, logs and metrics.
    var name: String { get }
    var capabilities: SynthesizerCapabilities { get }

    /// Opens a session. `answer` is called in order, from any thread; it must not block.
    func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession

    /// The same for whoever keeps a record of how the engines fare. By default nothing is told.
    ///
    /// - Parameter news: called as `answer` is.
    func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void, news: @escaping @Sendable (EngineNews) -> Void
    ) throws(EngineError) -> any SynthesizerSession
}

extension SpeechSynthesizer {
    public var capabilities: SynthesizerCapabilities { SynthesizerCapabilities() }

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void, news: @escaping @Sendable (EngineNews) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        try start(answer: answer)
    }
}

/// One call's synthesiser. No method waits; all may be called from an event loop.
public protocol SynthesizerSession: Sendable {
    /// Speak one clause. Answers for a session's clauses come in the order of these calls.
    func speak(_ text: String, generation: Generation, clause: Int)
    /// Nobody will hear this generation: stop as soon as can be. Answers still under way are dropped by the call.
    func cancel(_ generation: Generation)
    /// The call is over.
    func close()
}

/// What a synthesiser session says of one clause: chunks, then `done`; or `failed`.
public enum SpeechAnswer: Sendable {
    case chunk(Generation, clause: Int, SpeechChunk)
    case done(Generation, clause: Int)
    case failed(Generation, clause: Int, EngineError)
}
