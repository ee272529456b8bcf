import ParleyCore

/// Finds the words that a voice says it spoke in the text that it was given, one after another.
///
/// Voices tell words with or without the marks around them, and some spell out what was a number. A word that is not
/// among the next few of the text has no place there and is left out; the one after it is found again.
struct WordFinder {
    /// So many words of the text are looked at for one that was spoken.
    private static let reach = 4

    private struct Word {
        var key: String
        /// Just past the word, in UTF-8 units of the text.
        var end: Int
    }

    private let words: [Word]
    private var next = 0
    private var lastEnd = 0

    init(_ text: String) {
        words = text.split(whereSeparator: \.isWhitespace).map { word in
            Word(key: Self.key(word), end: text.utf8.distance(from: text.startIndex, to: word.endIndex))
        }
    }

    /// - Parameter latest: milliseconds; no time beyond it is believed.
    mutating func ends(of spoken: [TimedWord], latest: Int = ClauseSound.longestSeconds * 1_000) -> [WordEnd] {
        spoken.compactMap { word in
            let key = Self.key(word.text[...])
            guard !key.isEmpty, (0...latest).contains(word.end) else { return nil }
            let range = next..<min(next + Self.reach, words.count)
            guard let found = words[range].firstIndex(where: { $0.key == key }) else { return nil }
            next = found + 1
            lastEnd = max(lastEnd, word.end)
            return WordEnd(textEnd: words[found].end, audioEnd: lastEnd)
        }
    }

    private static func key(_ word: Substring) -> String {
        String(word.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
