import FakeEngines

/// What a client says to ElevenLabs, right, and wrong in one place at a time.
enum ElevenLabsClient {
    static let right = VoiceExchange(
        target:
            "/v1/text-to-speech/voice-1/stream-input?model_id=eleven_flash_v2_5&output_format=ulaw_8000&inactivity_timeout=60",
        headers: [("xi-api-key", "xi-key")],
        messages: [
            .text(#"{"text":" ","voice_settings":{"stability":0.5,"similarity_boost":0.8}}"#),
            .text(#"{"text":"Sure, which day suits you? "}"#), .text(#"{"text":"Tuesday? ","flush":true}"#),
            .text(#"{"text":"Or Friday? "}"#), .text(#"{"text":""}"#),
        ])

    static let wrong: [VoiceMutation] = [
        VoiceMutation("no key") { $0.headers = [] },
        VoiceMutation("another key") { $0.headers[0].value = "xi-keys" },
        VoiceMutation("another header") { $0.headers[0].name = "Authorization" },
        VoiceMutation("another path") { $0.target = "/v1/text-to-speech/voice-1/stream" },
        VoiceMutation("an unknown voice") { $0.target.replace("voice-1", with: "voice-2") },
        VoiceMutation("an unknown model") { $0.target.replace("eleven_flash_v2_5", with: "eleven_flash_v9") },
        VoiceMutation("a rate that mu-law has not") { $0.target.replace("ulaw_8000", with: "ulaw_16000") },
        VoiceMutation("too long a timeout") {
            $0.target.replace("inactivity_timeout=60", with: "inactivity_timeout=181")
        },
        VoiceMutation("an unknown parameter") { $0.target += "&outputFormat=pcm_8000" },
        VoiceMutation("text before the space") { $0.messages.removeFirst() },
        VoiceMutation("a text without a space at its end") { $0.messages[1] = .text(#"{"text":"Sure."}"#) },
        VoiceMutation("a text that is a number") { $0.messages[1] = .text(#"{"text":5}"#) },
        VoiceMutation("an unknown field") { $0.messages[1] = .text(#"{"text":"Sure. ","voice":"x"}"#) },
        VoiceMutation("a flush that is a string") { $0.messages[2] = .text(#"{"text":"Sure. ","flush":"true"}"#) },
        VoiceMutation("no text") { $0.messages[2] = .text(#"{"flush":true}"#) },
        VoiceMutation("settings out of range") {
            $0.messages[0] = .text(#"{"text":" ","voice_settings":{"stability":1.5}}"#)
        },
        VoiceMutation("a schedule out of range") {
            $0.messages[0] = .text(#"{"text":" ","generation_config":{"chunk_length_schedule":[20]}}"#)
        },
        VoiceMutation("a binary message") { $0.messages[1] = .binary(Array(#"{"text":"Sure. "}"#.utf8)) },
        VoiceMutation("JSON that is cut") { $0.messages[1] = .text(#"{"text":"Sure. ""#) },
    ]
}
