import ParleyCore
import ParleySpeech
import Testing

@testable import ParleyAgents

@Suite("A reply begun before the turn has ended")
struct PreemptiveReplyTests {
    private static let turn = TurnID(1)
    private static let real = Generation(5)

    /// A call whose caller has paused after these words.
    private static func guessed(_ words: String) -> (PreemptiveReply, Generation) {
        var reply = PreemptiveReply()
        reply.noted(.floor(.caller))
        reply.paused(turn, at: .seconds(1))
        let effects = reply.words(turn, words, at: .milliseconds(1_050))
        guard case .ask(let request)? = effects.first, effects.count == 1 else {
            Issue.record("nothing was asked: \(effects)")
            return (reply, Generation(0))
        }
        #expect(request.cause == .said(words))
        return (reply, request.generation)
    }

    private static func asked(_ words: String, heard: String = "") -> AgentRequest {
        AgentRequest(generation: real, turn: turn, cause: .said(words), heard: heard)
    }

    private static let sound = SpeechChunk(samples: [1, 2, 3], sampleRate: 8_000)

    @Test("What was answered ahead is there when the call asks, words and sound")
    func adopted() {
        var (reply, number) = Self.guessed("book a table")
        let ahead = reply.replied(number, .text("Sure. For how many?"))
        guard case .speak("Sure.", number, let clause)? = ahead.first else {
            Issue.record("the first clause is not spoken: \(ahead)")
            return
        }
        #expect(reply.spoke(.chunk(number, clause: clause, Self.sound)).isEmpty)
        // Decoded again, the words have a full stop.
        let parts = reply.ask(Self.asked("Book a table."))
        guard case .reply(Self.real, .text("Sure. For how many?"))? = parts.first else {
            Issue.record("\(parts)")
            return
        }
        #expect(parts.count == 1)
        let spoken = reply.speak("Sure.", Self.real, clause: 7)
        guard case .speech(.chunk(Self.real, 7, _))? = spoken.first, spoken.count == 1 else {
            Issue.record("\(spoken)")
            return
        }
        guard case .speech(.done(Self.real, 7))? = reply.spoke(.done(number, clause: clause)).first else {
            Issue.record("what comes later is let fall")
            return
        }
        guard case .speak("For how many?", Self.real, 8)? = reply.speak("For how many?", Self.real, clause: 8).first
        else {
            Issue.record("the second clause is not the voice's own affair")
            return
        }
        guard case .reply(Self.real, .done)? = reply.replied(number, .done).first else {
            Issue.record("the reply's end is let fall")
            return
        }
    }

    @Test("A caller who goes on is answered as if nothing had been asked before")
    func goesOn() {
        var (reply, number) = Self.guessed("book a table")
        _ = reply.replied(number, .action(ActionRequest(name: "book", arguments: "{}")))
        _ = reply.replied(number, .text("Done. Anything else?"))
        let effects = reply.ask(Self.asked("book a table for two"))
        guard effects.count == 3, case .cancelSpeech(number) = effects[0], case .retractReply(number) = effects[1],
            case .ask(let request) = effects[2]
        else {
            Issue.record("\(effects)")
            return
        }
        #expect(request.generation == Self.real)
        // No action of it was ever handed on, and what still comes of it is nobody's.
        #expect(reply.replied(number, .text("late")).isEmpty)
        #expect(reply.spoke(.chunk(number, clause: 1, Self.sound)).isEmpty)
    }

    @Test("Other words in the same pause are another guess; a turn has three")
    func othersWords() {
        var (reply, _) = Self.guessed("book a")
        var asked = 1
        for words in ["book a table", "book a table for", "book a table for two", "book a table for two people"] {
            let effects = reply.words(Self.turn, words, at: .milliseconds(1_100))
            asked += effects.count { if case .ask = $0 { true } else { false } }
        }
        #expect(asked == 3)
        #expect(reply.words(Self.turn, "book a table for two people", at: .milliseconds(1_150)).isEmpty)
    }

    @Test("Nothing is guessed over the agent, without a pause, or long after it")
    func notGuessed() {
        var over = PreemptiveReply()
        over.noted(.floor(.overlap))
        over.paused(Self.turn, at: .seconds(1))
        #expect(over.words(Self.turn, "stop", at: .milliseconds(1_050)).isEmpty)
        var flowing = PreemptiveReply()
        flowing.noted(.floor(.caller))
        #expect(flowing.words(Self.turn, "I would like", at: .seconds(1)).isEmpty)
        flowing.paused(Self.turn, at: .seconds(1))
        #expect(flowing.words(Self.turn, "I would like", at: .milliseconds(1_700)).isEmpty)
        #expect(flowing.words(Self.turn, " . ", at: .milliseconds(1_100)).isEmpty)
    }

    @Test("What the caller heard before is part of what was asked")
    func otherMemory() {
        var (reply, number) = Self.guessed("yes")
        let effects = reply.ask(Self.asked("yes", heard: "Shall I book it?"))
        guard case .retractReply(number)? = effects.first else {
            Issue.record("\(effects)")
            return
        }
    }

    @Test("Actions of a guess that was asked for know their reply on both sides")
    func actions() {
        var (reply, number) = Self.guessed("text me")
        _ = reply.replied(number, .action(ActionRequest(name: "send", arguments: "{}")))
        _ = reply.ask(Self.asked("text me"))
        let invocation = ActionInvocation(
            number: 1, generation: Self.real, turn: Self.turn, request: ActionRequest(name: "send", arguments: "{}"))
        _ = reply.ask(AgentRequest(generation: Generation(9), turn: TurnID(2), cause: .said("thanks")))
        guard case .finished(let told, .committed)? = reply.finished(invocation, .committed).first else {
            Issue.record("nobody is told")
            return
        }
        #expect(told.generation == number)
        guard case .cancelReply(number)? = reply.cancelReply(Self.real).first else {
            Issue.record("another reply is cancelled")
            return
        }
    }
}
