import Testing

@testable import ParleyCore

@Suite("An agent that thinks better of what it says, and keys one by one")
struct GivingWayTests {
    @Test("A reply that is whole gives way: its sound stops, what was heard is on record, and the agent is asked")
    func givesWay() {
        let line = CallHarness()
        line.replies = [
            [.text("One moment, I am looking for it in the book."), .done], [.text("You are booked."), .done],
        ]
        line.start()
        line.wait(1_000)
        line.forget()
        line.handle(.reply(Generation(1), .drop))
        #expect(line.effects.contains(.clear))
        #expect(line.effects.contains(.cancelSpeech(Generation(1))))
        #expect(line.heard.count == 1 && "One moment, I am looking".hasPrefix(line.heard[0]))
        line.handle(.nudge)
        #expect(line.requests == [.nudged])
        line.wait(4_000)
        #expect(line.heard.last == "You are booked.")
        #expect(line.phrases == [] && line.bargeIns == [])
        #expect(line.unprovenHearing == [])
    }

    @Test("What has been heard to its end has nothing to give, and nothing is lost")
    func heardAlready() {
        let line = CallHarness()
        line.replies = [[.text("One moment."), .done], [.text("You are booked."), .done]]
        line.start()
        line.wait(3_000)
        line.forget()
        line.handle(.reply(Generation(1), .drop))
        line.handle(.nudge)
        #expect(!line.effects.contains(.clear))
        line.wait(4_000)
        #expect(line.heard == ["You are booked."])
    }

    @Test("What is dropped of a reply that goes on is not heard, and what follows is, under a number of its own")
    func dropsAndGoesOn() {
        let line = CallHarness()
        line.replies = [[.text("One moment, I am looking for it in the book of this week. ")]]
        line.start()
        line.wait(1_000)
        line.forget()
        line.handle(.reply(Generation(1), .drop))
        line.handle(.reply(Generation(1), .text("You are booked. ")))
        line.wait(1_800)
        line.handle(.reply(Generation(1), .drop))
        line.handle(.reply(Generation(1), .text("For Tuesday.")))
        line.handle(.reply(Generation(1), .done))
        line.wait(4_000)
        #expect(line.heard.count == 3 && "One moment, I am looking".hasPrefix(line.heard[0]))
        #expect(line.heard.suffix(2) == ["You are booked.", "For Tuesday."])
        let spoken = line.effects.compactMap { effect in
            if case .speak(let generation, _, let text) = effect { (generation, text) } else { nil }
        }
        #expect(Set(spoken.map(\.0)).count == 2 && !spoken.contains { $0.0 == Generation(1) })
        let turns = line.notes.compactMap { if case .agentTurn(let turn) = $0 { turn.generation } else { nil } }
        #expect(turns == Array(repeating: Generation(1), count: 3), "to the agent and the record it is one reply")
        #expect(line.phrases == [] && line.unprovenHearing == [])
    }

    @Test("The next reply after one that went on is spoken, and its late sound is dropped")
    func nextReply() {
        let line = CallHarness()
        line.replies = [[.text("One moment, I am looking. ")], [.text("On Monday."), .done]]
        line.words = ["And on Monday?"]
        line.start()
        line.wait(1_000)
        line.handle(.reply(Generation(1), .drop))
        line.handle(.reply(Generation(1), .text("You are booked.")))
        line.handle(.reply(Generation(1), .done))
        line.wait(3_000)
        line.handle(.synthesizer(.audio(Generation(1), clause: 1, CallHarness.speech("late"))))
        line.speak(600)
        line.wait(3_000)
        #expect(line.heard.suffix(2) == ["You are booked.", "On Monday."])
        #expect(line.notes.contains(.dropped(.lateAudio)))
    }

    @Test("While the caller contests it, and where it is the last word, it does not give way")
    func keeps() {
        let line = CallHarness()
        line.replies = [[.text("Goodbye, and thank you for calling us."), .end, .done]]
        line.start()
        line.wait(1_000)
        line.handle(.reply(Generation(1), .drop))
        line.wait(4_000)
        #expect(line.heard == ["Goodbye, and thank you for calling us."])
        #expect(line.ends == [.agentEnded])
    }

    @Test("Where each key is an answer, the pound key is one too")
    func eachKey() {
        let line = CallHarness()
        let parts: [ReplyPart] = [
            .text("Your number, then pound?"), .expect(ParleyCore.Expectation(takesEachKey: true)), .done,
        ]
        line.replies = [parts, parts, parts, parts]
        line.start()
        line.wait(300)
        for digit in [Digit.four, .pound, .pound, .star] { line.handle(.digit(digit)) }
        #expect(line.requests == [.opening, .keyed("4"), .keyed("#"), .keyed("#"), .keyed("*")])
    }
}
