import Synchronization

/// Waits for a state to be as wanted. A wait ends with its task, so that a test that waits in vain fails at its time limit
/// and holds up no other.
final class Conditions<State: Sendable>: Sendable {
    private struct Waiter {
        let isMet: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<Void, any Error>
    }
    private struct Waiters {
        var last = 0
        var waiting: [Int: Waiter] = [:]
        /// Cancelled before they began to wait.
        var cancelled: Set<Int> = []
    }
    private let waiters = Mutex(Waiters())

    /// The state has changed to this.
    func look(_ state: State) {
        let met = waiters.withLock { waiters in
            let ids = waiters.waiting.filter { $0.value.isMet(state) }.map(\.key)
            return ids.compactMap { waiters.waiting.removeValue(forKey: $0) }
        }
        for waiter in met { waiter.continuation.resume() }
    }

    /// - Parameter now: the state, asked for once the wait is known to `look`.
    func wait(
        isolation: isolated (any Actor)? = #isolation, now: () -> State,
        until isMet: @escaping @Sendable (State) -> Bool
    ) async throws {
        let id = waiters.withLock { waiters in
            waiters.last += 1
            return waiters.last
        }
        try await withTaskCancellationHandler {
            // A closure runs where its isolation is named in it.
            _ = isolation
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = waiters.withLock { waiters in
                    if waiters.cancelled.remove(id) != nil { return true }
                    waiters.waiting[id] = Waiter(isMet: isMet, continuation: continuation)
                    return false
                }
                if isCancelled { return continuation.resume(throwing: CancellationError()) }
                look(now())
            }
        } onCancel: {
            let waiter = waiters.withLock { waiters in
                let waiter = waiters.waiting.removeValue(forKey: id)
                if waiter == nil { waiters.cancelled.insert(id) }
                return waiter
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }
}
