/// What a Wyoming voice demands of a client.
struct WyomingVoiceRules: Sendable {
    struct Refusal: Error {
        let text: String
        let code: String
    }

    enum Sent {
        case describe
        case ping(FakeJSON)
        case select
        case speak(String)
        case start
        case chunk(String)
        case stop
        /// Passed over, as the protocol says.
        case unknown
    }

    let voices: [String]
    let streamsText: Bool

    func event(_ type: String, _ data: [String: FakeJSON]) throws(Refusal) -> Sent {
        var sent = SentFields(data)
        var result = Sent.unknown
        switch type {
        case "describe": result = .describe
        case "ping": result = .ping(sent.any("text") ?? .null)
        case "select-program":
            _ = sent.text("name", isRequired: true)
            result = .select
        case "synthesize":
            result = .speak(sent.text("text", isRequired: true) ?? "")
            manner(&sent)
        case "synthesize-start" where streamsText:
            result = .start
            manner(&sent)
        case "synthesize-chunk" where streamsText: result = .chunk(sent.text("text", isRequired: true) ?? "")
        case "synthesize-stop" where streamsText: result = .stop
        default: return .unknown
        }
        sent.nothingElse()
        if let problem = sent.problems.first { throw Refusal(text: "\(type): \(problem)", code: "bad-event") }
        if case .speak(let text) = result, FakeSound.spoken(text).isEmpty {
            throw Refusal(text: "synthesize: the text is empty", code: "empty-text")
        }
        return result
    }

    private func manner(_ sent: inout SentFields) {
        sent.object("voice") { voice in
            _ = voice.text("name", among: voices)
            _ = voice.text("language")
            _ = voice.text("speaker")
        }
        _ = sent.text("text_format", among: ["text", "ssml"])
        sent.object("context") { $0.everything() }
    }

    var info: FakeJSON {
        let attribution: FakeJSON = ["name": "parley", "url": "https://example.org"]
        let voices = voices.map { name -> FakeJSON in
            [
                "name": .string(name), "languages": ["en_GB"], "speakers": nil, "installed": true, "description": nil,
                "version": nil, "attribution": attribution,
            ]
        }
        let program: FakeJSON = [
            "name": "fake-piper", "installed": true, "description": nil, "version": "1", "attribution": attribution,
            "supports_synthesize_streaming": .bool(streamsText), "voices": .array(voices),
        ]
        return ["asr": [], "tts": [program], "handle": [], "intent": [], "wake": [], "mic": [], "snd": []]
    }
}
