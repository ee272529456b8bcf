import Testing

@testable import ParleyCore

@Suite("When a fault happens")
struct FaultTriggerTests {
    /// Asked every 100 ms for three seconds; `X` where it happens.
    private func draw(
        _ fault: Fault, seed: UInt64 = 1, number: Int = 0, situations: (Int) -> [Fault.Situation] = { _ in [] }
    ) -> String {
        var trigger = FaultTrigger(fault, number: number, seed: seed)
        return String(
            (0..<30).map { column in
                trigger.fire(at: .milliseconds(column * 100), in: situations(column)) == nil ? "." : "X"
            })
    }

    private func ms(_ count: Int) -> CallTime { .milliseconds(count) }

    @Test("One column is 100 ms: once, in a window, each period")
    func timings() {
        #expect(draw(Fault(.loss, .at(ms(450)))) == ".....X........................")
        #expect(draw(Fault(.loss, .during(from: ms(300), to: ms(700)))) == "...XXXXX......................")
        #expect(draw(Fault(.loss)) == "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXX")
        #expect(draw(Fault(.loss, .every(ms(1_000), from: ms(500), to: nil))) == "...............X.........X....")
        #expect(draw(Fault(.loss, .every(ms(700), from: ms(0), to: ms(2_000)))) == ".......X......X...............")
    }

    @Test("A fault that waits for the agent to speak happens then, once, and periods that were missed do not add up")
    func situations() {
        let speaks = { (column: Int) -> [Fault.Situation] in (12...14).contains(column) ? [.agentSpeaks] : [] }
        let once = Fault(.keys([.one]), .at(ms(500)), while: .agentSpeaks)
        #expect(draw(once, situations: speaks) == "............X.................")
        let often = Fault(.keys([.one]), .every(ms(200), from: ms(0), to: nil), while: .agentSpeaks)
        #expect(draw(often, situations: speaks) == "............X.X...............")
    }

    @Test("In a window a drop happens once, at a moment that the seed draws")
    func drawnMoment() throws {
        let fault = Fault(.drop, .during(from: ms(1_000), to: ms(2_000)))
        let moments = (0..<200).compactMap { FaultTrigger(fault, number: 0, seed: $0).nextMoment?.milliseconds }
        #expect(moments.allSatisfy { (1_000...2_000).contains($0) })
        #expect(Set(moments).count > 100)
        var trigger = FaultTrigger(fault, number: 0, seed: 7)
        let moment = try #require(trigger.nextMoment)
        #expect(trigger.fire(at: moment + ms(5)) == moment, "it says when it was due, not when it was asked")
        #expect(trigger.nextMoment == nil)
        #expect(trigger.fired == 1)
    }

    @Test("The same seed hits the same messages; another seed, or another number in the list, hits others")
    func seeds() {
        let fault = Fault(.loss, chance: 0.5)
        #expect(draw(fault, seed: 4) == draw(fault, seed: 4))
        #expect(draw(fault, seed: 4) != draw(fault, seed: 5))
        #expect(draw(fault, seed: 4) != draw(fault, seed: 4, number: 1))
    }

    @Test("Chance is what it says, within three deviations", arguments: [0.0, 0.1, 0.5, 1.0])
    func chance(chance: Double) {
        var trigger = FaultTrigger(Fault(.loss, chance: chance), number: 3, seed: 9)
        for index in 0..<10_000 { _ = trigger.fire(at: ms(index)) }
        #expect(abs(Double(trigger.fired) - 10_000 * chance) <= 3 * (10_000 * chance * (1 - chance)).squareRoot())
    }
}
