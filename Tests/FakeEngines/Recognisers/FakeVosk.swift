/// The Vosk server over WebSocket (protocols.md 6.3).
extension FakeRecognizer {
    public static func vosk(_ script: FakeScript) -> FakeRecognizer {
        FakeRecognizer(script, path: "", admit: { _ in nil }, makeEar: { _ in FakeVosk() })
    }
}

struct FakeVosk: FakeEar {
    private(set) var rate = 8_000
    private var hasWords = false
    private var alternatives = 0
    private var hasAudio = false
    /// The next reply is a final, whatever was heard.
    private var isEnding = false

    mutating func take(_ message: FakeMessage) -> [FakeStep] {
        switch message {
        case .binary(let bytes):
            if bytes.starts(with: Array("{\"".utf8)) { return failure("a command as a binary message") }
            guard !bytes.isEmpty else { return failure("an empty binary message") }
            guard let samples = FakeAudio.pcm16.decode(bytes) else { return failure("half a sample") }
            hasAudio = true
            return [.hear(samples)]
        // The server compares strings.
        case .text("{\"eof\" : 1}"):
            isEnding = true
            return [.settle, .close(code: 1000, reason: "")]
        case .text("{\"reset\" : 1}"):
            isEnding = true
            return [.settle]
        case .text(let text) where text.contains("config"): return configure(text)
        case .text(let text): return failure("a text that is neither a configuration, nor eof, nor reset: \(text)")
        }
    }

    private mutating func configure(_ text: String) -> [FakeStep] {
        guard let config = FakeJSON(text: text)?["config"], let fields = config.object else {
            return failure("a configuration that cannot be read: \(text)")
        }
        guard !hasAudio else { return failure("a configuration after audio, which the recogniser no longer takes") }
        for (name, value) in fields {
            let isRight =
                switch name {
                case "sample_rate": [8_000, 16_000].contains(value.number)
                case "words": value.bool != nil || value.whole != nil
                case "max_alternatives": value.whole.map { $0 >= 0 } ?? false
                case "phrase_list": value.array?.allSatisfy { $0.string != nil } ?? false
                default: false
                }
            guard isRight else { return failure("\(name) in the configuration: \(value.text)") }
        }
        rate = fields["sample_rate"]?.whole ?? rate
        hasWords = fields["words"]?.bool ?? (fields["words"]?.whole.map { $0 != 0 } ?? hasWords)
        alternatives = fields["max_alternatives"]?.whole ?? alternatives
        return []
    }

    /// It has no word for an error: it closes.
    private func failure(_ what: String) -> [FakeStep] { [.wrong(what), .close(code: 1011, reason: "")] }

    // MARK: Out

    /// One reply for each message of audio.
    mutating func tell(_ heard: [FakeHeard]) -> [FakeMessage] {
        var words: [FakeWord] = []
        var partial: [FakeWord] = []
        var isFinal = isEnding
        isEnding = false
        for heard in heard {
            switch heard {
            case .partial(let segment): partial = segment.words
            case .settled(let segment), .endpoint(let segment), .paused(let segment), .ended(let segment):
                words += segment.words
                isFinal = true
            case .speechStarted, .silence: break
            }
        }
        let reply: FakeJSON = isFinal ? final(words) : ["partial": .string(Self.plain(partial))]
        return [.text(reply.text)]
    }

    private func final(_ words: [FakeWord]) -> FakeJSON {
        let text = FakeJSON.string(Self.plain(words))
        guard alternatives == 0 else { return ["alternatives": [["confidence": 220.1, "text": text]]] }
        guard hasWords, !words.isEmpty else { return ["text": text] }
        let result = words.map { word -> FakeJSON in
            [
                "conf": 1, "start": .number(Double(word.start) / 1_000), "end": .number(Double(word.end) / 1_000),
                "word": .string(Self.plain([word])),
            ]
        }
        return ["result": .array(result), "text": text]
    }

    /// It knows neither capitals nor punctuation.
    private static func plain(_ words: [FakeWord]) -> String {
        words.map { $0.text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "'" } }.joined(separator: " ")
    }

    mutating func trouble() -> [FakeMessage] { [.text(#"{"error":"recogniser failed"}"#)] }

    func garbage(_ kind: FakeFault.Garbage) -> FakeMessage {
        switch kind {
        case .notJSON: .text("{\"partial\" : ")
        case .wrongTypes: .text(#"{"text" : 7, "result" : "none"}"#)
        case .unknownType: .text(#"{"surprise" : 1}"#)
        case .empty: .text("")
        }
    }

    mutating func huge(_ bytes: Int) -> FakeMessage {
        .text(#"{"partial" : "\#(String(repeating: "a", count: bytes))"}"#)
    }
}
