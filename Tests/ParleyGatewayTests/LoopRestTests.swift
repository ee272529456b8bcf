import Testing

@testable import ParleyGateway

@Suite("How long an event loop rests")
struct LoopRestTests {
    private static let millisecond: UInt64 = 1_000_000

    @Test("A round soon after another rests until a millisecond after it; rounds that are far apart never do")
    func soon() {
        var rest = LoopRest()
        #expect(rest.take(at: 50 * Self.millisecond) == 0)
        #expect(rest.take(at: 50 * Self.millisecond + 300_000) == 700_000)
        // Counted from the end of that rest.
        #expect(rest.take(at: 51 * Self.millisecond + 10_000) == 990_000)
        #expect(rest.take(at: 53 * Self.millisecond) == 0)
        #expect(rest.take(at: 55 * Self.millisecond) == 0)
    }

    @Test("A loop that has more to do than it has time never rests")
    func full() {
        var rest = LoopRest()
        for round in 1...100 { #expect(rest.take(at: UInt64(round) * Self.millisecond) == 0) }
    }

    @Test("A rest that is broken off is not made up for by longer ones")
    func brokenOff() {
        var rest = LoopRest()
        _ = rest.take(at: 50 * Self.millisecond)
        for _ in 0..<10 { #expect(rest.take(at: 50 * Self.millisecond + 1_000) <= Self.millisecond) }
    }

    @Test("Whatever comes when, no rest is longer than a millisecond, and rounds are never closer than that")
    func bounded() {
        var (rest, now, over, seed) = (LoopRest(), UInt64(1_000_000_000), UInt64(0), UInt64(7))
        for _ in 0..<10_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            now += (seed >> 33) % 3_000_000
            let pause = rest.take(at: now)
            #expect(pause <= Self.millisecond)
            now += pause
            #expect(now - over >= Self.millisecond)
            over = now
        }
    }
}
