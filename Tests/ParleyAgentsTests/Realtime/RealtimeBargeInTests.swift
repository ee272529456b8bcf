import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("Speech to speech: barge-in, and what the model remembers")
struct RealtimeBargeInTests {
    /// The caller hears "Hello there. How can I help you today?" of item `a1`, response `r1`.
    private func talking(isDone: Bool = true) -> RealtimeDriver {
        var driver = RealtimeDriver.opened()
        driver.ask(1, .opening, turn: 0)
        driver.created("r1")
        // 12 and 27 characters at 60 ms.
        driver.says("Hello there.", "r1", item: "a1")
        driver.says(" How can I help you today?", "r1", item: "a1")
        if isDone { driver.done("r1") }
        driver.speak("Hello there.", 1, 1)
        driver.speak("How can I help you today?", 1, 2)
        _ = driver.take()
        return driver
    }

    @Test("Told at once what was heard, the model forgets the rest at once, and answers at the turn's end")
    func interrupted() {
        var driver = talking()
        driver.cancel(1)
        #expect(driver.take() == [])
        // Two clauses: 720 ms, and 26 characters with their space in 1560 ms: "How can" ends after 8 of 26.
        driver.change { $0.heard("Hello there. How can", of: Generation(1), wasCut: true, at: $1) }
        #expect(driver.take() == [Sent.truncate("a1", 720 + 480)])
        driver.feed(10)
        _ = driver.take()
        driver.finish(1)
        #expect(driver.take() == [Sent.commit(1), Sent.create(2)])
        driver.commit("u1")
        driver.written("A cleaning please.", "u1")
        driver.ask(2, .said("A cleaning please."), turn: 1, heard: "Hello there. How can", cut: true)
        driver.answers("Sure.", "r2", item: "a2")
        #expect(driver.take() == ["final 1 A cleaning please.", "reply 2 text Sure.", "reply 2 done"])
    }

    @Test("Told only with the next question, the model does not answer before it has forgotten the rest")
    func toldLater() {
        var driver = talking()
        driver.cancel(1)
        driver.feed(10)
        _ = driver.take()
        driver.finish(1)
        #expect(driver.take() == [Sent.commit(1)])
        driver.commit("u1")
        driver.written("A cleaning please.", "u1")
        _ = driver.take()
        driver.ask(2, .said("A cleaning please."), turn: 1, heard: "Hello there.", cut: true)
        #expect(driver.take() == [Sent.truncate("a1", 720), Sent.create(2)])
    }

    @Test("A reply that is still being made is stopped; what comes of it later is not spoken, and not remembered")
    func stillComing() {
        var driver = talking(isDone: false)
        driver.cancel(1)
        #expect(driver.take() == [Sent.cancel])
        driver.change { machine, _ in machine.cancelSpeech(Generation(1)) }
        driver.says(" We are open all day.", "r1", item: "a1")
        driver.change { $0.heard("Hello there.", of: Generation(1), wasCut: true, at: $1) }
        #expect(driver.take() == [])
        driver.done("r1", "cancelled")
        #expect(driver.take() == [Sent.truncate("a1", 720)])
    }

    @Test("Where nothing was heard, nothing is left")
    func unheard() {
        var driver = talking()
        driver.cancel(1)
        driver.change { $0.heard("", of: Generation(1), wasCut: true, at: $1) }
        #expect(driver.take() == [Sent.delete("a1")])
    }

    @Test("Where all was heard, nothing is cut")
    func allHeard() {
        var driver = talking()
        driver.ask(2, .silence(1), turn: 0, heard: "Hello there. How can I help you today?")
        #expect(driver.take().count == 1, "the new response")
    }

    @Test("Taken back before anything was heard, a reply was never given; the question comes again with more")
    func retracted() {
        var driver = RealtimeDriver.opened()
        driver.say("I want", turn: 1)
        driver.ask(1, .said("I want"), turn: 1)
        driver.created("r1")
        driver.says("What do you want?", "r1", item: "a1")
        _ = driver.take()
        driver.retract(1)
        driver.done("r1", "cancelled")
        #expect(driver.take() == [Sent.cancel, Sent.delete("a1")])
        driver.say("a cleaning.", turn: 2)
        driver.ask(2, .said("I want a cleaning."), turn: 2)
        driver.answers("Sure.", "r2", item: "a2")
        #expect(driver.take().suffix(2) == ["reply 2 text Sure.", "reply 2 done"])
        #expect(driver.machine.memory.entries == [.caller("I want a cleaning.")])
    }

    @Test("A new connection is told what was heard, not what was said")
    func memory() {
        var driver = talking()
        driver.cancel(1)
        driver.say("A cleaning please.", turn: 1)
        driver.ask(2, .said("A cleaning please."), turn: 1, heard: "Hello there.", cut: true)
        driver.answers("Sure.", "r2", item: "a2")
        _ = driver.take()
        driver.now = .seconds(20)
        driver.change { $0.closed("lost", at: $1) }
        #expect(driver.take() == ["news agent failed lost", "connect"])
        driver.change { $0.opened(at: $1) }
        let sent = driver.take()
        #expect(sent[0] == "news agent reconnected ")
        #expect(sent[1].hasPrefix(#"> {"type":"session.update""#))
        #expect(
            Array(sent[2...]) == [
                #"> {"type":"conversation.item.create","item":{"type":"message","role":"assistant","#
                    + #""content":[{"type":"output_text","text":"Hello there."}]}}"#,
                #"> {"type":"conversation.item.create","item":{"type":"message","role":"user","#
                    + #""content":[{"type":"input_text","text":"A cleaning please."}]}}"#,
            ])
        driver.ask(3, .silence(1), turn: 1, heard: "Sure.")
        #expect(driver.take().count == 1, "nothing of the connection before is deleted or cut")
        #expect(driver.machine.memory.entries.last == .agent("Sure."))
    }
}
