import ParleyCaller
import ParleyCore
import Synchronization

/// A clock that stands still while anything is done, and then moves to whatever is due next.
///
/// What falls due at the same moment happens in the order in which it was asked for, so that a call on this clock goes the
/// same way every time. May be used from any thread.
public final class VirtualClock: Sendable {
    /// Something that happens at a moment of the call.
    enum Happening: Sendable {
        case run(@Sendable () -> Void)
        /// 20 ms of the caller reach the gateway.
        case frame([Int16])
        case event(CallEvent)
        /// 20 ms of the agent reach the caller's carrier.
        case media([Int16])
        case mark(String)
        case clear
        case note(GatewayNote)
        /// The caller learns that the stream is closed.
        case closed
    }

    private struct State {
        var now = CallTime.zero
        var agenda = EventQueue<Happening>()
    }

    private let state = Mutex(State())

    public init() {}

    public var now: CallTime { state.withLock { $0.now } }

    /// Runs `body` when so much time has passed: what scripted engines wait by.
    public func after(_ delay: CallTime, _ body: @escaping @Sendable () -> Void) { post(.run(body), after: delay) }

    func post(_ happening: Happening, after delay: CallTime = .zero) {
        state.withLock { $0.agenda.put(happening, at: $0.now + max(delay, .zero)) }
    }

    /// When something is next due.
    var next: CallTime? { state.withLock { $0.agenda.nextDue } }

    func move(to time: CallTime) { state.withLock { $0.now = max($0.now, time) } }

    /// What is due by now, the oldest first.
    func takeDue() -> Happening? {
        state.withLock { $0.agenda.take(at: $0.now) }
    }
}
