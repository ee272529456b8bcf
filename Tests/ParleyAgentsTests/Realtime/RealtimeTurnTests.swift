import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("Speech to speech: turns, drafts, replies")
struct RealtimeTurnTests {
    @Test("A turn's sound goes out as it comes; at its end the model begins to answer, before its words are known")
    func begins() {
        var driver = RealtimeDriver.opened()
        driver.feed(5)
        #expect(driver.take().map { $0.count } == [477, 477], "two batches of 40 ms")
        driver.finish(1)
        let sent = driver.take()
        #expect(sent.first?.hasPrefix(#"> {"type":"input_audio_buffer.append","audio":"//"#) == true)
        #expect(Array(sent.dropFirst()) == [Sent.commit(1), Sent.create(1)])
    }

    @Test("What the model said before it was asked is handed out when the call asks, and nothing before")
    func draft() {
        var driver = RealtimeDriver.opened()
        driver.feed(10)
        driver.finish(1)
        driver.commit("u1")
        driver.created("r1")
        driver.says("Sure. ", "r1", item: "a1")
        _ = driver.take()
        driver.written("Book a table.", "u1")
        #expect(driver.take() == ["final 1 Book a table."])
        driver.ask(7, .said("Book a table."), turn: 1)
        #expect(driver.take() == ["reply 7 text Sure. "])
        driver.says("When?", "r1", item: "a1")
        driver.done("r1")
        #expect(driver.take() == ["reply 7 text When?", "reply 7 done"])
    }

    @Test("Words so far are partials; a transcript is the turn's final, once")
    func partials() {
        var driver = RealtimeDriver.opened()
        driver.feed(10)
        driver.finish(3)
        driver.commit("u3")
        _ = driver.take()
        for word in ["Book", " a table."] {
            driver.hear(
                #"{"type":"conversation.item.input_audio_transcription.delta","item_id":"u3","delta":"\#(word)"}"#)
        }
        driver.written("Book a table.", "u3")
        driver.written("Book a table.", "u3")
        #expect(driver.take() == ["partial 3 Book", "partial 3 Book a table.", "final 3 Book a table."])
    }

    @Test("A draft that the call never asks for is taken out of the conversation")
    func unasked() {
        var driver = RealtimeDriver.opened()
        driver.say("Hm.", turn: 1)
        driver.created("r1")
        driver.says("Yes?", "r1", item: "a1")
        _ = driver.take()
        driver.wait(999)
        #expect(driver.take() == [])
        driver.wait(1)
        #expect(driver.take() == [Sent.cancel])
        driver.says(" Are you there?", "r1", item: "a1")
        driver.done("r1", "cancelled")
        #expect(driver.take() == [Sent.delete("a1")])
        driver.ask(2, .silence(1), turn: 1)
        #expect(driver.take().count == 1, "and a question later is answered by a new response")
    }

    @Test("The caller goes on: the next turn's answer waits until the first one's is gone")
    func goesOn() {
        var driver = RealtimeDriver.opened()
        driver.say("I want to", turn: 1)
        driver.created("r1")
        _ = driver.take()
        driver.feed(10)
        _ = driver.take()
        driver.finish(2)
        #expect(driver.take() == [Sent.cancel, Sent.commit(2)])
        driver.done("r1", "cancelled")
        #expect(driver.take() == [Sent.create(2)])
        driver.commit("u2")
        driver.written("book a table.", "u2")
        driver.ask(1, .said("I want to book a table."), turn: 2)
        driver.answers("Sure.", "r2", item: "a2")
        #expect(driver.take() == ["final 2 book a table.", "reply 1 text Sure.", "reply 1 done"])
    }

    @Test("A response that does not confirm its cancellation is not waited for")
    func deaf() {
        var driver = RealtimeDriver.opened()
        driver.say("I want to", turn: 1)
        driver.feed(10)
        driver.finish(2)
        _ = driver.take()
        driver.wait(499)
        #expect(driver.take() == [])
        driver.wait(1)
        #expect(driver.take() == [Sent.create(2)])
    }

    @Test("What is said while a reply plays may be a nod: the model does not answer it unless the call asks")
    func nod() {
        var driver = RealtimeDriver.opened()
        driver.say("Tell me all.", turn: 1)
        driver.ask(1, .said("Tell me all."), turn: 1)
        driver.answers("It is a long story.", "r1", item: "a1")
        driver.speak("It is a long story.", 1, 1)
        _ = driver.take()
        driver.now += .milliseconds(600)
        driver.feed(10)
        _ = driver.take()
        driver.finish(2)
        driver.commit("u2")
        driver.written("Mhm.", "u2")
        #expect(driver.take() == [Sent.commit(2), "final 2 Mhm."])
        driver.wait(5_000)
        #expect(driver.take() == [])
    }

    @Test("A turn that is cancelled leaves nothing behind: before its end, after it, and before its item has a name")
    func cancelled() {
        var driver = RealtimeDriver.opened()
        driver.feed(2)
        _ = driver.take()
        driver.change { $0.cancel(TurnID(1), at: $1) }
        #expect(driver.take() == [#"> {"type":"input_audio_buffer.clear"}"#])
        driver.feed(10)
        driver.finish(2)
        driver.commit("u2")
        _ = driver.take()
        driver.change { $0.cancel(TurnID(2), at: $1) }
        #expect(driver.take() == [Sent.cancel, Sent.delete("u2")])
        driver.created("r1")
        driver.done("r1", "cancelled")
        driver.feed(10)
        driver.finish(3)
        driver.change { $0.cancel(TurnID(3), at: $1) }
        _ = driver.take()
        driver.commit("u3")
        #expect(driver.take() == [Sent.delete("u3")])
        driver.written("Late.", "u3")
        #expect(driver.take() == [])
    }

    @Test("Words that do not come: after 1.5 s what there is of them counts")
    func overdue() {
        var driver = RealtimeDriver.opened()
        driver.feed(10)
        driver.finish(1)
        driver.commit("u1")
        driver.hear(#"{"type":"conversation.item.input_audio_transcription.delta","item_id":"u1","delta":"Book a"}"#)
        _ = driver.take()
        driver.wait(1_500)
        #expect(driver.take() == ["news recognizer stalled a turn was not transcribed", "final 1 Book a"])
        driver.written("Book a table.", "u1")
        #expect(driver.take() == [])
    }

    @Test("Words that cannot be written: the model has heard them where it answers; else the turn has failed")
    func unwritten() {
        let failed =
            #"{"type":"conversation.item.input_audio_transcription.failed","item_id":"u1","error":{"code":"x"}}"#
        var driver = RealtimeDriver.opened()
        driver.feed(10)
        driver.finish(1)
        driver.commit("u1")
        driver.created("r1")
        driver.says("Sure.", "r1", item: "a1")
        _ = driver.take()
        driver.hear(failed)
        #expect(driver.take() == ["news recognizer stalled a turn was not transcribed", "final 1 (unwritten speech)"])

        driver = .opened()
        driver.feed(10)
        driver.finish(1)
        driver.commit("u1")
        _ = driver.take()
        driver.hear(failed)
        #expect(driver.take() == ["news recognizer stalled a turn was not transcribed", "failed 1", Sent.cancel])
    }

    @Test("A turn without sound has no words; a short one is made long enough for the server")
    func short() {
        var driver = RealtimeDriver.opened()
        driver.finish(1)
        #expect(driver.take() == ["final 1 "])
        driver.feed(1)
        driver.finish(2)
        #expect(driver.take()[0].count == 47 + 1_068 + 2, "100 ms")
        driver.hear(
            #"{"type":"error","error":{"type":"invalid_request_error","code":"input_audio_buffer_commit_empty","#
                + #""message":"","event_id":"commit-2"}}"#)
        #expect(driver.take() == ["final 2 ", Sent.cancel])
    }

    @Test("The opening says the greeting, word for word; a silence is broken; keys are put down")
    func unprompted() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        let opening = driver.take()
        #expect(opening.count == 1)
        #expect(opening[0].contains("Say exactly these words, and nothing else: Hello, this is the dentist."))
        #expect(opening[0].contains("Be brief."), "a response's instructions replace the session's")
        #expect(opening[0].contains(#""tool_choice":"none""#))
        driver.answers("Hello, this is the dentist.", "r1", item: "a1")
        driver.ask(2, .silence(1), turn: 0, heard: "Hello, this is the dentist.")
        #expect(driver.take().last?.contains("said nothing for a while (1 in a row)") == true)
        driver.answers("Are you there?", "r2", item: "a2")
        _ = driver.take()
        driver.ask(3, .keyed("12"), turn: 1, heard: "Are you there?")
        let keyed = driver.take()
        #expect(keyed.count == 2)
        #expect(keyed[0].contains(#""item":{"id":"parley-1","type":"message","role":"user""#))
        #expect(keyed[0].contains("(The caller pressed these telephone keys: 1 2)"))
        #expect(keyed[1] == Sent.create(3))
        driver.retract(3)
        driver.created("r3")
        driver.done("r3", "cancelled")
        #expect(driver.take() == [Sent.cancel, Sent.delete("parley-1")], "asked again, they are put down again")
    }

    @Test(
        "Whoever asks whether a machine talks is told the truth, whatever the model was about to say",
        arguments: [
            "Are you a machine?", "Am I talking to a robot?", "Hang on, are you human?", "Is this a real person?",
        ])
    func honest(question: String) {
        var driver = RealtimeDriver.opened()
        driver.say(question, turn: 1)
        driver.created("r1")
        driver.says("I am Mary from the front desk.", "r1", item: "a1")
        _ = driver.take()
        driver.ask(1, .said(question), turn: 1)
        #expect(driver.take() == [Sent.cancel], "nothing of it is said")
        driver.done("r1", "cancelled")
        let sent = driver.take()
        #expect(sent.count == 2)
        #expect(sent[0] == Sent.delete("a1"))
        #expect(
            sent[1].contains("Say exactly these words, and nothing else: I am an automated assistant, not a person."))
    }

    /// Asked whether a machine talks; the model has forgotten its own answer and is told what to say.
    private func asked() -> RealtimeDriver {
        var driver = RealtimeDriver.opened()
        driver.say("Are you a machine?", turn: 1)
        driver.created("r1")
        driver.ask(1, .said("Are you a machine?"), turn: 1)
        driver.done("r1", "cancelled")
        _ = driver.take()
        driver.created("r2")
        return driver
    }

    @Test("A model that says something else than the truth is stopped before anything is heard, and asked once more")
    func falseStart() {
        var driver = asked()
        driver.reads("I am an automated", "r2", item: "a2")
        driver.sounds(600, "r2", item: "a2")
        #expect(driver.take() == [])
        driver.reads(" thing? No, I am human.", "r2", item: "a2")
        #expect(driver.take() == ["news agent failed the model did not say what it was told to", Sent.cancel])
        driver.done("r2", "cancelled")
        let sent = driver.take()
        #expect(sent.count == 2 && sent[0] == Sent.delete("a2"))
        #expect(sent[1].contains("Say exactly these words"))
        driver.created("r3")
        driver.says("I am an automated assistant, not a person", "r3", item: "a3")
        driver.says(".", "r3", item: "a3")
        driver.done("r3")
        #expect(
            driver.take() == [
                "reply 1 text I am an automated assistant, not a person", "reply 1 text .", "reply 1 done",
            ])
    }

    @Test("A model that will not say the truth is not heard at all")
    func stubborn() {
        var driver = asked()
        driver.answers("No, I am human.", "r2", item: "a2")
        _ = driver.take()
        driver.answers("Of course I am human.", "r3", item: "a3")
        let lines = driver.take()
        #expect(lines.contains("reply 1 failed"))
        #expect(!lines.contains { $0.hasPrefix("reply 1 text") || $0.hasPrefix("sound") })
        #expect(lines.contains(Sent.delete("a3")))
    }

    @Test("What a model adds to the words that it is told to say is not heard")
    func addition() {
        var driver = asked()
        driver.says("I am an automated assistant, not a person.", "r2", item: "a2")
        driver.says(" But really I am human.", "r2", item: "a2")
        #expect(driver.take().suffix(2) == ["reply 1 text I am an automated assistant, not a person.", Sent.cancel])
        driver.done("r2", "cancelled")
        #expect(driver.take() == ["reply 1 done"])
    }

    // MARK: Unasked

    @Test("A sentence that claims to be a person's is not handed out, and the truth is said behind what was")
    func claim() {
        var driver = RealtimeDriver.opened()
        driver.say("You sound so real.", turn: 1)
        driver.ask(1, .said("You sound so real."), turn: 1)
        _ = driver.take()
        driver.created("r1")
        driver.says("Thank you. I am a", "r1", item: "a1")
        #expect(driver.take() == ["reply 1 text Thank you."])
        // It may become another word yet.
        driver.reads(" person", "r1", item: "a1")
        #expect(driver.take() == [])
        driver.reads(", you know.", "r1", item: "a1")
        #expect(
            driver.take() == ["news agent failed the model said that it is a person", #"> {"type":"response.cancel"}"#])
        driver.reads(" Anything else?", "r1", item: "a1")
        driver.done("r1", "cancelled")
        let next = driver.take()
        #expect(next.count == 1 && next[0].contains("Say exactly these words, and nothing else: "))
        #expect(next[0].contains(#""tool_choice":"none""#))
        driver.answers(RealtimeSettings.standardHonestAnswer, "r2", item: "a2")
        #expect(
            driver.take() == [
                "reply 1 text |", "reply 1 text " + RealtimeSettings.standardHonestAnswer, "reply 1 done",
            ])
    }

    @Test("A word that only begins like a claim is handed out whole")
    func noClaim() {
        var driver = RealtimeDriver.opened()
        driver.say("What are you?", turn: 1)
        driver.ask(1, .said("What do you do?"), turn: 1)
        _ = driver.take()
        driver.created("r1")
        driver.reads("I am a person", "r1", item: "a1")
        driver.reads("al assistant.", "r1", item: "a1")
        #expect(driver.take() == ["reply 1 text I am a personal assistant."])
        driver.reads(" We close at six. I am", "r1", item: "a1")
        #expect(driver.take() == ["reply 1 text  We close at six."])
        // In two items, and without sound for the words before: they keep theirs.
        driver.reads("human", "r1", item: "a2")
        #expect(driver.take() == ["reply 1 text |"])
        driver.done("r1")
        let out = driver.take()
        #expect(out.first == "news agent failed the model said that it is a person" && out.count == 2)
        #expect(out.last?.contains("Say exactly these words") == true)
        // It does not say them: what was said before is all there is.
        driver.created("r2")
        driver.reads("No.", "r2", item: "a3")
        driver.done("r2")
        #expect(driver.take().last == "reply 1 done")
    }
}
