import FakeEngines

/// What a client asks of `/v1/audio/speech`, right, and wrong in one place at a time.
enum OpenAISpeechClient {
    static func body(_ more: FakeJSON) -> String {
        let fields: [String: FakeJSON] = [
            "model": "gpt-4o-mini-tts", "input": "Sure, which day?", "voice": "marin", "response_format": "pcm",
        ]
        return FakeJSON.object(fields.merging(more.object ?? [:]) { $1 }).text
    }

    static let right = HTTPExchange(
        target: "/v1/audio/speech",
        headers: [("Authorization", "Bearer openai-key"), ("Content-Type", "application/json")], body: body([:]))

    static let wrong: [RequestMutation] = [
        RequestMutation("401: no key") { $0.headers.removeFirst() },
        RequestMutation("401: another key") { $0.headers[0].value = "Bearer openai" },
        RequestMutation("401: another scheme") { $0.headers[0].value = "openai-key" },
        RequestMutation("415: no content type") { $0.headers.removeLast() },
        RequestMutation("404: another path") { $0.target = "/v1/audio/speech/" },
        RequestMutation("405: another method") { $0.method = "PUT" },
        RequestMutation("400: no JSON") { $0.body.removeLast() },
        RequestMutation("400: an unknown model") { $0.body = body(["model": "tts-9"]) },
        RequestMutation("400: an unknown voice") { $0.body = body(["voice": "nobody"]) },
        RequestMutation("400: no voice") { $0.body = body(["voice": nil]) },
        RequestMutation("400: no input") { $0.body = body(["input": nil]) },
        RequestMutation("400: an empty input") { $0.body = body(["input": ""]) },
        RequestMutation("400: an input that is too long") {
            $0.body = body(["input": .string(String(repeating: "a", count: 4_097))])
        },
        RequestMutation("400: a format that is none") { $0.body = body(["response_format": "ulaw"]) },
        RequestMutation("400: no format, which is mp3") { $0.body = body(["response_format": nil]) },
        RequestMutation("400: too fast") { $0.body = body(["speed": 5]) },
        RequestMutation("400: a speed that is a string") { $0.body = body(["speed": "1"]) },
        RequestMutation("400: an unknown field") { $0.body = body(["sample_rate": 8_000]) },
    ]
}
