import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("An application behind a whole call, on a virtual clock")
struct RelayCallTests {
    private static func prompt(_ words: String) -> String {
        #"{"type":"prompt","voicePrompt":"\#(words)","lang":"en-US","last":true}"#
    }

    @Test("It greets, is asked, answers in tokens, and ends the call when its words were heard")
    func wholeCall() throws {
        let call = try RelayCallHarness()
        call.wait(500)
        call.text("Hello, ", last: false)
        call.text("how can I help?")
        call.wait(2_500)
        call.say("Book me in.")
        call.text("You are ", last: false)
        call.text("booked.")
        call.wait(200)
        call.app(#"{"type":"end"}"#)
        #expect(call.closed == 1_000)
        call.wait(3_000)
        #expect(call.told == [Self.prompt("Book me in.")])
        #expect(call.heard == ["Hello, how can I help?", "You are booked."])
        #expect(call.end == .agentEnded)
        #expect(call.phrases == [])
    }

    @Test("A filler that may be cut off is, by the answer; nobody is told of an interruption")
    func preempts() throws {
        let call = try RelayCallHarness()
        call.say("Book me in.")
        call.text("One moment please, I am looking for it.", last: true, #","preemptible":true"#)
        call.wait(1_000)
        call.text("You are booked.")
        call.wait(3_000)
        #expect(call.told == [Self.prompt("Book me in.")])
        #expect(call.heard == ["One moment", "You are booked."])
        #expect(call.phrases == [])
    }

    @Test("One cycle is heard to its end before the next begins")
    func inOrder() throws {
        let call = try RelayCallHarness()
        call.say("Book me in.")
        call.text("One moment please.")
        call.app(#"{"type":"sendDigits","digits":"12"}"#)
        call.text("You are booked.")
        call.wait(6_000)
        #expect(call.heard == ["One moment please.", "You are booked."])
    }

    @Test("The caller cuts in: the words heard are told with their time, then what was said")
    func interrupts() throws {
        let call = try RelayCallHarness { $0.events = [.speaker, .tokensPlayed] }
        call.say("Where is my booking?")
        call.text("Your booking is on Friday at three, with doctor Ames. ", last: false)
        call.wait(1_600)
        call.say("No, the other one.")
        call.text("and it is cleaned.", last: false)
        let told = call.told.filter { !$0.contains("Speaking") }
        #expect(told.count == 4)
        #expect(told[1].contains("tokensPlayed"))
        #expect(told[2].hasPrefix(#"{"type":"interrupt","utteranceUntilInterrupt":"Your booking is on"#))
        let milliseconds = told[2].split(separator: ":").last.flatMap { Int($0.dropLast()) } ?? 0
        #expect((1_500...1_900).contains(milliseconds))
        #expect(told[3] == Self.prompt("No, the other one."))
        let speakers = call.told.filter { $0.contains("Speaking") }.map { String($0.prefix(56)) }
        #expect(speakers.count >= 6)
        let order = call.told.drop { !$0.contains("tokensPlayed") }.map { $0.prefix(44) }
        #expect(
            order.firstIndex { $0.contains("interrupt") } ?? 9 < order.firstIndex { $0.contains("agentSpeak") } ?? 0)
    }

    @Test("Each key is told at once, the pound key too, and stops the agent")
    func keys() throws {
        let call = try RelayCallHarness { $0.detectsKeys = true }
        call.wait(200)
        call.text("Please enter your number, and press the pound key.")
        call.wait(1_000)
        for digit in [Digit.four, .two, .pound] { call.press(digit) }
        #expect(
            call.told.map { $0.prefix(25) } == [
                #"{"type":"interrupt","utte"#, #"{"type":"dtmf","digit":"4"#, #"{"type":"dtmf","digit":"2"#,
                ##"{"type":"dtmf","digit":"#"##,
            ])
    }

    @Test("An application that says nothing is bridged; its late answer is heard all the same")
    func lateAnswer() throws {
        let call = try RelayCallHarness()
        call.say("Book me in.")
        call.wait(4_500)
        #expect(call.phrases == [.oneMoment, .sayAgain])
        call.text("You are booked.")
        call.wait(3_000)
        #expect(call.heard.last == "You are booked.")
        #expect(call.end == nil)
    }

    @Test("An application that is not there when the call begins is bridged, and given up: nobody waits in silence")
    func unreachable() throws {
        let call = try RelayCallHarness(isOpen: false)
        call.wait(1_600)
        #expect(call.phrases == [.oneMoment])
        call.wait(1_600)
        #expect(call.phrases == [.oneMoment, .sayAgain])
        let refused = try RelayCallHarness(isOpen: false) { $0.reconnects = 0 }
        refused.wait(200)
        refused.lose("nothing listens there")
        #expect(refused.phrases == [.sayAgain])
        refused.say("Hello?")
        #expect(refused.phrases == [.sayAgain, .cannotContinue])
        refused.wait(3_000)
        #expect(refused.end == .engineFailed)
    }

    @Test("A silent caller is asked, and then told goodbye")
    func silence() throws {
        let call = try RelayCallHarness()
        call.wait(30_000)
        #expect(call.heard.filter { $0 == "Are you still there?" }.count == 2)
        #expect(call.end == .noSpeech)
        #expect(call.closed == 1_000)
    }
}
