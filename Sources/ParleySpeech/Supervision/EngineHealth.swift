import ParleyCore
import Synchronization

/// How one engine of the process fares: shared by all its calls, read by the metrics and `doctor`.
public final class EngineHealth: Sendable {
    public struct Figures: Equatable, Sendable {
        /// Sessions that calls have opened.
        public var calls = 0
        /// Faults of any kind, `stalls` among them.
        public var failures = 0
        /// It gave no sign within its time.
        public var stalls = 0
        /// A fresh session of it took a broken one's place, and answered.
        public var reconnects = 0
        /// Another engine took its place.
        public var switches = 0
        /// Answers that fit nothing that was asked, and what a recogniser's protocol does not have.
        public var garbage = 0
        /// One line, without words of a caller and without secrets.
        public var lastFault: String?
        /// Of a recogniser from a turn's end to its words; of a voice from the clause to its first sound.
        public var latency = LatencyHistogram()

        public init() {}
    }

    private struct State {
        var figures = Figures()
        var breaker: CircuitBreaker
    }

    public let role: EngineRole
    /// The engine's name, as in the configuration.
    public let engine: String
    private let state: Mutex<State>

    public init(_ role: EngineRole, _ engine: String, breaker: CircuitBreaker = CircuitBreaker()) {
        self.role = role
        self.engine = engine
        state = Mutex(State(breaker: breaker))
    }

    public var figures: Figures { state.withLock { $0.figures } }
    public var breaker: CircuitBreaker.State { state.withLock { $0.breaker.state } }

    /// Whether a call may use the engine now. All times are of the process's one monotonic clock.
    public func permits(at now: CallTime) -> Bool { state.withLock { $0.breaker.permits(at: now) } }

    public func opened() { state.withLock { $0.figures.calls += 1 } }

    /// It did what it was asked.
    public func succeeded() { state.withLock { $0.breaker.succeeded() } }

    public func took(_ latency: CallTime) { state.withLock { $0.figures.latency.add(latency) } }

    /// - Parameter line: what it did or did not, without words of a caller and without secrets.
    public func failed(at now: CallTime, _ line: String, isStall: Bool) {
        state.withLock { state in
            state.breaker.failed(at: now)
            state.figures.failures += 1
            if isStall { state.figures.stalls += 1 }
            state.figures.lastFault = line
        }
    }

    public func reconnected() { state.withLock { $0.figures.reconnects += 1 } }
    public func switched() { state.withLock { $0.figures.switches += 1 } }
    public func garbled() { state.withLock { $0.figures.garbage += 1 } }
}
