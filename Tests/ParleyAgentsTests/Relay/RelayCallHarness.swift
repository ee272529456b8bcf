import ParleyCore

@testable import ParleyAgents

/// A whole call and a relay's machine, with a recogniser that hears the next line.
final class RelayCallHarness: ClockedCall {
    private var machine: RelayMachine

    /// What the caller will be heard to say, a turn each.
    var words: [String] = []
    /// What the application was told, without setup.
    private(set) var told: [String] = []
    private(set) var phrases: [Phrase] = []
    private(set) var closed: UInt16?

    /// - Parameter isOpen: the application is there when the call begins.
    init(isOpen: Bool = true, _ change: (inout RelaySettings) -> Void = { _ in }) throws {
        machine = RelayMachine(try RelayScript.settings(change), call: RelayScript.facts)
        super.init(CallSettings(format: .telephone))
        tell(.began)
        if isOpen { tell(.opened) }
        told = []
        handle(.started)
    }

    func app(_ json: String) {
        tell(.received(Array(json.utf8)))
        settle()
    }

    func lose(_ reason: String) {
        tell(.lost(reason))
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

    override var machineDue: CallTime? { machine.nextDeadline }
    override func passDeadline() { tell(.deadline) }

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

    override func perform(_ effect: CallEffect) {
        switch effect {
        case .finishTurn(let turn):
            inbox.append(.recognizer(.final(turn, words.isEmpty ? "" : words.removeFirst())))
        case .ask(let request): tell(.asked(request))
        case .cancelReply(let generation): tell(.cancelled(generation))
        case .retractReply(let generation): tell(.retracted(generation))
        case .note(let note):
            if case .bridged(let phrase) = note { phrases.append(phrase) }
            tell(.noted(note))
        case .end(let reason): tell(.ended(reason))
        default: break
        }
    }
}
