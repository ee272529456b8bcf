@testable import ParleyCore

/// A call on a virtual clock: a caller who speaks by a script, a carrier that plays and returns marks, an engine of each kind
/// that answers as told. Nothing waits.
final class CallHarness {
    /// What happened, with the time.
    struct Entry: Equatable {
        var at: CallTime
        var effect: CallEffect
    }

    var call: Call
    private(set) var now = CallTime.zero
    private(set) var log: [Entry] = []
    private(set) var playedFrames: [CallTime] = []
    private(set) var fedFrames = 0

    /// The carrier's queue: when each frame or mark that was sent will have been played.
    private var carrierEnd = CallTime.zero
    private var marks: [(due: CallTime, mark: Mark)] = []
    var carrierReturnsMarks = true
    /// One way.
    var networkDelay = CallTime.zero
    /// When the carrier plays each frame to its end, of those since the agent was asked last.
    private var frameEnds: [CallTime] = []
    /// Words on record that the caller cannot have heard: 60 ms a letter, less what was played, less one frame.
    private(set) var unprovenHearing: [String] = []

    /// What the recogniser will say, a turn each; then nothing.
    var words: [String] = []
    var recognizerAnswers = true
    /// What the agent will say; then "Okay."
    var replies: [[ReplyPart]] = []
    var agentAnswers = true
    /// It says what became of an action.
    var agentTells = true
    var voiceAnswers = true
    /// As a voice does, it speaks no more under a number that was cancelled, nor under one before.
    private var cancelledSpeech = Generation(0)
    var actionOutcome = ActionResult.Outcome.committed

    private var inbox: [CallEvent] = []
    private var voice = VoiceSignal()
    /// What the detector is to make of each frame; `nil`: it hears the voice.
    var judged: VoiceActivity?

    private var recorder: CapsuleRecorder?
    private let settings: CallSettings

    init(_ settings: CallSettings = .test) {
        self.settings = settings
        call = Call(settings: settings)
    }

    /// Writes a capsule from here on; `recording()` is what it holds.
    func record() { recorder = CapsuleRecorder(header: CapsuleHeader(), settings: settings) }

    func recording(ending isEnded: Bool = true) -> [UInt8] {
        var recorder = recorder
        if isEnded { recorder?.end() }
        return recorder?.take() ?? []
    }

    /// What has been recorded since the last time.
    func takeRecording() -> [UInt8] { recorder?.take() ?? [] }

    // MARK: Driving

    func start() { handle(.started) }

    func handle(_ event: CallEvent) {
        var sink = Sink(recorder: recorder)
        sink.recorder?.handle(event, at: now)
        call.handle(event, at: now, into: &sink)
        sink.recorder?.finish()
        recorder = sink.recorder
        absorb(sink)
    }

    /// Lets time pass, the caller speaking or silent; frames every 20 ms, deadlines when they are due.
    func run(_ length: CallTime, speaking: Bool = false) {
        let end = now + length
        while now + .frame <= end {
            let next = now + .frame
            while let due = call.nextDeadline, due < next, !call.hasEnded {
                now = max(now, due)
                handle(.deadline)
                precondition(call.nextDeadline != due || call.hasEnded, "a deadline in the past at \(due)")
            }
            now = next
            returnMarks()
            hearFrame(speaking: speaking)
        }
    }

    /// The last 100 ms die away: what the detector hears of it ends about when this does.
    func speak(_ milliseconds: Int) {
        let dying = milliseconds > 200 ? 100 : 0
        run(.milliseconds(milliseconds - dying), speaking: true)
        run(.milliseconds(dying))
    }
    /// A noise that may be a voice.
    func buzz(_ milliseconds: Int) {
        voice.isSteady = true
        speak(milliseconds)
        voice.isSteady = false
    }
    func wait(_ milliseconds: Int) { run(.milliseconds(milliseconds)) }

    /// Only the clock moves: no frames come in.
    func stall(_ length: CallTime) {
        let end = now + length
        while let due = call.nextDeadline, due < end, !call.hasEnded {
            now = max(now, due)
            handle(.deadline)
        }
        now = end
    }

    private func hearFrame(speaking: Bool) {
        guard !call.hasEnded else { return }
        let frame = (0..<160).map { _ in voice.next(speaking: speaking) }
        var sink = Sink(recorder: recorder)
        if let judged {
            sink.recorder?.hear(judged, isNoisy: false, at: now)
            call.hear(judged, isNoisy: false, at: now, into: &sink)
        } else {
            sink.recorder?.hear(frame.span, at: now)
            call.hear(frame.span, at: now, into: &sink)
        }
        sink.recorder?.finish()
        recorder = sink.recorder
        absorb(sink)
    }

    private func returnMarks() {
        while let first = marks.first, first.due <= now {
            marks.removeFirst()
            if carrierReturnsMarks { handle(.mark(first.mark)) }
        }
    }

    private func absorb(_ sink: Sink) {
        fedFrames += sink.fed
        for step in sink.steps {
            switch step {
            case .frame:
                playedFrames.append(now)
                carrierEnd = max(carrierEnd, now + networkDelay) + .frame
                frameEnds.append(carrierEnd)
            case .effect(let effect):
                log.append(Entry(at: now, effect: effect))
                answer(effect)
            }
        }
        // Answers come after the call has returned, as they do in the shell.
        while !inbox.isEmpty { handle(inbox.removeFirst()) }
    }

    private func answer(_ effect: CallEffect) {
        switch effect {
        case .mark(let mark): marks.append((carrierEnd + networkDelay, mark))
        case .clear:
            carrierEnd = now + networkDelay
            frameEnds.removeAll { [carrierEnd] in $0 > carrierEnd + .frame }
            let flushed = carrierEnd + networkDelay
            marks = marks.map { (min($0.due, flushed), $0.mark) }
        case .note(.agentTurn(let turn)):
            let played = frameEnds.filter { $0 <= now + networkDelay + .frame }.count
            // Between clauses the record has spaces that nobody spoke.
            if turn.heard.utf8.count(where: { $0 != UInt8(ascii: " ") }) * 3 > played + 1 {
                unprovenHearing.append(turn.heard)
            }
            frameEnds = []
        case .finishTurn(let turn):
            if recognizerAnswers { inbox.append(.recognizer(.final(turn, words.isEmpty ? "" : words.removeFirst()))) }
        case .ask(let request):
            guard agentAnswers else { break }
            let parts = replies.isEmpty ? [.text("Okay."), .done] : replies.removeFirst()
            inbox += parts.map { .reply(request.generation, $0) }
        case .speak(let generation, let clause, let text):
            guard voiceAnswers, generation > cancelledSpeech else { break }
            inbox.append(.synthesizer(.audio(generation, clause: clause, Self.speech(text))))
            inbox.append(.synthesizer(.done(generation, clause: clause)))
        case .cancelSpeech(let generation): cancelledSpeech = max(cancelledSpeech, generation)
        case .run(let invocation):
            inbox.append(.action(ActionResult(number: invocation.number, outcome: actionOutcome)))
        case .tellAgent(let generation, _, let outcome):
            guard agentAnswers else { break }
            let text = outcome == .committed ? "It is sent." : "I could not send it."
            if agentTells { inbox.append(.reply(generation, .text(text))) }
            inbox.append(.reply(generation, .done))
        default: break
        }
    }

    /// 100 ms a letter would be slow speech; words end where their letters do.
    static func speech(_ text: String) -> SpeechAudio {
        let letters = text.utf8.count
        let words = text.utf8.indices.compactMap { index -> WordEnd? in
            let next = text.utf8.index(after: index)
            let endsWord = next == text.utf8.endIndex || text.utf8[next] == UInt8(ascii: " ")
            guard endsWord, text.utf8[index] != UInt8(ascii: " ") else { return nil }
            let end = text.utf8.distance(from: text.utf8.startIndex, to: next)
            return WordEnd(textEnd: end, audioEnd: end * 60)
        }
        return SpeechAudio(
            payload: [UInt8](repeating: 0xFE, count: letters * 3 * 160), frameBytes: 160, words: words)
    }

    // MARK: Reading

    var effects: [CallEffect] { log.map(\.effect) }
    var notes: [CallNote] { effects.compactMap { if case .note(let note) = $0 { note } else { nil } } }
    var requests: [AgentRequest.Cause] {
        effects.compactMap { if case .ask(let request) = $0 { request.cause } else { nil } }
    }
    var heard: [String] { notes.compactMap { if case .agentTurn(let turn) = $0 { turn.heard } else { nil } } }
    var said: [String] { notes.compactMap { if case .callerTurn(let turn) = $0 { turn.text } else { nil } } }
    var bargeIns: [BargeIn] { notes.compactMap { if case .bargeIn(let state) = $0 { state } else { nil } } }
    var phrases: [Phrase] { notes.compactMap { if case .bridged(let phrase) = $0 { phrase } else { nil } } }
    var ends: [EndReason] { effects.compactMap { if case .end(let reason) = $0 { reason } else { nil } } }

    func time(of match: (CallEffect) -> Bool) -> CallTime? { log.first { match($0.effect) }?.at }
    func forget() {
        log = []
        playedFrames = []
    }
}

extension CallSettings {
    static var test: CallSettings {
        var settings = CallSettings(format: .telephone)
        for phrase in Phrase.allCases {
            settings.phrases[phrase] = SpeechAudio(payload: [UInt8](repeating: 0xFE, count: 50 * 160), frameBytes: 160)
        }
        return settings
    }
}

/// Collects what one input brought about, in order.
struct Sink: CallEffectSink {
    enum Step {
        case frame
        case effect(CallEffect)
    }
    var recorder: CapsuleRecorder?
    var steps: [Step] = []
    var fed = 0
    mutating func play(_ frame: Span<UInt8>) {
        recorder?.play(frame)
        steps.append(.frame)
    }
    mutating func feed(_ samples: Span<Int16>) { fed += 1 }
    mutating func perform(_ effect: CallEffect) {
        recorder?.perform(effect)
        steps.append(.effect(effect))
    }
}
