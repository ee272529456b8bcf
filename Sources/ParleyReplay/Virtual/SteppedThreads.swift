#if LocalSpeech
import Dispatch
import Foundation
import ParleyCore
import ParleySpeechLocal

/// Engine threads in step with a virtual clock: they compute while it stands still, and go on when it has reached the
/// moment at which their result is due.
///
/// Of the owner's thread and these only one runs at any time, and it is always clear which is next: so the same call goes
/// the same way every time, with the engines' own queues, priorities and shortages.
final class SteppedThreads: @unchecked Sendable {
    private final class Worker: @unchecked Sendable {
        let go = DispatchSemaphore(value: 0)
        var isIdle = true
        var isPaused = false
        var isStopped = false
    }

    let threads: EngineThreads
    private let workers: [Worker]
    /// The one that runs, while the owner waits for it.
    private var current: Worker?
    private let returned = DispatchSemaphore(value: 0)
    private var clock: VirtualClock?

    init(count: Int) {
        let threads = EngineThreads(unstarted: count, capacity: 512)
        self.threads = threads
        workers = (0..<max(1, count)).map { _ in Worker() }
        for worker in workers {
            let thread = Thread { [returned] in
                while true {
                    worker.go.wait()
                    if worker.isStopped { return }
                    threads.runNext()
                    worker.isIdle = true
                    returned.signal()
                }
            }
            thread.name = "stepped-engine"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit {
        for worker in workers {
            worker.isStopped = true
            worker.go.signal()
        }
    }

    /// A call begins, on a clock of its own.
    func begin(_ clock: VirtualClock) { self.clock = clock }

    /// Lets whoever is free begin what waits; returns when all are idle or paused.
    func settle() {
        for worker in workers where worker.isIdle {
            while worker.isIdle, threads.currentLoad.waiting > 0 {
                worker.isIdle = false
                run(worker)
            }
        }
    }

    /// The call is over: what is under way ends without any clock.
    func end() {
        clock = nil
        repeat {
            for worker in workers where worker.isPaused { resume(worker) }
            settle()
        } while workers.contains(where: \.isPaused)
    }

    /// Called within work: nobody learns of its result before so much time has passed.
    func pause(for delay: CallTime) {
        guard let clock, let worker = current, delay > .zero else { return }
        worker.isPaused = true
        clock.after(delay) { [weak self] in self?.resume(worker) }
        returned.signal()
        worker.go.wait()
    }

    private func resume(_ worker: Worker) {
        guard worker.isPaused else { return }
        worker.isPaused = false
        run(worker)
    }

    /// Returns when the worker is idle or has paused.
    private func run(_ worker: Worker) {
        current = worker
        worker.go.signal()
        returned.wait()
        current = nil
    }
}
#endif
