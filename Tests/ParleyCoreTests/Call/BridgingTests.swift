import Testing

@testable import ParleyCore

/// Found by the simulator: what fillers did to the turns that they bridge.
@Suite("Bridging a wait")
struct BridgingTests {
    private func greeted() -> CallHarness {
        var line = CallHarness()
        line.start()
        line.wait(2_000)
        line.agentAnswers = false
        line.forget()
        return line
    }

    private func endedTurn(_ line: CallHarness) throws -> (turn: TurnID, at: CallTime) {
        for entry in line.log { if case .finishTurn(let turn) = entry.effect { return (turn, entry.at) } }
        throw NoTurn()
    }
    private struct NoTurn: Error {}

    @Test("The filler comes 1.5 s after the caller's turn, however that time is shared by recogniser and agent")
    func lateWords() throws {
        var line = greeted()
        line.recognizerAnswers = false
        line.speak(600)
        line.wait(1_600)
        let ended = try endedTurn(line)
        line.handle(.recognizer(.final(ended.turn, "On Tuesday")))
        #expect(line.requests == [.said("On Tuesday")])
        line.wait(1_500)
        let filler = try #require(line.time { $0 == .note(.bridged(.oneMoment)) })
        #expect(filler - ended.at == .milliseconds(1_500))
    }

    @Test("Words that come while a filler is said are the answer, and the filler is said to its end")
    func wordsDuringFiller() throws {
        var line = greeted()
        line.recognizerAnswers = false
        line.speak(600)
        line.wait(2_300)
        #expect(line.phrases == [.oneMoment])
        line.handle(.recognizer(.final(try endedTurn(line).turn, "On Tuesday")))
        #expect(line.requests == [.said("On Tuesday")])
        line.wait(1_000)
        #expect(!line.effects.contains(.clear))
        #expect(line.playedFrames.count == 50)
    }

    @Test("A short answer over a filler is no nod, though the reply's audio is about to start")
    func answerOverFiller() {
        var line = greeted()
        line.words = ["On Tuesday", "at four"]
        line.speak(600)
        line.wait(2_300)
        #expect(line.phrases == [.oneMoment])
        line.speak(450)
        line.wait(700)
        #expect(line.said == ["On Tuesday", "at four"])
        #expect(line.requests.last == .said("On Tuesday at four"))
    }

    @Test("An okay to \"one moment\" is a nod: the reply is still waited for")
    func nodToFiller() {
        var line = greeted()
        line.words = ["On Tuesday", "okay"]
        line.speak(600)
        line.wait(2_300)
        line.speak(450)
        line.wait(700)
        #expect(line.requests == [.said("On Tuesday")])
    }

    @Test("While the caller keys something in nothing bridges the wait: it begins anew when that is whole")
    func keysWhileWaiting() throws {
        var line = greeted()
        line.words = ["On Tuesday"]
        line.speak(600)
        line.wait(1_600)
        #expect(line.phrases == [])
        line.handle(.digit(.three))
        line.wait(3_500)
        #expect(line.requests.last == .keyed("3"))
        #expect(line.phrases == [])
        line.wait(1_200)
        #expect(line.phrases == [.oneMoment])
    }

    @Test("A reply without a word, or without a sound, is one that did not come", arguments: [false, true])
    func mute(hasWords: Bool) {
        var line = greeted()
        line.agentAnswers = true
        line.voiceAnswers = false
        line.replies = [hasWords ? [.text("Okay."), .done] : [.done]]
        line.words = ["On Tuesday"]
        line.speak(600)
        line.wait(600)
        if hasWords { line.handle(.synthesizer(.done(line.call.lastGeneration, clause: line.call.lastClause))) }
        #expect(line.phrases == [.sayAgain])
    }

    @Test("An agent may leave the first word to the caller; a greeting without a sound is one that did not come")
    func opening() {
        var line = CallHarness()
        line.replies = [[.done]]
        line.start()
        line.wait(2_000)
        #expect(line.phrases == [])

        line = CallHarness()
        line.voiceAnswers = false
        line.replies = [[.text("Hello."), .done]]
        line.start()
        line.wait(100)
        line.handle(.synthesizer(.done(line.call.lastGeneration, clause: line.call.lastClause)))
        #expect(line.phrases == [.sayAgain])
    }

    @Test("An action that was done needs no words")
    func doneWithoutWords() {
        var line = greeted()
        line.agentAnswers = true
        line.replies = [[.action(ActionRequest(name: "note", arguments: "{}")), .done]]
        line.words = ["On Tuesday"]
        line.speak(600)
        line.wait(600)
        #expect(line.phrases == [])
    }

    @Test("A reply that stops in the middle is bridged though no frame of the caller's wakes the call")
    func stallsWithoutFrames() throws {
        var line = greeted()
        line.agentAnswers = true
        line.replies = [[.text("On Tuesday. "), .text("And then")]]
        line.words = ["When?"]
        line.speak(600)
        line.wait(600)
        line.stall(.seconds(8))
        #expect(line.phrases == [.oneMoment, .sayAgain])
    }
}
