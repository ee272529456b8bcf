import NIOCore
import Synchronization

/// How far behind the gateway is. While it is too far, new calls are turned away before anything is done for them; those that are
/// up are not touched. One for the gateway, told from its loops and its engines' threads.
final class Pressure: Sendable {
    /// How late the event loops come to their timers.
    let loops = RecentWorst(seconds: 1)
    /// How long what callers wait for (a turn's words, a reply's first clause) stood in the engines' queue.
    let engines = RecentWorst(seconds: 5)
    /// How long a reply's later clauses did. They are the first to wait where there is too much to do.
    let clauses = RecentWorst(seconds: 5)
    /// How long what callers wait for, and a reply's later clauses, stand in the queue now, in nanoseconds.
    private let waiting = Mutex<(@Sendable () -> (urgent: Int64, clause: Int64))?>(nil)
    private let longestLoopLag: Int64
    private let longestEngineWait: Int64
    private let longestClauseWait: Int64

    init(_ configuration: Configuration) {
        longestLoopLag = configuration[Keys.longestLoopLag].nanoseconds
        longestEngineWait = configuration[Keys.longestEngineWait].nanoseconds
        longestClauseWait = configuration[Keys.longestClauseWait].nanoseconds
    }

    /// Engines that are stuck tell of nothing done: their queue is looked at, too.
    func watch(_ waiting: @escaping @Sendable () -> (urgent: Int64, clause: Int64)) {
        self.waiting.withLock { $0 = waiting }
    }

    /// The clock that all are told by.
    static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }

    /// Why a call should go elsewhere now; `nil` where it is welcome.
    ///
    /// - Parameter now: in nanoseconds.
    func refusal(at now: Int64) -> (GatewayMetrics.Refusal, String)? {
        // Two seconds in a row: a machine that stops for a moment is not an overloaded one.
        if loops.values(at: now).least > longestLoopLag { return (.loopLag, "the event loops are behind") }
        // One wait is enough: a caller has heard nothing for as long, or will.
        let standing = waiting.withLock { $0 }?() ?? (urgent: 0, clause: 0)
        if max(engines.values(at: now).most, standing.urgent) > longestEngineWait
            || max(clauses.values(at: now).most, standing.clause) > longestClauseWait
        {
            return (.engineWait, "the speech engines are behind")
        }
        return nil
    }
}

/// The worst of a number in this stretch of time and in the one before.
final class RecentWorst: Sendable {
    private struct State {
        var stretch: Int64 = 0
        var current: Int64 = 0
        var before: Int64 = 0

        mutating func move(to new: Int64) {
            guard new > stretch else { return }
            before = new == stretch + 1 ? current : 0
            (stretch, current) = (new, 0)
        }
    }
    private let state = Mutex(State())
    private let length: Int64

    init(seconds: Int64) { length = seconds * 1_000_000_000 }

    func add(_ value: Int64, at now: Int64) {
        state.withLock { state in
            state.move(to: now / length)
            state.current = max(state.current, value)
        }
    }

    /// Of the two stretches the better one's worst and the worse one's; 0 where nothing was told.
    func values(at now: Int64) -> (least: Int64, most: Int64) {
        state.withLock { state in
            state.move(to: now / length)
            return (min(state.before, state.current), max(state.before, state.current))
        }
    }
}

extension Duration {
    /// Whole ones.
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
