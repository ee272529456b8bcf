import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("A call with an application: what is said and told")
struct RelayMachineTests {
    private static let prompt = #"> {"type":"prompt","voicePrompt":"Book me in.","lang":"en-US","last":true}"#

    @Test("The greeting is Parley's, and does not wait for the connection")
    func greeting() throws {
        var call = try RelayScript(isOpen: false) {
            $0.greeting = "Hi, how can I help?"
            $0.greetingInterruptible = .none
            $0.detectsKeys = true
        }
        #expect(call.ask(.opening) == ["1 expect keys protected", "1 'Hi, how can I help?'", "1 done"])
    }

    @Test("Without a greeting the first word is the application's: it is said when the call asks for it")
    func applicationGreets() throws {
        var call = try RelayScript()
        #expect(call.ask(.opening) == ["1 expect", "1 done"])
        #expect(call.text("Hello, ", last: false) == ["nudge"])
        #expect(call.text("this is Ada.") == [])
        #expect(call.ask(.nudged) == ["2 expect", "2 'Hello, '", "2 'this is Ada.'", "2 done"])
    }

    @Test("Tokens go into the reply as they come, untrimmed; the last one ends it")
    func streams() throws {
        var call = try RelayScript()
        #expect(call.ask(.said("Book me in.")) == ["1 expect", Self.prompt])
        #expect(call.text("Sure, ", last: false) == ["1 'Sure, '"])
        #expect(call.text(" which day?", last: false) == ["1 ' which day?'"])
        #expect(call.text("") == ["1 done"])
    }

    @Test("Each key is told at once, as a message of its own")
    func keys() throws {
        var call = try RelayScript { $0.detectsKeys = true }
        #expect(call.ask(.keyed("5")) == ["1 expect keys", #"> {"type":"dtmf","digit":"5"}"#])
        #expect(call.text("Five.") == ["1 'Five.'", "1 done"])
        #expect(call.ask(.keyed("#")) == ["2 expect keys", ##"> {"type":"dtmf","digit":"#"}"##])
    }

    @Test("Keys that were not asked for are not told")
    func unwantedKeys() throws {
        var call = try RelayScript()
        #expect(call.ask(.keyed("5")) == ["1 expect", "1 'Are you still there?'", "1 done"])
    }

    @Test("A silent caller is asked whether they are there; what waits is said instead")
    func silence() throws {
        var call = try RelayScript { $0.reprompt = "Hello?" }
        #expect(call.ask(.silence(1)) == ["1 expect", "1 'Hello?'", "1 done"])
        _ = call.text("One thing more.")
        #expect(call.ask(.silence(2)) == ["2 expect", "2 'One thing more.'", "2 done"])
    }

    @Test("Whether a machine speaks is answered truthfully, and not by the application")
    func honest() throws {
        var call = try RelayScript { $0.honestAnswer = "Yes, a machine." }
        func told(_ words: String) -> String {
            #"> {"type":"info","name":"answeredByPlatform","value":"{\"voicePrompt\":\"\#(words)\","#
                + #"\"answer\":\"Yes, a machine.\"}","ts":1795212345678}"#
        }
        let alone = call.ask(.said("Are you a robot?"))
        #expect(alone == [told("Are you a robot?"), "1 expect", "1 'Yes, a machine.'", "1 done"])
        let both = call.ask(.said("Are you a robot? Please book me in."))
        #expect(both.prefix(2) == [told("Are you a robot? Please book me in."), "2 'Yes, a machine. '"])
        #expect(both.last?.contains("Please book me in.") == true)
        #expect(call.text("No, I am human. ", last: false) == [])
        #expect(call.text("When?") == ["2 ' When?'", "2 done"])
    }

    @Test("What was answered while no connection stood is told when one does")
    func honestAlone() throws {
        var call = try RelayScript(isOpen: false)
        _ = call.ask(.said("Are you a robot?"))
        let opened = call.handle(.opened)
        #expect(opened.count == 2 && opened[0].hasPrefix(#"> {"type":"setup""#))
        #expect(opened.last?.hasPrefix(#"> {"type":"info","name":"answeredByPlatform""#) == true)
    }

    // MARK: The queue

    @Test("What comes when nothing is asked waits its turn: one nudge, one item a reply, in order")
    func queue() throws {
        var call = try RelayScript()
        #expect(call.text("First.") == ["nudge"])
        #expect(call.app(#"{"type":"play","source":"https://a/b.wav","loop":2}"#) == [])
        #expect(call.app(#"{"type":"sendDigits","digits":"9w1"}"#) == [])
        #expect(call.ask(.nudged) == ["1 expect", "1 'First.'", "1 done", "nudge"])
        #expect(call.ask(.nudged) == ["2 expect", "2 file https://a/b.wav x2", "2 done", "nudge"])
        #expect(call.ask(.nudged) == ["3 expect", "3 keys 9w1", "3 done"])
        #expect(call.ask(.nudged) == ["4 expect", "4 done"])
    }

    @Test("A sound in the middle of a talk cycle is played in its place")
    func soundWithin() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        #expect(call.text("Listen: ", last: false) == ["1 'Listen: '"])
        #expect(call.app(#"{"type":"play","source":"https://a/b.wav"}"#) == ["1 file https://a/b.wav x1"])
        #expect(call.text("Nice?") == ["1 'Nice?'", "1 done"])
    }

    @Test("What may be cut off is, by the next words: no interruption is told")
    func preempts() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        #expect(call.text("Okay, ", last: false) == ["1 'Okay, '"])
        #expect(call.text("one moment.", last: true, #","preemptible":true"#) == ["1 'one moment.'", "1 done"])
        #expect(call.text("You are booked.") == ["1 drop", "nudge"])
        #expect(call.ask(.nudged) == ["2 expect", "2 'You are booked.'", "2 done"])
        #expect(call.text("Anything else?") == ["nudge"])
    }

    @Test("It is not cut off once it was heard, nor by keys")
    func doesNotPreempt() throws {
        var call = try RelayScript { $0.isPreemptible = true }
        _ = call.ask(.said("Book me in."))
        _ = call.text("One moment.")
        #expect(call.app(#"{"type":"sendDigits","digits":"1"}"#) == ["nudge"])
        #expect(call.played() == [])
        #expect(call.text("You are booked.") == [])
    }

    @Test("Music that may be cut off gives way in the reply that plays it, and before it is played")
    func preemptsMusic() throws {
        var call = try RelayScript()
        let music = #"{"type":"play","source":"https://a/b.wav","loop":0,"preemptible":true}"#
        _ = call.text("Hold on.")
        _ = call.app(music)
        _ = call.text("Here I am.")
        #expect(call.ask(.nudged) == ["1 expect", "1 'Hold on.'", "1 done", "nudge"])
        #expect(call.ask(.nudged) == ["2 expect", "2 'Here I am.'", "2 done"])
        _ = call.ask(.said("Book me in."))
        #expect(call.text("So, ", last: false, #","preemptible":true"#) == ["3 'So, '"])
        #expect(call.app(music) == ["3 drop", "3 file https://a/b.wav x1000", "3 done"])
    }

    @Test("What must not be interrupted is not")
    func protected() throws {
        var call = try RelayScript { $0.interruptible = .dtmf }
        #expect(call.ask(.said("Book me in.")).first == "1 expect protected")
        #expect(call.text("Legal: ", last: false, #","interruptible":true"#) == ["1 expect", "1 'Legal: '"])
        #expect(
            call.text("now.", last: true, #","interruptible":false"#) == ["1 expect protected", "1 'now.'", "1 done"])
    }

    @Test("A talk cycle that is not finished is taken for whole after a while")
    func stalls() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.text("You see,", last: false)
        call.pass(3_000)
        _ = call.text(" it is like this", last: false)
        #expect(call.due() == ["news stalled: a talk cycle was not finished", "1 done"])
        #expect(call.now.milliseconds == 7_000)
        #expect(call.text(" and so on.") == ["nudge"])
    }

    // MARK: Interruptions

    @Test("The caller cuts in: what was heard is told at once, all that waits is gone, and stale tokens are dropped")
    func interruption() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.text("Your booking on ", last: false)
        call.pass(2_000)
        #expect(
            call.bargeIn(heard: "Your booking") == [
                #"> {"type":"interrupt","utteranceUntilInterrupt":"Your booking","durationUntilInterruptMs":910}"#
            ])
        #expect(call.text("Friday ", last: false) == [])
        #expect(call.text("is cancelled.") == [])
        #expect(call.text("A new thought.") == ["nudge"])
    }

    @Test("The time until the interruption ends when the sound stopped, not when the caller was believed")
    func interruptionTime() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.text("Your booking on Friday.")
        call.pass(1_300)
        #expect(call.handle(.noted(.bargeIn(.paused))) == [])
        call.pass(700)
        #expect(
            call.bargeIn(heard: "Your") == [
                #"> {"type":"interrupt","utteranceUntilInterrupt":"Your","durationUntilInterruptMs":210}"#
            ])
    }

    @Test("Tokens are stale only until the caller was heard again")
    func staleUntilPrompt() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.text("Your booking on ", last: false)
        _ = call.bargeIn(heard: "Your booking")
        #expect(call.text("Friday ", last: false) == [])
        #expect(call.ask(.said("No."), heard: "Your booking").last?.contains(#""voicePrompt":"No.""#) == true)
        #expect(call.text("Which one, ", last: false) == ["2 'Which one, '"])
    }

    @Test("Whole cycles behind the one that was cut are gone too; nothing that follows is stale")
    func discardsQueue() throws {
        var call = try RelayScript { $0.events = [.tokensPlayed] }
        _ = call.ask(.said("Book me in."))
        _ = call.text("One.")
        _ = call.text("Two.")
        #expect(
            call.bargeIn(heard: "On") == [
                #"> {"type":"info","name":"tokensPlayed","value":"On"}"#,
                #"> {"type":"interrupt","utteranceUntilInterrupt":"On","durationUntilInterruptMs":910}"#,
            ])
        #expect(call.ask(.nudged) == ["2 expect", "2 done"])
        #expect(call.text("Three.") == ["nudge"])
    }

    @Test("Where nobody tells what was heard, the next question does")
    func interruptedLate() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.text("Your booking on Friday.")
        #expect(call.handle(.cancelled(Generation(1))) == [])
        let next = call.ask(.said("No."), heard: "Your")
        #expect(next.count == 3)
        #expect(
            next[1] == #"> {"type":"interrupt","utteranceUntilInterrupt":"Your","durationUntilInterruptMs":0}"#)
        #expect(next[2].contains(#""voicePrompt":"No.""#))
    }

    @Test("The greeting's interruption is told, that of Parley's own questions is not")
    func interruptedGreeting() throws {
        var call = try RelayScript { $0.greeting = "Hi there." }
        _ = call.ask(.opening)
        #expect(call.bargeIn(heard: "Hi").count == 1)
        _ = call.ask(.silence(1))
        #expect(call.bargeIn(heard: "Are you") == [])
    }

    @Test("A hang-up in the middle of a reply is no interruption")
    func hangUp() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.text("Your booking on Friday.")
        call.pass(12_900)
        #expect(call.handle(.cancelled(Generation(1))) == [])
        #expect(
            call.handle(.ended(.callerHungUp)) == [
                "close 1000 Closing websocket session", "report completed - 12 s - over",
            ])
        #expect(call.handle(.ended(.callerHungUp)) == [])
        #expect(call.text("Too late.") == [])
    }

    @Test("A caller who speaks on before the answer was heard: only the new words are told, the answer is void")
    func speaksOn() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.text("When ", last: false)
        #expect(call.handle(.retracted(Generation(1))) == [])
        #expect(call.text("please?", last: false) == ["nudge"])
        #expect(
            call.ask(.said("Book me in. On Friday.")) == [
                "2 expect", #"> {"type":"interrupt","utteranceUntilInterrupt":"","durationUntilInterruptMs":0}"#,
                #"> {"type":"prompt","voicePrompt":"On Friday.","lang":"en-US","last":true}"#,
            ])
        #expect(call.text("Friday it is.") == ["2 'Friday it is.'", "2 done"])
    }

    @Test("A cough before the answer was heard: it is said, and nothing is told twice")
    func coughs() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.text("When ", last: false)
        _ = call.handle(.retracted(Generation(1)))
        _ = call.text("please?")
        #expect(call.ask(.said("Book me in."), turn: 1) == ["2 expect", "2 'When '", "2 'please?'", "2 done"])
    }

    @Test("The same words in another turn are told again")
    func saysItAgain() throws {
        var call = try RelayScript()
        _ = call.ask(.said("Book me in."))
        _ = call.handle(.retracted(Generation(1)))
        #expect(call.ask(.said("Book me in.")) == ["2 expect", Self.prompt])
    }

    @Test("What nobody asked for and nobody heard is offered again")
    func retractedNudge() throws {
        var call = try RelayScript()
        _ = call.text("News!")
        _ = call.ask(.nudged)
        #expect(call.handle(.retracted(Generation(1))) == ["nudge"])
        #expect(call.ask(.nudged) == ["2 expect", "2 'News!'", "2 done"])
    }

    // MARK: What is told beside

    @Test("Partials are told where they are asked for, once each, and not over the agent")
    func partials() throws {
        var call = try RelayScript { $0.sendsPartials = true }
        #expect(
            call.handle(.noted(.partial(TurnID(1), "I want"))) == [
                #"> {"type":"prompt","voicePrompt":"I want","lang":"en-US","last":false}"#
            ])
        #expect(call.handle(.noted(.partial(TurnID(1), "I want"))) == [])
        _ = call.handle(.noted(.floor(.overlap)))
        #expect(call.handle(.noted(.partial(TurnID(1), "I want it"))) == [])
        var other = try RelayScript()
        #expect(other.handle(.noted(.partial(TurnID(1), "I want"))) == [])
    }

    @Test("Who speaks is told where that is asked for")
    func speakers() throws {
        var call = try RelayScript { $0.events = [.speaker] }
        call.pass(1_322)
        #expect(
            call.handle(.noted(.floor(.agent))) == [
                #"> {"type":"info","name":"agentSpeaking","value":"on","ts":1795212347000}"#
            ])
        #expect(
            call.handle(.noted(.floor(.overlap))) == [
                #"> {"type":"info","name":"clientSpeaking","value":"on","ts":1795212347000}"#
            ])
        #expect(
            call.handle(.noted(.floor(.free))).map { String($0.prefix(60)) }
                == [
                    #"> {"type":"info","name":"clientSpeaking","value":"off","ts":1"#,
                    #"> {"type":"info","name":"agentSpeaking","value":"off","ts":17"#,
                ].map { String($0.prefix(60)) })
    }

    @Test("A nod is told where speech over the agent is asked for")
    func nods() throws {
        let nod = CallerTurn(
            turn: TurnID(1), text: "uh-huh", isKeyed: false, isBackchannel: true, began: .zero, ended: .zero)
        var call = try RelayScript { $0.reportedDuringSpeech = .speech }
        #expect(call.handle(.noted(.callerTurn(nod))).count == 1)
        var other = try RelayScript()
        #expect(other.handle(.noted(.callerTurn(nod))) == [])
    }
}
