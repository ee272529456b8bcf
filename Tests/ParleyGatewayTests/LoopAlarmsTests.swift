import NIOCore
import NIOEmbedded
import Testing

@testable import ParleyGateway

@Suite("The alarms of one event loop")
struct LoopAlarmsTests {
    private let loop = EmbeddedEventLoop()
    private let alarms: LoopAlarms

    init() { alarms = LoopAlarms(loop) }

    private final class Log { var fired: [String] = [] }

    @Test("Each fires at its own time, once, whatever the order in which they were set")
    func order() {
        let log = Log()
        let late = LoopAlarm(in: alarms) { log.fired.append("late") }
        let soon = LoopAlarm(in: alarms) { log.fired.append("soon") }
        late.set(at: loop.now + .milliseconds(30))
        soon.set(at: loop.now + .milliseconds(10))
        loop.advanceTime(by: .milliseconds(9))
        #expect(log.fired == [])
        loop.advanceTime(by: .milliseconds(1))
        #expect(log.fired == ["soon"])
        loop.advanceTime(by: .milliseconds(100))
        #expect(log.fired == ["soon", "late"])
    }

    @Test("Moved to later, or taken back, none fires before its time")
    func moved() {
        let log = Log()
        let moved = LoopAlarm(in: alarms) { log.fired.append("moved") }
        let dropped = LoopAlarm(in: alarms) { log.fired.append("dropped") }
        moved.set(at: loop.now + .milliseconds(10))
        dropped.set(at: loop.now + .milliseconds(10))
        moved.set(at: loop.now + .milliseconds(50))
        dropped.set(at: nil)
        loop.advanceTime(by: .milliseconds(49))
        #expect(log.fired == [])
        loop.advanceTime(by: .milliseconds(1))
        #expect(log.fired == ["moved"])
    }

    @Test("One that fires may set itself, set another and cancel a third")
    func reentrant() {
        let log = Log()
        let other = LoopAlarm(in: alarms) { log.fired.append("other") }
        let third = LoopAlarm(in: alarms) { log.fired.append("third") }
        final class Box { var alarm: LoopAlarm? }
        let box = Box()
        box.alarm = LoopAlarm(in: alarms) {
            log.fired.append("first")
            if log.fired.count < 3 { box.alarm?.set(at: loop.now + .milliseconds(10)) }
            other.set(at: loop.now + .milliseconds(5))
            third.cancel()
        }
        third.set(at: loop.now + .milliseconds(15))
        box.alarm?.set(at: loop.now + .milliseconds(10))
        loop.advanceTime(by: .milliseconds(100))
        #expect(log.fired == ["first", "other", "first", "other"])
        box.alarm = nil
    }

    @Test("Once all are cancelled the loop holds no timer, and the place of one is used again")
    func nothingLeft() throws {
        final class Held {}
        weak var held: Held?
        do {
            let kept = Held()
            held = kept
            let alarm = LoopAlarm(in: alarms) { _ = kept }
            alarm.set(at: loop.now + .seconds(60))
            alarm.cancel()
            alarm.set(at: loop.now)
        }
        #expect(held == nil)
        let log = Log()
        let next = LoopAlarm(in: alarms) { log.fired.append("next") }
        next.set(at: loop.now + .milliseconds(1))
        loop.advanceTime(by: .milliseconds(1))
        #expect(log.fired == ["next"])
    }
}
