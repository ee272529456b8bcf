import ParleyMessaging
import Testing

@Suite("Breaker and pause of a sender")
struct SenderTests {
    private let down = RequestOutcome.ambiguous(.timeout)
    private let unreachable = RequestOutcome.notSent(.unreachable, retryAfterMS: nil)
    private let refusal = RequestOutcome.refused(code: "21211")

    @Test("Five failures in a row open it; a refusal in between is an answer and starts the count anew")
    func opens() {
        var breaker = Breaker()
        for _ in 0..<4 { breaker.ended(down, now: 0) }
        breaker.ended(refusal, now: 0)
        for _ in 0..<4 { breaker.ended(unreachable, now: 0) }
        #expect(breaker.door(now: 0) == .open)
        breaker.ended(down, now: 100)
        #expect(breaker.door(now: 100) == .shut(until: 10_100))
        #expect(breaker.state == .open(until: 10_100))
    }

    @Test("No number of refusals, wrong secrets or rate limits opens it")
    func stays() {
        var breaker = Breaker(opensAfter: 1)
        for outcome in [
            refusal, .optedOut(code: ""), .misconfigured(code: ""), .unauthorised(code: ""), .recorded,
            .accepted(providerID: ""), .notSent(.rateLimited, retryAfterMS: 1),
        ] {
            for _ in 0..<10 { breaker.ended(outcome, now: 0) }
            #expect(breaker.door(now: 0) == .open)
        }
    }

    @Test("One probe at a time; it closes the breaker, or opens it for twice as long, at most 2 minutes")
    func probes() {
        var breaker = Breaker(opensAfter: 1)
        var now: Int64 = 0
        breaker.ended(down, now: now)
        for length: Int64 in [10_000, 20_000, 40_000, 80_000, 120_000, 120_000] {
            #expect(breaker.door(now: now + length - 1) == .shut(until: now + length))
            now += length
            #expect(breaker.door(now: now) == .open)
            let isProbe = breaker.claimed(now: now)
            #expect(isProbe)
            #expect(breaker.door(now: now) == .shut(until: now + 45_000))
            breaker.ended(down, now: now)
        }
        now += 120_000
        _ = breaker.claimed(now: now)
        breaker.ended(refusal, now: now)
        #expect(breaker.state == .closed(failures: 0))
        let isProbe = breaker.claimed(now: now)
        #expect(!isProbe)
        breaker.ended(down, now: now)
        #expect(breaker.door(now: now) == .shut(until: now + 10_000))
    }

    @Test("A probe that never ends makes room for another; failures from before do not keep it open longer")
    func lostProbe() {
        var breaker = Breaker(opensAfter: 1)
        breaker.ended(down, now: 0)
        breaker.ended(down, now: 5_000)
        #expect(breaker.door(now: 10_000) == .open)
        _ = breaker.claimed(now: 10_000)
        #expect(breaker.door(now: 54_999) == .shut(until: 55_000))
        #expect(breaker.door(now: 55_000) == .open)
        #expect(breaker.door(now: -3_600_000) == .open)
    }

    @Test("A wrong secret pauses the sender; one text each 15 minutes finds out whether it is good again")
    func unauthorised() {
        var pause = SenderPause()
        pause.pause(.unauthorised, now: 0)
        #expect(pause.door(now: 899_999) == .shut(until: 900_000))
        #expect(pause.door(now: 900_000) == .open)
        let isProbe = pause.claimed(now: 900_000)
        #expect(isProbe)
        #expect(pause.door(now: 900_001) == .shut(until: 1_800_000))
        for outcome in [down, unreachable, .unauthorised(code: "401")] { pause.probeEnded(outcome) }
        #expect(pause.door(now: 900_002) == .shut(until: 1_800_000))
        pause.probeEnded(refusal)
        #expect(pause.state == .running)
    }

    @Test("An unregistered sender is never probed: only an operator or its configuration lifts the pause")
    func misconfigured() {
        var pause = SenderPause()
        pause.pause(.misconfigured, now: 0)
        pause.pause(.unauthorised, now: 0)
        pause.probeEnded(.accepted(providerID: "SM1"))
        let isProbe = pause.claimed(now: .max)
        #expect(!isProbe)
        #expect(pause.door(now: .max) == .shut(until: nil))
        pause.lift()
        #expect(pause.door(now: 0) == .open)
    }

    @Test("Of two doors the one that opens later counts")
    func doors() {
        #expect(SenderDoor.open.and(.open) == .open)
        #expect(SenderDoor.open.and(.shut(until: 5)) == .shut(until: 5))
        #expect(SenderDoor.shut(until: 7).and(.shut(until: 5)) == .shut(until: 7))
        #expect(SenderDoor.shut(until: nil).and(.shut(until: 5)) == .shut(until: nil))
        #expect(SenderDoor.shut(until: nil).and(.open) == .shut(until: nil))
    }
}
