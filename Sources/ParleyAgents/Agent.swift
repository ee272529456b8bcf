import ParleyCore

/// What decides the reply: one for the process, a session for each call.
public protocol Agent: Sendable {
    /// As in the configuration, logs and metrics.
    var name: String { get }
    /// It wants to know what was said and texted before (`CallFacts.thread`).
    var usesThreads: Bool { get }

    /// Opens a session. `answer` is called in order, from any thread (also from within `ask`); it must not block.
    func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession
}

/// One call's agent. No method waits; all may be called from an event loop.
public protocol AgentSession: Sendable {
    /// Answer this, in parts that carry the request's generation, ending with `done` or `failed`.
    func ask(_ request: AgentRequest)
    /// The caller took the floor: no more parts of this reply are wanted. Actions already asked for go on.
    func cancel(_ generation: Generation)
    /// The caller spoke on before any of this reply was heard: as if it had not been asked for. What it answered comes
    /// again, with what was added. By default the same as `cancel`.
    func retract(_ generation: Generation)
    /// What became of an action this agent asked for; a reply that waited for it goes on.
    func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome)
    /// How a text goes on that this agent's action took on: it was handed over, or could not be. By default nothing is
    /// made of it.
    func heard(_ news: TextNews)
}

extension Agent {
    public var usesThreads: Bool { false }
}

extension AgentSession {
    public func retract(_ generation: Generation) { cancel(generation) }
    public func heard(_ news: TextNews) {}
}

/// What is known of a call when it begins.
public struct CallFacts: Sendable {
    /// Our own id of the call (a ULID).
    public var callID: String
    /// E.164 where the provider gave it; empty where it did not.
    public var from: String
    public var to: String
    /// What the provider passed on (Twilio: `<Parameter>`).
    public var parameters: [String: String]
    /// Wall-clock time of the call's beginning, seconds since 1970-01-01 UTC.
    public var wallClock: Double
    /// What was said and texted before; `nil` where threads are not kept.
    public var thread: ThreadContext?

    public init(
        callID: String, from: String, to: String, parameters: [String: String], wallClock: Double,
        thread: ThreadContext? = nil
    ) {
        self.callID = callID
        self.from = from
        self.to = to
        self.parameters = parameters
        self.wallClock = wallClock
        self.thread = thread
    }
}
