import NIOCore
import NIOPosix

/// The thread on which all fakes live: a test that blocks Swift's own threads, or Parley's loops, does not stop them.
public enum FakeLoop {
    public static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    static let loop: any EventLoop = group.next()
    static let executor = LoopExecutor(loop)

    /// Runs a connection's handler on the fakes' thread.
    static func run(_ handler: @escaping @Sendable () async -> Void) {
        Task(executorPreference: executor) { await handler() }
    }

    /// For answers that are late on purpose.
    public static func delay(_ time: Duration) async {
        guard time > .zero else { return }
        try? await Task.sleep(for: time)
    }
}

/// Tasks on an event loop.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
