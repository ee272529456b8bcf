import ParleyCore
import Synchronization

/// An agent whose session opens when something about its caller was looked up. What it is asked before that waits, in order.
public final class LateAgent: AgentSession {
    private enum State {
        case waiting([@Sendable (any AgentSession) -> Void])
        case open(any AgentSession)
    }
    private let state = Mutex(State.waiting([]))

    public init() {}

    /// - Parameter session: opened once; a second one is let fall.
    public func open(_ session: any AgentSession) {
        while true {
            // What came meanwhile is told before anything newer.
            let told = state.withLock { state -> [@Sendable (any AgentSession) -> Void]? in
                guard case .waiting(let told) = state else { return nil }
                state = told.isEmpty ? .open(session) : .waiting([])
                return told
            }
            guard let told, !told.isEmpty else { return }
            for tell in told { tell(session) }
        }
    }

    private func tell(_ what: @escaping @Sendable (any AgentSession) -> Void) {
        let session = state.withLock { state -> (any AgentSession)? in
            switch state {
            case .open(let session): return session
            case .waiting(let told):
                state = .waiting(told + [what])
                return nil
            }
        }
        if let session { what(session) }
    }

    public func ask(_ request: AgentRequest) { tell { $0.ask(request) } }
    public func cancel(_ generation: Generation) { tell { $0.cancel(generation) } }
    public func retract(_ generation: Generation) { tell { $0.retract(generation) } }
    public func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {
        tell { $0.finished(invocation, outcome) }
    }
    public func heard(_ news: TextNews) { tell { $0.heard(news) } }
    public func attend(_ line: AgentLine) { tell { $0.attend(line) } }
    public func noted(_ note: CallNote) { tell { $0.noted(note) } }
    public func ended(_ reason: EndReason) { tell { $0.ended(reason) } }
}
