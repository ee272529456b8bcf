extension FakeDeepgram {
    private static let flags: Set<String> = [
        "interim_results", "vad_events", "smart_format", "punctuate", "numerals", "profanity_filter", "multichannel",
        "mip_opt_out", "detect_entities", "dictation", "diarize",
    ]
    private static let texts: Set<String> = [
        "language", "keyterm", "keywords", "diarize_model", "tag", "redact", "replace", "search", "version", "extra",
    ]
    private static let numbers: Set<String> = ["sample_rate", "channels", "utterance_end_ms", "endpointing"]

    /// Why Deepgram would not open this stream.
    static func refusal(_ upgrade: FakeUpgrade, key: String) -> FakeRefusal? {
        let target = upgrade.target
        guard target.path == "/v1/listen" else { return refusal(404, "NOT_FOUND", "no such path: \(target.path)") }
        // A key goes with Token; Bearer is for tokens that a key was exchanged for.
        guard upgrade.headers["Authorization"] == "Token \(key)" else {
            return refusal(401, "INVALID_AUTH", "Invalid credentials.")
        }
        guard let problem = problem(target) else { return nil }
        return refusal(400, "Bad Request", problem)
    }

    private static func problem(_ target: FakeTarget) -> String? {
        for (name, value) in target.query {
            if flags.contains(name) {
                guard ["true", "false"].contains(value) else { return "\(name) is not true or false: \(value)" }
            } else if numbers.contains(name) {
                guard Int(value) != nil || (name == "endpointing" && value == "false") else {
                    return "\(name) is not a number: \(value)"
                }
            } else if texts.contains(name) {
                guard !value.isEmpty else { return "\(name) is empty" }
            } else if name != "model" && name != "encoding" {
                return "unknown parameter: \(name)"
            }
        }
        let families = ["nova", "enhanced", "base", "whisper"]
        guard let model = target.value("model"), families.contains(where: { "\(model)-".hasPrefix("\($0)-") }) else {
            return "no such model: \(target.value("model") ?? "none")"
        }
        if model.hasPrefix("nova-3"), target.value("keywords") != nil { return "nova-3 takes keyterm, not keywords" }
        // Audio without a header has to be described.
        guard let encoding = target.value("encoding"), let rate = target.value("sample_rate").flatMap({ Int($0) })
        else {
            return "encoding and sample_rate are both needed for raw audio"
        }
        switch encoding {
        case "linear16": guard (8_000...48_000).contains(rate) else { return "linear16 at \(rate)" }
        case "mulaw", "alaw": guard [8_000, 16_000].contains(rate) else { return "\(encoding) at \(rate)" }
        default: return "no such encoding: \(encoding)"
        }
        guard (target.value("channels") ?? "1") == "1" else { return "this fake hears one channel" }
        if let silence = target.value("utterance_end_ms").flatMap({ Int($0) }) {
            guard silence >= 1_000 else { return "utterance_end_ms is under 1000" }
            guard target.value("interim_results") == "true" else { return "utterance_end_ms needs interim_results" }
        }
        return nil
    }

    private static func refusal(_ status: Int, _ code: String, _ words: String) -> FakeRefusal {
        let body: FakeJSON = [
            "err_code": .string(code), "err_msg": .string(words), "request_id": "6d1f0c9e-0000-4000-8000-000000000001",
        ]
        return FakeRefusal(
            status: status, headers: [("dg-error", words), ("Content-Type", "application/json")], body: body.text,
            what: words)
    }
}
