import Testing

@testable import ParleyCore

/// What a caller who is kept waiting hears, rung by rung, whichever stage is late: the rows of the call's record, with their
/// times in milliseconds from the end of the caller's turn.
@Suite("The ladder")
struct LadderTests {
    enum Stage: String, CaseIterable, Sendable {
        case recognizer, agent, voice

        var role: EngineRole {
            switch self {
            case .recognizer: .recognizer
            case .agent: .agent
            case .voice: .voice
            }
        }
    }

    /// A call that has been greeted, and whose stage answers nothing from now on.
    private func line(_ stage: Stage, transferTo target: String = "") -> CallHarness {
        var settings = CallSettings.test
        settings.transferTo = target
        let line = CallHarness(settings)
        line.replies = [[.text("Hello."), .done]]
        line.words = ["Tuesday", "I said Tuesday", "On Tuesday, please"]
        line.start()
        line.wait(2_000)
        switch stage {
        case .recognizer: line.recognizerAnswers = false
        case .agent: line.agentAnswers = false
        case .voice: line.voiceAnswers = false
        }
        return line
    }

    /// A turn of the caller's, and what became of it: each row of the ladder, at so many milliseconds from the turn's end.
    private func climb(_ line: CallHarness, waiting milliseconds: Int = 9_000) -> [String] {
        line.forget()
        line.speak(600)
        line.wait(milliseconds)
        let ended = line.time { if case .finishTurn = $0 { true } else { false } }
        guard let ended else { return ["no turn"] }
        return line.log.compactMap { entry in
            let row: String? =
                switch entry.effect {
                case .note(.late(let role)): "late \(role.rawValue)"
                case .note(.bridged(let phrase)): "bridged \(phrase.rawValue)"
                case .note(.engine(let news)): "engine \(news.role.rawValue) \(news.kind.rawValue)"
                case .transfer(let target): "transfer \(target)"
                case .end(let reason): "end \(reason.rawValue)"
                default: nil
                }
            return row.map { "\((entry.at - ended).milliseconds) \($0)" }
        }
    }

    /// The rows without their times.
    private func rows(_ climbed: [String]) -> [String] {
        climbed.map { String($0.drop { $0 != " " }.dropFirst()) }
    }

    @Test("A filler, then say it again; the second time a transfer", arguments: Stage.allCases)
    func transfers(_ stage: Stage) {
        let line = line(stage, transferTo: "reception")
        let late = "late \(stage.rawValue)"
        // The filler is a second long, and 2.5 s later nobody has said anything yet.
        #expect(climb(line) == ["1500 \(late)", "1500 bridged one_moment", "5000 \(late)", "5000 bridged say_again"])
        let last = climb(line)
        #expect(
            last.prefix(4) == [
                "1500 \(late)", "1500 bridged one_moment", "5000 \(late)", "5000 bridged transferring",
            ])
        // The phrase that says so is heard to its end before the line is handed on.
        #expect(rows(last).dropFirst(4) == ["transfer reception", "end transferred"])
        #expect(line.ends == [.transferred] && line.effects.last == .end(.transferred))
    }

    @Test("Where nobody is named to transfer to: goodbye", arguments: Stage.allCases)
    func saysGoodbye(_ stage: Stage) {
        let line = line(stage)
        let late = "late \(stage.rawValue)"
        #expect(rows(climb(line)) == [late, "bridged one_moment", late, "bridged say_again"])
        #expect(
            rows(climb(line)) == [late, "bridged one_moment", late, "bridged cannot_continue", "end engine_failed"])
    }

    @Test("Another engine takes over after the caller said it again: the ladder begins anew", arguments: Stage.allCases)
    func secondEngine(_ stage: Stage) {
        let line = line(stage, transferTo: "reception")
        _ = climb(line)
        line.forget()
        line.handle(.engine(EngineNews(stage.role, "first", .switched, detail: "second")))
        #expect(line.notes == [.engine(EngineNews(stage.role, "first", .switched, detail: "second"))])
        line.recognizerAnswers = true
        line.agentAnswers = true
        line.voiceAnswers = true
        line.replies = [[.text("Tuesday it is."), .done]]
        #expect(climb(line, waiting: 5_000) == [])
        #expect(line.heard == ["Tuesday it is."])
        switch stage {
        case .recognizer: line.recognizerAnswers = false
        case .agent: line.agentAnswers = false
        case .voice: line.voiceAnswers = false
        }
        #expect(rows(climb(line)).last == "bridged say_again", "one failure, not the second in a row")
        #expect(line.ends == [])
    }

    @Test("What comes while the filler is said is the answer, behind it; the ladder is climbed no further")
    func comesLate() throws {
        let line = line(.agent)
        line.speak(600)
        line.wait(2_300)
        #expect(line.phrases == [.oneMoment])
        let asked = line.log.compactMap { if case .ask(let request) = $0.effect { request.generation } else { nil } }
        let generation = try #require(asked.last)
        line.handle(.reply(generation, .text("Tuesday it is.")))
        line.handle(.reply(generation, .done))
        line.wait(4_000)
        #expect(line.phrases == [.oneMoment])
        #expect(line.heard.last == "Tuesday it is.")
    }
}
