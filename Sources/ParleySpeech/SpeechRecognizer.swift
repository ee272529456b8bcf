import ParleyCore

/// Turns callers' audio into text: one for the process, a session for each call.
public protocol SpeechRecognizer: Sendable {
    /// As in the configuration, logs and metrics.
    var name: String { get }
    var capabilities: RecognizerCapabilities { get }

    /// Opens a session.
    ///
    /// - Parameters:
    ///   - sampleRate: of all audio to come, 8 000 or 16 000.
    ///   - answer: called in order, from any thread; must not block.
    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession

    /// The same for whoever keeps a record of how the engines fare. By default nothing is told.
    ///
    /// - Parameter news: called as `answer` is.
    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void,
        news: @escaping @Sendable (EngineNews) -> Void
    ) throws(EngineError) -> any RecognizerSession
}

extension SpeechRecognizer {
    public var capabilities: RecognizerCapabilities { RecognizerCapabilities() }

    public func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void,
        news: @escaping @Sendable (EngineNews) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        try start(sampleRate: sampleRate, answer: answer)
    }
}

/// One call's recogniser, fed for every frame of a turn. No method waits; all may be called from an event loop.
public protocol RecognizerSession: AnyObject, Sendable {
    /// The next 20 ms of the caller's turn: mono, 16-bit, in order. Copied.
    func feed(_ audio: Span<Int16>)
    /// The caller may have finished: decode what is there, so that the final is ready if the turn ends now.
    func pause(_ turn: TurnID)
    /// The turn is over. Exactly one `final` or `failed` follows; what is fed next belongs to the next turn.
    func finish(_ turn: TurnID)
    /// Nobody wants this turn's words; its audio is dropped.
    func cancel(_ turn: TurnID)
    /// The call is over. No answer comes after this returns and the engine's current work is done.
    func close()
}
