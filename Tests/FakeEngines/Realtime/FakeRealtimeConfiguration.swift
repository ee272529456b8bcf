/// A `session.update` for speech to speech, checked field by field (protocols.md 6.5).
struct FakeRealtimeConfiguration {
    struct Fault: Error {
        var code: String
        var parameter: String
    }

    var voice: String
    var tools: Set<String>
    /// As it is told back.
    var session: FakeJSON

    /// - Parameter voice: that has been set before.
    static func check(_ session: FakeJSON, isBeta: Bool, voice: String?) -> Result<FakeRealtimeConfiguration, Fault> {
        do throws(Fault) {
            return .success(try isBeta ? beta(session) : current(session, before: voice))
        } catch {
            return .failure(error)
        }
    }

    private static func current(
        _ session: FakeJSON, before: String?
    ) throws(Fault) -> FakeRealtimeConfiguration {
        try only(
            session, "session",
            ["type", "output_modalities", "instructions", "audio", "tools", "tool_choice", "max_output_tokens"])
        guard let type = session["type"]?.string else {
            throw Fault(code: "missing_required_parameter", parameter: "session.type")
        }
        guard type == "realtime" else { throw Fault(code: "invalid_value", parameter: "session.type") }
        guard session["output_modalities"] == ["audio"] else {
            throw Fault(code: "invalid_value", parameter: "session.output_modalities")
        }
        try text(session, "instructions", "session")
        let audio = try object(session, "audio", "session")
        try only(audio, "session.audio", ["input", "output"])
        let input = try object(audio, "input", "session.audio")
        try only(input, "session.audio.input", ["format", "transcription", "turn_detection", "noise_reduction"])
        try format(input, "session.audio.input")
        guard input["turn_detection"] == .null else {
            throw Fault(code: "invalid_value", parameter: "session.audio.input.turn_detection")
        }
        try transcription(try object(input, "transcription", "session.audio.input"))
        let output = try object(audio, "output", "session.audio")
        try only(output, "session.audio.output", ["format", "voice", "speed"])
        try format(output, "session.audio.output")
        let voice = try text(output, "voice", "session.audio.output")
        guard before == nil || before == voice else {
            throw Fault(code: "cannot_update_voice", parameter: "session.audio.output.voice")
        }
        return FakeRealtimeConfiguration(voice: voice, tools: try tools(session), session: told(session))
    }

    private static func beta(_ session: FakeJSON) throws(Fault) -> FakeRealtimeConfiguration {
        try only(
            session, "session",
            [
                "modalities", "instructions", "voice", "input_audio_format", "output_audio_format",
                "input_audio_transcription", "turn_detection", "tools", "tool_choice", "temperature",
            ])
        for name in ["input_audio_format", "output_audio_format"] where session[name]?.string != "g711_ulaw" {
            throw Fault(code: "invalid_value", parameter: "session.\(name)")
        }
        guard session["turn_detection"] == .null else {
            throw Fault(code: "invalid_value", parameter: "session.turn_detection")
        }
        try transcription(try object(session, "input_audio_transcription", "session"))
        let voice = try text(session, "voice", "session")
        return FakeRealtimeConfiguration(voice: voice, tools: try tools(session), session: session)
    }

    private static func told(_ session: FakeJSON) -> FakeJSON {
        var fields = session.object ?? [:]
        fields["id"] = "sess_1"
        fields["object"] = "realtime.session"
        return .object(fields)
    }

    private static func only(_ json: FakeJSON, _ place: String, _ names: Set<String>) throws(Fault) {
        if let name = Set((json.object ?? [:]).keys).subtracting(names).min() {
            throw Fault(code: "unknown_parameter", parameter: "\(place).\(name)")
        }
    }

    private static func object(_ json: FakeJSON, _ name: String, _ place: String) throws(Fault) -> FakeJSON {
        guard let value = json[name], value.object != nil else {
            throw Fault(code: "missing_required_parameter", parameter: "\(place).\(name)")
        }
        return value
    }

    @discardableResult
    private static func text(_ json: FakeJSON, _ name: String, _ place: String) throws(Fault) -> String {
        guard let value = json[name]?.string, !value.isEmpty else {
            throw Fault(code: "missing_required_parameter", parameter: "\(place).\(name)")
        }
        return value
    }

    private static func format(_ json: FakeJSON, _ place: String) throws(Fault) {
        // The script's audio is mu-law; a server takes audio/pcma and audio/pcm at 24 000, too.
        guard json["format"] == ["type": "audio/pcmu"] else {
            throw Fault(code: "invalid_value", parameter: "\(place).format")
        }
    }

    private static func transcription(_ json: FakeJSON) throws(Fault) {
        try only(json, "transcription", ["model", "language", "prompt"])
        try text(json, "model", "transcription")
    }

    private static func tools(_ session: FakeJSON) throws(Fault) -> Set<String> {
        guard ["auto", "none", "required", nil].contains(session["tool_choice"]?.string) else {
            throw Fault(code: "invalid_value", parameter: "session.tool_choice")
        }
        var names: Set<String> = []
        for tool in session["tools"]?.array ?? [] {
            try only(tool, "session.tools", ["type", "name", "description", "parameters"])
            let name = try text(tool, "name", "session.tools")
            guard tool["type"] == "function", tool["parameters"]?["type"] == "object",
                name.utf8.allSatisfy({ $0 == 0x5F || $0 == 0x2D || (0x30...0x39).contains($0) || $0 | 0x20 >= 0x61 }),
                names.insert(name).inserted
            else { throw Fault(code: "invalid_value", parameter: "session.tools") }
        }
        return names
    }
}
