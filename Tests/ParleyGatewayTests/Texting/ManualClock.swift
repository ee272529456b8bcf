import Synchronization

/// A clock that stands until a test moves it. Times are UTC milliseconds since 1970.
final class ManualClock: Sendable {
    static let start: Int64 = 1_800_000_000_000

    private struct State {
        var now = ManualClock.start
        /// When those who sleep want to wake, each with a number of its own.
        var sleepers: [Int: Int64] = [:]
        var last = 0
    }
    private let state = Mutex(State())
    private let times = Conditions<Int64>()
    private let alarms = Conditions<[Int64]>()

    var now: Int64 { state.withLock { $0.now } }
    /// When those who sleep want to wake.
    var sleepers: [Int64] { state.withLock { Array($0.sleepers.values) } }

    func sleep(until: Int64) async throws {
        let id = state.withLock { state in
            state.last += 1
            state.sleepers[state.last] = until
            return state.last
        }
        defer { state.withLock { $0.sleepers[id] = nil } }
        alarms.look(sleepers)
        try await times.wait(now: { now }, until: { $0 >= until })
    }

    func advance(by milliseconds: Int64) {
        let now = state.withLock { state in
            state.now += milliseconds
            let now = state.now
            state.sleepers = state.sleepers.filter { $0.value > now }
            return now
        }
        times.look(now)
    }

    /// Waits until somebody sleeps until exactly then, and moves there.
    func wake(at time: Int64) async throws {
        try await alarms.wait(now: { sleepers }, until: { $0.contains(time) })
        advance(by: time - now)
    }

    /// Waits until somebody sleeps.
    func armed() async throws { try await alarms.wait(now: { sleepers }, until: { !$0.isEmpty }) }

    /// Waits until somebody sleeps, and moves to the time at which the first one wants to wake.
    func wakeFirst() async throws {
        try await armed()
        if let first = sleepers.min() { advance(by: max(first - now, 0)) }
    }
}

/// Opens once, for everybody who waits.
final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)
    private let openings = Conditions<Bool>()

    func open() {
        isOpen.store(true, ordering: .sequentiallyConsistent)
        openings.look(true)
    }

    /// Ends also with its task.
    func pass() async {
        try? await openings.wait(now: { isOpen.load(ordering: .sequentiallyConsistent) }, until: { $0 })
    }
}
