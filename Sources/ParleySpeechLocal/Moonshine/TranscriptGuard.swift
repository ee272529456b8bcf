#if LocalSpeech
/// What of a recogniser's text can have been said.
///
/// On bad audio these models go round in circles, and on faint noise they say "You": both are cut here, before a flow
/// acts on them.
enum TranscriptGuard {
    /// Nobody speaks faster for long (fast speech is some five words a second).
    private static let wordsPerSecond = 8
    /// What the model says when there is nothing to hear.
    private static let fillers: Set<String> = ["you", "thank you", "bye", "the", "oh"]
    /// Below this a filler is the model's own. Telephone speech peaks 20 dB higher.
    private static let faintDBFS: Float = -42

    /// - Parameters:
    ///   - seconds: length of the audio.
    ///   - loudestDBFS: RMS of its loudest 20 ms.
    static func clean(_ text: String, seconds: Double, loudestDBFS: Float) -> String {
        // Notes, brackets and the like stand for sounds, not for words.
        var words = text.split(whereSeparator: \.isWhitespace).filter { word in
            word.contains { $0.isLetter || $0.isNumber }
        }
        words = withoutRuns(words)
        let limit = Int(seconds * Double(wordsPerSecond)) + 2
        if words.count > limit { words.removeLast(words.count - limit) }
        let cleaned = words.joined(separator: " ")
        return loudestDBFS < faintDBFS && fillers.contains(plain(cleaned)) ? "" : cleaned
    }

    /// Keeps a phrase of two to eight words that is repeated three times or more once, and a single word four times:
    /// "no no no" and "zero zero zero zero" are said by people. Figures may be repeated more often, but not without end.
    private static func withoutRuns(_ words: [Substring]) -> [Substring] {
        var words = words
        for length in stride(from: 8, through: 1, by: -1) {
            let kept = length == 1 ? 4 : 1
            let least = length == 1 ? 6 : 3
            var start = 0
            while start + length * least <= words.count {
                var repeats = 1
                while start + length * (repeats + 1) <= words.count,
                    isSame(words, start, start + length * repeats, length)
                {
                    repeats += 1
                }
                let phrase = words[start..<(start + length)].map { plain($0) }
                let isOneWord = length > 1 && Set(phrase).count == 1
                if length == 1 || repeats > 2, length * repeats > longestRun, !isOneWord {
                    words.removeSubrange((start + length)..<(start + length * repeats))
                } else if repeats >= least, !isOneWord, !areFigures(phrase) {
                    words.removeSubrange((start + length * kept)..<(start + length * repeats))
                }
                start += 1
            }
        }
        return words
    }

    /// People do say these over and over.
    private static func areFigures(_ words: [String]) -> Bool {
        words.allSatisfy { figures.contains($0) || $0.allSatisfy(\.isNumber) }
    }

    /// No telephone number has one figure, or a group of them three times, in more words than this in a row.
    private static let longestRun = 9

    private static let figures: Set<String> = [
        "zero", "oh", "o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double",
    ]

    private static func isSame(_ words: [Substring], _ left: Int, _ right: Int, _ length: Int) -> Bool {
        (0..<length).allSatisfy { plain(words[left + $0]) == plain(words[right + $0]) }
    }

    private static func plain(_ text: some StringProtocol) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " })
    }
}
#endif
