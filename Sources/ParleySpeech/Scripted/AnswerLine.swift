import Synchronization

/// Hands an engine's answers on in the order they were posted, from whatever thread, one at a time.
///
/// `post` may be called under a lock; `deliver` must not be: the receiver may call straight back into the session.
package final class AnswerLine<Answer: Sendable>: Sendable {
    private struct State {
        var waiting: [Answer] = []
        var isDelivering = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let answer: @Sendable (Answer) -> Void

    package init(_ answer: @escaping @Sendable (Answer) -> Void) { self.answer = answer }

    package func post(_ answer: Answer) {
        state.withLock { if !$0.isClosed { $0.waiting.append(answer) } }
    }

    /// Delivers what waits, unless another thread (or a caller further up this one) is at it: then that one delivers it.
    package func deliver() {
        guard begin() else { return }
        while let next = takeOrEnd() { answer(next) }
    }

    package func send(_ answer: Answer) {
        post(answer)
        deliver()
    }

    /// What waits is dropped; nothing is delivered from now on but an answer that is just being handed over.
    package func close() {
        state.withLock {
            $0.isClosed = true
            $0.waiting = []
        }
    }

    private func begin() -> Bool {
        state.withLock { state in
            if state.isDelivering { return false }
            state.isDelivering = true
            return true
        }
    }

    private func takeOrEnd() -> Answer? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.isDelivering = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}
