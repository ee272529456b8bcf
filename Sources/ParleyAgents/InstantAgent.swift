import ParleyCore

/// Answers everything at once with one word: for load tests, where the agent must cost nothing.
public struct InstantAgent: Agent {
    public let name = "instant"

    public init() {}

    public func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession {
        Session(answer: answer)
    }

    private struct Session: AgentSession {
        let answer: @Sendable (Generation, ReplyPart) -> Void

        func ask(_ request: AgentRequest) {
            switch request.cause {
            case .said, .keyed: answer(request.generation, .text("Yes."))
            // Nobody has asked anything.
            case .opening, .silence, .nudged: break
            }
            answer(request.generation, .done)
        }
        func cancel(_ generation: Generation) {}
        func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {}
    }
}
