/// How long the caller has waited, whatever was said to bridge it.
extension Call {
    /// A phrase is about to bridge the wait for an answer: from here on it counts from the caller's turn that waits for it.
    mutating func noteWait() {
        guard owed == nil else { return }
        // A reply that is due answers an older turn than the one whose words are.
        if replyIsDue, !hasAnswered { return owe(waterfall) }
        guard awaiting == nil ? !replyIsDue : turnTimes.turn == awaiting else { return }
        owe(turnTimes)
    }

    /// Keys and greetings have no last voiced frame that a wait could be counted from.
    private mutating func owe(_ times: Waterfall) {
        guard times.lastVoiced != nil else { return }
        owed = times.ofTurn
    }

    /// The times that a reply's waterfall begins with: those of the turn that it answers, or of an older one that still waits.
    var timesOfWait: Waterfall {
        guard let owed, let since = owed.lastVoiced, turnTimes.lastVoiced.map({ $0 > since }) ?? true else {
            return turnTimes
        }
        return owed
    }
}

extension Waterfall {
    /// Without what a reply brought.
    fileprivate var ofTurn: Waterfall {
        var times = Waterfall(turn: turn, generation: Generation(0))
        (times.lastVoiced, times.paused, times.endpoint) = (lastVoiced, paused, endpoint)
        (times.ending, times.final) = (ending, final)
        return times
    }
}
