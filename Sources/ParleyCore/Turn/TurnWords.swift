/// What the recogniser has said about the turn that is going on, as endpointing needs it.
struct TurnWords: Sendable {
    /// Of the newest words.
    private(set) var completeness = Completeness.unknown
    /// The newest words came in this pause: they were heard up to it.
    private(set) var areOfPause = false
    private var words: SpokenWords?
    /// Length of the turn when the words last changed, and when they were last said.
    private var changed = CallTime.zero
    private var said = CallTime.zero

    mutating func take(_ text: String, as kind: AnswerKind, inPause: Bool, length: CallTime) {
        let words = SpokenWords(text)
        if words.tokens != self.words?.tokens { changed = length }
        self.words = words
        said = length
        areOfPause = inPause
        completeness = Completeness.of(words, as: kind)
    }

    /// The caller speaks on: what was said is no longer all.
    mutating func resume() { areOfPause = false }

    mutating func reset() { self = TurnWords() }

    /// How long the words have stood through two decodes or more; `nil` without words.
    var steady: (completeness: Completeness, for: CallTime)? { words == nil ? nil : (completeness, said - changed) }
}
