import ParleyActions
import ParleyCore

@testable import ParleyAgents

/// A whole call and its chat machine, with models that answer at once or never.
final class ChatLadderCall: ClockedCall {
    private var machine: ChatMachine
    private let answering: Set<Int>
    private var news: [ChatMachine.Event] = []
    private var rows: [(at: CallTime, text: String)] = []
    private var turnEnd = CallTime.zero

    /// - Parameter answering: the models, by their place in the chain, that say something.
    init(answering: Set<Int>, transferTo target: String = "reception") {
        self.answering = answering
        var chat = ChatSettings(models: ["first", "second"], tools: ChatTools(.builtIn, transferTargets: []))
        chat.greeting = "Hello."
        machine = ChatMachine(chat, prompt: "S", seed: 7)
        var settings = CallSettings(format: .telephone)
        settings.transferTo = target
        for phrase in Phrase.allCases {
            settings.phrases[phrase] = SpeechAudio(payload: [UInt8](repeating: 0xFE, count: 50 * 160), frameBytes: 160)
        }
        super.init(settings)
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

    override var machineDue: CallTime? { machine.nextDeadline }
    override func passDeadline() { tell(.deadline) }

    override func stepMachine() -> Bool {
        guard !news.isEmpty else { return false }
        tell(news.removeFirst())
        return true
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

    override func perform(_ effect: CallEffect) {
        switch effect {
        case .finishTurn(let turn):
            turnEnd = now
            inbox.append(.recognizer(.final(turn, "Tuesday")))
        case .ask(let request): tell(.asked(request))
        case .cancelReply(let generation): tell(.cancelled(generation))
        case .retractReply(let generation): tell(.retracted(generation))
        case .note(.late(let role)): rows.append((now, "late \(role.rawValue)"))
        case .note(.bridged(let phrase)): rows.append((now, "bridged \(phrase.rawValue)"))
        case .note(.engine(let news)): rows.append((now, "engine \(news.kind.rawValue) \(news.detail)"))
        case .transfer(let target): rows.append((now, "transfer \(target)"))
        case .end(let reason): rows.append((now, "end \(reason.rawValue)"))
        default: break
        }
    }
}
