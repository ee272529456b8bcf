import Synchronization

/// The last word on texts to people who said stop: asked directly before a text's first byte, and told of a stop before that
/// is committed. Without it a text whose last look came just before the commit could leave just after it.
///
/// A stop is kept for ten minutes at least, by when it is long durable and the store says no by itself; of more than 50,000
/// numbers in that time the oldest are forgotten first. Numbers are E.164.
final class Departures: Sendable {
    private struct State {
        /// Two generations: what is looked up in both is forgotten with the older.
        var young: Set<String> = []
        var old: Set<String> = []
        var turnsAt: Int64?
        /// Texts between their last look and their last byte.
        var leaving: [String: Int] = [:]
        var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let keptMS: Int64
    private let mostInGeneration: Int
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameter now: UTC milliseconds since 1970.
    init(keptMS: Int64 = 600_000, capacity: Int = 100_000, now: @escaping @Sendable () -> Int64) {
        self.keptMS = max(keptMS, 1)
        mostInGeneration = max(capacity / 2, 1)
        self.now = now
    }

    /// Once this has returned no text to the number is let go. One that was let go before may still be on its way to the
    /// socket: `settled` waits for it.
    func stop(_ number: String) {
        let time = now()
        state.withLock { state in
            if state.young.count >= mostInGeneration || time >= state.turnsAt ?? time {
                state.old = state.young
                state.young = []
                state.turnsAt = time + keptMS
            }
            state.young.insert(number)
        }
    }

    /// Returns when every text to the number that was let go has left, or never will: of one that was stopped before, no
    /// byte leaves from then on. Takes as long as a write to a socket.
    func settled(_ number: String) async {
        await withCheckedContinuation { continuation in
            let isSettled = state.withLock { state in
                guard state.leaving[number] != nil else { return true }
                state.waiting[number, default: []].append(continuation)
                return false
            }
            if isSettled { continuation.resume() }
        }
    }

    /// The person wants texts again, or the stop could not be committed.
    func lift(_ number: String) {
        state.withLock { state in
            state.young.remove(number)
            state.old.remove(number)
        }
    }

    /// Whether a text to the number may leave. After a yes `left` is owed.
    func leave(_ number: String) -> Bool {
        state.withLock { state in
            guard !state.young.contains(number), !state.old.contains(number) else { return false }
            state.leaving[number, default: 0] += 1
            return true
        }
    }

    /// A text that was let go has left, or never will.
    func left(_ number: String) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard let count = state.leaving[number], count <= 1 else {
                state.leaving[number]? -= 1
                return []
            }
            state.leaving[number] = nil
            return state.waiting.removeValue(forKey: number) ?? []
        }
        for continuation in waiting { continuation.resume() }
    }
}
