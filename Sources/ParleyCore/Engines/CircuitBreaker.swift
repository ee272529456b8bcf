/// Keeps callers from an engine that is down: one for each engine of a process, whatever the number of its calls.
///
/// Closed until so many faults fell within a window; then open, and nobody is let to the engine, until its rest is over; then
/// half open: one user finds out for all. A probe of which nothing is heard counts as lost, and the next user is the next probe.
public struct CircuitBreaker: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        case closed
        case open(until: CallTime)
        /// A probe is under way; counts as lost at `until`.
        case halfOpen(until: CallTime)
    }
    public private(set) var state = State.closed
    /// When it failed while closed, oldest first: fewer than `opensAfter`.
    private var faults: [CallTime] = []

    public let opensAfter: Int
    public let window: CallTime
    public let rest: CallTime
    public let probe: CallTime

    /// - Parameters:
    ///   - opensAfter: so many faults...
    ///   - window: ...of which the first is at most so old.
    ///   - rest: how long it stays open.
    ///   - probe: how long a probe may be without an outcome.
    public init(
        opensAfter: Int = 5, window: CallTime = .seconds(30), rest: CallTime = .seconds(10),
        probe: CallTime = .seconds(10)
    ) {
        self.opensAfter = max(opensAfter, 1)
        self.window = window
        self.rest = rest
        self.probe = probe
    }

    /// Whether the engine may be used now. Where it is half open, who is let is the probe, and owes an outcome.
    public mutating func permits(at now: CallTime) -> Bool {
        switch state {
        case .closed: return true
        case .open(let until), .halfOpen(let until):
            guard now >= until else { return false }
            state = .halfOpen(until: now + probe)
            return true
        }
    }

    /// Somebody was served, the probe or one who had been let before: but what had begun before it opened does not end its rest.
    public mutating func succeeded() {
        guard case .halfOpen = state else { return }
        state = .closed
        faults.removeAll(keepingCapacity: true)
    }

    public mutating func failed(at now: CallTime) {
        switch state {
        case .closed:
            faults.removeAll { now - $0 > window }
            faults.append(now)
            guard faults.count >= opensAfter else { return }
            open(at: now)
        case .halfOpen: open(at: now)
        // Faults of what had begun before do not prolong its rest.
        case .open: break
        }
    }

    private mutating func open(at now: CallTime) {
        faults.removeAll(keepingCapacity: true)
        state = .open(until: now + rest)
    }
}
