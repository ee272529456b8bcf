import Testing

@testable import ParleyCore

@Suite("Circuit breaker of an engine")
struct CircuitBreakerTests {
    /// A breaker by reference: `#expect` lends no value to be changed.
    private final class Door {
        private var breaker = CircuitBreaker()
        var state: CircuitBreaker.State { breaker.state }
        func permits(at now: CallTime) -> Bool { breaker.permits(at: now) }
        func succeeded() { breaker.succeeded() }
        func failed(at now: CallTime) { breaker.failed(at: now) }
    }

    /// At 4 s.
    private func opened() -> Door {
        let door = Door()
        for second in 0..<5 { door.failed(at: .seconds(Double(second))) }
        return door
    }

    @Test("Five faults in 30 s open it, whatever succeeds between them; four do not")
    func opens() {
        let door = Door()
        for second in 0..<4 {
            door.failed(at: .seconds(Double(second)))
            door.succeeded()
        }
        #expect(door.permits(at: .seconds(4)))
        door.failed(at: .seconds(4))
        #expect(door.state == .open(until: .seconds(14)))
        #expect(!door.permits(at: .seconds(4)))
    }

    @Test("The window is inclusive", arguments: [(29_999, true), (30_000, true), (30_001, false)])
    func window(last: Int, opens: Bool) {
        let door = Door()
        for _ in 0..<4 { door.failed(at: .zero) }
        door.failed(at: .milliseconds(last))
        #expect(door.permits(at: .milliseconds(last)) == !opens)
    }

    @Test("Open for 10 s, then one probe and nobody else")
    func probes() {
        let door = opened()
        #expect(!door.permits(at: .milliseconds(13_999)))
        #expect(door.permits(at: .seconds(14)))
        #expect(!door.permits(at: .seconds(14)))
        #expect(!door.permits(at: .milliseconds(23_999)))
        #expect(door.state == .halfOpen(until: .seconds(24)))
    }

    @Test("A probe that is served closes it, and the faults of before are forgotten")
    func closes() {
        let door = opened()
        #expect(door.permits(at: .seconds(14)))
        door.succeeded()
        for _ in 0..<4 { door.failed(at: .seconds(15)) }
        #expect(door.permits(at: .seconds(15)))
    }

    @Test("A probe that fails opens it for another 10 s")
    func reopens() {
        let door = opened()
        #expect(door.permits(at: .seconds(15)))
        door.failed(at: .seconds(16))
        #expect(door.state == .open(until: .seconds(26)))
    }

    @Test("A probe without an outcome counts as lost after 10 s: the next one is let")
    func loses() {
        let door = opened()
        #expect(door.permits(at: .seconds(14)))
        #expect(door.permits(at: .seconds(24)))
        #expect(!door.permits(at: .seconds(25)))
    }

    @Test("What had begun before it opened neither prolongs its rest nor ends it")
    func stragglers() {
        let door = opened()
        door.failed(at: .seconds(9))
        door.succeeded()
        #expect(door.state == .open(until: .seconds(14)))
    }
}
