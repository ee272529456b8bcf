/// What a transcription session of OpenAI's Realtime was told to be.
struct FakeTranscriptionSettings: Sendable {
    struct Fault {
        var code: String
        var parameter: String
    }

    private(set) var audio = FakeAudio.pcm16
    private(set) var detectsTurns = true
    private var transcription: FakeJSON = nil
    private var detection: FakeJSON = nil

    var rate: Int { audio == .pcm16 ? 24_000 : 8_000 }

    /// As of the general availability.
    ///
    /// - Returns: what is wrong with it; it is half taken then.
    mutating func update(_ session: FakeJSON) -> Fault? {
        guard let type = session["type"] else {
            return Fault(code: "missing_required_parameter", parameter: "session.type")
        }
        guard type == "transcription" else { return Fault(code: "invalid_value", parameter: "session.type") }
        if let fault = Self.unknown(session, ["type", "audio", "include"], "session") { return fault }
        guard let audio = session["audio"] else { return nil }
        if let fault = Self.unknown(audio, ["input"], "session.audio") { return fault }
        guard let input = audio["input"] else { return nil }
        let place = "session.audio.input"
        let names: Set<String> = ["format", "transcription", "turn_detection", "noise_reduction"]
        if let fault = Self.unknown(input, names, place) { return fault }
        if let format = input["format"], let fault = setFormat(format, place + ".format") { return fault }
        return setRest(input, transcription: "transcription", noise: "noise_reduction", place)
    }

    /// As before it.
    mutating func updateBeta(_ session: FakeJSON) -> Fault? {
        let names: Set<String> = [
            "input_audio_format", "input_audio_transcription", "turn_detection", "input_audio_noise_reduction",
            "include",
        ]
        if let fault = Self.unknown(session, names, "session") { return fault }
        if let format = session["input_audio_format"] {
            switch format.string {
            case "pcm16": audio = .pcm16
            case "g711_ulaw": audio = .mulaw
            case "g711_alaw": audio = .alaw
            default: return Fault(code: "invalid_value", parameter: "session.input_audio_format")
            }
        }
        return setRest(
            session, transcription: "input_audio_transcription", noise: "input_audio_noise_reduction", "session")
    }

    private mutating func setFormat(_ format: FakeJSON, _ place: String) -> Fault? {
        if let fault = Self.unknown(format, ["type", "rate"], place) { return fault }
        switch format["type"]?.string {
        case "audio/pcm":
            // Linear samples come 24 000 times a second and no other way.
            guard format["rate"]?.whole == 24_000 else {
                return Fault(code: "invalid_value", parameter: place + ".rate")
            }
            audio = .pcm16
        case "audio/pcmu", "audio/pcma":
            guard format["rate"].map({ $0.whole == 8_000 }) ?? true else {
                return Fault(code: "invalid_value", parameter: place + ".rate")
            }
            audio = format["type"] == "audio/pcmu" ? .mulaw : .alaw
        default: return Fault(code: "invalid_value", parameter: place + ".type")
        }
        return nil
    }

    private mutating func setRest(
        _ input: FakeJSON, transcription name: String, noise: String, _ place: String
    ) -> Fault? {
        if let asked = input[name] {
            let place = "\(place).\(name)"
            let names: Set<String> = ["model", "language", "languages", "prompt", "keywords", "delay"]
            if let fault = Self.unknown(asked, names, place) { return fault }
            guard let model = asked["model"]?.string, model.contains("transcribe") || model.contains("whisper") else {
                return Fault(code: "invalid_value", parameter: place + ".model")
            }
            for field in ["language", "prompt", "delay"] {
                guard asked[field].map({ $0.string != nil }) ?? true else {
                    return Fault(code: "invalid_type", parameter: "\(place).\(field)")
                }
            }
            transcription = asked
        }
        if let asked = input["turn_detection"] {
            let place = place + ".turn_detection"
            switch asked["type"]?.string {
            case "server_vad":
                let names: Set<String> = [
                    "type", "threshold", "prefix_padding_ms", "silence_duration_ms", "create_response",
                    "interrupt_response", "idle_timeout_ms",
                ]
                if let fault = Self.unknown(asked, names, place) { return fault }
            case "semantic_vad":
                let names: Set<String> = ["type", "eagerness", "create_response", "interrupt_response"]
                if let fault = Self.unknown(asked, names, place) { return fault }
            default: guard asked == nil else { return Fault(code: "invalid_value", parameter: place + ".type") }
            }
            detection = asked
            detectsTurns = asked != nil
        }
        if let asked = input[noise], asked != nil, asked["type"]?.string == nil {
            return Fault(code: "invalid_value", parameter: "\(place).\(noise)")
        }
        guard transcription != nil else {
            return Fault(code: "missing_required_parameter", parameter: "\(place).\(name)")
        }
        return nil
    }

    private static func unknown(_ value: FakeJSON, _ names: Set<String>, _ place: String) -> Fault? {
        guard let fields = value.object else { return Fault(code: "invalid_type", parameter: place) }
        return fields.keys.first { !names.contains($0) }.map {
            Fault(code: "unknown_parameter", parameter: "\(place).\($0)")
        }
    }

    // MARK: Out

    var session: FakeJSON {
        let format: FakeJSON =
            switch audio {
            case .pcm16: ["type": "audio/pcm", "rate": 24_000]
            case .mulaw: ["type": "audio/pcmu"]
            case .alaw: ["type": "audio/pcma"]
            }
        return [
            "type": "transcription", "object": "realtime.transcription_session", "id": "sess_1",
            "audio": ["input": ["format": format, "transcription": transcription, "turn_detection": detection]],
        ]
    }

    var betaSession: FakeJSON {
        let format: FakeJSON =
            switch audio {
            case .pcm16: "pcm16"
            case .mulaw: "g711_ulaw"
            case .alaw: "g711_alaw"
            }
        return [
            "object": "realtime.transcription_session", "id": "sess_1", "input_audio_format": format,
            "input_audio_transcription": transcription, "turn_detection": detection,
        ]
    }
}
