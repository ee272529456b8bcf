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
        // What was said before it stays, and is all there is.
        if before.hasWords { return fill(index, at: now) }
        guard before.falseStarts < Self.mostFalseStarts else {
            fail(index, at: now)
            return discard(index, at: now)
        }
        replies[index].generation = nil
        replies[index].ownItems = []
        discard(index, at: now)
        addReply(generation, before.turn, want: before.mustSay == nil ? want : honestAnswer)
        let next = replies.count - 1
        replies[next].asked = before.asked
        replies[next].ownItems = before.ownItems
        replies[next].falseStarts = before.falseStarts + 1
    }

    // MARK: Unasked

    /// Hands words out, but for a sentence that claims to be a person's: the truth follows in its place. Where a claim may
    /// have begun, the words wait.
    mutating func tellTrue(_ taken: String, _ index: Int, at now: CallTime) {
        guard !replies[index].owesTruth else { return }
        var rest = taken[...]
        while !rest.isEmpty {
            let end = rest.firstIndex { ".!?".contains($0) }.map { rest.index(after: $0) } ?? rest.endIndex
            let piece = String(rest[..<end])
            rest = rest[end...]
            replies[index].sentence += piece
            let sentence = replies[index].sentence
            let isStopped = piece.last.map { ".!?".contains($0) } ?? false
            // "I am a person" may yet become "I am a personal assistant".
            let isInWord = piece.last.map { $0.isLetter || $0.isNumber } ?? true
            if MachineDenial.isIn(sentence) {
                if isInWord {
                    replies[index].pending += piece
                    continue
                }
                handOutWithheld(index)
                return replaceClaim(index, at: now)
            }
            replies[index].pending += piece
            if isStopped || !MachineDenial.mayFollow(sentence) {
                replies[index].withheld += replies[index].pending
                replies[index].pending = ""
            }
            if isStopped { replies[index].sentence = "" }
        }
        handOutWithheld(index)
    }

    /// The response is over: what still waits for its next word has none.
    mutating func settleWithheld(_ index: Int, at now: CallTime) {
        guard !replies[index].pending.isEmpty else { return }
        if MachineDenial.isIn(replies[index].sentence) { return replaceClaim(index, at: now) }
        replies[index].withheld += replies[index].pending
        replies[index].pending = ""
        handOutWithheld(index)
    }

    private mutating func handOutWithheld(_ index: Int) {
        guard !replies[index].withheld.isEmpty else { return }
        tell(.text(replies[index].withheld), index)
        replies[index].withheld = ""
        replies[index].hasWords = true
    }

    /// Nothing more of this response is said; what was withheld is not.
    mutating func replaceClaim(_ index: Int, at now: CallTime) {
        tell(.agent, .failed, "the model said that it is a person")
        (replies[index].sentence, replies[index].pending) = ("", "")
        replies[index].owesTruth = true
        // Words that were handed out wait for their sound.
        if replies[index].speech.segments.last?.audio.isEmpty == false { stop(index, at: now) }
    }
}
