import Testing

@testable import ParleyCore

@Suite("A caller who speaks over the agent")
struct BargeInTests {
    @Test("A caller who cuts in silences the agent within 120 ms, and the record is cut")
    func bargeIn() throws {
        var line = CallHarness()
        line.replies = [[.text("Your appointment is on Tuesday the twenty fourth of November at three."), .done]]
        line.words = ["no wait Wednesday"]
        line.start()
        line.wait(1_500)
        line.forget()
        let began = line.now
        line.speak(1_000)
        let cleared = try #require(line.time { $0 == .clear })
        #expect((cleared - began).milliseconds <= 120)
        #expect(line.bargeIns == [.paused, .confirmed])
        #expect(line.playedFrames.allSatisfy { $0 <= cleared })
        line.wait(700)
        // 1.4 s of 60 ms letters: "Your appointment is on" ends at 22 letters, 1.32 s.
        #expect(line.heard.first == "Your appointment is on")
        guard case .ask(let request)? = line.effects.first(where: { if case .ask = $0 { true } else { false } }) else {
            Issue.record("the agent was not asked")
            return
        }
        #expect(request.heard == "Your appointment is on")
        #expect(request.wasCut)
        #expect(request.cause == .said("no wait Wednesday"))
    }

    @Test("A hum stops the sound and gives it back: the agent goes on from the heard point")
    func backchannel() throws {
        var line = CallHarness()
        line.replies = [[.text("Your appointment is on Tuesday the twenty fourth of November at three."), .done]]
        line.words = ["Mm-hmm."]
        line.start()
        line.wait(1_500)
        line.speak(300)
        line.wait(6_000)
        #expect(line.bargeIns == [.paused, .resumed])
        #expect(line.heard == ["Your appointment is on Tuesday the twenty fourth of November at three."])
        #expect(line.requests == [.opening])
        #expect(line.said == ["Mm-hmm."])
        // All of it was played, and at most one word twice.
        let frames = "Your appointment is on Tuesday the twenty fourth of November at three.".utf8.count * 3
        #expect(line.playedFrames.count >= frames)
        #expect(line.playedFrames.count <= frames + 13 * 3 + 12)
    }

    @Test(
        "A cough in which the recogniser finds a word is a cough; a short stop is a stop",
        arguments: [
            ("You", [BargeIn.paused, .resumed]), ("A word.", [.paused, .resumed]), ("Stop!", [.paused, .confirmed]),
        ])
    func briefWords(words: String, bargeIns: [BargeIn]) {
        var line = CallHarness()
        line.replies = [[.text("Your appointment is on Tuesday the twenty fourth of November at three."), .done]]
        line.words = [words]
        line.start()
        line.wait(1_500)
        line.speak(320)
        line.wait(1_000)
        #expect(line.bargeIns == bargeIns)
    }

    @Test("A knock stops the sound for less than 600 ms, and nothing is lost", arguments: [60, 80, 100])
    func knock(milliseconds: Int) throws {
        var line = CallHarness()
        line.replies = [[.text("Your appointment is on Tuesday the twenty fourth of November at three."), .done]]
        // Whatever a recogniser finds in it.
        line.words = ["Yes I do."]
        line.start()
        line.wait(1_500)
        line.forget()
        line.speak(milliseconds)
        line.wait(6_000)
        #expect(line.bargeIns == [.paused, .resumed])
        let stopped = try #require(line.time { $0 == .note(.bargeIn(.paused)) })
        let resumed = try #require(line.time { $0 == .note(.bargeIn(.resumed)) })
        #expect((resumed - stopped).milliseconds <= 600)
        #expect(line.heard == ["Your appointment is on Tuesday the twenty fourth of November at three."])
        #expect(line.said == [] && line.requests == [])
    }

    @Test("A noise that goes on is spoken over within 600 ms; a voice that comes out of it takes the floor")
    func noiseGoesOn() throws {
        var line = CallHarness()
        line.replies = [[.text("Your appointment is on Tuesday the twenty fourth of November at three."), .done]]
        line.words = ["No, Wednesday."]
        line.start()
        line.wait(1_000)
        line.buzz(1_000)
        #expect(line.bargeIns == [.paused, .resumed])
        let stopped = try #require(line.time { $0 == .note(.bargeIn(.paused)) })
        let resumed = try #require(line.time { $0 == .note(.bargeIn(.resumed)) })
        #expect((resumed - stopped).milliseconds <= 600)
        line.speak(1_000)
        #expect(line.bargeIns == [.paused, .resumed, .paused, .confirmed])
        line.wait(800)
        #expect(line.requests == [.opening, .said("No, Wednesday.")])
    }

    private static let longReply =
        "One moment, please, while I look that up for you in the book of today and of tomorrow, page by page."

    /// A caller has cut in, for 400 ms, and the recogniser owes the words.
    private static func cutInto(_ harness: inout CallHarness) {
        harness.replies = [[.text(longReply), .done]]
        harness.recognizerAnswers = false
        harness.start()
        harness.wait(600)
        harness.speak(500)
        harness.wait(560)
        #expect(harness.bargeIns == [.paused])
        #expect(harness.effects.contains(.finishTurn(TurnID(1))))
    }

    @Test("A click after it does not cost a stop whose words are owed", arguments: [20, 40, 80, 160])
    func clickAfterStop(length: Int) {
        var harness = CallHarness()
        Self.cutInto(&harness)
        harness.buzz(length)
        harness.wait(500)
        harness.handle(.recognizer(.final(TurnID(1), "Stop.")))
        // The recogniser owes the click's words, too, and is waited for.
        harness.wait(1_500)
        #expect(harness.bargeIns == [.paused, .confirmed])
        #expect(harness.requests.last == .said("Stop."))
    }

    @Test("Noise after a cut-in whose words never come holds the agent for two seconds, not for ever")
    func noiseAfterCutIn() throws {
        var harness = CallHarness()
        Self.cutInto(&harness)
        // A noise that may be a voice and never surely is.
        var noise = VoiceActivity(score: 0.7, isSpeech: true, isConfirmed: false, isVoiced: true)
        for _ in 0..<40 {
            noise.isVoiced.toggle()
            harness.judged = noise
            harness.wait(120)
        }
        let held = try #require(harness.time { $0 == .note(.bargeIn(.paused)) })
        let resumed = try #require(harness.time { $0 == .note(.bargeIn(.resumed)) })
        #expect(resumed - held <= .milliseconds(3_600))
    }

    @Test("A key takes the floor of an agent that is held, whatever may interrupt it by then")
    func keyWhileHeld() {
        var harness = CallHarness()
        harness.replies = [[.text(Self.longReply)]]
        harness.start()
        harness.wait(600)
        harness.run(.milliseconds(200), speaking: true)
        #expect(harness.bargeIns == [.paused])
        harness.handle(.reply(Generation(1), .expect(Expectation(digits: 4, interruption: .never))))
        harness.handle(.digit(.five))
        #expect(harness.bargeIns == [.paused, .confirmed])
        for digit in [Digit.five, .five, .five] { harness.handle(.digit(digit)) }
        #expect(harness.requests.last == .keyed("5555"))
    }

    @Test("A prompt may be protected at its beginning only")
    func protectedBeginning() throws {
        var line = CallHarness()
        line.replies = [
            [
                .text("This call is recorded for quality. What can I do for you?"),
                .expect(Expectation(interruption: .after(.milliseconds(1_500)))), .done,
            ]
        ]
        line.words = ["A cleaning."]
        line.start()
        line.wait(500)
        line.speak(600)
        #expect(line.bargeIns == [])
        line.wait(1_000)
        let began = line.now
        line.speak(1_000)
        #expect(line.bargeIns == [.paused, .confirmed])
        let cleared = try #require(line.time { $0 == .clear })
        #expect(cleared > began)
    }

    @Test("A protected prompt is spoken to its end")
    func protected() {
        var line = CallHarness()
        line.replies = [
            [.text("This call is recorded for quality."), .expect(Expectation(interruption: .never)), .done]
        ]
        line.start()
        line.wait(500)
        line.speak(1_000)
        #expect(line.bargeIns == [])
        line.wait(1_500)
        #expect(line.heard == ["This call is recorded for quality."])
    }

    @Test("Words that were slow before the caller spoke over a filler are waited for, and answered")
    func slowWordsOverFiller() throws {
        var harness = CallHarness()
        harness.replies = [[.text("Yes?"), .done]]
        harness.start()
        harness.wait(800)
        harness.recognizerAnswers = false
        harness.speak(900)
        harness.wait(2_050)
        #expect(harness.phrases == [.oneMoment])
        harness.speak(400)
        #expect(harness.bargeIns == [.paused])
        harness.wait(600)
        #expect(!harness.effects.contains(.cancelTurn(TurnID(1))))
        harness.handle(.recognizer(.final(TurnID(1), "I need a cleaning")))
        harness.handle(.recognizer(.final(TurnID(2), "please hurry")))
        harness.wait(200)
        #expect(harness.requests.last == .said("I need a cleaning please hurry"))
    }
}
