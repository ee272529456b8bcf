/// "Stop" in a text where no phrase is: alone in its clause, in capitals, in front of "I don't know you".
enum LooseStop {
    static func read(
        _ clause: OptOutGrammar.Reading.Clause, isOuter: Bool, hasQuietWords: Bool,
        into finding: inout OptOutGrammar.Finding
    ) {
        let words = clause.words
        if words.count == 1, isOuter, ["cancel", "end", "quit", "revoke", "remove", "stop"].contains(words[0]) {
            finding.hasLooseKeyword = true
        }
        guard words.contains("stop") else { return }
        if isOuter, isStopAndSmallWords(words) { return finding.take(.optOut, "stop_clause") }
        if words.count > 1, words[0] == "stop", PhraseWords.afterStop.contains(words[1]) {
            return finding.take(.optOut, "stop_first")
        }
        for (index, word) in words.enumerated() where word == "stop" {
            let before = index > 0 ? words[index - 1] : ""
            let next = index + 1 < words.count ? words[index + 1] : ""
            if PhraseWords.stopNouns.contains(before) || PhraseWords.stopAdverbs.contains(next) { continue }
            let isNegated = Surroundings.isNegated(words, before: index) || words[..<index].suffix(3).contains("if")
            if hasQuietWords, clause.isShouted[index] {
                finding.take(isNegated || PhraseWords.writing.contains(before) ? .unsure : .optOut, "stop_in_capitals")
            } else if next.isEmpty, !isQuestion(words),
                PhraseWords.dismissals.contains(before) || PhraseWords.textPlurals.contains(before)
            {
                finding.take(isNegated ? .unsure : .optOut, "stop_last")
            } else if next.isEmpty, words.count <= 6,
                !words.contains(where: { PhraseWords.asksAboutStopping.contains($0) })
            {
                finding.take(.unsure, "stop_last")
            } else if isNearTexts(words, index) {
                finding.take(.unsure, "stop_near_texts")
            }
        }
    }

    /// "What time do you stop."
    private static func isQuestion(_ words: [String]) -> Bool {
        words.first.map { ["what", "when", "where", "which", "how"].contains($0) } ?? false
    }

    private static func isStopAndSmallWords(_ words: [String]) -> Bool {
        words.allSatisfy { $0 == "stop" || PhraseWords.companions.contains($0) }
    }

    /// Unsure is what is left where a stop and a word for texting are close together and no rule knows why.
    private static func isNearTexts(_ words: [String], _ index: Int) -> Bool {
        let near = words[..<index].suffix(5) + words[(index + 1)...].prefix(5)
        return near.contains { PhraseWords.texting.contains($0) || PhraseWords.texts.contains($0) }
    }
}
