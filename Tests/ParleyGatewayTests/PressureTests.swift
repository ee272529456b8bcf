import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import ParleyGateway

@Suite("How far behind the gateway is")
struct PressureTests {
    private static let second: Int64 = 1_000_000_000
    private static let millisecond: Int64 = 1_000_000

    @Test("One late moment turns nobody away; a loop that is late for two seconds does, until it is not")
    func loops() throws {
        let pressure = Pressure(.embedded)
        let start = 1_000 * Self.second
        pressure.loops.add(80 * Self.millisecond, at: start)
        #expect(pressure.refusal(at: start) == nil)
        pressure.loops.add(3 * Self.millisecond, at: start + Self.second)
        #expect(pressure.refusal(at: start + Self.second) == nil)
        for second in 2...4 {
            pressure.loops.add(60 * Self.millisecond, at: start + Int64(second) * Self.second)
        }
        #expect(pressure.refusal(at: start + 4 * Self.second)?.0 == .loopLag)
        pressure.loops.add(2 * Self.millisecond, at: start + 5 * Self.second)
        #expect(pressure.refusal(at: start + 5 * Self.second) == nil)
        // Nothing is told of a loop on which no call is.
        #expect(pressure.refusal(at: start + 60 * Self.second) == nil)
    }

    @Test("What callers wait for in the engines' queue turns new ones away for some seconds")
    func engines() throws {
        let pressure = Pressure(.embedded)
        let start = 1_000 * Self.second
        pressure.engines.add(400 * Self.millisecond, at: start)
        #expect(pressure.refusal(at: start) == nil)
        pressure.engines.add(600 * Self.millisecond, at: start)
        #expect(pressure.refusal(at: start + 9 * Self.second)?.0 == .engineWait)
        #expect(pressure.refusal(at: start + 10 * Self.second) == nil)
    }

    @Test("A reply's later clauses may wait longer, but not as long as the one before is played")
    func clauses() throws {
        let pressure = Pressure(.embedded)
        let start = 1_000 * Self.second
        pressure.clauses.add(900 * Self.millisecond, at: start)
        #expect(pressure.refusal(at: start) == nil)
        pressure.clauses.add(1_100 * Self.millisecond, at: start + Self.second)
        #expect(pressure.refusal(at: start + 9 * Self.second)?.0 == .engineWait)
        #expect(pressure.refusal(at: start + 10 * Self.second) == nil)
    }

    @Test("Engines that are stuck tell nothing, and their queue is looked at: while it stands, nobody new")
    func stuck() {
        let pressure = Pressure(.embedded)
        let waits = Mutex<(urgent: Int64, clause: Int64)>((0, 0))
        pressure.watch { waits.withLock { $0 } }
        #expect(pressure.refusal(at: Self.second) == nil)
        waits.withLock { $0.urgent = 501 * Self.millisecond }
        #expect(pressure.refusal(at: Self.second)?.0 == .engineWait)
        waits.withLock { $0 = (0, 1_001 * Self.millisecond) }
        #expect(pressure.refusal(at: Self.second)?.0 == .engineWait)
        waits.withLock { $0 = (0, 999 * Self.millisecond) }
        #expect(pressure.refusal(at: Self.second) == nil)
    }

    @Test("The bounds are the configuration's")
    func configured() throws {
        let configuration = try Configuration.embedded
            .setting("calls.max_loop_lag", to: "200ms", option: "--set")
            .setting("calls.max_engine_wait", to: "2s", option: "--set")
            .setting("calls.max_clause_wait", to: "3s", option: "--set")
        let pressure = Pressure(configuration)
        for second in 1_000...1_001 { pressure.loops.add(150 * Self.millisecond, at: Int64(second) * Self.second) }
        pressure.engines.add(1_900 * Self.millisecond, at: 1_001 * Self.second)
        pressure.clauses.add(2_900 * Self.millisecond, at: 1_001 * Self.second)
        #expect(pressure.refusal(at: 1_001 * Self.second) == nil)
    }

    @Test("A loop tells how late it came to its timer")
    func lag() {
        let loop = EmbeddedEventLoop()
        var told: [Int64] = []
        let alarms = LoopAlarms(loop) { told.append($0) }
        let alarm = LoopAlarm(in: alarms) {}
        alarm.set(at: loop.now + .milliseconds(10))
        loop.advanceTime(by: .milliseconds(10))
        #expect(told == [0])
        // Its time had passed when it was set: that is not the loop's doing.
        alarm.set(at: loop.now - .milliseconds(5))
        loop.run()
        #expect(told == [0, 0])
    }
}
