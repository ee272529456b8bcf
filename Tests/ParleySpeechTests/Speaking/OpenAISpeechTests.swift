import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleySpeech

@Suite("Asking for speech over HTTP")
struct OpenAISpeechTests {
    private func request(_ values: [String: String] = [:], key: Secret? = nil) throws -> SpeechRequest {
        let settings = EngineSettings(name: "voice", options: OpenAIVoice.options, values: values, key: key)
        return try OpenAISpeechRequest(settings).request(for: "Sure, which day?")
    }

    @Test("A clause is one request, with what was set and no more")
    func golden() throws {
        let plain = try request()
        #expect(plain.url == "https://api.openai.com/v1/audio/speech")
        #expect(
            String(decoding: plain.body, as: UTF8.self)
                == #"{"model":"gpt-4o-mini-tts","input":"Sure, which day?","voice":"marin","response_format":"pcm"}"#)
        #expect(
            plain.headers.map { "\($0.name): \($0.value)" } == ["Content-Type: application/json", "Accept: audio/*"])

        let full = try request(
            [
                "url": "http://127.0.0.1:8880/v1/audio/speech", "model": "kokoro", "voice": "af_sky",
                "response_format": "wav", "instructions": "calm", "speed": "1.25",
            ], key: Secret("sk-key"))
        #expect(full.url == "http://127.0.0.1:8880/v1/audio/speech")
        #expect(
            String(decoding: full.body, as: UTF8.self)
                == #"""
                {"model":"kokoro","input":"Sure, which day?","voice":"af_sky","response_format":"wav",\#
                "speed":1.25,"instructions":"calm"}
                """#)
        #expect(full.headers.last.map { "\($0.name): \($0.value)" } == "Authorization: Bearer sk-key")
    }

    @Test(
        "An error's words are found",
        arguments: [
            (#"{"error":{"message":"bad voice","type":"invalid_request_error","code":null}}"#, "bad voice"),
            (#"{"error":"overloaded"}"#, "overloaded"), (#"{"detail":"no model"}"#, "no model"),
            (#"{"detail":[{"msg":"x"}]}"#, #"{"detail":[{"msg":"x"}]}"#), ("Bad Gateway", "Bad Gateway"), ("", ""),
        ])
    func errors(body: String, said: String) {
        #expect(SpeechAnswerReader.words(Array(body.utf8)) == said)
    }
}
