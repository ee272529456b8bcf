extension FakeAssemblyAI {
    /// What a parameter may be.
    enum Kind {
        case flag, number, whole, text, list

        func fits(_ value: FakeJSON) -> Bool {
            switch self {
            case .flag: value.bool != nil
            case .number: value.number != nil
            case .whole: value.whole != nil
            case .text: value.string != nil
            case .list: value.array?.allSatisfy { $0.string != nil } ?? false
            }
        }

        /// As a query has it.
        func fits(_ value: String) -> Bool {
            switch self {
            case .flag: FakeAssemblyAI.flag(value) != nil
            case .number: Double(value) != nil
            case .whole: Int(value) != nil
            case .text: !value.isEmpty
            case .list: FakeJSON(text: value).map { fits($0) } ?? false
            }
        }
    }

    static let tunables: [String: Kind] = [
        "end_of_turn_confidence_threshold": .number, "min_turn_silence": .whole, "max_turn_silence": .whole,
        "vad_threshold": .number, "format_turns": .flag, "keyterms_prompt": .list, "filter_profanity": .flag,
        "interruption_delay": .whole, "prompt": .text, "turn_left_pad_ms": .whole, "language_codes": .list,
    ]
    private static let fixed: [String: Kind] = [
        "sample_rate": .whole, "encoding": .text, "speech_model": .text, "token": .text, "inactivity_timeout": .whole,
        "language_detection": .flag, "language_code": .text,
    ]

    static func problem(_ target: FakeTarget) -> String? {
        for (name, value) in target.query {
            guard let kind = tunables[name] ?? fixed[name] else { return "unknown parameter: \(name)" }
            guard kind.fits(value) else { return "\(name): \(value)" }
        }
        guard let rate = target.value("sample_rate").flatMap({ Int($0) }) else { return "sample_rate is needed" }
        switch target.value("encoding") ?? "pcm_s16le" {
        case "pcm_s16le": guard (8_000...48_000).contains(rate) else { return "pcm_s16le at \(rate)" }
        case "pcm_mulaw": guard rate == 8_000 else { return "pcm_mulaw at \(rate)" }
        case let other: return "this fake hears no \(other)"
        }
        if let model = target.value("speech_model"), !models.contains(model) { return "no such model: \(model)" }
        if let time = target.value("inactivity_timeout").flatMap({ Int($0) }), !(5...3_600).contains(time) {
            return "inactivity_timeout: \(time)"
        }
        return nil
    }

    private static let models: Set<String> = [
        "universal-streaming-english", "universal-streaming-multilingual", "u3-rt-pro", "whisper-rt",
        "universal-3-5-pro", "universal-3-6", "universal-3-6-pro",
    ]

    static func flag(_ text: String?) -> Bool? {
        switch text {
        case "true", "True": true
        case "false", "False": false
        default: nil
        }
    }
}
