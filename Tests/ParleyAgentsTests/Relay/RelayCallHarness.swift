import ParleyCore

@testable import ParleyAgents

/// A whole call and its machine on a virtual clock, wired as the gateway wires them: a voice of 60 ms a letter, a carrier that
/// returns marks at once, a recogniser that hears the next line. Answers come after whoever caused them has returned.
final class RelayCallHarness {
    private var call = Call(settings: CallSettings(format: .telephone))
    private var machine: RelayMachine
    private(set) var now = CallTime.zero
    private var inbox: [CallEvent] = []
    private var carrierEnd = CallTime.zero
    /// As a voice does, it speaks no more under a number that was cancelled, nor under one before.
    private var cancelledSpeech = Generation(0)
    private var marks: [(due: CallTime, mark: Mark)] = []

    /// What the caller will be heard to say, a turn each.
    var words: [String] = []
    /// What the application was told, without setup.
    private(set) var told: [String] = []
    private(set) var heard: [String] = []
    private(set) var phrases: [Phrase] = []
    private(set) var end: EndReason?
    private(set) var closed: UInt16?

    init(_ change: (inout RelaySettings) -> Void = { _ in }) throws {
        machine = RelayMachine(try RelayScript.settings(change), call: RelayScript.facts)
        tell(.began)
        tell(.opened)
        told = []
        handle(.started)
    }

    func app(_ json: String) {
        tell(.received(Array(json.utf8)))
        settle()
    }

    func text(_ token: String, last: Bool = true, _ more: String = "") {
        app(#"{"type":"text","token":"\#(token)","last":\#(last)\#(more)}"#)
    }

    func press(_ digit: Digit) { handle(.digit(digit)) }

    func hangUp() { handle(.stopped) }

    func wait(_ milliseconds: Int) { run(milliseconds, isSpeaking: false) }

    /// Says the next line, and is silent until the turn has ended.
    func say(_ line: String, milliseconds: Int = 1_000) {
        words.append(line)
        run(milliseconds, isSpeaking: true)
        run(1_400, isSpeaking: false)
    }

    private func run(_ milliseconds: Int, isSpeaking: Bool) {
        let voice = VoiceActivity(
            score: isSpeaking ? 1 : 0, isSpeech: isSpeaking, isConfirmed: isSpeaking, isVoiced: isSpeaking,
            isInterruption: isSpeaking)
        for _ in 0..<milliseconds / 20 where end == nil {
            now += .frame
            if let due = machine.nextDeadline, due <= now { tell(.deadline) }
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

    private func handle(_ event: CallEvent) {
        var sink = Effects()
        call.handle(event, at: now, into: &sink)
        take(sink)
        settle()
    }

    private func settle() {
        while !inbox.isEmpty {
            var sink = Effects()
            call.handle(inbox.removeFirst(), at: now, into: &sink)
            take(sink)
        }
    }

    private func tell(_ event: RelayMachine.Event) {
        for effect in machine.handle(event, at: now) {
            switch effect {
            case .answer(let generation, let part): inbox.append(.reply(generation, part))
            case .nudge: inbox.append(.nudge)
            case .send(let notice): told.append(String(decoding: notice.json, as: UTF8.self))
            case .close(let code, _): closed = code
            case .news, .connect, .ping, .report: break
            }
        }
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
            case .finishTurn(let turn):
                inbox.append(.recognizer(.final(turn, words.isEmpty ? "" : words.removeFirst())))
            case .ask(let request): tell(.asked(request))
            case .cancelReply(let generation): tell(.cancelled(generation))
            case .retractReply(let generation): tell(.retracted(generation))
            case .note(let note):
                if case .agentTurn(let turn) = note { heard.append(turn.heard) }
                if case .bridged(let phrase) = note { phrases.append(phrase) }
                tell(.noted(note))
            case .speak(let generation, let clause, let text):
                guard generation > cancelledSpeech else { break }
                inbox.append(.synthesizer(.audio(generation, clause: clause, Self.speech(text))))
                inbox.append(.synthesizer(.done(generation, clause: clause)))
            case .sound(let generation, let clause, _):
                inbox.append(.synthesizer(.audio(generation, clause: clause, Self.speech("tone"))))
                inbox.append(.synthesizer(.done(generation, clause: clause)))
            case .end(let reason):
                end = reason
                tell(.ended(reason))
            case .cancelSpeech(let generation): cancelledSpeech = max(cancelledSpeech, generation)
            case .pauseTurn, .cancelTurn, .tellAgent, .run, .transfer: break
            }
        }
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
