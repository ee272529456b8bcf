import ParleyCore

/// Turns text into speech: one for the process, a session for each call.
public protocol SpeechSynthesizer: Sendable {
    /// As in the configuration, logs and metrics.
    var name: String { get }

    /// Opens a session. `answer` is called in order, from any thread; it must not block.
    func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession
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

/// A stretch of speech as an engine makes it, of any length.
public struct SpeechChunk: Sendable {
    /// Mono, 16-bit.
    public var samples: [Int16]
    /// Samples a second: 8 000, 16 000, 22 050, 24 000 or 48 000; the same for all of a clause.
    public var sampleRate: Int
    /// Ends of words, from the clause's start: those known by now and not told before.
    public var words: [WordEnd]

    public init(samples: [Int16], sampleRate: Int, words: [WordEnd] = []) {
        self.samples = samples
        self.sampleRate = sampleRate
        self.words = words
    }
}
