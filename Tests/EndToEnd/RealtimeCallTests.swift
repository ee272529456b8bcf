import FakeEngines
import ParleyCaller
import Testing

/// A recorded caller through a gateway whose recogniser, agent and voice are one speech-to-speech model.
@Suite("A call with a speech-to-speech model", .timeLimit(.minutes(3)))
struct RealtimeCallTests {
    static let greeting =
        "Thank you for calling. What can I book for you: a check-up, a cleaning, or is it a toothache?"

    private static let consent = #"{"purpose":"transactional_in_call","granted":true}"#

    /// Books at the dentist's. It asks for the text twice over: that is one text.
    private static func reply(_ context: FakeRealtimeContext) -> FakeRealtimeReply {
        if context.instructions?.contains(greeting) == true { return FakeRealtimeReply(greeting) }
        let last = context.last.lowercased()
        if last.hasPrefix("output:") {
            guard !context.conversation.contains(where: { $0.hasPrefix("call: send_sms") }) else {
                return FakeRealtimeReply(
                    "Your confirmation is on its way by text. Goodbye.",
                    calls: [FakeRealtimeReply.Call("end_call", "{}")])
            }
            let text = FakeRealtimeReply.Call(
                "send_sms", #"{"message":"Bright Smile Dental: you are booked for a cleaning on Wed at ten."}"#)
            return FakeRealtimeReply("", calls: [text, text])
        }
        if last.contains("cleaning") { return FakeRealtimeReply("A cleaning. Which day and time would suit you?") }
        if last.contains("wednesday") { return FakeRealtimeReply("Wednesday at ten in the morning. Is that right?") }
        if last.contains("please do") {
            return FakeRealtimeReply("", calls: [FakeRealtimeReply.Call("record_consent", consent)])
        }
        return FakeRealtimeReply("May we send you one text message to confirm it? Please say yes or no.")
    }

    @Test("The caller cuts in: the model forgets what was not heard; a text is asked for twice, and is one")
    func bargesIn() async throws {
        let lines = try EngineBench.lines("barges-in")
        let fake = FakeOpenAIRealtime(FakeRealtimeScript(lines: lines, reply: Self.reply))
        try await fake.start()
        let bench = try EngineBench(
            // Recogniser and voice are named so that nothing is loaded; the model takes their places.
            engines: "recognizers:\n  - {engine: vosk, url: \"ws://127.0.0.1:9\"}\n"
                + "voices:\n  - {engine: wyoming, url: \"tcp://127.0.0.1:9\"}\n"
                + "agents:\n  - {engine: openai_realtime, url: \"\(fake.url)\", key_env: FAKE_REALTIME, "
                + "greeting: \"\(Self.greeting)\"}\n",
            keys: ["FAKE_REALTIME": "openai-key"])
        defer { bench.remove() }
        let run = try await bench.serve { port in try await bench.call("barges-in", port: port) }

        // A model settles no values of a flow's. One text was written, however often it was asked for.
        #expect(run.findings.filter { $0.key != "variables" }.isEmpty, "\(run.findings)")
        #expect(run.report.messages.count == 1)
        #expect(run.report.callerTurns.filter { !$0.isBackchannel }.map(\.text) == lines)

        let cut = try #require(run.report.agentTurns.first)
        #expect(cut.wasCut && Self.greeting.hasPrefix(cut.heard) && !cut.heard.isEmpty)
        let sent = fake.webSocket.received.all.compactMap { $0.message.text.flatMap { FakeJSON(text: $0) } }
        let truncations = sent.filter { $0["type"]?.string == "conversation.item.truncate" }
        #expect(truncations.count == 1)
        // 60 ms a character: what the model remembers is what was heard, to a word or two.
        let kept = try #require(truncations.first?["audio_end_ms"]?.whole)
        #expect(abs(kept - cut.heard.count * 60) <= 400, "\(kept) ms for \(cut.heard)")
        let told = try #require(fake.contexts.all.first { $0.last.contains("cleaning") })
        #expect(told.conversation.first == "assistant:  [cut at \(kept) ms]")
        #expect(fake.violations.all == [])
        try await fake.webSocket.connections.at(0).ended.at(0)
        await fake.stop()
    }
}
