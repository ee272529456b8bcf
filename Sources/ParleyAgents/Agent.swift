import ParleyCore

/// What decides the reply: one for the process, a session for each call.
public protocol Agent: Sendable {
    /// As in the configuration, logs and metrics.
    var name: String { get }
    /// It wants to know what was said and texted before (`CallFacts.thread`).
    var usesThreads: Bool { get }
    /// It can be asked before the caller's turn has ended, and forgets without trace what it is asked to retract.
    var takesGuesses: Bool { get }

    /// Opens a session. `answer` is called in order, from any thread (also from within `ask`); it must not block.
    func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession
    /// The process ends: all sessions have ended, and nothing is kept open. By default there is nothing to close.
    func shutDown() async
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
    /// Something of the call's record, as it goes: what the caller seems to say, what was heard of a reply, who speaks. What
    /// was heard of a reply that was cut comes behind its `cancel`. By default nothing is made of it.
    func noted(_ note: CallNote)
    /// The call is over, and nothing more is wanted of this session. Once, last. By default nothing is made of it.
    func ended(_ reason: EndReason)
    /// Once, before anything is asked: how to get word to the call outside of a reply. By default it is let fall.
    func attend(_ line: AgentLine)
}

/// How an agent reaches its call outside of a reply. From any thread; neither blocks.
public struct AgentLine: Sendable {
    /// It has something to say that nobody asked for: `AgentRequest.Cause.nudged` will come when nobody speaks.
    public var nudge: @Sendable () -> Void
    /// How its engine fares, for the record.
    public var news: @Sendable (EngineNews) -> Void

    public init(nudge: @escaping @Sendable () -> Void, news: @escaping @Sendable (EngineNews) -> Void) {
        self.nudge = nudge
        self.news = news
    }
}

extension Agent {
    public var usesThreads: Bool { false }
    public var takesGuesses: Bool { false }
    public func shutDown() async {}
}

extension AgentSession {
    public func retract(_ generation: Generation) { cancel(generation) }
    public func heard(_ news: TextNews) {}
    public func attend(_ line: AgentLine) {}
    public func noted(_ note: CallNote) {}
    public func ended(_ reason: EndReason) {}
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
