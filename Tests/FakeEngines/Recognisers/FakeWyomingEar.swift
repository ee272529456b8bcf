/// A recogniser that speaks Wyoming (protocols.md 6.6).
extension FakeRecognizer {
    /// - Parameters:
    ///   - streams: it tells settled words while audio comes.
    ///   - closesAfterTranscript: as some servers do; else one connection serves many turns.
    public static func wyoming(
        _ script: FakeScript, streams: Bool = false, closesAfterTranscript: Bool = false
    ) -> FakeRecognizer {
        FakeRecognizer(
            script, makeEar: { FakeWyomingEar(streams: streams, closesAfterTranscript: closesAfterTranscript) },
            wire: { FakeWyomingWire($0) })
    }
}

/// A connection's bytes as events: each goes as one message, and comes as one.
private final class FakeWyomingWire: FakeWire, @unchecked Sendable {
    private let connection: FakeTCPConnection
    // Only the connection's handler reads, one event after another.
    private var reader: FakeByteReader

    init(_ connection: FakeTCPConnection) {
        self.connection = connection
        reader = FakeByteReader(connection)
    }

    var number: Int { connection.number }

    func next(within time: Duration?) async -> FakeTaken<FakeMessage> {
        switch await FakeWyomingEvent.next(&reader) {
        case .success(let event): .element(.binary(event.bytes))
        case .failure(let problem): .element(.text(problem.what))
        case nil: .ended
        }
    }

    func send(_ message: FakeMessage) async -> Bool {
        switch message {
        case .text(let text): await connection.send(Array(text.utf8))
        case .binary(let bytes): await connection.send(bytes)
        }
    }

    func close(code: UInt16, reason: String) async { await connection.close() }
    func drop() async { await connection.drop() }
    func stall() async { await connection.stall() }

    func sendWithoutEnd() async {
        let some = [UInt8](repeating: UInt8(ascii: " "), count: 4_096)
        guard await connection.send(Array("{\"type\":\"transcript\",".utf8)) else { return }
        while await connection.send(some) {}
    }
}

struct FakeWyomingEar: FakeEar {
    private(set) var rate = 16_000
    private let streams: Bool
    private let closesAfterTranscript: Bool
    private var phase = Phase.idle
    private var isEnding = false
    private var hasStarted = false
    private var language: FakeJSON = "en"

    private enum Phase { case idle, asked, listening }

    init(streams: Bool, closesAfterTranscript: Bool) {
        self.streams = streams
        self.closesAfterTranscript = closesAfterTranscript
    }

    mutating func take(_ message: FakeMessage) -> [FakeStep] {
        guard let bytes = message.binary, let event = FakeWyomingEvent(whole: bytes) else {
            // The reference library gives up on a client that it cannot read.
            return [.wrong(message.text ?? "no event"), .close(code: 1002, reason: "")]
        }
        switch event.type {
        case "describe": return [.say(.binary(info.bytes))]
        case "ping": return [.say(.binary(FakeWyomingEvent("pong", event.data).bytes))]
        case "transcribe": return transcribe(event)
        case "audio-start": return start(event)
        case "audio-chunk": return chunk(event)
        case "audio-stop":
            guard phase == .listening else { return error("audio-stop without audio-start") }
            guard event.data["timestamp"].map({ $0 == nil || $0.whole != nil }) ?? true else {
                return error("audio-stop with a timestamp that is no whole number")
            }
            phase = .idle
            isEnding = true
            return [.settle] + (closesAfterTranscript ? [.close(code: 1000, reason: "")] : [])
        // Others may come; a server that does not know them ignores them.
        default: return []
        }
    }

    private mutating func transcribe(_ event: FakeWyomingEvent) -> [FakeStep] {
        guard phase == .idle else { return error("transcribe before the last one has ended") }
        for name in ["name", "language"] {
            guard event.data[name].map({ $0.string != nil }) ?? true else { return error("\(name) is no text") }
        }
        let known: Set<String> = [
            "name", "language", "context", "vad_sensitivity", "transcript_names", "transcript_terms",
        ]
        if let name = Set(event.data.keys).subtracting(known).first { return error("transcribe has no \(name)") }
        if let asked = event.data["name"], asked != "base-int8" { return error("no such model: \(asked.text)") }
        if let asked = event.data["language"] {
            guard asked == "en" || asked == "sv" else { return error("no such language: \(asked.text)") }
            language = asked
        }
        phase = .asked
        return []
    }

    private mutating func start(_ event: FakeWyomingEvent) -> [FakeStep] {
        guard phase == .asked else { return error("audio-start without transcribe") }
        guard let rate = event.data["rate"]?.whole, (8_000...48_000).contains(rate) else {
            return error("audio-start with a rate of \(event.data["rate"]?.text ?? "nothing")")
        }
        guard event.data["width"]?.whole == 2, event.data["channels"]?.whole == 1 else {
            return error("audio-start of other than 2 bytes and 1 channel")
        }
        self.rate = rate
        phase = .listening
        hasStarted = false
        return []
    }

    private mutating func chunk(_ event: FakeWyomingEvent) -> [FakeStep] {
        guard phase == .listening else { return error("audio-chunk without audio-start") }
        guard event.data["rate"]?.whole == rate, event.data["width"]?.whole == 2, event.data["channels"]?.whole == 1
        else { return error("audio-chunk that is not as audio-start said") }
        guard !event.payload.isEmpty else { return error("audio-chunk without audio") }
        guard let samples = FakeAudio.pcm16.decode(event.payload) else { return error("half a sample") }
        return [.hear(samples)]
    }

    private func error(_ words: String) -> [FakeStep] {
        let event = FakeWyomingEvent("error", ["text": .string(words), "code": "protocol-error"])
        return [.wrong(words), .say(.binary(event.bytes)), .close(code: 1002, reason: "")]
    }

    // MARK: Out

    mutating func tell(_ heard: [FakeHeard]) -> [FakeMessage] {
        var out: [FakeWyomingEvent] = []
        var text = ""
        for heard in heard {
            switch heard {
            case .settled(let segment), .endpoint(let segment), .paused(let segment), .ended(let segment):
                text = segment.textOfTurn
                guard streams, !segment.words.isEmpty else { continue }
                if !hasStarted { out.append(FakeWyomingEvent("transcript-start", ["language": language])) }
                // Chunks are put one after another as they are.
                out.append(
                    FakeWyomingEvent(
                        "transcript-chunk", ["text": .string(hasStarted ? " " + segment.text : segment.text)]))
                hasStarted = true
            case .speechStarted, .partial, .silence: break
            }
        }
        let isEnd = heard.contains { if case .ended = $0 { true } else { false } }
        if isEnding || isEnd {
            isEnding = false
            out.append(FakeWyomingEvent("transcript", ["text": .string(text), "language": language]))
            if streams { out.append(FakeWyomingEvent("transcript-stop")) }
        }
        return out.map { .binary($0.bytes) }
    }

    private var info: FakeWyomingEvent {
        let attribution: FakeJSON = ["name": "fake", "url": "https://example.org"]
        let model: FakeJSON = [
            "name": "base-int8", "languages": ["en", "sv"], "attribution": attribution, "installed": true,
            "description": "base", "version": "1",
        ]
        let program: FakeJSON = [
            "name": "fake-whisper", "description": "a fake", "attribution": attribution, "installed": true,
            "version": "2.5.0", "supports_transcript_streaming": .bool(streams), "requires_external_vad": true,
            "models": [model],
        ]
        return FakeWyomingEvent(
            "info", ["asr": [program], "tts": [], "handle": [], "intent": [], "wake": [], "mic": [], "snd": []])
    }

    mutating func trouble() -> [FakeMessage] {
        [.binary(FakeWyomingEvent("error", ["text": "the model has failed", "code": "model-error"]).bytes)]
    }

    func garbage(_ kind: FakeFault.Garbage) -> FakeMessage {
        switch kind {
        case .notJSON: .text("<html>502</html>\n")
        case .wrongTypes: .binary(FakeWyomingEvent("transcript", ["text": 7]).bytes)
        case .unknownType: .binary(FakeWyomingEvent("surprise", ["text": "hello"]).bytes)
        case .empty: .text("\n")
        }
    }

    mutating func huge(_ bytes: Int) -> FakeMessage {
        .binary(FakeWyomingEvent("transcript-chunk", ["text": .string(String(repeating: "a", count: bytes))]).bytes)
    }
}
