#if LocalSpeech
import Foundation
import Synchronization

/// The threads on which the embedded engines work: few, named, and none of anybody else's.
///
/// Every call into an engine blocks for up to half a second, so none of them may run on an event loop or on the
/// concurrency runtime's own threads. What matters most to a waiting caller runs first; within one priority, first come,
/// first served.
public final class EngineThreads: @unchecked Sendable {
    public enum Priority: Int, CaseIterable, Comparable, Sendable {
        /// A turn is over and the caller waits for an answer.
        case final
        /// The first clause of a reply: the caller hears nothing until it is there.
        case firstClause
        /// The caller may have finished: work that is wanted in some 300 ms.
        case speculative
        /// A later clause: the one before it is being played.
        case clause
        /// Words so far. Never waits: see `offer`.
        case partial
        /// Loading a model.
        case background

        public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
    }

    /// What the threads have done, since the start, for one priority.
    public struct Work: Equatable, Sendable {
        public var count = 0
        public var waited = Duration.zero
        public var longestWait = Duration.zero
        public var worked = Duration.zero

        fileprivate mutating func add(waited: Duration, worked: Duration) {
            count += 1
            self.waited += waited
            longestWait = max(longestWait, waited)
            self.worked += worked
        }
    }

    /// For metrics.
    public struct Load: Equatable, Sendable {
        public var threads = 0
        public var running = 0
        public var waiting = 0
        /// Work turned away because `capacity` was waiting.
        public var refused = 0
        /// Partials not made because every thread was busy.
        public var partialsDropped = 0
        public var work: [Priority: Work] = [:]
    }

    public enum Acceptance: Sendable { case accepted, full, shutDown }

    private struct Entry {
        /// False when there turned out to be nothing to do: not counted.
        var work: @Sendable () -> Bool
        var since: ContinuousClock.Instant
    }

    private let capacity: Int
    private let did: @Sendable (Priority, _ waited: Duration, _ waiting: Int) -> Void
    private let clock = ContinuousClock()
    /// Guards everything below.
    private let condition = NSCondition()
    private var queues: [[Entry]] = Array(repeating: [], count: Priority.allCases.count)
    private var load = Load()
    private var alive = 0
    private var isShutDown = false

    /// - Parameters:
    ///   - count: threads; no more than cores, as every engine computes without pause.
    ///   - capacity: work that may wait; more is refused.
    ///   - did: told, on an engine's thread, when work is done: how long it had waited, and how much waits now. Not told of what
    ///     turned out to be nothing.
    public convenience init(
        count: Int = 2, capacity: Int = 512,
        did: @escaping @Sendable (Priority, _ waited: Duration, _ waiting: Int) -> Void = { _, _, _ in }
    ) {
        self.init(unstarted: count, capacity: capacity, did: did)
        alive = max(1, count)
        for number in 1...max(1, count) {
            let thread = Thread { [self] in runUntilShutDown() }
            thread.name = "engine-\(number)"
            // Graph execution recurses; the default of a secondary thread may be small.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Has no threads: a virtual clock and tests run the work themselves, with `runNext`.
    package init(
        unstarted count: Int, capacity: Int,
        did: @escaping @Sendable (Priority, _ waited: Duration, _ waiting: Int) -> Void = { _, _, _ in }
    ) {
        self.capacity = capacity
        self.did = did
        load.threads = max(1, count)
        for priority in Priority.allCases { load.work[priority] = Work() }
    }

    public var currentLoad: Load {
        condition.withLock { load }
    }

    /// How long the oldest work of these kinds has been waiting, also where nobody wants it any more: for as long more urgent work, or
    /// an engine that is stuck, has kept all threads busy.
    public func longestWaiting(_ priorities: ClosedRange<Priority>) -> Duration {
        condition.withLock {
            let oldest = Priority.allCases.filter(priorities.contains).compactMap { queues[$0.rawValue].first?.since }
                .min()
            return oldest.map { clock.now - $0 } ?? .zero
        }
    }

    /// Runs `work` on one of the threads when its turn comes.
    @discardableResult
    public func enqueue(_ priority: Priority, _ work: @escaping @Sendable () -> Void) -> Acceptance {
        enqueueEntry(priority) {
            work()
            return true
        }
    }

    /// - Parameter work: false if there was nothing to do after all.
    func enqueueEntry(_ priority: Priority, _ work: @escaping @Sendable () -> Bool) -> Acceptance {
        condition.withLock {
            if isShutDown { return .shutDown }
            if load.waiting >= capacity {
                load.refused += 1
                return .full
            }
            append(work, priority)
            return .accepted
        }
    }

    /// Runs `work` as a partial if a thread is free at this moment; `false` (and counted) if not.
    func offer(_ work: @escaping @Sendable () -> Bool) -> Bool {
        condition.withLock {
            if isShutDown { return false }
            if load.running + load.waiting >= load.threads {
                load.partialsDropped += 1
                return false
            }
            append(work, .partial)
            return true
        }
    }

    /// Drops what waits and returns when what runs is done. For the end of the process.
    public func shutDown() {
        condition.withLock {
            isShutDown = true
            for index in queues.indices { queues[index] = [] }
            load.waiting = 0
            condition.broadcast()
            while alive > 0 { condition.wait() }
        }
    }

    /// Runs the most urgent work on the calling thread; `false` if there is none.
    @discardableResult
    package func runNext() -> Bool {
        guard let (entry, priority) = condition.withLock({ take() }) else { return false }
        run(entry, priority)
        return true
    }

    private func append(_ work: @escaping @Sendable () -> Bool, _ priority: Priority) {
        queues[priority.rawValue].append(Entry(work: work, since: clock.now))
        load.waiting += 1
        condition.signal()
    }

    private func runUntilShutDown() {
        while let (entry, priority) = waitForWork() { run(entry, priority) }
        condition.withLock {
            alive -= 1
            condition.broadcast()
        }
    }

    private func waitForWork() -> (Entry, Priority)? {
        condition.withLock {
            while !isShutDown {
                if let next = take() { return next }
                condition.wait()
            }
            return nil
        }
    }

    private func take() -> (Entry, Priority)? {
        for priority in Priority.allCases where !queues[priority.rawValue].isEmpty {
            let entry = queues[priority.rawValue].removeFirst()
            load.waiting -= 1
            load.running += 1
            return (entry, priority)
        }
        return nil
    }

    private func run(_ entry: Entry, _ priority: Priority) {
        let start = clock.now
        let didWork = entry.work()
        let ended = clock.now
        let waiting = condition.withLock {
            load.running -= 1
            if didWork {
                load.work[priority, default: Work()].add(waited: start - entry.since, worked: ended - start)
            }
            return load.waiting
        }
        if didWork { did(priority, start - entry.since, waiting) }
    }
}
#endif
