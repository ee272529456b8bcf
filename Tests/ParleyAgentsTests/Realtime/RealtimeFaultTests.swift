import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("Speech to speech: what stalls, lies or dies")
struct RealtimeFaultTests {
    @Test("What is said before the connection stands waits for it, in order")
    func early() {
        var driver = RealtimeDriver()
        driver.change { machine, _ in machine.connect() }
        driver.ask(1, .opening, turn: 0)
        driver.feed(10)
        #expect(driver.take() == ["connect"])
        driver.change { $0.opened(at: $1) }
        let sent = driver.take()
        #expect(
            sent.map { String($0.prefix(24)) } == [
                #"> {"type":"session.updat"#, #"> {"type":"input_audio_b"#, #"> {"type":"response.crea"#,
            ])
    }

    @Test("Two attempts; then nobody is kept waiting, and it is tried again now and then")
    func neverConnects() {
        var driver = RealtimeDriver()
        driver.change { machine, _ in machine.connect() }
        driver.ask(1, .opening, turn: 0)
        driver.feed(10)
        driver.finish(1)
        driver.change { $0.closed("refused", at: $1) }
        #expect(driver.take() == ["connect", "news agent failed refused", "connect"])
        driver.change { $0.closed("refused", at: $1) }
        #expect(driver.take() == ["news agent failed refused", "failed 1", "reply 1 failed"])
        driver.ask(2, .said("Hello?"), turn: 1)
        driver.feed(5)
        driver.finish(2)
        #expect(driver.take() == ["reply 2 failed", "failed 2"])
        driver.wait(2_000)
        #expect(driver.take() == ["connect"])
        driver.change { $0.opened(at: $1) }
        _ = driver.take()
        driver.ask(3, .silence(1), turn: 2)
        #expect(driver.take().count == 1)
    }

    @Test("The connection is lost in the middle of a reply: the reply has failed, with the clauses that are owed")
    func lostReply() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        driver.says("Hello there.", "r1", item: "a1")
        driver.speak("Hello there.", 1, 1)
        _ = driver.take()
        driver.now = .seconds(6)
        driver.change { $0.closed("reset", at: $1) }
        #expect(driver.take() == ["news agent failed reset", "unspoken 1.1", "reply 1 failed", "connect"])
    }

    @Test("An empty response is asked for once more; a second one has failed")
    func empty() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        let first = driver.take()
        driver.created("r1")
        driver.done("r1")
        let second = driver.take()
        #expect(second.first == "news agent failed the answer is empty")
        #expect(second.dropFirst().first?.contains("response.create") == true && second.count == 2)
        #expect(first.count == 1)
        driver.created("r2")
        driver.done("r2")
        #expect(driver.take() == ["news agent failed the answer is empty", "reply 1 failed"])
        // Nobody asked for this one.
        driver.ask(2, .nudged, turn: 0)
        driver.created("r3")
        driver.done("r3")
        #expect(driver.take().last == "reply 2 done")
    }

    @Test("A response that breaks off after its first words, or is empty after an action, is asked for once more")
    func brokenOff() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        driver.says("Let me look.", "r1", item: "a1")
        _ = driver.take()
        driver.done("r1", "failed")
        let again = driver.take()
        #expect(again.count == 2 && again.last?.contains("response.create") == true)
        driver.answers("We are open.", "r2", item: "a2")
        #expect(driver.take().last == "reply 1 done")
        var acting = RealtimeDriver.opened()
        acting.say("Text me.", turn: 1)
        acting.ask(1, .said("Text me."), turn: 1)
        acting.created("r1")
        acting.calls("send_sms", #"{"message":"Hi."}"#, "r1", call: "c1")
        acting.done("r1")
        acting.finished(1, 1, "send_sms", #"{"message":"Hi."}"#, .committed)
        _ = acting.take()
        for response in ["r2", "r3"] {
            acting.created(response)
            acting.done(response)
        }
        let out = acting.take()
        #expect(out.count { $0.contains("response.create") } == 1)
        #expect(out.last == "reply 1 failed")
    }

    @Test("Lost before a word of it: the reply is asked for again; a turn whose words are owed is told again")
    func lostTurn() {
        var driver = RealtimeDriver.opened()
        driver.feed(10)
        driver.finish(1)
        driver.commit("u1")
        driver.created("r1")
        _ = driver.take()
        driver.now = .seconds(6)
        driver.change { $0.closed("reset", at: $1) }
        driver.wait(1_700)
        #expect(driver.take() == ["news agent failed reset", "connect"], "and is not overdue meanwhile")
        driver.change { $0.opened(at: $1) }
        let sent = driver.take()
        #expect(sent.count == 5)
        #expect(sent[2].count == 47 + 2_136 + 2, "all 200 ms of it")
        #expect(sent[3] == Sent.commit(1))
        #expect(sent[4] == Sent.create(2))
        driver.commit("u1b")
        driver.written("Hello?", "u1b")
        driver.ask(1, .said("Hello?"), turn: 1)
        driver.answers("Hello.", "r2", item: "a2")
        #expect(driver.take() == ["final 1 Hello?", "reply 1 text Hello.", "reply 1 done"])
    }

    @Test("A question about a turn that this connection has not heard is put down in words")
    func unheardTurn() {
        var driver = RealtimeDriver.opened()
        driver.say("Hello?", turn: 1)
        driver.wait(1_000)
        driver.now = .seconds(6)
        driver.change { $0.closed("reset", at: $1) }
        driver.change { $0.opened(at: $1) }
        _ = driver.take()
        driver.ask(1, .said("Hello?"), turn: 1)
        let sent = driver.take()
        #expect(sent.count == 2)
        #expect(sent[0].contains(#""role":"user","content":[{"type":"input_text","text":"Hello?"}]"#))
        #expect(sent[1] == Sent.create(2))
    }

    @Test("A connection that is lost as soon as it stands is made once more, not for ever")
    func flapping() {
        var driver = RealtimeDriver()
        driver.change { machine, _ in machine.connect() }
        for _ in 0..<2 {
            driver.change { $0.opened(at: $1) }
            driver.change { $0.closed("reset", at: $1) }
        }
        #expect(driver.take().filter { $0 == "connect" }.count == 2)
    }

    @Test("Ten messages that say nothing, within ten seconds, end the connection; nine do not")
    func garbage() {
        var driver = RealtimeDriver.opened()
        for _ in 0..<9 { driver.hear("garbage") }
        #expect(driver.take() == [])
        driver.now = .seconds(11)
        for _ in 0..<9 { driver.hear(#"{"type":7}"#) }
        #expect(driver.take() == [])
        driver.hear(#"{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":"*"}"#)
        #expect(driver.take() == ["disconnect", "news agent failed too many messages that say nothing", "connect"])
    }

    @Test("A response without a sign of life has failed after four seconds, and the connection is made anew")
    func stall() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        _ = driver.take()
        driver.wait(3_999)
        #expect(driver.take() == [])
        driver.wait(1)
        #expect(
            driver.take() == [
                "news agent stalled no sign for 4000 ms", "news agent failed a response ended as failed",
                "reply 1 failed", "disconnect", "news agent failed no sign of an answer", "connect",
            ])
    }

    @Test("A stall in the middle: what is whole is spoken, the reply ends")
    func stallWithin() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        driver.says("Hello there.", "r1", item: "a1")
        _ = driver.take()
        driver.wait(4_000)
        #expect(driver.take().contains("reply 1 done"))
        driver.speak("Hello there.", 1, 1)
        #expect(driver.take().suffix(1) == ["spoken 1.1"])
    }

    @Test("A reply without end is cut at 4,000 characters, or at 120 s")
    func endless() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        _ = driver.take()
        for _ in 0..<500 { driver.reads("and so on ", "r1", item: "a1") }
        let out = driver.take()
        #expect(out.filter { $0.hasPrefix("reply") }.map { $0.count - 13 }.reduce(0, +) == 4_000)
        #expect(out.last == Sent.cancel)
        driver.done("r1", "cancelled")
        #expect(driver.take() == ["reply 1 done"])

        driver = .opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        driver.says("Hm", "r1", item: "a1")
        _ = driver.take()
        for _ in 0..<30 { driver.sounds(6_000, "r1", item: "a1") }
        #expect(driver.take() == [Sent.cancel])
        #expect(driver.machine.replies[0].speech.length < 127_000 * 8)
    }

    @Test("A response that the server is not ready for is asked for again")
    func busy() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        let first = driver.take()
        driver.hear(
            #"{"type":"error","error":{"code":"conversation_already_has_active_response","message":"","#
                + #""event_id":"response-1"}}"#)
        driver.wait(249)
        #expect(driver.take() == [])
        driver.wait(1)
        #expect(driver.take() == [first[0].replacing("response-1", with: "response-2")])
    }

    @Test(
        "A response that fails says so; one that is refused, too; a server's complaint about anything else is let pass")
    func failed() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        driver.done("r1", "failed")
        #expect(driver.take().suffix(2) == ["news agent failed a response ended as failed", "reply 1 failed"])
        driver.ask(2, .silence(1), turn: 0)
        driver.hear(#"{"type":"error","error":{"code":"rate_limit","message":"x","event_id":"response-2"}}"#)
        #expect(driver.take().suffix(1) == ["reply 2 failed"])
        driver.hear(#"{"type":"error","error":{"code":"item_truncate","message":"x","event_id":null}}"#)
        driver.hear(#"{"type":"rate_limits.updated","rate_limits":[]}"#)
        #expect(driver.take() == [])
    }

    @Test("A configuration that is refused ends the connection: the server would do something else than was meant")
    func refusedConfiguration() {
        var driver = RealtimeDriver.opened()
        driver.hear(#"{"type":"error","error":{"code":"invalid_value","message":"x","event_id":"session"}}"#)
        #expect(
            driver.take() == [
                "disconnect", "news agent failed the configuration was refused: invalid_value", "connect",
            ])
    }

    @Test("Sound without words is spoken all the same, and the record says that nobody wrote them")
    func wordless() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        driver.sounds(1_200, "r1", item: "a1")
        _ = driver.take()
        driver.wait(600)
        #expect(driver.take() == ["reply 1 text \n(unwritten speech)\n"])
        driver.speak("(unwritten speech)", 1, 1)
        driver.done("r1")
        #expect(driver.take().contains { $0.hasPrefix("sound 1.1 1200 ms") })
    }

    @Test("Words without sound are not taken for heard")
    func soundless() {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        driver.hear(
            #"{"type":"response.audio_transcript.delta","response_id":"r1","item_id":"a1","delta":"Hello."}"#)
        driver.speak("Hello.", 1, 1)
        driver.done("r1")
        #expect(driver.take().suffix(2) == ["reply 1 done", "unspoken 1.1"])
    }
}
