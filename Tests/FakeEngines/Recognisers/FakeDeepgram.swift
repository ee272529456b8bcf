/// Deepgram's live transcription, `/v1/listen` (protocols.md 6.1).
extension FakeRecognizer {
    /// - Parameters:
    ///   - key: what `Authorization: Token` has to name.
    ///   - patience: without audio or a KeepAlive the connection is closed; the real one waits 10 s.
    public static func deepgram(
        _ script: FakeScript, key: String = "deepgram-key", patience: Duration = .seconds(10)
    ) -> FakeRecognizer {
        FakeRecognizer(
            script, path: "/v1/listen", admit: { FakeDeepgram.refusal($0, key: key) },
            makeEar: { FakeDeepgram($0, patience: patience) })
    }
}

struct FakeDeepgram: FakeEar {
    let rate: Int
    let patience: Duration?
    private let audio: FakeAudio
    private let tellsPartials: Bool
    private let tellsSpeech: Bool
    private let tellsSilence: Bool
    private let endsByItself: Bool
    private var duration = 0.0

    init(_ upgrade: FakeUpgrade, patience: Duration) {
        let query = upgrade.target
        rate = query.value("sample_rate").flatMap { Int($0) } ?? 8_000
        audio = query.value("encoding").flatMap { Self.encodings[$0] } ?? .pcm16
        tellsPartials = query.value("interim_results") == "true"
        tellsSpeech = query.value("vad_events") == "true"
        tellsSilence = query.value("utterance_end_ms") != nil
        endsByItself = query.value("endpointing") != "false"
        self.patience = patience
    }

    mutating func take(_ message: FakeMessage) -> [FakeStep] {
        switch message {
        case .binary(let bytes): return hear(bytes)
        case .text(let text):
            guard let json = FakeJSON(text: text), let fields = json.object, let type = json["type"]?.string else {
                return schemaError(text, "a text message that is no command: \(text)")
            }
            let allowed: Set<String>
            switch type {
            case "KeepAlive", "CloseStream": allowed = ["type"]
            case "Finalize": allowed = ["type", "channel"]
            case "Configure": allowed = ["type", "keyterms"]
            default: return schemaError(text, "an unknown command: \(type)")
            }
            if let unknown = Set(fields.keys).subtracting(allowed).first {
                return schemaError(text, "\(type) with an unknown field: \(unknown)")
            }
            switch type {
            case "Finalize":
                guard json["channel"].map({ $0.whole == 0 }) ?? true else {
                    return schemaError(text, "Finalize of a channel that is not there")
                }
                return [.settle]
            case "CloseStream":
                return [.settle, .say(.text(metadata.text)), .close(code: 1000, reason: "")]
            case "Configure":
                guard let terms = json["keyterms"]?.array, terms.allSatisfy({ $0.string != nil }) else {
                    return schemaError(text, "Configure without keyterms")
                }
                let success: FakeJSON = [
                    "type": "ConfigureSuccess", "request_id": Self.request, "keyterms": .array(terms),
                ]
                return [.say(.text(success.text))]
            default: return []
            }
        }
    }

    private mutating func hear(_ bytes: [UInt8]) -> [FakeStep] {
        guard !bytes.isEmpty else {
            return [
                .wrong("an empty binary message, which ends the stream"), .settle, .say(.text(metadata.text)),
                .close(code: 1000, reason: ""),
            ]
        }
        if bytes.starts(with: Array("{\"type\"".utf8)) {
            return [.wrong("a command as a binary message: the server takes it for audio")]
        }
        guard let samples = audio.decode(bytes) else {
            return [.wrong("half a sample"), .close(code: 1008, reason: "DATA-0000")]
        }
        duration += Double(samples.count) / Double(rate)
        return [.hear(samples)]
    }

    private func schemaError(_ text: String, _ what: String) -> [FakeStep] {
        let error: FakeJSON = [
            "type": "Error", "variant": "SchemaError", "description": "could not parse message",
            "message": .string(text),
        ]
        return [.wrong(what), .say(.text(error.text)), .close(code: 1008, reason: "DATA-0000")]
    }

    mutating func outOfPatience() -> [FakeStep] {
        let reason = "NET-0001: no audio data or KeepAlive within the timeout window"
        return [.wrong("no audio and no KeepAlive for too long"), .close(code: 1011, reason: reason)]
    }

    // MARK: Out

    mutating func tell(_ heard: [FakeHeard]) -> [FakeMessage] {
        heard.compactMap { heard -> FakeJSON? in
            switch heard {
            case .speechStarted(let at):
                guard tellsSpeech else { return nil }
                return ["type": "SpeechStarted", "channel": [0, 1], "timestamp": Self.seconds(at)]
            case .partial(let segment): return tellsPartials ? results(segment) : nil
            case .settled(let segment): return results(segment, isFinal: true)
            case .endpoint(let segment): return results(segment, isFinal: true, isSpeechFinal: endsByItself)
            case .silence(let end):
                guard tellsSilence else { return nil }
                return ["type": "UtteranceEnd", "channel": [0, 1], "last_word_end": Self.seconds(end)]
            case .paused(let segment), .ended(let segment): return results(segment, isFinal: true, isFlushed: true)
            }
        }.map { .text($0.text) }
    }

    private func results(
        _ segment: FakeSegment, isFinal: Bool = false, isSpeechFinal: Bool = false, isFlushed: Bool = false
    ) -> FakeJSON {
        let words = segment.words.map { word -> FakeJSON in
            [
                "word": .string(word.text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "'" }),
                "punctuated_word": .string(word.text), "start": Self.seconds(word.start),
                "end": Self.seconds(word.end), "confidence": 0.98,
            ]
        }
        return [
            "type": "Results", "channel_index": [0, 1], "start": Self.seconds(segment.start),
            "duration": Self.seconds(segment.end - segment.start), "is_final": .bool(isFinal),
            "speech_final": .bool(isSpeechFinal), "from_finalize": .bool(isFlushed),
            "channel": [
                "alternatives": [
                    [
                        "transcript": .string(segment.text), "confidence": segment.words.isEmpty ? 0 : 0.98,
                        "words": .array(words),
                    ]
                ]
            ],
            "metadata": [
                "request_id": Self.request,
                "model_info": ["name": "general-nova-3", "version": "2026-01-01.0", "arch": "nova-3"],
                "model_uuid": "0b1c2d3e-0000-4000-8000-000000000002",
            ],
        ]
    }

    private var metadata: FakeJSON {
        [
            "type": "Metadata", "transaction_key": "deprecated", "request_id": Self.request,
            "sha256": .string(String(repeating: "0", count: 64)), "created": "2026-11-21T03:50:00.000Z",
            "duration": .number(duration), "channels": 1,
        ]
    }

    mutating func trouble() -> [FakeMessage] {
        let error: FakeJSON = [
            "type": "Error", "variant": "InternalError", "description": "the recogniser has failed",
        ]
        return [.text(error.text)]
    }

    func garbage(_ kind: FakeFault.Garbage) -> FakeMessage {
        switch kind {
        case .notJSON: .text("<html>502</html>")
        case .wrongTypes: .text(#"{"type":"Results","is_final":"yes","channel":{"alternatives":{"transcript":7}}}"#)
        case .unknownType: .text(#"{"type":"Surprise","channel":[0,1]}"#)
        case .empty: .text("")
        }
    }

    mutating func huge(_ bytes: Int) -> FakeMessage {
        let word = FakeWord(text: String(repeating: "a", count: bytes), start: 0, end: 0)
        return .text(results(FakeSegment(words: [word], start: 0, end: 0, ofTurn: [word])).text)
    }

    private static func seconds(_ milliseconds: Int) -> FakeJSON { .number(Double(milliseconds) / 1_000) }
    private static let request: FakeJSON = "6d1f0c9e-0000-4000-8000-000000000001"
    private static let encodings: [String: FakeAudio] = ["linear16": .pcm16, "mulaw": .mulaw, "alaw": .alaw]
}
