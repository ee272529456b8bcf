/// Puts letters and their times together to words, over as many messages as they come in.
struct LetterTimes: Sendable {
    struct Letter: Equatable, Sendable {
        var text: String
        /// In milliseconds from the start of its message's sound; -1: it was not told.
        var end: Int
    }

    /// No word is longer, in UTF-8 units; what is becomes several, which then are not found in the text.
    private static let longestWord = 256

    private var word = ""
    private var end = -1

    /// - Parameter start: of the message's sound within the clause's, in milliseconds.
    /// - Returns: the words that are whole by now.
    mutating func add(_ letters: [Letter], from start: Int) -> [TimedWord] {
        var words: [TimedWord] = []
        for letter in letters {
            if letter.text.allSatisfy(\.isWhitespace) || word.utf8.count >= Self.longestWord {
                if let whole = finish() { words.append(whole) }
            }
            guard !letter.text.allSatisfy(\.isWhitespace) else { continue }
            word += letter.text
            if letter.end >= 0 { end = start + letter.end }
        }
        return words
    }

    /// The word that no space follows, if there is one.
    mutating func finish() -> TimedWord? {
        defer { (word, end) = ("", -1) }
        return word.isEmpty || end < 0 ? nil : TimedWord(word, end: end)
    }
}
