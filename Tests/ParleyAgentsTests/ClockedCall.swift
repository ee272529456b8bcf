import ParleyCore

/// A whole call on a virtual clock, wired as the gateway wires it: a voice of 60 ms a letter, a carrier that returns its marks
/// when they are due. Answers come after whoever caused them has returned. A subclass brings the agent's machine.
class ClockedCall {
    private var call: Call
    private(set) var now = CallTime.zero
    /// What the call will be told.
    final var inbox: [CallEvent] = []
    private var carrierEnd = CallTime.zero
    private var marks: [(due: CallTime, mark: Mark)] = []
    /// As a voice does, it speaks no more under a number that was cancelled, nor under one before.
    private var cancelledSpeech = Generation(0)

    /// What the agent said, as far as it was heard, a turn each.
    private(set) var heard: [String] = []
    private(set) var end: EndReason?

    init(_ settings: CallSettings) { call = Call(settings: settings) }

    // MARK: The machine's

    /// When `passDeadline` is due.
    var machineDue: CallTime? { nil }
    func passDeadline() {}

    /// - Returns: whether the machine had something to do, and has done one thing of it.
    func stepMachine() -> Bool { false }

    /// What the call wants done, beyond marks, voice and record.
    func perform(_ effect: CallEffect) {}

    // MARK: The clock's

    final func run(_ milliseconds: Int, isSpeaking: Bool) {
        let voice = VoiceActivity(
            score: isSpeaking ? 1 : 0, isSpeech: isSpeaking, isConfirmed: isSpeaking, isVoiced: isSpeaking,
            isInterruption: isSpeaking)
        for _ in 0..<milliseconds / 20 where end == nil {
            now += .frame
            if let due = machineDue, due <= now { passDeadline() }
            while let first = marks.first, first.due <= now {
                marks.removeFirst()
                handle(.mark(first.mark))
            }
            if let due = call.nextDeadline, due <= now { handle(.deadline) }
            var sink = Effects()
            call.hear(voice, isNoisy: false, at: now, into: &sink)
            take(sink)
            settle()
        }
    }

    final func handle(_ event: CallEvent) {
        tell(event)
        settle()
    }

    final func settle() {
        while true {
            if stepMachine() { continue }
            guard !inbox.isEmpty else { return }
            tell(inbox.removeFirst())
        }
    }

    private func tell(_ event: CallEvent) {
        var sink = Effects()
        call.handle(event, at: now, into: &sink)
        take(sink)
    }

    private func take(_ sink: Effects) {
        for step in sink.steps {
            guard case .effect(let effect) = step else {
                carrierEnd = max(carrierEnd, now) + .frame
                continue
            }
            switch effect {
            case .mark(let mark): marks.append((carrierEnd, mark))
            case .clear:
                carrierEnd = now
                marks = marks.map { (min($0.due, now), $0.mark) }
            case .speak(let generation, let clause, let text) where generation > cancelledSpeech:
                speak(Self.speech(text), generation, clause)
            case .sound(let generation, let clause, _): speak(Self.speech("tone"), generation, clause)
            case .cancelSpeech(let generation): cancelledSpeech = max(cancelledSpeech, generation)
            case .note(.agentTurn(let turn)): heard.append(turn.heard)
            case .end(let reason): end = reason
            default: break
            }
            perform(effect)
        }
    }

    private func speak(_ audio: SpeechAudio, _ generation: Generation, _ clause: Int) {
        inbox.append(.synthesizer(.audio(generation, clause: clause, audio)))
        inbox.append(.synthesizer(.done(generation, clause: clause)))
    }

    private static func speech(_ text: String) -> SpeechAudio {
        let ends = text.utf8.indices.compactMap { index -> WordEnd? in
            let next = text.utf8.index(after: index)
            guard next == text.utf8.endIndex || text.utf8[next] == 0x20, text.utf8[index] != 0x20 else { return nil }
            let end = text.utf8.distance(from: text.utf8.startIndex, to: next)
            return WordEnd(textEnd: end, audioEnd: end * 60)
        }
        return SpeechAudio(
            payload: [UInt8](repeating: 0xFE, count: text.utf8.count * 3 * 160), frameBytes: 160, words: ends)
    }
}

private struct Effects: CallEffectSink {
    enum Step {
        case frame
        case effect(CallEffect)
    }
    var steps: [Step] = []

    mutating func play(_ frame: Span<UInt8>) { steps.append(.frame) }
    mutating func feed(_ samples: Span<Int16>) {}
    mutating func perform(_ effect: CallEffect) { steps.append(.effect(effect)) }
}
