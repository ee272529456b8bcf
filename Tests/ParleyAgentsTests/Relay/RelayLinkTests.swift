import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("A call with an application: its connection, its faults, its end")
struct RelayLinkTests {
    @Test("What breaks the protocol is answered with an error, and what follows is heard")
    func invalid() throws {
        var call = try RelayScript()
        #expect(
            call.app(#"{"foo":1}"#) == [
                #"> {"type":"error","description":"Invalid message received, code: 64107, {\"foo\":1}"}"#
            ])
        #expect(call.handle(.receivedBinary).count == 1)
        #expect(call.text("Hello.") == ["nudge"])
    }

    @Test("Ten in a row end the session; one good message in between, and they do not")
    func tenInvalid() throws {
        var call = try RelayScript { $0.reconnects = 0 }
        for _ in 0..<9 { #expect(call.app("x").count == 1) }
        _ = call.text("Hello.")
        for _ in 0..<9 { #expect(call.app("x").count == 1) }
        #expect(
            call.app("x").dropFirst() == [
                "close 1007 Too many consecutive malformed messages.",
                "news failed: Too many consecutive malformed messages.", "report failed 64105 0 s - up",
            ])
        #expect(call.app("x") == [])
    }

    @Test("A cycle without end, and a queue without end, are refused")
    func bounds() throws {
        var call = try RelayScript { $0.reconnects = 0 }
        let kilobyte = String(repeating: "a", count: 1_024)
        for _ in 0..<16 { #expect(!call.text(kilobyte, last: false).contains { $0.contains("64107") }) }
        #expect(call.text(kilobyte, last: false).first?.contains("64107") == true)
        var other = try RelayScript { $0.reconnects = 0 }
        for _ in 0..<64 { #expect(!other.text("Hi.").contains { $0.contains("64107") }) }
        #expect(other.text("Hi.").first?.contains("64107") == true)
    }

    @Test("The call's language may be named; another one is refused, and the words are said")
    func languages() throws {
        var call = try RelayScript()
        #expect(call.app(#"{"type":"language","ttsLanguage":"EN-us"}"#) == ["0 set language=EN-us"])
        #expect(
            call.app(#"{"type":"language","ttsLanguage":"en","transcriptionLanguage":"sv-SE"}"#) == [
                #"> {"type":"error","description":"Invalid language, code: 64101, sv-SE is not configured"}"#
            ])
        #expect(call.text("Hej.", last: true, #","lang":"sv-SE""#).map { $0.prefix(9) } == [#"> {"type""#, "nudge"])
    }

    // MARK: The opening

    @Test("Without a greeting the opening is open until the application is there, which then speaks when it likes")
    func opening() throws {
        var call = try RelayScript(isOpen: false)
        #expect(call.ask(.opening) == ["1 expect"])
        call.pass(400)
        #expect(call.handle(.opened).last == "1 done")
        #expect(call.text("Hello.") == ["nudge"])
        #expect(call.ask(.nudged) == ["2 expect", "2 'Hello.'", "2 done"])
    }

    @Test("An application that cannot be reached fails the opening, after three seconds or at its last attempt")
    func unreachable() throws {
        var call = try RelayScript(isOpen: false)
        _ = call.ask(.opening)
        #expect(call.due() == ["1 failed"])
        #expect(call.now == .seconds(3))
        var refused = try RelayScript(isOpen: false) { $0.reconnects = 0 }
        _ = refused.ask(.opening)
        #expect(refused.handle(.lost("nothing listens there")).contains("1 failed"))
        var late = try RelayScript(isOpen: false) { $0.reconnects = 0 }
        _ = late.handle(.lost("nothing listens there"))
        #expect(late.ask(.opening) == ["1 expect", "1 failed"])
    }

    // MARK: The end

    @Test("The application ends: the socket is closed at once, and the call when its words were heard")
    func end() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Bye."))
        _ = call.text("Good", last: false)
        call.pass(3_100)
        #expect(
            call.app(#"{"type":"end","handoffData":"{\"a\":1}"}"#) == [
                #"1 set handoff_data={"a":1}"#, "close 1000 Closing websocket session",
                #"report ended - 3 s {"a":1} up"#, "1 end", "1 done",
            ])
        #expect(call.handle(.ended(.agentEnded)) == [])
    }

    @Test("It ends while its words wait: they are said first")
    func endBehindWords() throws {
        var call = try RelayScript()
        _ = call.ask(.opening)
        _ = call.text("Goodbye.")
        #expect(call.app(#"{"type":"end"}"#) == ["close 1000 Closing websocket session", "report ended - 0 s - up"])
        #expect(call.ask(.nudged) == ["2 expect", "2 'Goodbye.'", "2 end", "2 done"])
    }

    @Test("It ends while its words are played: the call asks once more")
    func endAfterWords() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Bye."))
        _ = call.text("Goodbye.")
        #expect(call.app(#"{"type":"end"}"#).last == "nudge")
        #expect(call.ask(.nudged) == ["2 expect", "2 end", "2 done"])
    }

    @Test("It has ended, and the caller cuts in: the call ends with the next question")
    func endInterrupted() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Bye."))
        _ = call.text("Goodbye.")
        _ = call.app(#"{"type":"end"}"#)
        #expect(call.bargeIn(heard: "Good") == [])
        #expect(call.ask(.said("Wait!")) == ["2 expect", "2 end", "2 done"])
    }

    // MARK: The connection

    @Test("A question waits for the connection; it is told behind setup")
    func lateConnection() throws {
        var call = try RelayScript(isOpen: false)
        #expect(call.ask(.said("Hi.")) == ["1 expect"])
        call.pass(1_500)
        let opened = call.handle(.opened)
        #expect(opened.count == 2)
        #expect(opened[0].hasPrefix(#"> {"type":"setup""#))
        #expect(opened[1].contains(#""voicePrompt":"Hi.""#))
    }

    @Test("It does not come: the question fails in time, once")
    func away() throws {
        var call = try RelayScript(isOpen: false) { $0.reconnects = 5 }
        _ = call.ask(.said("Hi."))
        #expect(call.due() == ["1 failed"])
        #expect(call.now == .seconds(3))
        #expect(call.handle(.lost("nothing listens there")) == ["news failed: nothing listens there"])
        #expect(call.due() == ["connect"])
        #expect(call.handle(.opened).count == 2)
    }

    @Test("It never comes: the opening and every question fail at once, and the callback is told")
    func gone() throws {
        var call = try RelayScript(isOpen: false) { $0.reconnects = 0 }
        _ = call.ask(.opening)
        #expect(call.handle(.lost("refused")) == ["news failed: refused", "report failed 64102 0 s - up", "1 failed"])
        #expect(call.ask(.said("Hi.")) == ["2 expect", "2 failed"])
        #expect(call.handle(.ended(.engineFailed)) == [])
    }

    @Test("Lost in the middle of a question: a new session, with another id, is told setup and the question")
    func reconnects() throws {
        var call = try RelayScript()
        call.pass(2_000)
        _ = call.ask(.said("Hi."))
        #expect(call.handle(.lost("it went")) == ["news failed: it went"])
        #expect(call.due() == ["connect"])
        #expect(call.now == .milliseconds(2_250))
        let opened = call.handle(.opened)
        #expect(opened.count == 3)
        #expect(opened[0].contains(#""callStatus":"IN_PROGRESS""#))
        #expect(opened[0].contains(RelayIdentifiers(name: "app", callID: RelayScript.facts.callID).session(2)))
        #expect(opened[1] == "news reconnected: session 2 of this call")
        #expect(opened[2].contains(#""voicePrompt":"Hi.""#))
        call.pass(5_000)
        #expect(call.handle(.ended(.callerHungUp)).last == "report completed - 5 s - over")
    }

    @Test("Lost in the middle of an answer: what there is of it is all; the next question goes to the new session")
    func lostMidAnswer() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Hi."))
        _ = call.text("Hello, ", last: false)
        #expect(call.handle(.lost("it went")) == ["news failed: it went", "1 done"])
        #expect(call.due() == ["connect"])
        #expect(call.handle(.opened).count == 2)
    }

    @Test("Reconnects are counted, and each waits twice as long")
    func backsOff() throws {
        var call = try RelayScript { $0.reconnects = 7 }
        var waits: [Int] = []
        for _ in 0..<7 {
            _ = call.handle(.lost("it went"))
            let before = call.now
            #expect(call.due() == ["connect"])
            waits.append((call.now - before).milliseconds)
        }
        #expect(waits == [250, 500, 1_000, 2_000, 4_000, 4_000, 4_000])
        #expect(call.handle(.lost("it went")).last == "report failed 64102 0 s - up")
        #expect(call.machine.nextDeadline == nil)
    }

    @Test("A connection that stands is pinged")
    func pings() throws {
        var call = try RelayScript()
        #expect(call.due() == ["ping"])
        #expect(call.due() == ["ping"])
        #expect(call.now == .seconds(40))
    }
}
