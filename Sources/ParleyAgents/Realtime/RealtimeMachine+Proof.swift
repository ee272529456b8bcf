import ParleyCore

/// Words that are not left to the model: heard once they are proven, and never other ones in their place.
extension RealtimeMachine {
    /// How often a model is asked again that says something else.
    private static let mostFalseStarts = 1

    /// - Parameters:
    ///   - taken: what the model has said now.
    ///   - words: all that it is to say.
    mutating func prove(_ taken: String, _ words: String, _ index: Int, at now: CallTime) {
        guard !replies[index].isProven else {
            // Nothing is added to them but a stop.
            return taken.contains { $0.isLetter || $0.isNumber } ? fill(index, at: now) : tell(.text(taken), index)
        }
        replies[index].unproven += taken
        let (said, wanted) = (Words(replies[index].unproven).phrase, Words(words).phrase)
        if said == wanted {
            replies[index].isProven = true
            tell(.text(replies[index].unproven), index)
        } else if !wanted.hasPrefix(said) {
            startAnew(index, at: now)
        }
    }

    /// It said something else: that is taken out of the conversation, and it is asked once more.
    private mutating func startAnew(_ index: Int, at now: CallTime) {
        guard let want = running?.want, let generation = replies[index].generation else {
            return discard(index, at: now)
        }
        tell(.agent, .failed, "the model did not say what it was told to")
        let before = replies[index]
        guard before.falseStarts < Self.mostFalseStarts else {
            fail(index, at: now)
            return discard(index, at: now)
        }
        replies[index].generation = nil
        replies[index].ownItems = []
        discard(index, at: now)
        addReply(generation, before.turn, want: want)
        let next = replies.count - 1
        replies[next].asked = before.asked
        replies[next].ownItems = before.ownItems
        replies[next].falseStarts = before.falseStarts + 1
    }
}
