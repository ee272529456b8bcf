import Synchronization
import Testing

@testable import ParleyGateway

@Suite("The last word on texts to people who said stop", .timeLimit(.minutes(5)))
struct DeparturesTests {
    private let clock = ManualClock()
    private let number = "+12125550123"

    private func departures(capacity: Int = 100_000) -> Departures {
        let clock = clock
        return Departures(capacity: capacity, now: { clock.now })
    }

    @Test("After a stop nothing leaves to that number, until it is lifted; others go")
    func stop() {
        let departures = departures()
        #expect(departures.leave(number))
        departures.left(number)
        departures.stop(number)
        #expect(!departures.leave(number))
        #expect(departures.leave("+12125550124"))
        departures.lift(number)
        #expect(departures.leave(number))
    }

    @Test("A stop is kept for ten minutes at least, and for twenty at most")
    func kept() {
        let departures = departures()
        departures.stop(number)
        clock.advance(by: 599_999)
        departures.stop("+12125550124")
        #expect(!departures.leave(number))
        clock.advance(by: 1)
        departures.stop("+12125550125")
        #expect(!departures.leave(number))
        clock.advance(by: 599_999)
        departures.stop("+12125550126")
        #expect(!departures.leave("+12125550124"))
        clock.advance(by: 1)
        departures.stop("+12125550127")
        #expect(departures.leave(number))
        #expect(!departures.leave("+12125550125"))
    }

    @Test("Of too many the oldest are forgotten")
    func many() {
        let departures = departures(capacity: 10)
        for index in 0..<11 { departures.stop("+1212555010\(index)") }
        #expect(departures.leave("+12125550100"))
        #expect(!departures.leave("+12125550105"))
        #expect(!departures.leave("+121255501010"))
    }

    @Test("A number is settled when all that was let go has left")
    func settled() async {
        let departures = departures()
        let steps = Mutex<[String]>([])
        await departures.settled(number)
        #expect(departures.leave(number))
        #expect(departures.leave(number))
        departures.stop(number)
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let waits = Task {
            begin.yield()
            await departures.settled(number)
            steps.withLock { $0.append("settled") }
        }
        for await _ in begun { break }
        departures.left(number)
        steps.withLock { $0.append("last") }
        departures.left(number)
        await waits.value
        #expect(steps.withLock { $0 } == ["last", "settled"])
        await departures.settled(number)
    }

    @Test("What a doorstep let go has left once: when it was written, or when its request is over")
    func doorstep() async {
        let departures = departures()
        let written = Doorstep(number: number, departures: departures)
        #expect(written.leave())
        #expect(!written.leave())
        written.wrote()
        #expect(written.close() == .written)
        let lost = Doorstep(number: number, departures: departures)
        #expect(lost.leave())
        #expect(lost.close() == .leaving)
        // Both have left: nobody is waited for.
        departures.stop(number)
        await departures.settled(number)

        let stopped = Doorstep(number: number, departures: departures)
        #expect(!stopped.leave())
        #expect(stopped.close() == .stopped)
        let late = Doorstep(number: "+12125550124", departures: departures)
        #expect(late.close() == .waiting)
        #expect(!late.leave())
        let settled = Doorstep(number: "+12125550124", departures: departures)
        settled.stay(.settled)
        settled.stay(.unsure)
        #expect(!settled.leave())
        #expect(settled.close() == .settled)
    }
}
