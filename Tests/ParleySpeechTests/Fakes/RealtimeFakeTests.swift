import FakeEngines
import Testing

/// The fake of speech to speech is itself checked.
@Suite("The fake of OpenAI Realtime refuses a client that breaks the protocol")
struct RealtimeMutationTests {
    struct Mutation: Sendable, CustomTestStringConvertible {
        let what: String
        let change: @Sendable (inout FakeExchange) -> Void

        init(_ what: String, _ change: @escaping @Sendable (inout FakeExchange) -> Void) {
            self.what = what
            self.change = change
        }

        /// In one message.
        init(_ what: String, _ index: Int, _ old: String, _ new: String) {
            self.init(what) { exchange in
                let text = exchange.messages[index].text ?? ""
                exchange.messages[index] = .text(text.replacing(old, with: new))
            }
        }

        var testDescription: String { what }
    }

    private static let exchange = FakeExchange(
        target: "/v1/realtime?model=gpt-realtime", headers: ["Authorization": "Bearer openai-key"],
        messages: [
            .text(
                #"{"type":"session.update","event_id":"session","session":{"type":"realtime","#
                    + #""output_modalities":["audio"],"instructions":"Be brief.","audio":{"input":{"format":"#
                    + #"{"type":"audio/pcmu"},"transcription":{"model":"gpt-4o-mini-transcribe"},"turn_detection":null},"#
                    + #""output":{"format":{"type":"audio/pcmu"},"voice":"marin"}},"tools":[{"type":"function","#
                    + #""name":"send_sms","parameters":{"type":"object"}}],"tool_choice":"auto"}}"#),
            .text(#"{"type":"input_audio_buffer.append","audio":"\#(String(repeating: "////", count: 400))"}"#),
            .text(#"{"type":"input_audio_buffer.commit"}"#),
            .text(#"{"type":"response.create","response":{"instructions":"Be kind."}}"#),
        ])

    static let mutations = [
        Mutation("no key") { $0.headers = [:] },
        Mutation("another key") { $0.headers = ["Authorization": "Bearer other"] },
        Mutation("the key as a token") { $0.headers = ["Authorization": "Token openai-key"] },
        Mutation("the beta's header") { $0.headers["OpenAI-Beta"] = "realtime=v1" },
        Mutation("no model") { $0.target = "/v1/realtime" },
        Mutation("another path") { $0.target = "/v1/realtimes?model=gpt-realtime" },
        Mutation("an unknown parameter") { $0.target += "&voice=marin" },
        Mutation("no session type", 0, #""type":"realtime","#, ""),
        Mutation("a session for transcription", 0, #""type":"realtime""#, #""type":"transcription""#),
        Mutation("the beta's name of a format", 0, "audio/pcmu", "g711_ulaw"),
        Mutation("linear sound at 8 000", 0, #"{"type":"audio/pcmu"}"#, #"{"type":"audio/pcm","rate":8000}"#),
        Mutation("the beta's modalities", 0, "output_modalities", "modalities"),
        Mutation("a temperature", 0, #""tool_choice""#, #""temperature":0.8,"tool_choice""#),
        Mutation("a tool without a name", 0, #""name":"send_sms","#, ""),
        Mutation("a tool of the chat API's shape", 0, #""name":"send_sms","parameters""#, #""function""#),
        Mutation("sound that is not base64", 1, "////", "*///"),
        Mutation("sound under another name", 1, #""audio""#, #""data""#),
        Mutation("too little of it", 1, String(repeating: "////", count: 300), ""),
        Mutation("binary sound") { $0.messages[1] = .binary([UInt8](repeating: 255, count: 1_200)) },
        Mutation("sound before the configuration") { $0.messages.swapAt(0, 1) },
        Mutation("an unknown event", 2, "commit", "commits"),
        Mutation("two responses at once") { $0.messages.append($0.messages[3]) },
        Mutation("a response's modalities of the beta", 3, "instructions", "modalities"),
        Mutation(
            "an item that is not there is deleted", 3, #"response.create","response":{"instructions":"Be kind."}"#,
            #"conversation.item.delete","item_id":"item_9""#),
        Mutation(
            "a caller's item is truncated", 3, #"response.create","response":{"instructions":"Be kind."}"#,
            #"conversation.item.truncate","item_id":"item_user_1","content_index":0,"audio_end_ms":0"#),
        Mutation(
            "a result of no call", 3, #"response.create","response":{"instructions":"Be kind."}"#,
            #"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":"{}"}"#),
        Mutation(
            "nothing to cancel", 3, #"response.create","response":{"instructions":"Be kind."}"#, #"response.cancel""#),
    ]

    private func run(_ exchange: FakeExchange) async throws -> (FakeOpenAIRealtime, FakeProbe) {
        let fake = FakeOpenAIRealtime(
            FakeRealtimeScript(lines: ["Hello?"]) { _ in
                var reply = FakeRealtimeReply("Hello.")
                // A second response is asked for while this one is made.
                reply.delay = .milliseconds(20)
                return reply
            })
        try await fake.start()
        let probe = try FakeProbe(
            "ws://127.0.0.1:\(fake.port)\(exchange.target)", headers: exchange.headers.map { ($0.key, $0.value) })
        guard try await probe.isOpen() else { return (fake, probe) }
        for message in exchange.messages { probe.send(message) }
        try await probe.news.wait { [fake] news in
            fake.violations.count > 0
                || news.contains { news in
                    switch news {
                    case .opened: false
                    case .heard(let message): message.text?.contains("response.done") == true
                    case .closed: true
                    }
                }
        }
        return (fake, probe)
    }

    @Test("A correct exchange is taken")
    func correct() async throws {
        let (fake, probe) = try await run(Self.exchange)
        #expect(fake.violations.all == [])
        #expect(probe.heard.contains { $0.text?.contains("response.done") == true })
        await fake.stop()
    }

    @Test("A mutation is refused", arguments: mutations)
    func refused(mutation: Mutation) async throws {
        var exchange = Self.exchange
        mutation.change(&exchange)
        let (fake, _) = try await run(exchange)
        #expect(fake.violations.count >= 1)
        await fake.stop()
    }
}

@Suite(
    "The fake of OpenAI Realtime, as the vendor's own client finds it",
    .enabled(
        if: VendorClient.interpreter != nil,
        "SKIPPED: PARLEY_ENGINE_PYTHON is not set, so no vendor's client has checked the fake (scripts/engine-python.sh)"
    ))
struct RealtimeVendorTests {
    @Test("openai configures, hears a call of a function and an answer, cuts it, and cancels the next")
    func openai() async throws {
        let script = FakeRealtimeScript(lines: ["Text me."]) { context in
            switch context.response {
            case 0: FakeRealtimeReply(calls: [FakeRealtimeReply.Call("send_sms", #"{"message":"Hello."}"#)])
            case 1: FakeRealtimeReply("It is on its way.")
            default: Self.slow
            }
        }
        let fake = FakeOpenAIRealtime(script)
        try await fake.start()
        let said = try await VendorClient.run("openai_realtime.py", [fake.url, "openai-key"])
        #expect(
            said.compactMap { $0["type"]?.string } == [
                "session.updated", "conversation.item.input_audio_transcription.completed",
                "response.function_call_arguments.done", "response.done", "response.output_item.done", "response.done",
                "conversation.item.truncated", "error", "response.created", "response.done", "status",
            ])
        #expect(said[1]["text"] == "Text me.")
        #expect(said[4]["text"] == "It is on its way.")
        #expect(said[10]["text"] == "cancelled")
        #expect(fake.violations.all.map(\.what) == ["invalid_value: 'audio_end_ms'"])
        #expect(fake.contexts.all.last?.conversation.last == "assistant:  [cut at 120 ms]")
        await fake.stop()
    }

    private static var slow: FakeRealtimeReply {
        var reply = FakeRealtimeReply("This is never said.")
        reply.delay = .milliseconds(300)
        return reply
    }

    @Test("openai reads the refusal of a wrong key")
    func key() async throws {
        let fake = FakeOpenAIRealtime(FakeRealtimeScript { _ in FakeRealtimeReply("") })
        try await fake.start()
        let said = try await VendorClient.run("openai_realtime.py", [fake.url, "other"])
        #expect(said == [["type": "refused", "status": 401]])
        await fake.stop()
    }
}
