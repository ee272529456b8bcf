import ParleyCore

/// A recorded call taken apart: what the caller did, and what each engine answered to which request, how long after it.
///
/// This is what a call can be played again from where it is no longer told the same at the same time: with another setting, or
/// by other engines. The n-th request of a kind gets the n-th recorded answer after its recorded delay.
public struct RecordedCall: Sendable {
    /// Something, so long after what it answers.
    struct Delayed<Value: Sendable>: Sendable {
        var after: CallTime
        var value: Value
    }

    public let header: CapsuleHeader
    public internal(set) var settings: CallSettings
    /// The caller's audio as it came in, each frame with its time.
    var frames: [(at: CallTime, samples: [Int16])] = []
    var digits: [(at: CallTime, digit: Digit)] = []
    /// When the stream began; when and how it was ended by anybody but the call.
    var began = CallTime.zero
    var left: (at: CallTime, event: CallEvent)?
    /// Words so far: they follow from the audio, so they keep their time.
    var partials: [(at: CallTime, text: String)] = []
    var opinions: [(at: CallTime, event: CallEvent)] = []
    /// One for each turn that was finished.
    var finals: [Delayed<String?>] = []
    /// One for each request to the agent: questions, and the results of its actions.
    var replies: [[Delayed<ReplyPart>]] = []
    /// One for each clause that was spoken.
    var speech: [[Delayed<SynthesizerAnswer>]] = []
    /// What the call decided, with its times.
    public internal(set) var decisions: [CapsuleReplay.Decision] = []
    /// Where the capsule is damaged, and how; what stands before was taken.
    public private(set) var damage: String?
    /// The recording goes to the end of the call.
    public let isWhole: Bool

    /// From the stream's beginning to the last thing that happened.
    public internal(set) var duration = CallTime.zero

    /// Takes a capsule apart.
    ///
    /// - Throws: `CapsuleError`, when it is none.
    public init(_ octets: [UInt8]) throws(CapsuleError) {
        var reader = try CapsuleReader(octets)
        header = reader.header
        settings = reader.settings
        // What the call asked for, and when, comes from giving it the same again.
        var asked = Requests()
        let report = try CapsuleReplay.run(octets) { output, now in
            if case .effect(let effect) = output { asked.take(effect, at: now) }
        }
        decisions = report.decisions
        duration = report.duration
        damage = report.damage
        isWhole = report.isWhole
        finals = asked.turns.map { _ in Delayed(after: .zero, value: nil) }
        replies = asked.questions.map { _ in [] }
        speech = asked.clauses.map { _ in [] }
        var inputs = 0
        while let record = reader.next() {
            switch record {
            case .heard(let samples, let time):
                inputs += 1
                frames.append((time, samples))
            case .judged: inputs += 1
            case .phrase(let phrase, let audio): settings.phrases[phrase] = audio
            case .event(let event, let time):
                inputs += 1
                take(event, at: ReplayMoment(at: time, number: inputs), asked)
            case .outputs, .hash, .end: break
            }
        }
    }

    /// When the call asked for what.
    private struct Requests {
        var turns: [(turn: TurnID, at: CallTime)] = []
        var questions: [(generation: Generation, at: ReplayMoment)] = []
        var clauses: [(clause: Int, at: CallTime)] = []

        mutating func take(_ effect: CallEffect, at now: ReplayMoment) {
            switch effect {
            case .finishTurn(let turn): turns.append((turn, now.at))
            case .ask(let request): questions.append((request.generation, now))
            case .tellAgent(let generation, _, _): questions.append((generation, now))
            case .speak(_, let clause, _), .sound(_, let clause, _): clauses.append((clause, now.at))
            default: break
            }
        }
    }

    private mutating func take(_ event: CallEvent, at moment: ReplayMoment, _ asked: Requests) {
        let now = moment.at
        switch event {
        case .started: began = now
        case .digit(let digit): digits.append((now, digit))
        case .stopped, .lost: left = left ?? (now, event)
        case .recognizer(.partial(_, let text)): partials.append((now, text))
        case .recognizer(.final(let turn, let text)): settle(turn, text, at: now, asked)
        case .recognizer(.failed(let turn)): settle(turn, nil, at: now, asked)
        case .reply(let generation, let part):
            // Of the questions with this number, the last one before it.
            let asked = asked.questions
            guard let index = asked.lastIndex(where: { $0.generation == generation && $0.at.number < moment.number })
            else { return }
            replies[index].append(Delayed(after: now - asked[index].at.at, value: part))
        case .synthesizer(let answer):
            guard let index = asked.clauses.firstIndex(where: { $0.clause == answer.clause }) else { return }
            speech[index].append(Delayed(after: now - asked.clauses[index].at, value: answer))
        case .opinions, .opinion: opinions.append((now, event))
        // Actions are decided again, by the same rules; marks come from the carrier.
        case .action, .mark, .deadline: break
        // The agent's words come when they came; how its engines fared is told by what they answered.
        case .nudge, .engine: break
        }
    }

    private mutating func settle(_ turn: TurnID, _ text: String?, at now: CallTime, _ asked: Requests) {
        guard let index = asked.turns.firstIndex(where: { $0.turn == turn }) else { return }
        finals[index] = Delayed(after: max(.zero, now - asked.turns[index].at), value: text)
    }
}

extension SynthesizerAnswer {
    var clause: Int {
        switch self {
        case .audio(_, let clause, _), .done(_, let clause), .failed(_, let clause): clause
        }
    }
}
