import FakeEngines
import ParleyActions
import ParleyCore
import ParleyNetwork
import ParleySpeech
import Synchronization
import Testing

@testable import ParleyAgents

/// A chat agent over real sockets, with a model that says what a test wants and checks what it is asked.
@Suite struct ChatAgentTests {
    private static let key = "openai-key"

    private static func settings(
        _ name: String, _ fake: FakeChatCompletions, _ values: [String: String] = [:], lists: [String: [String]] = [:]
    ) -> EngineSettings {
        let all = ["url": fake.url + "/v1", "model": "gpt-x"].merging(values) { $1 }
        return EngineSettings(
            name: name, options: ChatAdapter.options, values: all, lists: lists, key: Secret(key))
    }

    /// Runs a call against fakes.
    private func call(
        _ replies: [[FakeChatReply]], _ values: [String: String] = [:], health: ModelHealth = .always,
        _ body: (ChatCall, [FakeChatCompletions]) async throws -> Void
    ) async throws {
        var fakes: [FakeChatCompletions] = []
        for replies in replies {
            let fake = FakeChatCompletions(replies: replies)
            try await fake.start()
            fakes.append(fake)
        }
        let lists = ["transfer_targets": ["reception"]]
        let agent = try ChatAdapter.make(
            fakes.enumerated().map { Self.settings("model-\($0.offset)", $0.element, values, lists: lists) },
            registry: .builtIn, health: { _ in health })
        let call = ChatCall(agent)
        try await body(call, fakes)
        for fake in fakes {
            #expect(fake.violations.all.isEmpty)
            await fake.stop()
        }
        #expect(!call.seen.contains(Self.key))
        await agent.shutDown()
    }

    @Test("A greeting, a question, an answer: with the key, and the tools named")
    func conversation() async throws {
        try await call(
            [[.say("We are open every day, from 9 AM.")]],
            ["greeting": "Hello, {{ .caller.number | default \"you\" }}."]
        ) {
            call, fakes in
            #expect(await call.ask(.opening) == ["Hello, +15550100."])
            #expect(
                await call.ask(.said("When are you open?"), heard: "Hello, +15550100.") == [
                    "We are open every day,", "from 9 a.m.",
                ])
            #expect(await call.ask(.said("And now?"), heard: "We are open", wasCut: true) == ["That is all."])
            let last = fakes[0].requests.all.last
            #expect(last?.roles == ["system", "user", "assistant", "user", "assistant", "user"])
            #expect(last?.last("assistant") == "We are open")
            #expect(last?.toolNames == ["end_call", "press_keys", "transfer", "record_consent", "send_sms"])
        }
    }

    @Test(
        "A stream cut within lines and characters, with comments and CRLF, in every size of piece",
        arguments: [1, 2, 3, 7, 64])
    func cuts(size: Int) async throws {
        let reply = FakeChatReply([
            .comment("waiting"), .text("Ça "), .delta(["reasoning_content": "hm"]), .text("va 🙂 très"), .comment(""),
            .text(" bien."), .finish("stop"),
        ]).with {
            $0.splits = .bytes(size)
            $0.lineEnd = "\r\n"
            $0.hasSpaceAfterColon = false
            $0.hasDone = false
        }
        try await call([[reply]]) { call, _ in
            #expect(await call.ask(.said("ça va?")) == ["Ça va très bien."])
        }
    }

    @Test("A tool is asked for once, and the model speaks when it is told that it is done")
    func tool() async throws {
        let again = FakeChatReply([
            .wholeCall(index: nil, id: nil, name: "send_sms", arguments: #"{"message":"Hi"}"#), .finish("stop"),
        ])
        try await call([[.call("send_sms", #"{"message": "Hi"}"#), again, .say("It is sent.")]]) { call, fakes in
            #expect(await call.ask(.said("text me")) == ["action send_sms {\"message\":\"Hi\"}", "It is sent."])
            #expect(fakes[0].requests.all.count == 3)
            #expect(fakes[0].requests.all.last?.last("tool") == ToolResult.done)
            #expect(call.news == ["tool_repeated send_sms"])
        }
    }

    @Test("A tool call whose JSON is cut, whose name is unknown, or whose stream breaks: nothing is done")
    func rejected() async throws {
        let cut = FakeChatReply([
            .call(index: 0, id: "a", name: "send_sms", fragments: [#"{"mess"#]), .finish("tool_calls"),
        ])
        let broken = FakeChatReply([.call(index: 0, id: "a", name: "send_sms", fragments: [#"{"mess"#]), .cut])
        try await call([[cut, .say("Sorry.")], []]) { call, _ in
            #expect(await call.ask(.said("text me")) == ["Sorry."])
            #expect(call.news.count == 1)
            #expect(call.news.first?.hasPrefix("tool_rejected send_sms arguments_not_json") == true)
        }
        try await call([[.call("launch", "{}"), .say("I cannot.")]]) { call, _ in
            #expect(await call.ask(.said("launch it")) == ["I cannot."])
            #expect(call.news == ["tool_rejected launch unknown_action"])
        }
        try await call([[broken, .say("Sorry.")]]) { call, _ in
            #expect(await call.ask(.said("text me")) == ["Sorry."])
            #expect(call.news.last == "tool_rejected send_sms cut_off")
        }
    }

    @Test("A busy server is asked again, and then the next model", arguments: [429, 500, 503])
    func busy(status: Int) async throws {
        try await call([[.refuse(status, retryAfter: 0), .refuse(status)], [.say("Here I am.")]]) { call, fakes in
            #expect(await call.ask(.said("hello")) == ["Here I am."])
            #expect(fakes.map(\.requests.all.count) == [2, 1])
            #expect(call.news.last == "switched model-1")
        }
    }

    @Test("Nothing listens there: the next model answers")
    func unreachable() async throws {
        let gone = FakeChatCompletions(replies: [])
        try await gone.start()
        let address = Self.settings("gone", gone)
        await gone.stop()
        try await call([[.say("Here I am.")]]) { _, fakes in
            let agent = try ChatAdapter.make(
                [address, Self.settings("model-1", fakes[0])], registry: .builtIn)
            let call = ChatCall(agent)
            #expect(await call.ask(.said("hello")) == ["Here I am."])
            await agent.shutDown()
        }
    }

    @Test(
        "No token, a stall, an error and a lost connection in mid-stream: the next model goes on behind what was said")
    func faults() async throws {
        let quick = ["first_token_timeout": "300ms", "stall_timeout": "300ms"]
        try await call([[.neverAnswers], [.say("Here I am.")]], quick) { call, _ in
            #expect(await call.ask(.said("hello")) == ["Here I am."])
            #expect(call.news == ["stalled no answer in time", "switched model-1"])
        }
        for ending in [FakeChatReply.Step.stall, .failure, .cut, .data("{\"choices\":[{")] {
            let start = FakeChatReply([.text("We are open. But tomo"), ending])
            try await call([[start], [.say("We are open. Until nine.")]], quick) { call, fakes in
                #expect(await call.ask(.said("hello")) == ["We are open.", "Until nine."], "\(ending)")
                #expect(fakes[1].requests.all.first?.last("assistant") == "We are open.")
            }
        }
    }

    @Test("A wrong key is no secret that anybody tells, and the reply has failed")
    func wrongKey() async throws {
        let fake = FakeChatCompletions(key: "another", replies: [])
        try await fake.start()
        let agent = try ChatAdapter.make([Self.settings("model", fake)], registry: .builtIn)
        let call = ChatCall(agent)
        #expect(await call.ask(.said("hello")) == ["failed"])
        #expect(call.news == ["failed the server answered 401"])
        #expect(!call.seen.contains(Self.key))
        await agent.shutDown()
        await fake.stop()
    }

    @Test("A cancelled reply lets its request go, and an endless one ends by itself")
    func endless() async throws {
        try await call([[FakeChatReply([.forever("Some words here. ")])]]) { call, _ in
            let parts = await call.ask(.said("hello"))
            #expect(parts.count > 100 && parts.count < 400)
        }
        try await call([[FakeChatReply([.text("Some words. "), .text("And"), .stall])]]) { call, fakes in
            await call.begin(.said("hello")) { $0 == "Some words." }
            call.cancel()
            let abandoned = try? await fakes[0].server.abandoned.at(0)
            #expect(abandoned == 0)
            #expect(await call.ask(.said("go on"), heard: "Some words.") == ["That is all."])
        }
    }

    @Test("A model whose circuit is open is not asked")
    func circuit() async throws {
        try await call([[]], health: ModelHealth(admits: { false }, report: { _ in })) { call, fakes in
            #expect(await call.ask(.said("hello")) == ["failed"])
            #expect(fakes[0].requests.all.isEmpty)
        }
    }

    @Test("Token counts add up")
    func usage() async throws {
        let fake = FakeChatCompletions(replies: [])
        try await fake.start()
        let agent = try ChatAdapter.make([Self.settings("model", fake)], registry: .builtIn)
        let call = ChatCall(agent)
        // The counts come behind the answer's end: the next answers are later than those.
        var answers = 0
        while agent.usage.promptTokens < 91, answers < 20 {
            _ = await call.ask(.said("hello"), heard: answers == 0 ? "" : "That is all.")
            answers += 1
        }
        #expect(agent.usage.promptTokens.isMultiple(of: 91) && agent.usage.promptTokens > 0)
        #expect(agent.usage.completionTokens.isMultiple(of: 14))
        await agent.shutDown()
        await fake.stop()
    }

    @Test("Settings that cannot be: a prompt with a hole, two prompts, no file, no zone")
    func badSettings() async throws {
        func make(_ values: [String: String]) throws {
            let all = ["url": "http://127.0.0.1:1/v1", "model": "m"].merging(values) { $1 }
            let agent = try ChatAdapter.make(
                [EngineSettings(name: "m", options: ChatAdapter.options, values: all)], registry: .builtIn)
            _ = agent
        }
        #expect(throws: EngineError.self) { try make(["prompt": "Hi {{ .caller.name }}"]) }
        #expect(throws: EngineError.self) { try make(["prompt": "Hi {{ .caller"]) }
        #expect(throws: EngineError.self) { try make(["prompt": "Hi", "prompt_file": "/etc/hostname"]) }
        #expect(throws: EngineError.self) { try make(["prompt_file": "/nowhere/at/all"]) }
        #expect(throws: EngineError.self) { try make(["time_zone": "Nowhere/At_All"]) }
        #expect(throws: EngineError.self) { try ChatAdapter.make([], registry: .builtIn) }
    }
}

/// One call with a chat agent. Each request is waited for to its end.
final class ChatCall: Sendable {
    private struct Heard {
        var parts: [String] = []
        var news: [String] = []
        var all = ""
        var generation = Generation(0)
        var isWanted: (@Sendable (String) -> Bool)?
        var waiter: CheckedContinuation<[String], Never>?
    }
    private let heard = Mutex(Heard())
    private let session = Mutex<(any AgentSession)?>(nil)

    init(_ agent: ChatAgent) {
        let facts = CallFacts(
            callID: "C", from: "+15550100", to: "+15550199", parameters: [:], wallClock: 1_780_000_000)
        let session = agent.start(facts) { [weak self] generation, part in self?.take(generation, part) }
        session.attend(
            AgentLine(
                nudge: {},
                news: { [weak self] news in
                    self?.heard.withLock { heard in
                        heard.news.append("\(news.kind.rawValue) \(news.detail)")
                        heard.all += "\(news)"
                    }
                }))
        self.session.withLock { $0 = session }
    }

    var news: [String] { heard.withLock { $0.news } }
    /// Everything that came out, for a search.
    var seen: String { heard.withLock { $0.all } }

    /// - Returns: the clauses and whatever else came, up to the end.
    func ask(_ cause: AgentRequest.Cause, heard words: String = "", wasCut: Bool = false) async -> [String] {
        await request(cause, words, wasCut) { $0 == "done" || $0 == "failed" }.filter { $0 != "done" }
    }

    /// Waits for one part only.
    func begin(_ cause: AgentRequest.Cause, until isWanted: @escaping @Sendable (String) -> Bool) async {
        _ = await request(cause, "", false, until: isWanted)
    }

    func cancel() {
        let generation = heard.withLock { $0.generation }
        session.withLock { $0 }?.cancel(generation)
    }

    private func request(
        _ cause: AgentRequest.Cause, _ words: String, _ wasCut: Bool,
        until isWanted: @escaping @Sendable (String) -> Bool
    ) async -> [String] {
        await withCheckedContinuation { continuation in
            let generation = heard.withLock { heard in
                heard.generation.number += 1
                heard.parts = []
                heard.isWanted = isWanted
                heard.waiter = continuation
                return heard.generation
            }
            session.withLock { $0 }?.ask(
                AgentRequest(
                    generation: generation, turn: TurnID(generation.number), cause: cause, heard: words, wasCut: wasCut)
            )
        }
    }

    private func take(_ generation: Generation, _ part: ReplyPart) {
        let word =
            switch part {
            case .text(let text): String(text.dropLast())
            case .action(let request): "action \(request.name) \(request.arguments)"
            default: "\(part)"
            }
        let (waiter, parts) = heard.withLock { heard -> (CheckedContinuation<[String], Never>?, [String]) in
            heard.parts.append(word)
            heard.all += word
            guard heard.isWanted?(word) == true else { return (nil, []) }
            heard.isWanted = nil
            defer { heard.waiter = nil }
            return (heard.waiter, heard.parts)
        }
        if case .action(let request) = part {
            let invocation = ActionInvocation(
                number: 1, generation: generation, turn: TurnID(generation.number), request: request)
            session.withLock { $0 }?.finished(invocation, .committed)
        }
        waiter?.resume(returning: parts)
    }
}
