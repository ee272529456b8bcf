/// Takes the voices and the words out of a capsule as it is written, and leaves what decides.
///
/// The call is replayed here with all that it was told. What it made of each frame goes into the new capsule in the frame's place,
/// silence in the place of speech, and texts in the place of texts that a call judges alike. A second call is told only
/// that, and what it does is written down: the new capsule is one of its own, and replays to its own hash.
///
/// Kept are the times, lengths and loudness of nothing but decisions: when somebody spoke and for how long, how long each of the
/// agent's words was, and the flow, the settings and the configuration.
public struct CapsuleRedaction: ~Copyable {
    /// What stays of the header: not who called whom. The call's number in the ledger does, to be found by.
    private static let kept: Set<String> = [
        "parley", "call", "started_at", "provider", "recognizer", "voice", "agent", "flow", "phrases",
    ]

    private var reader: CapsuleReader
    private var original: Call
    private var likeness = LikeWords()
    private var mask = StreamedMask()
    private var redacted: Call
    private var outlet: Outlet

    /// - Parameters:
    ///   - octets: a capsule's beginning, its header at least; what comes of it is taken with `take`.
    ///   - phrases: what the call plays for itself.
    /// - Throws: `CapsuleError`, when it is no capsule.
    public init(_ octets: [UInt8], phrases: [Phrase: SpeechAudio]) throws(CapsuleError) {
        reader = try CapsuleReader(octets)
        var settings = reader.settings
        let format = settings.format
        settings.phrases = phrases
        original = Call(settings: settings)
        settings.phrases = phrases.mapValues { $0.silenced(format) }
        redacted = Call(settings: settings)
        var header = CapsuleHeader()
        for field in reader.header.fields where Self.kept.contains(field.name) { header[field.name] = field.value }
        // Its keys `sms.` name a sender.
        header["configuration"] = reader.header["configuration"].map { text in
            text.split(separator: "\n").filter { !$0.hasPrefix("sms.") }.map { $0 + "\n" }.joined()
        }
        header[CapsuleHeader.redacted] = "yes"
        outlet = Outlet(recorder: CapsuleRecorder(header: header, settings: settings))
    }

    /// A whole capsule without its voices and words.
    ///
    /// - Throws: `CapsuleError`, when it is none.
    public static func redact(_ octets: [UInt8]) throws(CapsuleError) -> [UInt8] {
        var redaction = try CapsuleRedaction(octets, phrases: try CapsuleReader(octets).phrases())
        return redaction.take()
    }

    /// Takes the capsule's next whole records; none to get what the first ones came to.
    ///
    /// - Returns: the new capsule's, which follow those returned before.
    public mutating func take(_ octets: [UInt8] = []) -> [UInt8] {
        reader.append(octets)
        var deaf = Deaf()
        while let record = reader.next() {
            switch record {
            case .heard(let samples, let time):
                original.hear(samples.span, at: time, into: &deaf)
                hear(original.activity, isNoisy: original.isLineNoisy, at: time)
            case .judged(let activity, let isNoisy, let time):
                original.hear(activity, isNoisy: isNoisy, at: time, into: &deaf)
                hear(activity, isNoisy: isNoisy, at: time)
            case .event(let event, let time):
                let like = like(event)
                original.handle(event, at: time, into: &deaf)
                for event in like {
                    outlet.recorder.handle(event, at: time)
                    redacted.handle(event, at: time, into: &outlet)
                    outlet.recorder.finish()
                }
            case .end: outlet.recorder.end()
            case .phrase, .outputs, .hash: break
            }
        }
        return outlet.recorder.take()
    }

    private mutating func hear(_ activity: VoiceActivity, isNoisy: Bool, at time: CallTime) {
        outlet.recorder.hear(activity, isNoisy: isNoisy, at: time)
        redacted.hear(activity, isNoisy: isNoisy, at: time, into: &outlet)
        outlet.recorder.finish()
    }

    /// The event without what was said.
    private mutating func like(_ event: CallEvent) -> [CallEvent] {
        switch event {
        case .started, .mark, .stopped, .lost, .deadline, .recognizer(.failed), .nudge, .engine: [event]
        // Its part in what was made of the frames is in them.
        case .opinions, .opinion: []
        case .digit(let digit): [.digit(digit.isFigure ? .zero : digit)]
        case .recognizer(.partial(let turn, let text)):
            [.recognizer(.partial(turn, likeness.words(for: text, of: turn, as: original.expectation.answer)))]
        case .recognizer(.final(let turn, let text)):
            [.recognizer(.final(turn, likeness.words(for: text, of: turn, as: original.expectation.answer)))]
        case .reply(let generation, .text(let text)):
            [.reply(generation, .text(mask.take(text, of: generation)))]
        case .reply(let generation, let part):
            rest(of: generation) + [.reply(generation, part.redacted)]
        case .synthesizer(.audio(let generation, let clause, let audio)):
            [.synthesizer(.audio(generation, clause: clause, audio.silenced(redacted.settings.format)))]
        case .synthesizer: [event]
        case .action(let result): [.action(ActionResult(number: result.number, outcome: result.outcome.redacted))]
        }
    }

    /// Text of a reply that waited for its word's other half, if the call still takes it.
    private mutating func rest(of generation: Generation) -> [CallEvent] {
        guard let text = mask.rest(of: generation), case .open(generation) = original.replying else { return [] }
        return [.reply(generation, .text(text))]
    }

    private struct Outlet: CallEffectSink {
        var recorder: CapsuleRecorder
        mutating func play(_ frame: Span<UInt8>) { recorder.play(frame) }
        mutating func feed(_ samples: Span<Int16>) {}
        mutating func perform(_ effect: CallEffect) { recorder.perform(effect) }
    }

    private struct Deaf: CallEffectSink {
        mutating func play(_ frame: Span<UInt8>) {}
        mutating func feed(_ samples: Span<Int16>) {}
        mutating func perform(_ effect: CallEffect) {}
    }
}

extension CapsuleHeader {
    static let redacted = "redacted"

    /// The voices and words are not in it.
    public var isRedacted: Bool { self[Self.redacted] != nil }
}

extension Digit {
    fileprivate var isFigure: Bool { (0x30...0x39).contains(rawValue) }
}

extension ReplyPart {
    fileprivate var redacted: ReplyPart {
        switch self {
        case .text(let text): .text(Masked.text(text))
        case .action(let request): .action(ActionRequest(name: request.name, arguments: "{}"))
        case .set(let name, _): .set(name, "")
        case .transfer: .transfer("")
        case .sound(.keys(let keys)): .sound(.keys(String(keys.map { $0.isNumber ? "0" : $0 })))
        case .sound(.file(_, let times)): .sound(.file("", times: times))
        case .expect, .end, .done, .failed, .drop: self
        }
    }
}

extension ActionResult.Outcome {
    fileprivate var redacted: ActionResult.Outcome {
        switch self {
        case .committed: self
        case .answered: .answered("{}")
        case .refused: .refused("")
        case .failed: .failed("")
        }
    }
}

extension SpeechAudio {
    /// As long, in as many frames, with its words' times; those of their phones would tell the words.
    fileprivate func silenced(_ format: LegFormat) -> SpeechAudio {
        let words = words.map { WordEnd(textEnd: $0.textEnd, audioEnd: $0.audioEnd) }
        let silence = [UInt8](repeating: 0xFF, count: reference.count)
        return switch format.codec {
        case .mulaw:
            SpeechAudio(payload: [UInt8](repeating: 0xFF, count: payload.count), frameBytes: frameBytes, words: words)
        case .linear16:
            SpeechAudio(
                payload: [UInt8](repeating: 0, count: payload.count), frameBytes: frameBytes, reference: silence,
                words: words)
        case .opus:
            // 20 ms of CELT in which nothing is coded (RFC 6716, 3.1 and 4.1).
            SpeechAudio(
                packets: [[UInt8]](repeating: [0xF8, 0xFF, 0xFE], count: frameCount), reference: silence, words: words)
        }
    }
}
