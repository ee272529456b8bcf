import ParleyActions
import ParleyCore

@testable import ParleyAgents

/// A whole call and its chat machine on a virtual clock, wired as the gateway wires them. Models answer at once or never; a
/// voice of 60 ms a letter; a carrier that returns its marks when they are due.
final class ChatLadderCall {
    private var call: Call
    private var machine: ChatMachine
    private let answering: Set<Int>
    private var now = CallTime.zero
    private var inbox: [CallEvent] = []
    private var news: [ChatMachine.Event] = []
    private var carrierEnd = CallTime.zero
    private var marks: [(due: CallTime, mark: Mark)] = []
    private var rows: [(at: CallTime, text: String)] = []
    private var turnEnd = CallTime.zero
    private(set) var heard: [String] = []
    private(set) var end: EndReason?

    /// - Parameter answering: the models, by their place in the chain, that say something.
    init(answering: Set<Int>, transferTo target: String = "reception") {
        self.answering = answering
        var settings = CallSettings(format: .telephone)
        settings.transferTo = target
        for phrase in Phrase.allCases {
            settings.phrases[phrase] = SpeechAudio(payload: [UInt8](repeating: 0xFE, count: 50 * 160), frameBytes: 160)
        }
        call = Call(settings: settings)
        var chat = ChatSettings(models: ["first", "second"], tools: ChatTools(.builtIn, transferTargets: []))
        chat.greeting = "Hello."
        machine = ChatMachine(chat, prompt: "S", seed: 7)
        handle(.started)
        run(2_000, isSpeaking: false)
    }

    /// The caller says something and waits.
    ///
    /// - Returns: what became of it, each row with its milliseconds from the turn's end.
    func turn(waiting milliseconds: Int = 8_000) -> [String] {
        rows = []
        run(600, isSpeaking: true)
        run(milliseconds, isSpeaking: false)
        return rows.map { "\(($0.at - turnEnd).milliseconds) \($0.text)" }
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
        while !inbox.isEmpty || !news.isEmpty {
            if !news.isEmpty {
                tell(news.removeFirst())
                continue
            }
            var sink = Effects()
            call.handle(inbox.removeFirst(), at: now, into: &sink)
            take(sink)
        }
    }

    private func tell(_ event: ChatMachine.Event) {
        for effect in machine.handle(event, at: now) {
            switch effect {
            case .send(let request):
                rows.append((now, "asks \(request.model == 0 ? "first" : "second")"))
                guard answering.contains(request.model) else { break }
                news += [.stream(request.id, .text("Tuesday it is.")), .stream(request.id, .ended(.stop, []))]
            case .reply(let generation, let part): inbox.append(.reply(generation, part))
            case .news(let news): inbox.append(.engine(news))
            case .nudge: inbox.append(.nudge)
            case .stop, .fared: break
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
                turnEnd = now
                inbox.append(.recognizer(.final(turn, "Tuesday")))
            case .ask(let request): tell(.asked(request))
            case .cancelReply(let generation): tell(.cancelled(generation))
            case .retractReply(let generation): tell(.retracted(generation))
            case .speak(let generation, let clause, let text):
                let audio = SpeechAudio(
                    payload: [UInt8](repeating: 0xFE, count: text.utf8.count * 3 * 160), frameBytes: 160)
                inbox += [
                    .synthesizer(.audio(generation, clause: clause, audio)),
                    .synthesizer(.done(generation, clause: clause)),
                ]
            case .note(let note): take(note)
            case .transfer(let target): rows.append((now, "transfer \(target)"))
            case .end(let reason):
                rows.append((now, "end \(reason.rawValue)"))
                end = reason
            case .pauseTurn, .cancelTurn, .tellAgent, .sound, .cancelSpeech, .run: break
            }
        }
    }

    private func take(_ note: CallNote) {
        switch note {
        case .late(let role): rows.append((now, "late \(role.rawValue)"))
        case .bridged(let phrase): rows.append((now, "bridged \(phrase.rawValue)"))
        case .engine(let news): rows.append((now, "engine \(news.kind.rawValue) \(news.detail)"))
        case .agentTurn(let turn): heard.append(turn.heard)
        default: break
        }
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
