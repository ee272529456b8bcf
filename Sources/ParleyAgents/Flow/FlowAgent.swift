import ParleyCore
import Synchronization

/// The embedded agent: a flow file decides.
public struct FlowAgent: Agent {
    public let name = "flow"
    public let usesThreads = true
    public let flow: Flow

    public init(_ flow: Flow) { self.flow = flow }

    public func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession {
        FlowSession(FlowMachine(flow: flow, call: call), answer)
    }
}

/// Keeps one call's machine, and hands out its parts in order.
///
/// The lock is never held while a part is handed out, so that `answer` may call back; whoever finds the queue empty
/// hands out, everybody else only adds to it. The queue holds one reply's parts: a few, then it is drained.
final class FlowSession: AgentSession {
    private struct State {
        var machine: FlowMachine
        /// The machine as it was before the newest request, while that can be taken back.
        var before: (request: Generation, machine: FlowMachine)?
        var queue: [(Generation, ReplyPart)] = []
        var isHandingOut = false
    }
    private let state: Mutex<State>
    private let answer: @Sendable (Generation, ReplyPart) -> Void

    init(_ machine: FlowMachine, _ answer: @escaping @Sendable (Generation, ReplyPart) -> Void) {
        state = Mutex(State(machine: machine))
        self.answer = answer
    }

    func ask(_ request: AgentRequest) {
        handOut { state in
            state.before = (request.generation, state.machine)
            let parts = state.machine.handle(request)
            // What an action does is not undone, nor what waits for it.
            if state.machine.isActing { state.before = nil }
            state.queue += parts.map { (request.generation, $0) }
        }
    }

    func cancel(_ generation: Generation) { forget(generation, isRetracted: false) }

    func retract(_ generation: Generation) { forget(generation, isRetracted: true) }

    private func forget(_ generation: Generation, isRetracted: Bool) {
        state.withLock { state in
            if isRetracted, let before = state.before, before.request == generation {
                state.machine = before.machine
            } else {
                state.machine.cancel(generation)
            }
            // Actions already asked for go on, and what is settled stays settled; the words are not wanted.
            state.queue.removeAll { entry in
                switch entry.1 {
                case .action, .set: false
                default: entry.0 == generation
                }
            }
        }
    }

    func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {
        handOut { state in
            state.before = nil
            guard let (generation, parts) = state.machine.finished(invocation, outcome) else { return }
            state.queue += parts.map { (generation, $0) }
        }
    }

    func heard(_ news: TextNews) {
        state.withLock { state in
            state.machine.heard(news)
            state.before?.machine.heard(news)
        }
    }

    private func handOut(_ change: (inout State) -> Void) {
        let isMine = state.withLock { state in
            change(&state)
            if state.isHandingOut { return false }
            state.isHandingOut = true
            return true
        }
        guard isMine else { return }
        while let (generation, part) = next() { answer(generation, part) }
    }

    private func next() -> (Generation, ReplyPart)? {
        state.withLock { state in
            if state.queue.isEmpty {
                state.isHandingOut = false
                return nil
            }
            return state.queue.removeFirst()
        }
    }
}
