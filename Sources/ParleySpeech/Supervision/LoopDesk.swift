import NIOCore
import NIOPosix
import ParleyCore

/// One call's supervision on its event loop: events are handled one at a time, and one timer says when time itself is one.
///
/// Not `Sendable`: everything is on the loop.
final class LoopDesk<Event> {
    let loop: any EventLoop
    private var waiting: [Event] = []
    private var isHandling = false
    private var alarm: Scheduled<Void>?
    private var alarmTime: CallTime?

    init(on loop: any EventLoop) { self.loop = loop }

    /// Of the process's one monotonic clock, which breakers of engines go by, too.
    var now: CallTime { CallTime(nanoseconds: Int64(loop.now.uptimeNanoseconds)) }

    /// Handles an event; or lets it wait where one is being handled further up this stack.
    func handle(_ event: Event, by body: (Event) -> Void) {
        waiting.append(event)
        drain(by: body)
    }

    /// Does what cannot wait, as it is lent; then what came meanwhile.
    ///
    /// - Returns: false where an event is being handled further up this stack: nothing was done.
    func handleNow(_ work: () -> Void, then body: (Event) -> Void) -> Bool {
        guard !isHandling else { return false }
        isHandling = true
        work()
        isHandling = false
        drain(by: body)
        return true
    }

    private func drain(by body: (Event) -> Void) {
        guard !isHandling else { return }
        isHandling = true
        while !waiting.isEmpty { body(waiting.removeFirst()) }
        isHandling = false
    }

    func isAlarmSet(at time: CallTime?) -> Bool { time == alarmTime }

    /// - Parameter body: run on the loop at `time` or after it, unless another alarm is set before.
    func setAlarm(at time: CallTime?, _ body: @escaping @Sendable () -> Void) {
        alarm?.cancel()
        alarmTime = time
        alarm = time.map { loop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(0, $0.nanoseconds))), body) }
    }

    /// The alarm went off: the same time may be set again.
    func alarmPassed() { alarmTime = nil }
}

extension EventLoop {
    /// Runs it at once where this is the loop's thread; else behind what the loop has to do.
    func runHere(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}

/// The event loop of the call that opens a session on this thread; any other where there is none.
func loopOfCall() -> any EventLoop {
    MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.any()
}
