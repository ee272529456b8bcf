import FakeEngines
import Testing

@Suite(
    "Fakes of voices and of chat completions, as the vendors' own clients find them",
    .enabled(
        if: VendorClient.interpreter != nil,
        "SKIPPED: PARLEY_ENGINE_PYTHON is not set, so no vendor's client has checked the fakes (scripts/engine-python.sh)"
    ))
struct VoiceVendorTests {
    @Test("elevenlabs streams three texts and hears the sound of them all")
    func elevenLabs() async throws {
        let fake = FakeElevenLabs()
        try await fake.start()
        let said = try await VendorClient.run("elevenlabs_voice.py", ["\(fake.port)", "xi-key", "voice-1"])
        #expect(fake.book.violations.all == [])
        let texts = fake.book.clauses.all.map(\.text)
        #expect(
            texts.joined().split(separator: " ")
                == "Sure, which day suits you? Tuesday or Friday?".split(separator: " "))
        let bytes = texts.map { FakeSound.milliseconds($0) * 8 }.reduce(0, +)
        #expect(said == [["type": "heard", "bytes": .number(Double(bytes))]])
        await fake.stop()
    }

    @Test("elevenlabs reads the refusal of a wrong key")
    func elevenLabsKey() async throws {
        let fake = FakeElevenLabs()
        try await fake.start()
        let said = try await VendorClient.run("elevenlabs_voice.py", ["\(fake.port)", "other", "voice-1"])
        #expect(said == [["type": "refused", "code": 1_008]])
        await fake.stop()
    }

    @Test("cartesia continues a context, cancels another, and reads the error of a third")
    func cartesia() async throws {
        let fake = FakeCartesia(script: FakeVoiceScript().with(.stalls(after: 0), .clause(1)))
        try await fake.start()
        let voice = "5c0ffee3-0000-4000-8000-000000000001"
        let said = try await VendorClient.run("cartesia_voice.py", ["\(fake.port)", "cartesia-key", voice])
        let heard = try #require(said.first)
        #expect(heard["bytes"]?.whole == 12_480)
        #expect(heard["words"] == ["Sure,", "which", "day", "suits", "you?"])
        #expect(heard["ends"]?[4] == 1.56)
        #expect(heard["types"]?.array?.last == "error")
        #expect(heard["types"]?.array?.count { $0 == "done" } == 1)
        #expect(heard["error"] == 400)
        #expect(fake.book.violations.count == 1)
        try await fake.book.endings.first(2)
        #expect(fake.book.endings.all.map(\.ending) == [.ended, .cancelled])
        await fake.stop()
    }

    @Test("deepgram-sdk speaks, flushes, clears and closes")
    func aura() async throws {
        let fake = FakeAura()
        try await fake.start()
        let said = try await VendorClient.run("aura_voice.py", ["\(fake.port)", "dg-key"])
        #expect(fake.book.violations.all == [])
        #expect(
            said == [
                [
                    "bytes": 12_480, "types": ["Metadata", "Flushed", "Cleared"], "model": "aura-2-thalia-en",
                    "flushed": 0, "cleared": 1,
                ]
            ])
        await fake.stop()
    }

    @Test("openai streams speech in both formats and reads refusals")
    func openAISpeech() async throws {
        let fake = FakeOpenAISpeech(script: FakeVoiceScript().with(.splitsSamples))
        try await fake.start()
        let said = try await VendorClient.run("openai_speech.py", ["\(fake.port)", "openai-key"])
        #expect(
            said == [
                [
                    "pcm": 74_880, "wav": 74_924, "riff": "RIFF", "refused": 400,
                    "unknown": "invalid_api_key",
                ]
            ])
        #expect(fake.book.violations.count == 2)
        await fake.stop()
    }

    @Test("openai streams a tool call, speaks of its result, and reads errors before and within a stream")
    func openAIChat() async throws {
        let fake = FakeChatCompletions(replies: [
            FakeChatReply.call("send_sms", #"{"body":"12 Elm St"}"#).with { $0.splits = .bytes(5) },
            FakeChatReply.say("Grüße, it is sent.").with {
                $0.splits = .bytes(1)
                $0.lineEnd = "\r\n"
                $0.steps.insert(.comment("still here"), at: 2)
            },
            .refuse(429, retryAfter: 2), FakeChatReply([.text(" No"), .failure]),
        ])
        try await fake.start()
        let said = try await VendorClient.run("openai_chat.py", ["\(fake.port)", "openai-key"])
        let heard = try #require(said.first)
        #expect(heard["call"] == ["send_sms", ["body": "12 Elm St"]])
        #expect(heard["text"] == "Grüße, it is sent. No")
        #expect(heard["finish"] == ["tool_calls", "stop"])
        #expect(heard["usage"] == 210)
        #expect(heard["error"] == ["rate_limit_exceeded", "2"])
        #expect(heard["broken"]?.string?.contains("server had an error") == true)
        #expect(heard["refused"] == 400)
        #expect(fake.violations.count == 1)
        #expect(fake.requests.all.map(\.roles.count) == [2, 4, 4, 4])
        await fake.stop()
    }

    @Test("wyoming asks for the voices, then hears a text and a stream of text")
    func wyoming() async throws {
        let fake = FakeWyomingVoice()
        try await fake.start()
        let said = try await VendorClient.run("wyoming_voice.py", ["\(fake.port)"])
        let heard = try #require(said.first)
        // 16 characters, and 14 with 10, each of 1,323 samples.
        #expect(heard["bytes"] == [0, 42_336, 63_504, 0])
        #expect(heard["rates"] == [22_050, 22_050, 22_050])
        #expect(heard["voices"] == ["en_GB-alba-medium"])
        #expect(heard["error"] == "bad-event")
        #expect(fake.book.violations.count == 1)
        await fake.stop()
    }
}
