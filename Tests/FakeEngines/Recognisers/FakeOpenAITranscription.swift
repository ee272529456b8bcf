/// OpenAI's Realtime with `intent=transcription` (protocols.md 6.5).
extension FakeRecognizer {
    /// - Parameters:
    ///   - isBeta: it speaks as servers did before the general availability, and as many compatible ones still do.
    public static func openAITranscription(
        _ script: FakeScript, key: String = "openai-key", isBeta: Bool = false
    ) -> FakeRecognizer {
        FakeRecognizer(
            script, path: "/v1/realtime",
            admit: { FakeOpenAITranscription.refusal($0, key: key) },
            makeEar: { FakeOpenAITranscription($0, isBeta: isBeta) })
    }
}

struct FakeOpenAITranscription: FakeEar {
    let isBeta: Bool
    private let hasBetaHeader: Bool
    var settings = FakeTranscriptionSettings()
    private var isConfigured = false
    private var eventCount = 0
    private var itemCount = 0
    private var samples = 0

    var rate: Int { settings.rate }

    init(_ upgrade: FakeUpgrade, isBeta: Bool) {
        self.isBeta = isBeta
        hasBetaHeader = upgrade.headers["OpenAI-Beta"] == "realtime=v1"
    }

    mutating func opened() -> [FakeStep] {
        guard hasBetaHeader == isBeta else {
            let words =
                isBeta
                ? "the header OpenAI-Beta is missing" : "The Realtime Beta API is no longer supported: OpenAI-Beta"
            return error("beta_api_shape_disabled", nil, words) + [.close(code: 4000, reason: "invalid_request_error")]
        }
        return [say(session(isBeta ? "transcription_session.created" : "session.created"))]
    }

    mutating func take(_ message: FakeMessage) -> [FakeStep] {
        guard let text = message.text else { return error("invalid_message", nil, "a binary message") }
        guard let json = FakeJSON(text: text), let fields = json.object else {
            return error("invalid_json", nil, "a message that is no JSON object")
        }
        guard let type = json["type"]?.string else { return error("missing_required_parameter", "type", "no type") }
        let allowed: Set<String>
        switch type {
        case isBeta ? "transcription_session.update" : "session.update": allowed = ["session"]
        case "input_audio_buffer.append": allowed = ["audio"]
        case "input_audio_buffer.commit", "input_audio_buffer.clear": allowed = []
        default: return error("invalid_value", "type", "Invalid value: '\(type)'")
        }
        if let name = Set(fields.keys).subtracting(allowed.union(["type", "event_id"])).first {
            return error("unknown_parameter", name, "Unknown parameter: '\(name)'")
        }
        switch type {
        case "input_audio_buffer.append": return append(json["audio"])
        case "input_audio_buffer.commit": return commit()
        case "input_audio_buffer.clear":
            samples = 0
            return [.forget, say(["type": "input_audio_buffer.cleared"])]
        default: return update(json["session"])
        }
    }

    private mutating func update(_ session: FakeJSON?) -> [FakeStep] {
        guard let session, session.object != nil else {
            return error("missing_required_parameter", "session", "Missing required parameter: 'session'.")
        }
        var settings = settings
        if let fault = isBeta ? settings.updateBeta(session) : settings.update(session) {
            return error(fault.code, fault.parameter, "\(fault.code): '\(fault.parameter)'")
        }
        self.settings = settings
        isConfigured = true
        return [say(self.session(isBeta ? "transcription_session.updated" : "session.updated"))]
    }

    private mutating func append(_ audio: FakeJSON?) -> [FakeStep] {
        guard isConfigured else { return error("session_not_configured", nil, "audio before the configuration") }
        guard let text = audio?.string else {
            return error("missing_required_parameter", "audio", "Missing required parameter: 'audio'.")
        }
        guard text.utf8.count <= 15 << 20 else { return error("invalid_value", "audio", "audio over 15 MiB") }
        guard let bytes = FakeBase64.decode(text), !bytes.isEmpty, let decoded = settings.audio.decode(bytes) else {
            return error("invalid_value", "audio", "Invalid 'audio'. Expected base64-encoded audio bytes")
        }
        samples += decoded.count
        return [.hear(decoded)]
    }

    private mutating func commit() -> [FakeStep] {
        let time = samples * 1_000 / settings.rate
        guard time >= 100 else {
            let words = "buffer too small. Expected at least 100ms of audio, but buffer only has \(time)ms of audio."
            return error("input_audio_buffer_commit_empty", nil, "Error committing input audio buffer: \(words)")
        }
        return [.settle]
    }

    /// The session goes on.
    private mutating func error(_ code: String, _ parameter: String?, _ words: String) -> [FakeStep] {
        let error: FakeJSON = [
            "type": "error",
            "error": [
                "type": "invalid_request_error", "code": .string(code), "message": .string(words),
                "param": parameter.map { .string($0) } ?? .null, "event_id": nil,
            ],
        ]
        return [.wrong(words), say(error)]
    }

    // MARK: Out

    mutating func tell(_ heard: [FakeHeard]) -> [FakeMessage] {
        heard.flatMap { heard -> [FakeMessage] in
            switch heard {
            case .speechStarted(let at):
                guard settings.detectsTurns else { return [] }
                return [
                    message([
                        "type": "input_audio_buffer.speech_started", "audio_start_ms": .number(Double(at)),
                        "item_id": item,
                    ])
                ]
            case .endpoint(let segment):
                guard settings.detectsTurns else { return [] }
                let end = FakeJSON.number(Double(segment.end))
                return [message(["type": "input_audio_buffer.speech_stopped", "audio_end_ms": end, "item_id": item])]
                    + transcribe(segment.words, segment)
            case .ended(let segment), .paused(let segment):
                return transcribe(settings.detectsTurns ? segment.words : segment.ofTurn, segment)
            // Words of an item that is complete: a script has them come late.
            case .settled(let segment) where samples == 0: return [delta(segment.text, item(itemCount - 1))]
            case .partial, .settled, .silence: return []
            }
        }
    }

    /// Words come once the audio is committed, a few at a time.
    private mutating func transcribe(_ words: [FakeWord], _ segment: FakeSegment) -> [FakeMessage] {
        let isRepeated = samples == 0 && itemCount > 0
        let item = isRepeated ? item(itemCount - 1) : item
        let previous: FakeJSON = itemCount > 0 ? self.item(itemCount - 1) : .null
        var out: [FakeMessage] = []
        if !isRepeated {
            itemCount += 1
            samples = 0
            out.append(
                message(["type": "input_audio_buffer.committed", "item_id": item, "previous_item_id": previous]))
            let whole: FakeJSON = [
                "id": item, "type": "message", "role": "user", "status": "completed",
                "content": [["type": "input_audio", "transcript": nil]],
            ]
            for type in isBeta ? ["created"] : ["added", "done"] {
                out.append(
                    message([
                        "type": .string("conversation.item.\(type)"), "previous_item_id": previous, "item": whole,
                    ]))
            }
            for (index, word) in words.enumerated() {
                out.append(delta(index == 0 ? word.text : " " + word.text, item))
            }
        }
        out.append(
            message([
                "type": "conversation.item.input_audio_transcription.completed", "item_id": item, "content_index": 0,
                "transcript": .string(words.map(\.text).joined(separator: " ")),
                "usage": ["type": "duration", "seconds": .number(Double(segment.end - segment.start) / 1_000)],
            ]))
        return out
    }

    private mutating func delta(_ text: String, _ item: FakeJSON) -> FakeMessage {
        message([
            "type": "conversation.item.input_audio_transcription.delta", "item_id": item, "content_index": 0,
            "delta": .string(text),
        ])
    }

    private func item(_ number: Int) -> FakeJSON { .string("item_\(number)") }
    private var item: FakeJSON { item(itemCount) }

    private mutating func message(_ event: FakeJSON) -> FakeMessage {
        var fields = event.object ?? [:]
        fields["event_id"] = .string("event_\(eventCount)")
        eventCount += 1
        return .text(FakeJSON.object(fields).text)
    }

    private mutating func say(_ event: FakeJSON) -> FakeStep { .say(message(event)) }

    private func session(_ type: String) -> FakeJSON {
        ["type": .string(type), "session": isBeta ? settings.betaSession : settings.session]
    }

    mutating func trouble() -> [FakeMessage] {
        [
            message([
                "type": "error",
                "error": [
                    "type": "server_error", "code": nil, "message": "The server had an error", "param": nil,
                    "event_id": nil,
                ],
            ])
        ]
    }

    func garbage(_ kind: FakeFault.Garbage) -> FakeMessage {
        switch kind {
        case .notJSON: .text("<html>502</html>")
        case .wrongTypes:
            .text(#"{"type":"conversation.item.input_audio_transcription.completed","item_id":7,"transcript":{}}"#)
        case .unknownType: .text(#"{"type":"conversation.item.surprise","event_id":"event_x"}"#)
        case .empty: .text("")
        }
    }

    mutating func huge(_ bytes: Int) -> FakeMessage { delta(String(repeating: "a", count: bytes), item) }
}
