import ParleyCore

/// Which of the offered things a caller named.
enum ChoicePhrase {
    /// - Returns: the choice's index and the tokens that named it; `nil` where none, or two equally well.
    static func find(_ choices: [FlowChoice], in words: Words, isAsked: Bool) -> (index: Int, used: Set<Int>)? {
        if isAsked, let tail = words.corrected, let found = best(choices, in: tail) {
            let offset = words.tokens.count - tail.tokens.count
            return (found.index, Set(found.used.map { $0 + offset }))
        }
        if let found = best(choices, in: words) { return found }
        guard isAsked else { return nil }
        return byPosition(choices, in: words).map { ($0, Set(words.tokens.indices)) }
    }

    private static func best(_ choices: [FlowChoice], in words: Words) -> (index: Int, used: Set<Int>)? {
        var found: (index: Int, used: Range<Int>, score: Int)?
        var isTie = false
        var exact: [Int: Range<Int>] = [:]
        for (index, choice) in choices.enumerated() {
            for phrase in choice.phrases {
                guard let match = match(phrase, in: words.tokens) else { continue }
                if match.score == phrase.joined().count * 4 { exact[index] = match.range }
                let best = found?.score ?? Int.min
                if match.score > best {
                    found = (index, match.range, match.score)
                    isTie = false
                } else if match.score == best, found?.index != index {
                    isTie = true
                }
            }
        }
        guard let found, !isTie else { return nil }
        // "A check-up or a cleaning" chooses neither.
        for (other, range) in exact where other != found.index && !range.overlaps(found.used) {
            let between = min(range.upperBound, found.used.upperBound)..<max(range.lowerBound, found.used.lowerBound)
            if words.tokens[between].contains("or") { return nil }
        }
        return (found.index, Set(found.used))
    }

    /// The place where `phrase` (one string, spaces gone) stands; longer and exact matches score higher.
    private static func match(_ phrase: [String], in tokens: [String]) -> (range: Range<Int>, score: Int)? {
        let wanted = phrase.joined()
        guard !wanted.isEmpty else { return nil }
        let isFuzzy = wanted.count >= 5
        var best: (range: Range<Int>, score: Int)?
        for start in tokens.indices {
            if start > 0, isNegated(tokens, start) { continue }
            var joined = ""
            for end in start..<min(start + phrase.count + 1, tokens.count) {
                joined += tokens[end]
                let allowed = isFuzzy ? (wanted.count >= 9 ? 2 : 1) : 0
                guard abs(joined.count - wanted.count) <= allowed else { continue }
                let distance =
                    joined == wanted ? 0 : isFuzzy ? EditDistance.between(joined, wanted, atMost: allowed) : nil
                guard let distance else { continue }
                let score = wanted.count * 4 - distance * 6
                if score > best?.score ?? Int.min { best = (start..<(end + 1), score) }
            }
        }
        return best
    }

    /// "Not a cleaning".
    private static func isNegated(_ tokens: [String], _ start: Int) -> Bool {
        for back in 1...2 where start - back >= 0 {
            if tokens[start - back] == "not" { return true }
            if !["a", "an", "the"].contains(tokens[start - back]) { return false }
        }
        return false
    }

    /// "The second one", "number two", "the last".
    private static func byPosition(_ choices: [FlowChoice], in words: Words) -> Int? {
        let bare = words.bare.filter {
            !["the", "one", "number", "option", "choice", "a", "take", "ill", "want", "i"].contains($0)
        }
        if words.bare == ["one"] || words.bare == ["number", "one"] || words.bare == ["option", "one"] {
            return byKey(choices, "1")
        }
        guard bare.count == 1 else { return nil }
        if bare[0] == "last" { return choices.count - 1 }
        if let ordinal = NumberWords.ordinal(bare, at: 0) {
            return choices.indices.contains(ordinal.value - 1) ? ordinal.value - 1 : nil
        }
        let word = NumberWords.homophones[bare[0]] ?? bare[0]
        guard let number = NumberWords.cardinal([word], at: 0) else { return nil }
        return byKey(choices, String(number.value))
    }

    static func byKey(_ choices: [FlowChoice], _ key: String) -> Int? { choices.firstIndex { $0.key == key } }
}
