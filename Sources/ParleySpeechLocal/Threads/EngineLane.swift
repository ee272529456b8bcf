#if LocalSpeech
import Dispatch
import Synchronization

/// One session's work: done in order, never two pieces at once, on whichever engine thread is free.
///
/// Each piece puts an entry of its own priority into the threads' queue; an entry does the lane's *first* piece. So urgent
/// work pulls what must come before it along.
final class EngineLane: Sendable {
    /// A session that has this much waiting is not being served; more is refused.
    static let capacity = 64

    private struct Job {
        var number: Int
        var priority: EngineThreads.Priority
        var tag: Int
        var work: @Sendable () -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var isRunning = false
        var lastNumber = 0

        mutating func append(
            _ priority: EngineThreads.Priority, _ tag: Int, _ work: @escaping @Sendable () -> Void
        ) -> Int {
            lastNumber += 1
            jobs.append(Job(number: lastNumber, priority: priority, tag: tag, work: work))
            return lastNumber
        }

        /// The first piece, to be run by the caller; `nil` if there is none, or one runs already.
        mutating func begin() -> Job? {
            guard !isRunning, !jobs.isEmpty else { return nil }
            isRunning = true
            return jobs.removeFirst()
        }
    }

    /// Runs what needs no engine, soon, on any thread but the one that asks.
    typealias Beside = @Sendable (_ work: @escaping @Sendable () -> Void) -> Void

    private let threads: EngineThreads
    private let beside: Beside
    private let state = Mutex(State())

    init(
        threads: EngineThreads,
        beside: @escaping Beside = { DispatchQueue.global(qos: .userInteractive).async(execute: $0) }
    ) {
        self.threads = threads
        self.beside = beside
    }

    /// - Parameter tag: whose work it is, for `remove`.
    /// - Returns: `false` when it was refused and will not be done.
    func enqueue(
        _ priority: EngineThreads.Priority, tag: Int, _ work: @escaping @Sendable () -> Void
    ) -> Bool {
        let number: Int? = state.withLock { state in
            state.jobs.count < Self.capacity ? state.append(priority, tag, work) : nil
        }
        guard let number else { return false }
        if threads.enqueueEntry(priority, { [self] in runFirst() }) == .accepted { return true }
        return !withdraw(number)
    }

    /// Does `work` only if neither this lane nor all threads are busy.
    func offer(tag: Int, _ work: @escaping @Sendable () -> Void) -> Bool {
        let number: Int? = state.withLock { state in
            state.jobs.isEmpty && !state.isRunning ? state.append(.partial, tag, work) : nil
        }
        guard let number else { return false }
        if threads.offer({ [self] in runFirst() }) { return true }
        return !withdraw(number)
    }

    /// Does `work`, which needs no engine, on another thread without waiting for one of the engines' own; what is enqueued meanwhile
    /// comes behind it.
    ///
    /// - Returns: `false`, and nothing is done, where something of this lane runs or waits.
    func runBeside(_ work: @escaping @Sendable () -> Void) -> Bool {
        let isIdle = state.withLock { state in
            guard !state.isRunning, state.jobs.isEmpty else { return false }
            state.isRunning = true
            return true
        }
        guard isIdle else { return false }
        beside { [self] in
            work()
            if let next = goOn() { run(next) }
        }
        return true
    }

    /// Forgets work that has not begun. Returns how much that was.
    func remove(where isUnwanted: (_ tag: Int) -> Bool) -> Int {
        state.withLock { state in
            let before = state.jobs.count
            state.jobs.removeAll { isUnwanted($0.tag) }
            return before - state.jobs.count
        }
    }

    /// Takes back a piece that the threads turned away; `false` if an earlier entry of this lane came to it meanwhile.
    private func withdraw(_ number: Int) -> Bool {
        state.withLock { state in
            guard let index = state.jobs.firstIndex(where: { $0.number == number }) else { return false }
            state.jobs.remove(at: index)
            return true
        }
    }

    /// False if there was nothing to do.
    private func runFirst() -> Bool {
        guard let job = state.withLock({ $0.begin() }) else { return false }
        run(job)
        return true
    }

    private func run(_ first: Job) {
        var job = first
        while true {
            job.work()
            guard let next = goOn() else { return }
            job = next
        }
    }

    /// A piece is done.
    ///
    /// - Returns: the next one, where this thread has to do that as well.
    private func goOn() -> Job? {
        let waiting: EngineThreads.Priority? = state.withLock { state in
            state.isRunning = false
            return state.jobs.map(\.priority).min()
        }
        guard let waiting else { return nil }
        // Back into the queue: another session's work may be more urgent than the rest of this one's. Where the queue has no room, go
        // on here, for nobody else will.
        if threads.enqueueEntry(waiting, { [self] in runFirst() }) != .full { return nil }
        return state.withLock { $0.begin() }
    }
}
#endif
