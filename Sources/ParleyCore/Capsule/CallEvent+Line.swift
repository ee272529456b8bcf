/// What happened to a call, as one line for people.
extension CallEvent {
    public var line: String {
        switch self {
        case .started: "the call began"
        case .digit(let digit): "key \(digit.character)"
        case .mark(let mark): "mark u\(mark.generation.number)-\(mark.index) came back"
        case .stopped: "the caller hung up"
        case .lost(let reason): "the call was lost: \(reason.rawValue)"
        case .recognizer(.partial(let turn, let text)): "words so far of turn \(turn.number): \(quoted(text))"
        case .recognizer(.final(let turn, let text)): "words of turn \(turn.number): \(quoted(text))"
        case .recognizer(.failed(let turn)): "no words will come for turn \(turn.number)"
        case .reply(let generation, let part): "reply \(generation.number): \(part.line)"
        case .synthesizer(.audio(let generation, let clause, let audio)):
            "speech for reply \(generation.number) clause \(clause): \(audio.frameCount) frames"
        case .synthesizer(.done(let generation, let clause)):
            "speech for reply \(generation.number) clause \(clause) is all here"
        case .synthesizer(.failed(let generation, let clause)):
            "no speech will come for reply \(generation.number) clause \(clause)"
        case .action(let result): "action \(result.number): \(result.outcome)"
        case .opinions(let willCome): willCome ? "second opinions will come" : "no more second opinions"
        case .opinion(let frame, let odds): "second opinion on frame \(frame): \(odds)"
        case .deadline: "a deadline"
        case .nudge: "the agent has something to say"
        case .engine(let news): "\(news.line)"
        }
    }
}

extension ReplyPart {
    fileprivate var line: String {
        switch self {
        case .text(let text): quoted(text)
        case .action(let request): "action \(quoted(request.name)) \(quoted(request.arguments))"
        case .set(let name, let value): "\(name) = \(quoted(value))"
        case .expect: "what is waited for next"
        case .end: "then end the call"
        case .transfer(let target): "then transfer to \(quoted(target))"
        case .done: "that is all"
        case .failed: "failed"
        case .sound(let sound): sound.line
        case .drop: "in place of what has not been played"
        }
    }
}
