#if LocalSpeech
import Glibc
import Synchronization

/// One call's second opinion: hears the caller's frames and says, a little later, what the network makes of them.
///
/// Never waits: windows are judged on the threads given, one at a time for each call. When those are behind, the oldest
/// windows are dropped and counted.
public final class SecondOpinion: Sendable {
    /// What became of a call's windows.
    public struct Counts: Equatable, Sendable {
        public var judged = 0
        /// Overwritten before a thread came to them.
        public var dropped = 0
    }

    private struct State {
        var windows: OpinionWindows
        var isQueued = false
        var isClosed = false
        var model: (any WindowModel)?
        /// Made once: queueing it again costs no allocation.
        var judge: (@Sendable () -> Bool)?

        /// The next window, copied out, and who judges it; `nil`, and out of the queue, where none is due.
        mutating func begin(_ window: UnsafeMutablePointer<Float>) -> (any WindowModel, Int)? {
            guard !isClosed, let model, let frame = windows.take(into: window) else {
                isQueued = false
                return nil
            }
            return (model, frame)
        }

        mutating func giveUpModel() -> (any WindowModel)? {
            defer { model = nil }
            return model
        }
    }

    private let threads: EngineThreads
    private let pool: SileroPool
    /// Touched by the one thread that judges.
    private let window: Window
    private let answer: @Sendable (_ frame: Int, _ odds: Float) -> Void
    private let state: Mutex<State>

    /// `nil` where the pool has no model to lend: the call goes on without.
    ///
    /// - Parameters:
    ///   - threads: not the recogniser's, which are busy for half a second at a time; one thread does for dozens of calls.
    ///     Shut them down before the process exits: the library's own end does not wait for a window being judged.
    ///   - answer: told on such a thread, in order: the number of the frame (from 0) in which the window ended, and the
    ///     log-odds (base e, within ±13.9) that somebody speaks. To be used from the next frame on. After `close` it may be
    ///     called once more.
    public init?(
        pool: SileroPool, threads: EngineThreads,
        answer: @escaping @Sendable (_ frame: Int, _ odds: Float) -> Void
    ) {
        guard let model = pool.take() else { return nil }
        self.pool = pool
        self.threads = threads
        self.answer = answer
        window = Window()
        state = Mutex(State(windows: OpinionWindows(), model: model))
        let work: @Sendable () -> Bool = { [weak self] in self?.judgeDue() ?? false }
        state.withLock { $0.judge = work }
    }

    deinit {
        // Whoever judges holds the session, so nobody does.
        if let model = state.withLock({ $0.model }) { pool.giveBack(model) }
    }

    public var counts: Counts {
        state.withLock { Counts(judged: $0.windows.taken, dropped: $0.windows.dropped) }
    }

    /// - Parameters:
    ///   - frame: 20 ms of the caller, 160 samples at 8 kHz. Copied.
    ///   - isAwake: as `OpinionGate` says of this frame. The first frame awake brings those of 256 ms before it along.
    public func feed(_ frame: Span<Int16>, isAwake: Bool) {
        let work: (@Sendable () -> Bool)? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.windows.append(frame)
            if isAwake != state.windows.isAwake {
                if isAwake { state.windows.wake() } else { state.windows.sleep() }
            }
            guard state.windows.due > 0, !state.isQueued else { return nil }
            state.isQueued = true
            return state.judge
        }
        guard let work else { return }
        // Turned away: the windows stay due, the next frame asks again.
        if threads.enqueueEntry(.speculative, work) != .accepted { state.withLock { $0.isQueued = false } }
    }

    /// The call is over: the model goes back to the pool as soon as nobody uses it.
    public func close() {
        let model: (any WindowModel)? = state.withLock { state in
            state.isClosed = true
            return state.isQueued ? nil : state.giveUpModel()
        }
        if let model { pool.giveBack(model) }
    }

    /// - Returns: whether there was anything to judge.
    private func judgeDue() -> Bool {
        var hasJudged = false
        while let (model, frame) = state.withLock({ $0.begin(window.samples) }) {
            let probability = model.judge(window.samples)
            hasJudged = true
            answer(frame, Self.odds(probability))
        }
        // Queued again meanwhile: whoever comes next does it.
        let model = state.withLock { $0.isClosed && !$0.isQueued ? $0.giveUpModel() : nil }
        if let model { pool.giveBack(model) }
        return hasJudged
    }

    /// Log-odds (base e) of a probability, which the model rounds to 0 or 1 where it is sure.
    static func odds(_ probability: Float) -> Float {
        let kept = min(max(probability, 1e-6), 1 - 1e-6)
        return logf(kept / (1 - kept))
    }

    private final class Window: @unchecked Sendable {
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: OpinionWindows.length)
        deinit { samples.deallocate() }
    }
}
#endif
