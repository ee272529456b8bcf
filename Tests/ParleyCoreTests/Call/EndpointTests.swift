import Testing

@testable import ParleyCore

@Suite("The end of a caller's turn")
struct EndpointTests {
    /// Draws a turn: one column is 100 ms. `#`: the caller speaks. A letter: the recogniser says those words, in the silence.
    /// - Returns: `E` where the turn ends, `.` elsewhere.
    private func play(
        _ caller: String, words: [Character: String], asked: ParleyCore.Expectation = ParleyCore.Expectation(),
        settings: CallSettings = .test
    ) -> String {
        var line = CallHarness(settings)
        line.replies = [[.text("Hi."), .expect(asked), .done]]
        line.start()
        line.wait(2_000)
        line.agentAnswers = false
        line.forget()
        var drawn = ""
        var isSpeaking = false
        for column in caller {
            let turn = line.call.lastTurn
            if let text = words[column] { line.handle(.recognizer(.partial(turn, text))) }
            let before = line.effects.count
            // The caller begins 60 ms into a column and stops at one's beginning, to be heard until about 80 ms into it: no
            // rule falls on a column's edge.
            line.run(.milliseconds(60), speaking: isSpeaking && column == "#")
            isSpeaking = column == "#"
            line.run(.milliseconds(40), speaking: isSpeaking)
            let ended = line.effects.dropFirst(before).contains { if case .finishTurn = $0 { true } else { false } }
            drawn += ended ? "E" : "."
        }
        return drawn
    }

    @Test("A whole answer ends the turn at 300 ms, words that do not tell at 500 ms, and none too")
    func whole() {
        let caller = "######...a....."
        #expect(play(caller, words: ["a": "Yes."], asked: Expectation(answer: .yesNo)) == ".........E.....")
        #expect(play(caller, words: ["a": "Blue car."], asked: Expectation(answer: .yesNo)) == "...........E...")
        #expect(play(caller, words: [:], asked: Expectation(answer: .yesNo)) == "...........E...")
    }

    @Test("Half a telephone number is waited for, and the whole of it is not")
    func telephone() {
        let words: [Character: String] = ["a": "415 555", "b": "415 555 0142"]
        let asked = ParleyCore.Expectation(answer: .phone(10))
        #expect(
            play("########....a.....######....b.....", words: words, asked: asked)
                == "............................E.....")
    }

    @Test("An um is waited for, but no longer than 840 ms")
    func um() {
        #expect(play("######...a..........", words: ["a": "Um,"]) == "...............E....")
    }

    @Test("Words of an earlier pause do not end a later one")
    func stale() {
        let asked = ParleyCore.Expectation(answer: .yesNo)
        #expect(play("######.a######........", words: ["a": "Yes"], asked: asked) == "...................E..")
    }

    @Test("Words that come after the usual silence are too late to matter; the turn has ended")
    func late() {
        #expect(play("######......a....", words: ["a": "Um,"]) == "...........E.....")
    }

    @Test("Why a turn ended is told with its times")
    func reason() {
        var line = CallHarness()
        line.replies = [[.text("Hi."), .expect(Expectation(answer: .yesNo)), .done]]
        line.start()
        line.wait(2_000)
        line.words = ["Yes."]
        line.speak(600)
        line.wait(240)
        line.handle(.recognizer(.partial(line.call.lastTurn, "Yes.")))
        line.wait(2_000)
        let endings = line.notes.compactMap { if case .answered(let times) = $0 { times.ending } else { nil } }
        #expect(endings.last == .complete)
    }

    @Test("A hangover below 300 ms leaves no room for words")
    func fixed() {
        var settings = CallSettings.test
        settings.endpoint = .fixed(.milliseconds(500))
        #expect(play("######...a..........", words: ["a": "Um,"], settings: settings) == "...........E........")
        settings.endpoint = EndpointPolicy()
        settings.endpoint.usual = .milliseconds(200)
        #expect(play("######.a............", words: ["a": "Um,"], settings: settings) == "........E...........")
    }
}
