import Testing

@testable import ParleyCore

@Suite("A call")
struct CallTests {
    @Test("The agent opens, and what the caller heard is what the marks prove")
    func opens() {
        var line = CallHarness()
        line.replies = [[.text("Hello. How can I help?"), .done]]
        line.start()
        line.wait(4_000)
        #expect(line.requests == [.opening])
        #expect(line.heard == ["Hello. How can I help?"])
        #expect(line.notes.contains(.floor(.agent)))
        let floor = line.call.floor
        #expect(floor == .free)
    }

    @Test("Audio leaves one frame a frame time, never more than 200 ms ahead")
    func paces() {
        var line = CallHarness()
        line.replies = [[.text("One two three four five six seven eight nine ten."), .done]]
        line.start()
        line.wait(5_000)
        #expect(line.playedFrames.count == 49 * 3)
        for (count, time) in line.playedFrames.enumerated() {
            let ahead = CallTime.milliseconds((count + 1) * 20) - (time - line.playedFrames[0])
            #expect(ahead <= .milliseconds(200))
        }
    }

    @Test("A mark follows every 200 ms of audio, and the end")
    func marks() {
        var line = CallHarness()
        line.replies = [[.text("Eleven char."), .done]]  // 36 frames
        line.start()
        line.wait(2_000)
        let marks = line.effects.compactMap { if case .mark(let mark) = $0 { mark.index } else { nil } }
        #expect(marks == [1, 2, 3, 4])
    }

    @Test("A turn ends 500 ms after its last voiced frame; its words are asked for at 180 ms of silence")
    func endpoint() throws {
        var line = CallHarness()
        line.start()
        line.wait(2_000)
        line.forget()
        line.words = ["Tuesday please"]
        line.speak(800)
        let quiet = line.now
        line.wait(700)
        let paused = try #require(line.time { if case .pauseTurn = $0 { true } else { false } })
        let ended = try #require(line.time { if case .finishTurn = $0 { true } else { false } })
        // The detector's window reaches 12 ms back, and a word's end is smoothed: it is let go of within 100 ms.
        #expect((paused - quiet).milliseconds <= 300 && (paused - quiet).milliseconds >= 180)
        #expect((ended - paused).milliseconds == 320)
        #expect(line.requests == [.said("Tuesday please")])
        #expect(line.said == ["Tuesday please"])
    }

    @Test("The recogniser is given the 300 ms before the detector made up its mind")
    func preRoll() {
        var line = CallHarness()
        line.start()
        line.wait(2_000)
        #expect(line.fedFrames == 0)
        line.speak(400)
        #expect(line.fedFrames >= 20 + 10)
    }

    @Test("Late audio and late text of a cancelled reply are dropped and counted")
    func lateNews() {
        var line = CallHarness()
        line.replies = [[.text("A very long sentence that nobody wants to hear at all."), .done]]
        line.words = ["stop"]
        line.start()
        line.wait(1_000)
        line.speak(900)
        line.forget()
        line.handle(.reply(Generation(1), .text("more")))
        line.handle(.synthesizer(.audio(Generation(1), clause: 1, CallHarness.speech("more"))))
        line.handle(.mark(Mark(generation: Generation(1), index: 3)))
        #expect(line.notes == [.dropped(.lateText), .dropped(.lateAudio), .dropped(.lateMark)])
        #expect(line.playedFrames.isEmpty)
    }

    @Test("A silent caller is asked twice, told goodbye, and the call ends")
    func noSpeech() {
        var line = CallHarness()
        line.start()
        line.wait(40_000)
        #expect(line.requests == [.opening, .silence(1), .silence(2)])
        #expect(line.phrases == [.noSpeechGoodbye])
        #expect(line.ends == [.noSpeech])
    }

    @Test("A reply to silence that does something and says nothing does not begin the silence anew")
    func silentDeed() throws {
        let line = CallHarness()
        line.agentTells = false
        line.replies = [
            [.text("Which day?"), .done],
            [.action(ActionRequest(name: "record_consent", arguments: "{}")), .done],
            [.text("Which day, please?"), .done],
        ]
        line.start()
        line.wait(12_000)
        #expect(line.requests == [.opening, .silence(1), .silence(2)])
        let asked = line.log.filter { if case .ask = $0.effect { true } else { false } }.map(\.at)
        #expect(asked[2] - asked[1] < .milliseconds(100), "there was nothing to wait for")
        #expect(line.heard == ["Which day?", "Which day, please?"])
        // What was said ended that silence: the next is as long as any.
        line.wait(4_000)
        #expect(line.ends.isEmpty)
    }

    @Test("A late agent: a filler at 1.5 s, then say it again, and the second time goodbye")
    func lateAgent() throws {
        var line = CallHarness()
        line.start()
        line.wait(2_000)
        line.agentAnswers = false
        line.words = ["Tuesday", "I said Tuesday"]
        line.speak(600)
        line.forget()
        line.wait(10_000)
        #expect(line.phrases == [.oneMoment, .sayAgain])
        let ended = try #require(line.time { if case .finishTurn = $0 { true } else { false } })
        let filler = try #require(line.time { $0 == .note(.bridged(.oneMoment)) })
        #expect((filler - ended).milliseconds == 1_500)
        #expect(line.worstSilence(from: filler) <= .seconds(3))
        line.speak(600)
        line.wait(10_000)
        #expect(line.phrases == [.oneMoment, .sayAgain, .oneMoment, .cannotContinue])
        #expect(line.ends == [.engineFailed])
    }

    @Test("A voice that fails at once brings an apology, not silence")
    func failingVoice() {
        var line = CallHarness()
        line.voiceAnswers = false
        line.start()
        line.wait(100)
        line.handle(.synthesizer(.failed(Generation(1), clause: 1)))
        line.wait(100)
        #expect(line.phrases == [.sayAgain])
    }

    @Test("A recogniser that says nothing does not hold the agent for ever")
    func deafRecognizer() {
        var line = CallHarness()
        line.replies = [[.text("Your appointment is on Tuesday the twenty fourth of November at three."), .done]]
        line.recognizerAnswers = false
        line.start()
        line.wait(1_500)
        line.speak(300)
        line.wait(6_000)
        #expect(line.bargeIns == [.paused, .resumed])
    }

    @Test("Keys are an answer when there are as many as expected, at the pound key, or after three seconds")
    func keys() {
        var line = CallHarness()
        line.replies = [
            [.text("Press one."), .expect(Expectation(digits: 1)), .done],
            [.text("Your number?"), .expect(Expectation(digits: 10)), .done],
            [.text("Again?"), .expect(Expectation(digits: 10)), .done],
        ]
        line.start()
        line.wait(300)
        line.handle(.digit(.one))
        #expect(line.requests == [.opening, .keyed("1")])
        #expect(line.bargeIns == [.paused, .confirmed])
        line.wait(2_000)
        for digit in [Digit.four, .two, .pound] { line.handle(.digit(digit)) }
        #expect(line.requests.last == .keyed("42"))
        line.wait(2_000)
        line.handle(.digit(.seven))
        line.wait(2_900)
        #expect(line.requests.last == .keyed("42"))
        line.wait(200)
        #expect(line.requests.last == .keyed("7"))
    }

    @Test("The pound key alone is no answer")
    func lonePound() {
        var line = CallHarness()
        line.replies = [[.text("Your number?"), .expect(Expectation(digits: 10)), .done]]
        line.start()
        line.wait(300)
        line.handle(.digit(.pound))
        line.wait(4_000)
        #expect(line.requests == [.opening])
        #expect(line.bargeIns == [])
    }

    @Test("An action's result comes back to the agent, who speaks of it only then")
    func action() {
        var line = CallHarness()
        line.replies = [[.text("One second."), .action(ActionRequest(name: "send_sms", arguments: "{}"))]]
        line.start()
        line.wait(4_000)
        #expect(line.heard == ["One second. It is sent."])
    }

    @Test("A reply that ends the call ends it when it was heard")
    func agentEnds() throws {
        var line = CallHarness()
        line.replies = [[.text("Goodbye then."), .end, .done]]
        line.start()
        line.wait(3_000)
        #expect(line.ends == [.agentEnded])
        let ended = try #require(line.time { $0 == .end(.agentEnded) })
        #expect(ended >= line.playedFrames.last! + .milliseconds(180))
    }

    @Test("Marks that never come back are made good by the clock")
    func lostMarks() {
        var line = CallHarness()
        line.carrierReturnsMarks = false
        line.replies = [[.text("Goodbye then."), .end, .done]]
        line.start()
        line.wait(4_000)
        #expect(line.ends == [.agentEnded])
        #expect(line.heard == ["Goodbye then."])
    }

    @Test("A caller who stops for a breath is one caller: the words go to the agent together")
    func breath() {
        var line = CallHarness()
        line.start()
        line.wait(2_000)
        line.recognizerAnswers = false
        line.speak(600)
        line.wait(640)
        line.speak(400)
        line.handle(.recognizer(.final(TurnID(1), "On Tuesday")))
        line.speak(200)
        line.wait(640)
        line.handle(.recognizer(.final(TurnID(2), "at three")))
        #expect(line.requests.last == .said("On Tuesday at three"))
    }

    /// The greeting was heard; from now on the agent answers nothing.
    private func greeted(words: [String]) -> CallHarness {
        var line = CallHarness()
        line.start()
        line.wait(2_000)
        line.agentAnswers = false
        line.words = words
        return line
    }

    @Test("Words whose reply nobody has heard yet go with what the caller adds, and the agent takes that reply back")
    func speaksOn() {
        var line = greeted(words: ["On Tuesday", "at three"])
        line.speak(600)
        line.wait(540)
        #expect(line.requests.last == .said("On Tuesday"))
        let first = line.call.lastGeneration
        line.speak(600)
        line.wait(540)
        #expect(line.effects.contains(.retractReply(first)))
        #expect(line.requests.last == .said("On Tuesday at three"))
    }

    @Test("A noise before the first frame of a reply does not cost the answer: it is asked for again at once")
    func noiseBeforeReply() throws {
        var line = CallHarness()
        line.replies = [[.text("Hello."), .expect(Expectation(digits: 4, hangover: .milliseconds(700))), .done]]
        line.start()
        line.wait(2_000)
        line.agentAnswers = false
        line.words = ["On Tuesday", ""]
        line.speak(600)
        line.wait(740)
        line.forget()
        line.speak(300)
        // The question before is the one that was heard: its hangover holds.
        line.wait(600)
        #expect(line.requests == [])
        line.wait(140)
        #expect(line.requests == [.said("On Tuesday")])
        guard case .ask(let request)? = line.effects.last(where: { if case .ask = $0 { true } else { false } }) else {
            return
        }
        #expect(request.heard == "Hello." && !request.wasCut)
        // Asked about the turn that had the words: the ledger looks there for a yes.
        #expect(request.turn == TurnID(1))
    }

    @Test("Only a filler was heard: what the caller says over it is added to what was not answered")
    func speaksOverFiller() {
        var line = greeted(words: ["On Tuesday", "at three"])
        line.speak(600)
        line.wait(2_300)
        #expect(line.phrases == [.oneMoment])
        line.speak(900)
        line.wait(640)
        #expect(line.bargeIns == [.paused, .confirmed])
        #expect(line.requests.last == .said("On Tuesday at three"))
    }

    @Test("A greeting that a cough came before is given all the same")
    func coughBeforeGreeting() {
        var line = CallHarness()
        line.agentAnswers = false
        line.start()
        line.wait(400)
        line.words = [""]
        line.speak(300)
        line.wait(600)
        #expect(line.requests == [.opening, .opening])
    }

    @Test("A reply that has asked for an action is not taken back: what was done stays done")
    func actionIsNotTakenBack() {
        var line = greeted(words: ["Yes, send it", "please"])
        line.speak(600)
        line.wait(540)
        let asked = line.call.lastGeneration
        line.handle(.reply(asked, .action(ActionRequest(name: "send_sms", arguments: "{}"))))
        line.speak(600)
        line.wait(540)
        #expect(line.effects.contains(.cancelReply(asked)) && !line.effects.contains(.retractReply(asked)))
        #expect(line.requests.last == .said("please"))
    }

    @Test("A recogniser that owes its words is waited for as long as a reply, then the caller is asked to say it again")
    func hungRecognizer() throws {
        var line = CallHarness()
        line.start()
        line.wait(2_000)
        line.recognizerAnswers = false
        line.speak(600)
        line.forget()
        line.wait(8_000)
        #expect(line.phrases == [.oneMoment, .sayAgain])
        let ended = try #require(line.time { if case .finishTurn = $0 { true } else { false } })
        let filler = try #require(line.time { $0 == .note(.bridged(.oneMoment)) })
        #expect(filler - ended == .milliseconds(1_500))
    }

    @Test("A key pressed while words are owed wins over them")
    func keyOverLateWords() {
        var line = CallHarness()
        line.replies = [[.text("Press one."), .expect(Expectation(digits: 2)), .done]]
        line.start()
        line.wait(2_000)
        line.recognizerAnswers = false
        line.speak(600)
        line.wait(540)
        guard let owed = line.call.awaiting else {
            Issue.record("no words are owed")
            return
        }
        line.handle(.digit(.one))
        #expect(line.effects.contains(.cancelTurn(owed)))
        line.handle(.recognizer(.final(owed, "one")))
        #expect(line.requests == [.opening])
        line.handle(.digit(.two))
        #expect(line.requests == [.opening, .keyed("12")])
    }

    @Test("A hang-up at any moment leaves one end, with one reason", arguments: 0..<60)
    func hangUp(step: Int) {
        var line = CallHarness()
        line.replies = [[.text("Hello there, how can I help you today?"), .done]]
        line.words = ["Tuesday at three", "yes"]
        line.start()
        let script: [(Int, Bool)] = [
            (900, false), (800, true), (900, false), (300, true), (1_200, false), (900, true), (1_000, false),
        ]
        var left = step * 100
        for (length, speaking) in script where left > 0 {
            line.run(.milliseconds(min(length, left)), speaking: speaking)
            left -= length
        }
        line.handle(.stopped)
        line.handle(.lost(.peerLost))
        line.wait(500)
        #expect(line.ends == [.callerHungUp])
        #expect(line.effects.last == .end(.callerHungUp))
    }
}

extension CallHarness {
    /// The longest stretch without agent audio at the caller's, from a moment on, while it is the agent's turn to speak.
    func worstSilence(from start: CallTime) -> CallTime {
        var end = start
        var worst = CallTime.zero
        for time in playedFrames where time >= start {
            if time > end { worst = max(worst, time - end) }
            end = max(end, time) + .frame
        }
        return worst
    }
}
