import NIOCore

/// One alarm on an event loop, cheap to move.
///
/// Moving it later costs nothing: the timer that is set fires, sees that it is early, and is set again. Only moving it
/// earlier takes a timer back. After `cancel` nothing is left behind on the loop.
final class LoopAlarm {
    private let eventLoop: any EventLoop
    private let target: Target
    private var armed: (at: NIODeadline, timer: NIOScheduledCallback)?
    private var deadline: NIODeadline?

    init(eventLoop: any EventLoop, fire: @escaping () -> Void) {
        self.eventLoop = eventLoop
        target = Target()
        target.fire = { [weak self] in self?.fired(fire) }
    }

    func set(at deadline: NIODeadline?) {
        self.deadline = deadline
        guard let deadline else { return }
        if let armed {
            guard deadline < armed.at else { return }
            armed.timer.cancel()
        }
        arm(at: deadline)
    }

    func cancel() {
        deadline = nil
        armed?.timer.cancel()
        armed = nil
        target.fire = nil
    }

    private func arm(at deadline: NIODeadline) {
        // A loop that is shutting down refuses; then nobody is left to be woken.
        armed = (try? eventLoop.scheduleCallback(at: deadline, handler: target)).map { (deadline, $0) }
    }

    private func fired(_ fire: () -> Void) {
        armed = nil
        guard let deadline else { return }
        guard eventLoop.now >= deadline else { return arm(at: deadline) }
        self.deadline = nil
        fire()
    }

    /// What the loop holds: only ever touched on that loop, which is what makes it safe to send there.
    private final class Target: NIOScheduledCallbackHandler, @unchecked Sendable {
        var fire: (() -> Void)?
        func handleScheduledCallback(eventLoop: some EventLoop) { fire?() }
    }
}
