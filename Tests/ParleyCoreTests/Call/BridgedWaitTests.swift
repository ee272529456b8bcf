import Testing

@testable import ParleyCore

/// What the record tells of an answer that was late: the wait is the caller's, whatever was said to bridge it.
@Suite("The waterfall of a late answer")
struct BridgedWaitTests {
    /// What a caller does who was asked to say it again, and the agent that answers by then.
    enum Sequel: CaseIterable, Sendable {
        case saysItAgain, isSilent, isTold, keysIt
    }

    private func greeted() -> CallHarness {
        let line = CallHarness()
        line.replies = [[.text("Hello."), .done]]
        line.words = ["Tuesday", "I said Tuesday", "On Wednesday"]
        line.start()
        line.wait(2_000)
        line.forget()
        return line
    }

    private func turns(_ line: CallHarness) -> [CallTime] {
        line.log.compactMap { if case .finishTurn = $0.effect { $0.at } else { nil } }
    }

    private func asked(_ line: CallHarness) -> [CallTime] {
        line.log.compactMap { if case .ask = $0.effect { $0.at } else { nil } }
    }

    private func answers(_ line: CallHarness) -> [Waterfall] {
        line.notes.compactMap { if case .answered(let waterfall) = $0 { waterfall } else { nil } }
    }

    @Test("The wait counts from the turn that was never answered, whatever follows", arguments: Sequel.allCases)
    func neverAnswered(sequel: Sequel) throws {
        let line = greeted()
        line.agentAnswers = false
        line.speak(600)
        line.wait(7_200)
        #expect(line.phrases == [.oneMoment, .sayAgain] && answers(line) == [])
        line.agentAnswers = true
        switch sequel {
        case .saysItAgain: line.speak(600)
        case .isSilent: break
        case .isTold: line.handle(.nudge)
        case .keysIt: for key in [Digit.one, .pound] { line.handle(.digit(key)) }
        }
        line.wait(8_000)
        let answer = try #require(answers(line).first)
        let edge = try #require(answer.edge)
        #expect(edge > .seconds(6), "the worst wait of all")
        #expect(answer.endpoint == turns(line).first, "of the turn that has waited longest")
        #expect(answer.asked == asked(line).dropFirst().first, "of the reply that came")
        #expect(answer.firstFrame.map { $0 - answer.lastVoiced! } == edge)
    }

    @Test("The turn after an answer counts from itself again")
    func nextTurn() throws {
        let line = greeted()
        line.agentAnswers = false
        line.speak(600)
        line.wait(6_500)
        line.agentAnswers = true
        line.speak(600)
        line.wait(3_000)
        line.forget()
        line.speak(600)
        line.wait(3_000)
        let answer = try #require(answers(line).last)
        #expect(answers(line).count == 1 && answer.endpoint == turns(line).last)
        #expect(try #require(answer.edge) < .milliseconds(1_500))
    }

    @Test("A caller who speaks on behind the filler has waited since before it")
    func speaksOn() throws {
        let line = greeted()
        line.agentAnswers = false
        line.speak(600)
        line.wait(3_200)
        #expect(line.phrases == [.oneMoment])
        line.agentAnswers = true
        line.speak(700)
        line.wait(3_000)
        let answer = try #require(answers(line).first)
        #expect(line.requests.last == .said("Tuesday I said Tuesday"))
        #expect(answer.endpoint == turns(line).first)
        #expect(try #require(answer.edge) > .seconds(3))
    }

    @Test("One who speaks on before anything bridged the wait had not finished: it counts from what was said last")
    func hadNotFinished() throws {
        let line = greeted()
        line.agentAnswers = false
        line.speak(600)
        line.wait(1_200)
        line.agentAnswers = true
        line.speak(700)
        line.wait(3_000)
        #expect(line.phrases == [])
        let answer = try #require(answers(line).first)
        #expect(answer.endpoint == turns(line).last && turns(line).count == 2)
    }

    @Test("Words that are late keep their place in the waterfall")
    func lateWords() throws {
        let line = greeted()
        line.recognizerAnswers = false
        line.speak(600)
        line.wait(2_600)
        #expect(line.phrases == [.oneMoment])
        let final = line.now
        line.handle(.recognizer(.final(line.call.lastTurn, "On Tuesday")))
        line.wait(3_000)
        let answer = try #require(answers(line).first)
        #expect(answer.endpoint == turns(line).first && answer.final == final && answer.asked == final)
        #expect(try #require(answer.edge) > .milliseconds(2_500))
    }

    @Test("A recogniser that gives up: the wait counts from what it did not hear")
    func recognizerFails() throws {
        let line = greeted()
        line.recognizerAnswers = false
        line.speak(600)
        line.wait(1_000)
        line.handle(.recognizer(.failed(line.call.lastTurn)))
        #expect(line.phrases == [.sayAgain])
        line.recognizerAnswers = true
        line.wait(2_000)
        line.speak(600)
        line.wait(3_000)
        let answer = try #require(answers(line).first)
        #expect(answer.endpoint == turns(line).first && answer.final == nil)
    }

    @Test("A late reply is on record where it was heard: behind the filler, and behind the row of its stage")
    func order() throws {
        let line = greeted()
        line.agentAnswers = false
        line.speak(600)
        line.wait(2_300)
        let bridged = try #require(line.time { $0 == .note(.bridged(.oneMoment)) })
        line.handle(.reply(line.call.lastGeneration, .text("Tuesday it is.")))
        line.handle(.reply(line.call.lastGeneration, .done))
        line.wait(4_000)
        let said = line.notes.compactMap { if case .agentTurn(let turn) = $0 { turn } else { nil } }
        #expect(said.map(\.heard) == ["Tuesday it is."])
        let began = try #require(said.first).began
        #expect(began == answers(line).first?.firstFrame)
        #expect(began - bridged > .milliseconds(700), "the filler is a second long, and sound leaves 200 ms ahead")
    }

    @Test("A reply of which nothing was heard but the filler in front is on record when it was given up")
    func nothingHeard() throws {
        let line = greeted()
        line.agentAnswers = false
        line.speak(600)
        line.wait(2_300)
        line.voiceAnswers = false
        line.handle(.reply(line.call.lastGeneration, .text("Tuesday it is.")))
        line.handle(.lost(.peerLost))
        let said = line.notes.compactMap { if case .agentTurn(let turn) = $0 { turn } else { nil } }
        let turn = try #require(said.first)
        #expect(said.count == 1 && turn.heard.isEmpty && turn.unheard == "Tuesday it is.")
        #expect(turn.began == line.now && turn.ended == line.now)
    }
}
