import FakeEngines

/// What a client says to Cartesia, right, and wrong in one place at a time.
enum CartesiaClient {
    static let manner: FakeJSON = [
        "model_id": "sonic-3", "context_id": "u1", "language": "en",
        "voice": ["mode": "id", "id": "5c0ffee3-0000-4000-8000-000000000001"],
        "output_format": ["container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8_000],
        "add_timestamps": true, "max_buffer_delay_ms": 0,
    ]

    /// A message with these fields beside the manner.
    static func message(_ more: FakeJSON) -> FakeMessage {
        .text(FakeJSON.object((manner.object ?? [:]).merging(more.object ?? [:]) { $1 }).text)
    }

    static let right = VoiceExchange(
        target: "/tts/websocket", headers: [("X-API-Key", "cartesia-key"), ("Cartesia-Version", "2026-03-01")],
        messages: [
            message(["transcript": "Sure, which day suits you?", "continue": true]),
            message(["transcript": " Tuesday?", "continue": false]),
        ])

    static let wrong: [VoiceMutation] = [
        VoiceMutation("no key") { $0.headers.removeFirst() },
        VoiceMutation("another key") { $0.headers[0].value = "cartesia" },
        VoiceMutation("no version") { $0.headers.removeLast() },
        VoiceMutation("a version that is no date") { $0.headers[1].value = "v3" },
        VoiceMutation("another path") { $0.target = "/tts/sse" },
        VoiceMutation("an unknown model") { $0.messages[0] = message(["transcript": "A.", "model_id": "sonic-9"]) },
        VoiceMutation("an unknown voice") {
            $0.messages[0] = message(["transcript": "A.", "voice": ["mode": "id", "id": "x"]])
        },
        VoiceMutation("no transcript") { $0.messages[0] = message(["continue": true]) },
        VoiceMutation("a transcript that is a number") { $0.messages[0] = message(["transcript": 5]) },
        VoiceMutation("an unknown encoding") {
            $0.messages[0] = message([
                "transcript": "A.", "output_format": ["container": "raw", "encoding": "mulaw", "sample_rate": 8_000],
            ])
        },
        VoiceMutation("a rate that is none") {
            $0.messages[0] = message([
                "transcript": "A.",
                "output_format": ["container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8_001],
            ])
        },
        VoiceMutation("a rate that is a string") {
            $0.messages[0] = message([
                "transcript": "A.",
                "output_format": ["container": "raw", "encoding": "pcm_mulaw", "sample_rate": "8000"],
            ])
        },
        VoiceMutation("a file's container") {
            $0.messages[0] = message([
                "transcript": "A.",
                "output_format": ["container": "wav", "encoding": "pcm_mulaw", "sample_rate": 8_000],
            ])
        },
        VoiceMutation("an unknown field") { $0.messages[0] = message(["transcript": "A.", "text": "A."]) },
        VoiceMutation("a context that has no id") { $0.messages[0] = message(["transcript": "A.", "context_id": ""]) },
        VoiceMutation("another language in the middle of a context") {
            $0.messages[1] = message(["transcript": " B.", "language": "de"])
        },
        VoiceMutation("a parameter left out in the middle of a context") {
            $0.messages[1] = message(["transcript": " B.", "add_timestamps": nil])
        },
        VoiceMutation("too long a buffer") {
            $0.messages[0] = message(["transcript": "A.", "max_buffer_delay_ms": 6_000])
        },
        VoiceMutation("more after the end of a context") { $0.messages.append(message(["transcript": " C."])) },
        VoiceMutation("a new context without words") {
            $0.messages[0] = message(["transcript": " ", "context_id": "u2"])
        },
        VoiceMutation("a cancel of nothing") { $0.messages[0] = .text(#"{"context_id":"u9","cancel":true}"#) },
        VoiceMutation("a cancel that is false") { $0.messages.append(.text(#"{"context_id":"u1","cancel":false}"#)) },
        VoiceMutation("a binary message") { $0.messages[0] = .binary([1, 2, 3]) },
    ]
}
