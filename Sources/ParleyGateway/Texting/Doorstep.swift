import Synchronization

/// Where one text stands between its last look and its bytes. Its writer, its deadline and its sender ask from different
/// tasks: a text is let go once at most, and what was let go is always told to have left.
final class Doorstep: Sendable {
    enum State: Equatable {
        case waiting
        case leaving, written
        /// The store said no, and its row says why.
        case settled
        /// Its recipient said stop at this moment.
        case stopped
        /// The store could not say.
        case unsure
        /// Nobody waits for the answer any more.
        case closed
    }

    private let number: String
    private let departures: Departures
    private let state = Mutex(State.waiting)

    init(number: String, departures: Departures) {
        self.number = number
        self.departures = departures
    }

    /// The store says that it may be written.
    ///
    /// - Returns: whether it really may.
    func leave() -> Bool {
        state.withLock { state in
            guard state == .waiting else { return false }
            let mayLeave = departures.leave(number)
            state = mayLeave ? .leaving : .stopped
            return mayLeave
        }
    }

    func stay(_ why: State) {
        state.withLock { state in
            if state == .waiting { state = why }
        }
    }

    func wrote() { leave(as: .written) }

    /// The request is over.
    ///
    /// - Returns: what it came to before.
    func close() -> State {
        let state = state.withLock { state in
            let before = state
            if before == .waiting { state = .closed }
            return before
        }
        leave(as: .written)
        return state
    }

    private func leave(as next: State) {
        let hasLeft = state.withLock { state in
            guard state == .leaving else { return false }
            state = next
            return true
        }
        if hasLeft { departures.left(number) }
    }
}
