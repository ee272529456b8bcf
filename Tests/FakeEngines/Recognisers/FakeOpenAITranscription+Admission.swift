extension FakeOpenAITranscription {
    /// Why OpenAI would not open this session.
    static func refusal(_ upgrade: FakeUpgrade, key: String) -> FakeRefusal? {
        let target = upgrade.target
        func refusal(_ status: Int, _ code: FakeJSON, _ words: String) -> FakeRefusal {
            let error: FakeJSON = [
                "error": [
                    "message": .string(words), "type": "invalid_request_error", "param": nil, "code": code,
                ]
            ]
            return FakeRefusal(
                status: status, headers: [("Content-Type", "application/json")], body: error.text, what: words)
        }
        guard target.path == "/v1/realtime" else { return refusal(404, nil, "no such path: \(target.path)") }
        guard upgrade.headers["Authorization"] == "Bearer \(key)" else {
            return refusal(401, "invalid_api_key", "Incorrect API key provided")
        }
        guard target.value("intent") == "transcription" else {
            return refusal(400, "missing_model", "You must provide a model parameter, or the intent to transcribe")
        }
        for (name, _) in target.query where name != "intent" {
            return refusal(400, "unknown_parameter", "Unknown parameter: \(name)")
        }
        return nil
    }
}
