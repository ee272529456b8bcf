#if LocalSpeech
import Glibc
import Logging
import NIOCore
import ParleyCore
import ParleySpeechLocal
import Synchronization

/// Lends calls a second opinion on who speaks, as far as the machine has time for it.
///
/// One thread judges for all calls. With `vad.second_opinion: auto` the share of the cores that is busy is measured every
/// second: above a bound no opinions are asked for until there is room again, and the calls' own detectors decide alone.
final class SecondOpinions: Sendable {
    private struct State {
        var share: CoreShare
        /// Calls that have one, awake or not.
        var calls: [ObjectIdentifier: CallInbox] = [:]
        var isOpen: Bool
    }

    private let pool: SileroPool
    private let threads: EngineThreads
    private let adapts: Bool
    private let started = ContinuousClock.now
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameter adapts: `auto`; else always.
    init(library: SileroLibrary, adapts: Bool, logger: Logger) {
        let threads = EngineThreads(count: 1)
        self.threads = threads
        self.adapts = adapts
        self.logger = logger
        pool = SileroPool(library: library, loadingOn: threads)
        state = Mutex(State(share: CoreShare(cores: Cores.usable), isOpen: !adapts))
    }

    /// - Returns: `nil` where there is no room for another: the call does without.
    func open(for inbox: CallInbox) -> SecondOpinion? {
        let (isAdmitted, isOpen) = state.withLock { state in
            (!adapts || state.share.admits(running: state.calls.count), state.isOpen)
        }
        guard isAdmitted else { return nil }
        let opinion = SecondOpinion(pool: pool, threads: threads) { frame, odds in
            inbox.deliver(.opinion(frame: frame, odds: odds))
        }
        guard let opinion else { return nil }
        state.withLock { $0.calls[ObjectIdentifier(opinion)] = inbox }
        inbox.deliver(.opinions(isOpen))
        return opinion
    }

    func close(_ opinion: SecondOpinion) {
        opinion.close()
        _ = state.withLock { $0.calls.removeValue(forKey: ObjectIdentifier(opinion)) }
    }

    /// Measures once a second, as long as the loop runs.
    func watch(on eventLoop: any EventLoop) {
        guard adapts else { return }
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(1)) { [weak self] task in
            guard let self else { return task.cancel() }
            self.measure()
        }
    }

    /// The library's own end does not wait for a window that is being judged.
    func shutDown() { threads.shutDown() }

    private func measure() {
        let usage = CoreShare.Usage(
            processor: Self.processorTime, wall: started.duration(to: .now),
            opinions: threads.currentLoad.work[.speculative]?.worked ?? .zero)
        let told: (isOpen: Bool, calls: [CallInbox])? = state.withLock { state in
            let isOpen = state.share.handle(usage, running: state.calls.count)
            guard isOpen != state.isOpen else { return nil }
            state.isOpen = isOpen
            return (isOpen, Array(state.calls.values))
        }
        guard let told else { return }
        if !told.calls.isEmpty {
            logger.notice(
                told.isOpen
                    ? "second opinions on who speaks are asked for again"
                    : "the machine is busy: detectors decide alone, without a second opinion",
                metadata: ["calls": "\(told.calls.count)"])
        }
        for inbox in told.calls { inbox.deliver(.opinions(told.isOpen)) }
    }

    /// User and system time of all threads of the process.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
#endif
