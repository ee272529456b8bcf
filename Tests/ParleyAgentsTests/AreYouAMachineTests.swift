import FakeEngines
import NIOCore
import ParleyActions
import ParleyCore
import ParleyNetwork
import ParleySpeech
import Testing

@testable import ParleyAgents

/// Whatever decides the replies, and whatever it would say: who asks whether a machine speaks is told the truth.
@Suite("Are you a machine?", .timeLimit(.minutes(2)))
struct AreYouAMachineTests {
    enum Kind: String, CaseIterable, Sendable {
        case flow, chat, relay
        case realtime = "openai_realtime"
    }

    /// What the fake model and the fake application say to everything.
    static let lie = "No, I am human."

    @Test("Each agent tells the truth", arguments: Kind.allCases, HonestAnswerTests.phrasings)
    func truth(_ kind: Kind, _ question: String) async throws {
        let heard =
            switch kind {
            case .flow: try await flow(question)
            case .chat: try await chat(question)
            case .relay: try await relay(question)
            case .realtime: try await realtime(question)
            }
        #expect(heard.contains("machine") || heard.contains("automated assistant"), "\(heard)")
        #expect(!heard.contains("human") && !MachineDenial.isIn(heard), "\(heard)")
    }

    // MARK: The agents

    private static let facts = CallFacts(
        callID: "01JB0000000000000000000000", from: "", to: "", parameters: [:], wallClock: 1_795_212_345)

    /// A session of an agent's, and the words of its replies.
    private struct Session {
        private let parts = FakeRecord<(generation: UInt32, part: ReplyPart)>()
        private let session: any AgentSession

        init(_ agent: any Agent) {
            session = agent.start(AreYouAMachineTests.facts) { [parts] in parts.append(($0.number, $1)) }
            session.attend(AgentLine(nudge: {}, news: { _ in }))
        }

        /// - Returns: all words of the reply, once it is whole.
        func ask(_ generation: UInt32, _ cause: AgentRequest.Cause, heard: String = "") async throws -> String {
            session.ask(
                AgentRequest(
                    generation: Generation(generation), turn: TurnID(generation), cause: cause, heard: heard))
            let all = try await parts.wait(for: "the end of reply \(generation)") { parts in
                parts.contains { $0.generation == generation && ($0.part == .done || $0.part == .failed) }
            }
            return all.filter { $0.generation == generation }.compactMap { entry in
                if case .text(let text) = entry.part { text } else { nil }
            }.joined()
        }

        func end() { session.ended(.callerHungUp) }
    }

    private func flow(_ question: String) async throws -> String {
        let session = Session(FlowAgent(try dentist()))
        let greeting = try await session.ask(1, .opening)
        return try await session.ask(2, .said(question), heard: greeting)
    }

    private func chat(_ question: String) async throws -> String {
        let model = FakeChatCompletions(replies: [], otherwise: .say(Self.lie))
        try await model.start()
        let settings = EngineSettings(
            name: "model", options: ChatAdapter.options, values: ["url": model.url + "/v1", "model": "gpt-x"],
            key: Secret("openai-key"))
        let agent = try ChatAdapter.make([settings], registry: .builtIn)
        let session = Session(agent)
        let answer = try await session.ask(1, .said(question))
        #expect(model.requests.count == 0, "it is not left to the model")
        // In words that nobody would take for the question the model is asked, and knows what was said.
        let more = try await session.ask(2, .said("Come on, tell me."), heard: answer)
        #expect(model.requests.all.last?.last("assistant").map { answer.hasPrefix($0) } == true)
        #expect(model.violations.all == [])
        session.end()
        await agent.shutDown()
        await model.stop()
        return answer + more
    }

    private func relay(_ question: String) async throws -> String {
        let application = FakeRelayApplication { call in
            while let notice = await call.next() {
                if notice.type == "prompt" { await call.say(Self.lie) }
            }
        }
        try await application.start()
        let client = HTTPStreamClient()
        let settings = EngineSettings(
            name: "app", options: RelayAgent.options, values: ["url": application.url])
        let agent = try RelayAgent.make(settings, client: client)
        let session = Session(agent)
        let answer = try await session.ask(1, .said(question))
        let told = try await application.first("info")
        #expect(told.fields["name"]?.string == "answeredByPlatform")
        let value = told.fields["value"]?.string.flatMap { FakeJSON(text: $0) }
        #expect(value?["voicePrompt"]?.string == question && value?["answer"]?.string == answer)
        // Asked among other things it is the application that answers those.
        let more = try await session.ask(2, .said("\(question) And I need a table for two."), heard: answer)
        _ = try await application.first("prompt")
        session.end()
        try await application.server.connections.at(0).ended.at(0)
        #expect(application.notices.all.map(\.type) == ["setup", "info", "info", "prompt"])
        #expect(application.violations.all == [])
        await agent.shutDown()
        await application.stop()
        return answer + more
    }

    private func realtime(_ question: String) async throws -> String {
        let order = "Say exactly these words, and nothing else: "
        let fake = FakeOpenAIRealtime(
            FakeRealtimeScript(lines: [question]) { context in
                guard let instructions = context.instructions, let place = instructions.firstRange(of: order) else {
                    return FakeRealtimeReply(Self.lie)
                }
                return FakeRealtimeReply(String(instructions[place.upperBound...]))
            })
        try await fake.start()
        let talk = try RealtimeTalk(fake)
        talk.say(turn: 1)
        try await talk.wait("final 1 \(question)")
        talk.ask(1, .said(question), turn: 1)
        try await talk.wait("reply 1 done")
        let answer = talk.words(1)
        #expect(fake.contexts.all.last?.conversation == ["user: \(question)"], "the model has forgotten its own answer")
        // A cancellation may cross the end of what it cancels.
        #expect(fake.violations.all.filter { !$0.what.hasPrefix("response_cancel_not_active") } == [])
        talk.close()
        await fake.stop()
        return answer
    }
}
