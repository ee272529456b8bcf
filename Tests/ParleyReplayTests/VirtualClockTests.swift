import ParleyCore
import Synchronization
import Testing

@testable import ParleyReplay

@Suite("A virtual clock")
struct VirtualClockTests {
    @Test("What falls due at the same moment happens in the order in which it was asked for")
    func order() {
        let clock = VirtualClock()
        let order = Mutex<[Int]>([])
        for (number, delay) in [(1, 20), (2, 10), (3, 20), (4, 0), (5, 10)] {
            clock.after(.milliseconds(delay)) { order.withLock { $0.append(number) } }
        }
        while let next = clock.next {
            clock.move(to: next)
            while case .run(let body)? = clock.takeDue() { body() }
        }
        #expect(order.withLock { $0 } == [4, 2, 5, 1, 3])
        #expect(clock.now == .milliseconds(20))
    }

    @Test("Nothing happens before it is due, and the clock never goes back")
    func notBefore() {
        let clock = VirtualClock()
        clock.after(.milliseconds(5)) {}
        #expect(clock.takeDue() == nil)
        clock.move(to: .milliseconds(7))
        clock.move(to: .milliseconds(3))
        #expect(clock.now == .milliseconds(7))
        #expect(clock.takeDue() != nil)
    }
}

extension VirtualClock.Happening: Equatable {
    public static func == (left: Self, right: Self) -> Bool { "\(left)" == "\(right)" }
}
