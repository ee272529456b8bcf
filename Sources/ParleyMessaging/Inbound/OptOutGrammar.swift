/// Finds the ways in which people ask for no more texts, in English sentences.
///
/// A grammar of phrases (`OptOutPhrases`), never a bag of words: "stop" beside "at 5" is nothing. What a phrase means
/// also hangs on what stands before it: "did you stop texting me" and "don't stop texting me" are `unsure`.
enum OptOutGrammar {
    enum Verdict: Int, Comparable, Sendable {
        case none, unsure, optOut

        static func < (one: Verdict, other: Verdict) -> Bool { one.rawValue < other.rawValue }
    }

    /// Where the words come from; a rule names those that it holds in.
    struct Medium: OptionSet, Sendable {
        let rawValue: UInt8
        static let text = Medium(rawValue: 1)
        /// A caller's turn: "stop" and "cancel" are said to the agent, "wrong number" of the call.
        static let speech = Medium(rawValue: 2)
        /// The answer to "may we text you?".
        static let answer = Medium(rawValue: 4)
        static let all: Medium = [.text, .speech, .answer]
    }

    struct Finding: Equatable, Sendable {
        var verdict = Verdict.none
        /// Of the first rule that gave the verdict.
        var rule = ""
        /// A clause of its own is a word that opts out where it is the whole text: "Cancel. I am ill."
        var hasLooseKeyword = false

        mutating func take(_ verdict: Verdict, _ rule: String) {
            guard verdict > self.verdict else { return }
            self.verdict = verdict
            self.rule = rule
        }
    }

    /// A text made ready for the grammar.
    struct Reading: Sendable {
        struct Clause: Sendable {
            var words: [String]
            var isShouted: [Bool]
            /// In the vocabulary of `OptOutPhrases`.
            var numbers: [Int]
            var isQuestion: Bool
        }
        var clauses: [Clause]
        var hasQuietWords: Bool
        /// Says that something was done by mistake.
        var isMistake: Bool
        /// Asks to be texted: "text me instead".
        var wantsTexts: Bool

        init(_ text: FoldedText) {
            clauses = Self.joined(text.clauses).map { clause in
                let words = PlainWords.plain(clause.words)
                return Clause(
                    words: words.map(\.text), isShouted: words.map(\.isShouted),
                    numbers: words.map { OptOutPhrases.book.vocabulary.number(of: $0.text) },
                    isQuestion: clause.isQuestion)
            }
            hasQuietWords = text.hasQuietWords
            isMistake = clauses.contains { clause in
                clause.words.contains { ["accidentally", "mistakenly", "accident", "mistake"].contains($0) }
            }
            wantsTexts = clauses.contains { Self.wantsTexts($0.words) }
        }

        /// "Lose. My. Number." is one sentence.
        private static func joined(_ clauses: [FoldedText.Clause]) -> [FoldedText.Clause] {
            guard clauses.count > 2, clauses.allSatisfy({ $0.words.count == 1 }) else { return clauses }
            let isQuestion = clauses.contains { $0.isQuestion }
            return [FoldedText.Clause(words: clauses.flatMap(\.words), isQuestion: isQuestion)]
        }

        private static func wantsTexts(_ words: [String]) -> Bool {
            for index in words.indices.dropLast() where ["text", "message", "sms"].contains(words[index]) {
                guard ["me", "us", "instead", "this", "my", "only", "is", "works"].contains(words[index + 1]) else {
                    continue
                }
                let before = words[..<index].suffix(3)
                if before.allSatisfy({ !["dont", "never", "not", "or", "nor", "stop", "no", "didnt"].contains($0) }) {
                    return true
                }
            }
            return false
        }
    }

    static func read(_ reading: Reading, in medium: Medium) -> Finding {
        var finding = Finding()
        for (index, clause) in reading.clauses.enumerated() {
            phrases(clause, reading, medium, into: &finding)
            if medium == .text {
                let isOuter = index == 0 || index == reading.clauses.count - 1
                LooseStop.read(clause, isOuter: isOuter, hasQuietWords: reading.hasQuietWords, into: &finding)
            }
            if finding.verdict == .optOut { break }
        }
        return finding
    }

    private static func phrases(
        _ clause: Reading.Clause, _ reading: Reading, _ medium: Medium, into finding: inout Finding
    ) {
        let book = OptOutPhrases.book
        let words = clause.words
        let isClosing = { (index: Int) in index >= words.count || PhraseWords.closing.contains(words[index]) }
        for start in words.indices {
            for rule in book.rules(startingWith: clause.numbers[start]) where rule.media.contains(medium) {
                guard rule.verdict > finding.verdict,
                    let end = rule.pattern.end(of: clause.numbers, from: start, isClosing: isClosing)
                else { continue }
                let place = Surroundings(
                    words: words, start: start, end: end, isQuestion: clause.isQuestion, reading: reading)
                finding.take(place.verdict(of: rule), rule.id)
            }
        }
    }
}
