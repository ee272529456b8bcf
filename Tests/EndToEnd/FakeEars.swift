import FakeEngines

/// A recogniser's server for a test, and how the engines file names it.
struct FakeEars: Sendable {
    private let found: @Sendable () -> [FakeViolation]
    private let end: @Sendable () async -> Void
    let entry: String
    let keys: [String: String]

    /// - Parameters:
    ///   - lines: what the caller's turns are understood as.
    ///   - numbering: whether each call begins with the first of them.
    ///   - late: how long it thinks before it tells words it was asked for.
    ///   - wordMilliseconds: of speech, after which it knows a word more.
    init(
        _ engine: String, lines: [String], numbering: FakeScript.Numbering = .server, late: Duration = .zero,
        wordMilliseconds: Int = 300
    ) async throws {
        var script = FakeScript(lines: lines)
        script.numbering = numbering
        script.wordMilliseconds = wordMilliseconds
        if late > .zero { script.faults = [FakeFault(.late(late))] }
        // The cough of `mhm-and-cough` is loud for 240 ms at most, its "uh-huh" for 280 at least.
        script.shortestMilliseconds = 260
        if engine == "deepgram" {
            // The words so far are asked for at a pause, which is no end of the turn.
            script.hearsSilence = true
            script.pauseMilliseconds = 300
        }
        let key: String?
        var url: String
        if engine == "openai_transcriptions" {
            let fake = FakeTranscriptions(lines: lines)
            try await fake.start()
            (url, key) = (fake.url + "/v1/audio/transcriptions", "openai-key")
            (found, end) = ({ fake.violations.all }, { await fake.stop() })
        } else {
            let fake: FakeRecognizer
            switch engine {
            case "deepgram": (fake, key) = (.deepgram(script), "deepgram-key")
            case "assemblyai": (fake, key) = (.assemblyAI(script), "assemblyai-key")
            case "openai": (fake, key) = (.openAITranscription(script), "openai-key")
            case "vosk": (fake, key) = (.vosk(script), nil)
            default: (fake, key) = (.wyoming(script), nil)
            }
            try await fake.start()
            url = fake.url
            // The address says what is wanted where the protocol has it there.
            if engine == "openai" { url += "?intent=transcription" }
            (found, end) = ({ fake.violations.all }, { await fake.stop() })
        }
        let variable = "FAKE_EARS_\(engine.uppercased())"
        entry = "  - {engine: \(engine), url: \"\(url)\"" + (key == nil ? "" : ", key_env: \(variable)") + "}"
        keys = key.map { [variable: $0] } ?? [:]
    }

    var violations: [FakeViolation] { found() }

    func stop() async { await end() }
}

/// A voice's server for a test, and how the engines file names it.
struct FakeMouth: Sendable {
    private let book: FakeVoiceBook
    private let end: @Sendable () async -> Void
    let entry: String
    let keys: [String: String]

    /// - Parameters:
    ///   - firstSound: how long each clause's sound takes to begin.
    ///   - isPaced: it comes as fast as it is heard, and no faster.
    init(_ engine: String, firstSound: Duration = .zero, isPaced: Bool = false) async throws {
        let script = FakeVoiceScript(firstSound: firstSound, isPaced: isPaced)
        let variable = "FAKE_MOUTH_\(engine.uppercased())"
        let key: String?
        let (url, more): (String, String)
        switch engine {
        case "deepgram":
            let fake = FakeAura(script: script)
            try await fake.start()
            (url, more, key) = (fake.url + "/v1/speak", "", "dg-key")
            (book, end) = (fake.book, { await fake.stop() })
        case "elevenlabs":
            let fake = FakeElevenLabs(script: script)
            try await fake.start()
            (url, more, key) = (fake.url + "/v1/text-to-speech", ", voice: voice-1", "xi-key")
            (book, end) = (fake.book, { await fake.stop() })
        case "cartesia":
            let fake = FakeCartesia(script: script)
            try await fake.start()
            (url, more, key) = (
                fake.url + "/tts/websocket", ", voice: 5c0ffee3-0000-4000-8000-000000000001", "cartesia-key"
            )
            (book, end) = (fake.book, { await fake.stop() })
        case "openai":
            let fake = FakeOpenAISpeech(script: script)
            try await fake.start()
            (url, more, key) = (fake.url + "/v1/audio/speech", "", "openai-key")
            (book, end) = (fake.book, { await fake.stop() })
        default:
            let fake = FakeWyomingVoice(script: script)
            try await fake.start()
            (url, more, key) = (fake.url, "", nil)
            (book, end) = (fake.book, { await fake.stop() })
        }
        entry = "  - {engine: \(engine), url: \"\(url)\"\(more)" + (key == nil ? "" : ", key_env: \(variable)") + "}"
        keys = key.map { [variable: $0] } ?? [:]
    }

    var violations: [FakeViolation] { book.violations.all }

    func stop() async { await end() }
}
