import FakeEngines
import NIOCore
import ParleyActions
import ParleyCore
import ParleyNetwork
import ParleySpeech
import Testing

@testable import ParleyAgents

/// A session over a socket, and what it has answered.
struct RealtimeTalk {
    let lines = FakeRecord<String>()
    let recognizer: any RecognizerSession
    let voice: any SynthesizerSession
    let agent: RealtimeAgentSession

    init(_ fake: FakeOpenAIRealtime, key: String = "openai-key", change: (inout RealtimeSettings) -> Void = { _ in })
        throws
    {
        var settings = RealtimeSettings.test()
        settings.address = try NetworkAddress(fake.url, schemes: [.ws])
        settings.key = Secret(key)
        change(&settings)
        let session = RealtimeModel(settings).begin()
        let lines = lines
        let news: @Sendable (EngineNews) -> Void = { lines.append("news \($0.kind.rawValue) \($0.detail)") }
        recognizer = try session.recognizer.start(
            sampleRate: 8_000, answer: { lines.append(RealtimeMachine.Effect.recognizer($0).line) }, news: news)
        voice = try session.synthesizer.start(
            answer: { lines.append(RealtimeMachine.Effect.speech($0).line) }, news: news)
        let facts = CallFacts(callID: "1", from: "", to: "", parameters: [:], wallClock: 0)
        let agent = session.agent.start(facts) { lines.append(RealtimeMachine.Effect.reply($0, $1).line) }
        agent.attend(AgentLine(nudge: {}, news: news))
        self.agent = try #require(agent as? RealtimeAgentSession)
    }

    func ask(_ generation: UInt32, _ cause: AgentRequest.Cause, turn: UInt32, heard: String = "", cut: Bool = false) {
        agent.ask(
            AgentRequest(
                generation: Generation(generation), turn: TurnID(turn), cause: cause, heard: heard, wasCut: cut))
    }

    /// 400 ms of a turn, to its end.
    func say(turn: UInt32) {
        let samples = [Int16](repeating: 1_000, count: 160)
        for _ in 0..<20 { recognizer.feed(samples.span) }
        recognizer.finish(TurnID(turn))
    }

    /// Of the first reply, as the call's record has it.
    func heard(_ words: String, cut: Bool) {
        agent.noted(
            .agentTurn(
                AgentTurn(
                    generation: Generation(1), heard: words, unheard: cut ? "..." : "", began: .zero, ended: .zero)))
    }

    func wait(_ line: String) async throws { try await lines.first { $0 == line } }

    func words(_ generation: UInt32) -> String {
        lines.all.compactMap { line in
            line.hasPrefix("reply \(generation) text ")
                ? String(line.dropFirst("reply \(generation) text ".count)) : nil
        }.joined()
    }

    func close() {
        recognizer.close()
        voice.close()
    }
}

@Suite("Speech to speech over a socket")
struct RealtimeSocketTests {
    private static func script(
        _ lines: [String], faults: [FakeRealtimeFault] = []
    ) -> FakeRealtimeScript {
        FakeRealtimeScript(lines: lines, faults: faults) { context in
            if context.instructions?.contains("Hello, this is the dentist.") == true {
                return FakeRealtimeReply("Hello, this is the dentist.")
            }
            if context.last == "user: Text me." {
                return FakeRealtimeReply(
                    "One moment.", calls: [FakeRealtimeReply.Call("send_sms", #"{"message":"See you."}"#)])
            }
            if context.last.hasPrefix("output:") { return FakeRealtimeReply("It is on its way.") }
            return FakeRealtimeReply("You said \(context.last.dropFirst("user: ".count))")
        }
    }

    @Test("A greeting and a turn, in the names of today and of before", arguments: [false, true])
    func talks(isBeta: Bool) async throws {
        var script = Self.script(["Book a table."])
        script.isBeta = isBeta
        let fake = FakeOpenAIRealtime(script)
        try await fake.start()
        let talk = try RealtimeTalk(fake) { $0.dialect = isBeta ? .beta : .ga }
        talk.ask(1, .opening, turn: 0)
        try await talk.wait("reply 1 done")
        #expect(talk.words(1) == "Hello, this is the dentist.")
        talk.voice.speak("Hello, this is the dentist.", generation: Generation(1), clause: 1)
        try await talk.wait("spoken 1.1")
        #expect(talk.lines.all.contains { $0.hasPrefix("sound 1.1 1620 ms [6@") })
        talk.heard("Hello, this is the dentist.", cut: false)
        talk.say(turn: 1)
        try await talk.wait("final 1 Book a table.")
        talk.ask(2, .said("Book a table."), turn: 1, heard: "Hello, this is the dentist.")
        try await talk.wait("reply 2 done")
        #expect(talk.words(2) == "You said Book a table.")
        #expect(
            fake.contexts.all.map(\.conversation) == [
                [], ["assistant: Hello, this is the dentist.", "user: Book a table."],
            ])
        #expect(fake.violations.all == [])
        talk.close()
        try await fake.webSocket.connections.at(0).ended.at(0)
        await fake.stop()
    }

    @Test("A barge-in: the model stops, and the rest of its conversation holds what was heard")
    func bargesIn() async throws {
        var script = Self.script(["A cleaning please."])
        script.pace = .milliseconds(5)
        let fake = FakeOpenAIRealtime(script)
        try await fake.start()
        let talk = try RealtimeTalk(fake)
        talk.ask(1, .opening, turn: 0)
        try await talk.wait("reply 1 text  this")
        talk.voice.speak("Hello, this", generation: Generation(1), clause: 1)
        try await talk.lines.first { $0.hasPrefix("sound 1.1") }
        talk.agent.cancel(Generation(1))
        talk.voice.cancel(Generation(1))
        try await fake.cancelled.at(0)
        talk.heard("Hello,", cut: true)
        talk.say(turn: 1)
        try await talk.wait("final 1 A cleaning please.")
        talk.ask(2, .said("A cleaning please."), turn: 1, heard: "Hello,", cut: true)
        try await talk.wait("reply 2 done")
        #expect(fake.contexts.all[1].conversation == ["assistant:  [cut at 360 ms]", "user: A cleaning please."])
        #expect(!talk.lines.all.contains("reply 1 done"))
        #expect(fake.violations.all == [])
        talk.close()
        await fake.stop()
    }

    @Test("An action is run once, and spoken of when it is done")
    func acts() async throws {
        let fake = FakeOpenAIRealtime(Self.script(["Text me."]))
        try await fake.start()
        let talk = try RealtimeTalk(fake)
        talk.say(turn: 1)
        try await talk.wait("final 1 Text me.")
        talk.ask(1, .said("Text me."), turn: 1)
        let action = #"reply 1 action send_sms {"message":"See you."}"#
        try await talk.wait(action)
        talk.agent.finished(
            ActionInvocation(
                number: 1, generation: Generation(1), turn: TurnID(1),
                request: ActionRequest(name: "send_sms", arguments: #"{"message":"See you."}"#)), .committed)
        try await talk.wait("reply 1 done")
        #expect(talk.words(1) == "One moment.\nIt is on its way.".replacing("\n", with: "|"))
        #expect(talk.lines.all.filter { $0.hasPrefix("reply 1 action") } == [action])
        #expect(
            fake.contexts.all[1].conversation.suffix(2) == [
                #"call: send_sms {"message":"See you."}"#, #"output: {"status":"committed"}"#,
            ])
        #expect(fake.violations.all == [])
        talk.close()
        await fake.stop()
    }

    @Test("A connection that dies in a reply: the reply fails, and the next one knows what was heard before")
    func dies() async throws {
        let fake = FakeOpenAIRealtime(Self.script(["One.", "Two."], faults: [.drops(response: 2, words: 2)]))
        try await fake.start()
        let talk = try RealtimeTalk(fake)
        talk.ask(1, .opening, turn: 0)
        try await talk.wait("reply 1 done")
        talk.heard("Hello, this", cut: true)
        talk.say(turn: 1)
        try await talk.wait("final 1 One.")
        talk.ask(2, .said("One."), turn: 1, heard: "Hello, this", cut: true)
        try await talk.wait("reply 2 done")
        talk.ask(3, .silence(1), turn: 1, heard: "You said One.")
        try await talk.wait("reply 3 failed")
        try await talk.wait("news reconnected ")
        talk.agent.retract(Generation(3))
        talk.say(turn: 2)
        try await talk.wait("final 2 Two.")
        talk.ask(4, .said("Two."), turn: 2, heard: "You said One.")
        try await talk.wait("reply 4 done")
        #expect(
            fake.contexts.all.last?.conversation == [
                "assistant: Hello, this", "user: One.", "assistant: You said One.", "user: Two.",
            ])
        #expect(fake.violations.all == [])
        talk.close()
        await fake.stop()
    }

    @Test("Two refusals: what was asked has failed, and the key is in no word of it")
    func refused() async throws {
        let fake = FakeOpenAIRealtime(Self.script([]))
        try await fake.start()
        let talk = try RealtimeTalk(fake, key: "canary-key")
        talk.ask(1, .opening, turn: 0)
        talk.say(turn: 1)
        try await talk.wait("reply 1 failed")
        try await talk.wait("failed 1")
        #expect(fake.webSocket.upgrades.count == 2)
        #expect(!talk.lines.all.contains { $0.contains("canary-key") })
        talk.close()
        await fake.stop()
    }

    @Test("A server that never opens is given up after its time, twice")
    func neverOpens() async throws {
        let fake = FakeOpenAIRealtime(
            Self.script([], faults: [.neverConnects(connection: 0), .neverConnects(connection: 1)]))
        try await fake.start()
        let talk = try RealtimeTalk(fake) { $0.times.connect = .milliseconds(60) }
        talk.ask(1, .opening, turn: 0)
        try await talk.wait("reply 1 failed")
        #expect(fake.webSocket.upgrades.count == 2)
        talk.close()
        await fake.stop()
    }

    @Test("Garbage, a busy server, a reply without end, a model that is deaf to its cancellation: the talk goes on")
    func misbehaves() async throws {
        var script = Self.script(
            ["One.", "Two."],
            faults: [
                .garbage(response: 0, messages: 9), .busy(response: 1), .endless(response: 2),
                .deafToCancel(response: 3),
            ])
        // So that the cancellation comes in the middle of it.
        script.pace = .milliseconds(5)
        let fake = FakeOpenAIRealtime(script)
        try await fake.start()
        let talk = try RealtimeTalk(fake) { $0.bounds.characters = 300 }
        talk.ask(1, .opening, turn: 0)
        try await talk.wait("reply 1 done")
        talk.heard("Hello, this is the dentist.", cut: false)
        talk.ask(2, .keyed("1"), turn: 1, heard: "Hello, this is the dentist.")
        try await talk.wait("reply 2 done")
        #expect(talk.words(2).count == 300, "the second attempt, which has no end, is cut")
        talk.ask(3, .keyed("2"), turn: 2, heard: "You said")
        try await talk.lines.first { $0.hasPrefix("reply 3 text") }
        talk.agent.cancel(Generation(3))
        talk.ask(4, .keyed("3"), turn: 3, heard: "", cut: true)
        try await talk.wait("reply 4 done")
        let last = try #require(fake.contexts.all.last)
        #expect(last.conversation.last == "user: (The caller pressed these telephone keys: 3)")
        #expect(
            !last.conversation.contains {
                $0.hasPrefix("assistant: You said (The caller pressed these telephone keys: 2")
            },
            "what nobody heard is not remembered")
        #expect(fake.violations.all == [])
        talk.close()
        await fake.stop()
    }
}
