import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleySpeech

@Suite("Voices that the engines file can name")
struct VoiceAdapterTests {
    private static let needed = ["voice": "v1"]

    private func settings(
        _ adapter: any VoiceAdapter.Type, _ values: [String: String] = needed, key: Secret? = Secret("sk-key")
    ) -> EngineSettings {
        EngineSettings(name: "mine", options: adapter.options, values: values, key: key)
    }

    @Test("Each has a name of its own, options that say what they are, and a voice with its defaults")
    func all() throws {
        let voices = NetworkEngines.builtIn.voices
        #expect(voices.map { $0.engine } == ["cartesia", "deepgram", "elevenlabs", "openai", "wyoming"])
        for voice in voices {
            let names = voice.options.map(\.name)
            #expect(Set(names).count == names.count)
            #expect(voice.options.allSatisfy { $0.help.hasSuffix(".") })
            let made = try voice.make(settings(voice))
            #expect(made.name == "mine")
            #expect(made.capabilities.isStreaming)
        }
    }

    @Test("A voice for the telephone speaks mu-law at 8 kHz without being told")
    func capabilities() throws {
        for (voice, hasWords) in [
            (ElevenLabsVoice.self, true), (CartesiaVoice.self, true), (DeepgramVoice.self, false),
        ]
            as [(any VoiceAdapter.Type, Bool)]
        {
            let capabilities = try voice.make(settings(voice)).capabilities
            #expect(
                capabilities == SynthesizerCapabilities(rates: [8_000], encodings: [.mulaw], hasWordTimes: hasWords))
        }
        let wide = ["voice": "v1", "encoding": "pcm16", "sample_rate": "24000"]
        #expect(try CartesiaVoice.make(settings(CartesiaVoice.self, wide)).capabilities.rates == [24_000])
    }

    @Test("What is missing or makes no sense is refused, without the key")
    func refused() {
        let refusals: [(any VoiceAdapter.Type, [String: String], Secret?)] = [
            (ElevenLabsVoice.self, [:], Secret("sk-key")), (ElevenLabsVoice.self, Self.needed, nil),
            (ElevenLabsVoice.self, ["voice": "v1", "output_format": "mp3_44100"], Secret("sk-key")),
            (CartesiaVoice.self, [:], Secret("sk-key")),
            (DeepgramVoice.self, ["encoding": "mulaw", "sample_rate": "16000"], Secret("sk-key")),
            (DeepgramVoice.self, ["encoding": "opus"], Secret("sk-key")),
            (OpenAIVoice.self, ["sample_rate": "11"], Secret("sk-key")),
            (WyomingVoice.self, ["url": "nowhere"], nil),
        ]
        for (adapter, values, key) in refusals {
            let error = #expect(throws: EngineError.self) { try adapter.make(settings(adapter, values, key: key)) }
            #expect(error?.description.contains("sk-key") == false)
        }
    }

    @Test("Pieces of a path are escaped, and stand before the query")
    func paths() throws {
        let base = try NetworkAddress("ws://127.0.0.1:9/v1/tts/?a=b", schemes: [.ws])
        #expect(base.adding(path: ["voice/1", "stream-input"]).target == "/v1/tts/voice%2F1/stream-input?a=b")
        let bare = try NetworkAddress("ws://127.0.0.1:9", schemes: [.ws])
        #expect(bare.adding(path: ["x"]).target == "/x")
    }

    @Test(
        "What may pass is worth another try",
        arguments: [(400, false), (401, false), (408, true), (429, true), (500, true), (503, true)])
    func retryable(status: Int, isRetryable: Bool) {
        #expect(VoiceFault.status(status, "").isRetryable == isRetryable)
        let refusal = VoiceFault.lost("the server answered the upgrade with \(status) Whatever")
        #expect(refusal.isRetryable == isRetryable)
        #expect(VoiceFault.lost("nothing listens there").isRetryable)
    }
}
