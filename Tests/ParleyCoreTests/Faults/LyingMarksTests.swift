import Testing

@testable import ParleyCore

@Suite("A carrier that lies about playout")
struct LyingMarksTests {
    /// Marks 1 to 4 are played, one after the other; what goes back, with `?` for a mark that was never sent.
    private func draw(_ kinds: Fault.Kind..., timing: Fault.Timing = .always) -> String {
        var marks = LyingMarks<Int>(CarrierFaults(kinds.map { Fault($0, timing) }))
        var out = ""
        for mark in 1...4 {
            if marks.received(mark, at: .milliseconds(mark * 100)) { out += "\(mark)! " }
            for (answer, after) in marks.reached(mark, at: .milliseconds(mark * 100 + 50)) {
                out += answer == .unknown ? "?" : answer == .mark(mark) ? "\(mark)" : "(\(mark))"
                out += after > .zero ? "+\(after.milliseconds) " : " "
            }
        }
        return out
    }

    @Test("The truth, and each lie: at once, late, never, twice, unknown, out of order")
    func lies() {
        #expect(draw() == "1 2 3 4 ")
        #expect(draw(.marksEarly) == "1! 2! 3! 4! ")
        #expect(draw(.marksLate(.seconds(2))) == "1+2000 2+2000 3+2000 4+2000 ")
        #expect(draw(.marksNever) == "")
        #expect(draw(.marksTwice) == "1 1 2 2 3 3 4 4 ")
        #expect(draw(.marksUnknown) == "? ? ? ? ")
        #expect(draw(.marksNever, timing: .at(.milliseconds(300))) == "1 2 4 ")
    }

    @Test("A name that was returned early is returned again when it is used again")
    func sameName() {
        var marks = LyingMarks<Int>(CarrierFaults([Fault(.marksEarly, .at(.zero))]))
        let isEarly = marks.received(1, at: .zero)
        let played = marks.reached(1, at: .zero)
        #expect(isEarly && played.isEmpty)
        let isEarlyAgain = marks.received(1, at: .zero)
        #expect(isEarlyAgain == false)
        #expect(marks.reached(1, at: .zero).map(\.answer) == [.mark(1)])
    }

    @Test("Out of order, two marks change places")
    func order() {
        var marks = LyingMarks<Int>(CarrierFaults([Fault(.marksOutOfOrder)]))
        let out = (1...4).map { mark in marks.reached(mark, at: .zero).map(\.answer) }
        #expect(out == [[], [.mark(2), .mark(1)], [], [.mark(4), .mark(3)]])
        #expect(marks.fired.map(\.count) == [4])
    }

    @Test("A clear is obeyed, ignored, or obeyed without its marks; the second alone where the times say so")
    func clears() {
        func draw(_ fault: Fault) -> [LyingMarks<Int>.Obedience] {
            var marks = LyingMarks<Int>(CarrierFaults([fault]))
            return [marks.clear(at: .seconds(1)), marks.clear(at: .seconds(2)), marks.clear(at: .seconds(3))]
        }
        #expect(draw(Fault(.loss)) == [.obey, .obey, .obey])
        #expect(draw(Fault(.clearIgnored)) == [.ignore, .ignore, .ignore])
        #expect(draw(Fault(.clearKeepsMarks, .at(.seconds(1.5)))) == [.obey, .forgetMarks, .obey])
    }
}
