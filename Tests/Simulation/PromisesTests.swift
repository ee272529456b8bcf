import ParleyCore
import Testing

@testable import ParleyReplay

/// Each promise is seen to be broken where it is.
@Suite("What the simulator watches")
struct PromisesTests {
    private let silence = Sight.Tick(isSounding: false, isCallerAudible: false, floor: .free)

    @Test(
        "Silence on the agent's turn is dead air after 1.5 s without a fault, 3 s with one, 5 s with two",
        arguments: 0...2)
    func deadAir(faults: Int) {
        var promise = DeadAir(faults: faults)
        _ = promise.see(.effect(.finishTurn(TurnID(1))), at: .zero)
        var broken: CallTime?
        for step in 0..<400 where broken == nil {
            let now = CallTime.milliseconds(step * 20)
            if promise.see(.tick(silence), at: now) != nil { broken = now }
        }
        // The way to the ear is 140 ms at the most.
        #expect(broken == .milliseconds([1_660, 3_160, 5_160][faults]))
    }

    @Test("Silence on the caller's turn is none")
    func callersTurn() {
        var promise = DeadAir(faults: 0)
        for step in 0..<400 { #expect(promise.see(.tick(silence), at: .milliseconds(step * 20)) == nil) }
        #expect(promise.gaps == [])
    }

    @Test("Words on record that were not played are found, one frame more is not")
    func heard() {
        for (played, isBroken) in [(28, true), (29, false), (30, false)] {
            var promise = HeardWithinPlayed()
            let source = FrameTag.Source.reply(Generation(1), clause: 1)
            let words = [WordEnd(textEnd: 10, audioEnd: 600)]
            let audio = FrameTag.audio(source, first: 0, frames: 33, words: words)
            _ = promise.see(.effect(.speak(Generation(1), clause: 1, "On Tuesday.")), at: .zero)
            _ = promise.see(.input(.synthesizer(.audio(Generation(1), clause: 1, audio))), at: .zero)
            for frame in 0..<played { _ = promise.see(.heard(FrameTag(source: source, frame: frame)), at: .zero) }
            let turn = AgentTurn(
                generation: Generation(1), heard: "On Tuesday", unheard: "", began: .zero, ended: .zero)
            #expect((promise.see(.effect(.note(.agentTurn(turn))), at: .zero) != nil) == isBroken)
        }
    }

    @Test("A frame of a cancelled reply, a second end, a deadline in the past, a third filler, a claim without a text")
    func others() {
        var cancelled = NothingCancelled()
        let tag = FrameTag(source: .reply(Generation(3), clause: 1), frame: 0)
        #expect(cancelled.see(.sent(tag), at: .zero) == nil)
        _ = cancelled.see(.effect(.cancelReply(Generation(3))), at: .zero)
        #expect(cancelled.see(.sent(tag), at: .zero) != nil)

        var end = OneEnd()
        #expect(end.see(.effect(.end(.shutdown)), at: .zero) == nil)
        #expect(end.see(.effect(.clear), at: .zero) != nil)

        var deadlines = Deadlines()
        let load = Call(settings: CallSettings(format: .telephone)).load
        #expect(deadlines.see(.settled(deadline: .zero, load: load), at: .zero) == nil)
        #expect(deadlines.see(.settled(deadline: .zero, load: load), at: .milliseconds(1)) != nil)

        var ladder = Ladder()
        for count in 1...3 {
            #expect((ladder.see(.effect(.note(.bridged(.oneMoment))), at: .zero) != nil) == (count > 2))
        }

        var texts = TextsOnce()
        let claim = Sight.effect(.speak(Generation(1), clause: 1, "I have sent you the link."))
        #expect(texts.see(claim, at: .zero) != nil)
        texts.textsOnRecord = 1
        #expect(texts.see(claim, at: .zero) == nil)
    }

    @Test("Of two things at one time the one that was put in first happens first")
    func order() {
        var queue = EventQueue<Int>()
        for (item, due) in [(1, 20), (2, 10), (3, 20), (4, 10), (5, 30)] { queue.put(item, at: .milliseconds(due)) }
        var order: [Int] = []
        while let item = queue.take(at: .milliseconds(20)) { order.append(item) }
        #expect(order == [2, 4, 1, 3])
        #expect(queue.nextDue == .milliseconds(30))
    }
}
