import Synchronization

/// Decides once and for all whether the body of one request leaves: its writer and its deadline ask from different tasks.
final class Leave: Sendable {
    enum State: Equatable {
        case waiting
        /// The body's first byte may be on its way.
        case given
        /// Somebody said no.
        case withheld
        /// The request ended before it came to that.
        case ended
    }

    private let state = Mutex(State.waiting)

    /// The body is about to be written.
    ///
    /// - Returns: whether it may be. From then on the request counts as one that left.
    func give() -> Bool { move(to: .given) }

    func withhold() { _ = move(to: .withheld) }

    /// Nothing leaves from here on that has not left.
    ///
    /// - Returns: what it came to.
    func end() -> State {
        _ = move(to: .ended)
        return state.withLock { $0 }
    }

    private func move(to next: State) -> Bool {
        state.withLock { state in
            guard state == .waiting else { return false }
            state = next
            return true
        }
    }
}
