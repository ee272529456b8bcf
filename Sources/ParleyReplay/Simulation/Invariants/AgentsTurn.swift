import ParleyCore

/// Whether it is the agent's turn, as far as that can be told from outside: something was asked of it, and the caller has not
/// heard all of the answer. An answer without a word is none, unless it did something or left the first word to the caller.
struct AgentsTurn {
    /// A turn of the caller's is over and its words are waited for.
    private var words: TurnID?
    /// A reply that was asked for: whether all its text is here, the clauses that are being made, its audio that came, and how
    /// much of that was heard.
    private var reply: Reply?
    /// A phrase that is being said, until its last frame is heard.
    private var phrase: (Phrase, framesLeft: Int)?

    private struct Reply {
        var generation: Generation
        /// There are words in it, or none are due.
        var isAnswer: Bool
        var isWhole = false
        var clausesLeft = 0
        var framesLeft: [Int: Int] = [:]
        var isHeard: Bool { isAnswer && isWhole && clausesLeft == 0 && framesLeft.isEmpty }
    }

    var isOn: Bool { words != nil || reply != nil || phrase != nil }

    mutating func see(_ sight: Sight) {
        switch sight {
        case .input(let event): take(event)
        case .effect(let effect): take(effect)
        case .heard(let tag): hear(tag)
        case .sent, .settled, .tick, .textLeft: break
        }
    }

    private mutating func take(_ event: CallEvent) {
        switch event {
        case .recognizer(.final(let turn, _)) where words == turn, .recognizer(.failed(let turn)) where words == turn:
            words = nil
        case .reply(let generation, .done) where reply?.generation == generation:
            reply?.isWhole = true
            settle()
        case .reply(let generation, .end), .reply(let generation, .transfer), .reply(let generation, .action):
            if reply?.generation == generation { reply?.isAnswer = true }
        case .synthesizer(.audio(let generation, let clause, let audio)) where reply?.generation == generation:
            reply?.framesLeft[clause, default: 0] += audio.frameCount
        case .synthesizer(.done(let generation, _)) where reply?.generation == generation:
            reply?.clausesLeft -= 1
            settle()
        default: break
        }
    }

    private mutating func take(_ effect: CallEffect) {
        switch effect {
        case .finishTurn(let turn): words = turn
        case .cancelTurn(let turn): if words == turn { words = nil }
        case .ask(let request):
            reply = Reply(generation: request.generation, isAnswer: request.cause == .opening)
        case .speak(let generation, _, _):
            guard reply?.generation == generation else { break }
            reply?.isAnswer = true
            reply?.clausesLeft += 1
        case .cancelReply(let generation), .retractReply(let generation):
            if reply?.generation == generation { reply = nil }
        // The call takes it for heard: where marks were lost, nobody knows better.
        case .note(.agentTurn(let turn)):
            if reply?.generation == turn.generation, reply?.isAnswer == true { reply = nil }
        case .note(.bridged(let said)):
            phrase = (said, SimulatedPhrases.frames)
            // Asked to say it again, or told that it will not be answered: nothing more is owed.
            if said != .oneMoment, reply?.isAnswer == false { reply = nil }
        // The same of a phrase that a dead line swallowed.
        case .clear, .note(.floor(.free)): phrase = nil
        default: break
        }
    }

    private mutating func hear(_ tag: FrameTag) {
        switch tag.source {
        case .phrase(let said):
            guard let phrase, phrase.0 == said else { return }
            self.phrase = tag.frame + 1 >= SimulatedPhrases.frames ? nil : phrase
        case .reply(let generation, let clause):
            guard reply?.generation == generation, let left = reply?.framesLeft[clause] else { return }
            reply?.framesLeft[clause] = left > 1 ? left - 1 : nil
            settle()
        }
    }

    private mutating func settle() {
        if reply?.isHeard == true { reply = nil }
    }
}
