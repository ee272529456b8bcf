import NIOCore

/// All alarms of one event loop, behind one timer of the loop's.
///
/// A call moves its alarm with every frame, nearly always to later. That costs one comparison: the timer that is set fires once
/// for all, sees what is due by then, and is set to the next. A timer of its own for each call would wake the loop as often as
/// the frames do. Only to be used on its event loop.
final class LoopAlarms {
    private let eventLoop: any EventLoop
    /// Told how late the loop came to its timer, in nanoseconds.
    private let late: (Int64) -> Void
    /// By slot: when, in nanoseconds of the loop's time; `never` where nothing is set.
    private var deadlines: [UInt64] = []
    private var fires: [(() -> Void)?] = []
    private var free: [Int] = []
    private var armed: (at: UInt64, since: UInt64, timer: NIOScheduledCallback)?
    private var isFiring = false
    private static let never = UInt64.max

    init(_ eventLoop: any EventLoop, late: @escaping (Int64) -> Void = { _ in }) {
        self.eventLoop = eventLoop
        self.late = late
    }

    fileprivate func add(_ fire: @escaping () -> Void) -> Int {
        if let slot = free.popLast() {
            fires[slot] = fire
            return slot
        }
        deadlines.append(Self.never)
        fires.append(fire)
        return fires.count - 1
    }

    fileprivate func remove(_ slot: Int) {
        deadlines[slot] = Self.never
        fires[slot] = nil
        free.append(slot)
        guard free.count == fires.count else { return }
        armed?.timer.cancel()
        armed = nil
    }

    fileprivate func set(_ slot: Int, at deadline: NIODeadline?) {
        let deadline = deadline?.uptimeNanoseconds ?? Self.never
        deadlines[slot] = deadline
        if !isFiring { arm(at: deadline) }
    }

    private func arm(at deadline: UInt64) {
        guard deadline < armed?.at ?? Self.never else { return }
        armed?.timer.cancel()
        // A loop that is shutting down refuses; then nobody is left to be woken.
        let timer = try? eventLoop.scheduleCallback(at: .uptimeNanoseconds(deadline), handler: Target(alarms: self))
        armed = timer.map { (deadline, eventLoop.now.uptimeNanoseconds, $0) }
    }

    private func fired() {
        isFiring = true
        let now = eventLoop.now.uptimeNanoseconds
        // What was late already when it was set is not the loop's doing.
        if let armed { late(max(0, Int64(now) - Int64(max(armed.at, armed.since)))) }
        armed = nil
        // By number: what is fired may set, add and remove alarms.
        for slot in 0..<deadlines.count where deadlines[slot] <= now {
            deadlines[slot] = Self.never
            fires[slot]?()
        }
        isFiring = false
        arm(at: deadlines.min() ?? Self.never)
    }

    /// What the loop holds: only ever touched on that loop, which is what makes it safe to send there.
    private struct Target: NIOScheduledCallbackHandler, @unchecked Sendable {
        let alarms: LoopAlarms
        func handleScheduledCallback(eventLoop: some EventLoop) { alarms.fired() }
    }
}

/// One alarm among those of its event loop. To be cancelled when it is not needed any more.
final class LoopAlarm {
    private let alarms: LoopAlarms
    private var slot: Int?

    init(in alarms: LoopAlarms, fire: @escaping () -> Void) {
        self.alarms = alarms
        slot = alarms.add(fire)
    }

    /// Takes the place of the deadline before; `nil` takes it back.
    func set(at deadline: NIODeadline?) {
        if let slot { alarms.set(slot, at: deadline) }
    }

    /// Never fires again, and can not be set any more.
    func cancel() {
        guard let slot else { return }
        self.slot = nil
        alarms.remove(slot)
    }
}
