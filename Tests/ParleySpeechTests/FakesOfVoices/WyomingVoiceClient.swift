import FakeEngines

/// What a client says to a Wyoming voice, right, and wrong in one place at a time.
enum WyomingVoiceClient {
    static func event(_ type: String, _ data: FakeJSON = [:]) -> FakeMessage {
        .binary(FakeWyomingEvent(type, data.object ?? [:]).bytes)
    }

    static func raw(_ text: String) -> FakeMessage { .binary(Array(text.utf8)) }

    static let right = VoiceExchange(
        target: "", headers: [],
        messages: [
            event("describe"), event("synthesize", ["text": "Sure.", "voice": ["name": "en_GB-alba-medium"]]),
            event("ping", ["text": "x"]),
        ])

    static let wrong: [VoiceMutation] = [
        VoiceMutation("no text") { $0.messages[1] = event("synthesize") },
        VoiceMutation("a text that is a number") { $0.messages[1] = event("synthesize", ["text": 5]) },
        VoiceMutation("an empty text") { $0.messages[1] = event("synthesize", ["text": " "]) },
        VoiceMutation("an unknown field") { $0.messages[1] = event("synthesize", ["text": "A.", "rate": 8_000]) },
        VoiceMutation("an unknown voice") {
            $0.messages[1] = event("synthesize", ["text": "A.", "voice": ["name": "x"]])
        },
        VoiceMutation("a voice that is a string") {
            $0.messages[1] = event("synthesize", ["text": "A.", "voice": "x"])
        },
        VoiceMutation("a format that is none") {
            $0.messages[1] = event("synthesize", ["text": "A.", "text_format": "md"])
        },
        VoiceMutation("a chunk before the start") { $0.messages[1] = event("synthesize-chunk", ["text": "A."]) },
        VoiceMutation("a stop before the start") { $0.messages[1] = event("synthesize-stop") },
        VoiceMutation("no type") { $0.messages[1] = raw("{\"data\":{\"text\":\"A.\"}}\n") },
        VoiceMutation("no JSON") { $0.messages[1] = raw("synthesize A.\n") },
        VoiceMutation("a length that is a string") {
            $0.messages[1] = raw("{\"type\":\"synthesize\",\"data_length\":\"5\"}\n")
        },
        VoiceMutation("data that is no object") {
            $0.messages[1] = raw("{\"type\":\"synthesize\",\"data_length\":2}\n[]")
        },
        VoiceMutation("an unknown field in the line") {
            $0.messages[1] = raw("{\"type\":\"synthesize\",\"text\":\"A.\"}\n")
        },
    ]
}
