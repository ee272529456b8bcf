/// The second net, for texts that no phrase fits: words of two kinds that stand together, as a word for ending beside a
/// word for texting. It decides nothing: what it holds is read by a person.
enum SecondNet {
    static func holds(_ reading: OptOutGrammar.Reading) -> Bool {
        let all = reading.clauses.flatMap(\.words)
        if reading.clauses.contains(where: { isDismissal($0.words) }) || isTemper(all) {
            return true
        }
        if isBareStop(reading) || isHostile(all) || isAboutList(reading) { return true }
        if isThreat(all) || isDeath(all, reading) { return true }
        if all.count <= maxComplaint, isComplaint(all) { return true }
        if all.count <= maxComplaint, !reading.wantsTexts, reading.clauses.contains(where: { isNoToTexts($0.words) }) {
            return true
        }
        return reading.clauses.contains { endsTexts($0.words) || refusesTexts($0.words) }
    }

    /// Of a caller's turn: words of texting only, for a list or a number may be another's.
    static func holdsTurn(_ reading: OptOutGrammar.Reading) -> Bool {
        reading.clauses.contains { clause in
            let words = clause.words
            return words.count <= maxComplaint
                && (isComplaint(words) || refusesTexts(words) || (!reading.wantsTexts && isNoToTexts(words)))
        }
    }

    /// Of a text that one complaint may fill; in a longer one the two words may be strangers.
    private static let maxComplaint = 30
    /// Between two words that belong together.
    private static let near = 4

    /// "please have this number removed". Not "can you stop by and text me".
    private static func endsTexts(_ words: [String]) -> Bool {
        words.indices.contains { index in
            guard SecondNetWords.ends.contains(words[index]), !isOtherStop(words, index) else { return false }
            if index + 1 < words.count, SecondNetWords.nagging.contains(words[index + 1]) {
                return !Surroundings.isNegated(words, before: index)
            }
            let reach = max(0, index - near)..<min(words.count, index + near + 1)
            return reach.contains { isTexting(words, $0) || SecondNetWords.address.contains(words[$0]) }
        }
    }

    /// "no one ever asked you for notifications".
    private static func refusesTexts(_ words: [String]) -> Bool {
        guard words.indices.contains(where: { isTexting(words, $0) }) else { return false }
        return words.indices.contains { index in
            SecondNetWords.refusals.contains(words[index])
                && words[..<index].suffix(near).contains { SecondNetWords.nots.contains($0) }
        }
    }

    /// "I can't read texts". Not "I never got the text".
    private static func isNoToTexts(_ words: [String]) -> Bool {
        let nots = words.filter { SecondNetWords.nots.contains($0) }
        guard !nots.isEmpty else { return false }
        guard words.indices.contains(where: { isNoun(words, $0) }) || words.last == "these" else { return false }
        if words.contains(where: { SecondNetWords.harmless.contains($0) }) { return false }
        let isInability = nots.contains { ["cant", "dont", "doesnt", "wont", "shouldnt"].contains($0) }
        return isInability || !words.contains { SecondNetWords.missing.contains($0) }
    }

    /// "these messages are driving me crazy".
    private static func isComplaint(_ words: [String]) -> Bool {
        let isSour =
            words.contains { SecondNetWords.sour.contains($0) }
            || zip(words, words.dropFirst()).contains { SecondNetWords.sourPairs[$0]?.contains($1) ?? false }
        let isCost = words.contains { SecondNetWords.costs.contains($0) }
        if isCost, words.contains("these") || words.contains("those") { return true }
        return (isSour || isCost)
            && words.indices.contains {
                (isTexting(words, $0) || isNoun(words, $0)) && !SecondNetWords.sour.contains(words[$0])
            }
    }

    /// A set phrase that fills a clause: "give it a rest".
    private static func isDismissal(_ words: [String]) -> Bool {
        guard words.count <= maxDismissal else { return false }
        var kept = words[...]
        if SecondNetWords.dismissals.contains(kept.joined(separator: " ")) { return true }
        while let first = kept.first, PhraseWords.companions.contains(first) { kept.removeFirst() }
        while let last = kept.last, PhraseWords.companions.contains(last) { kept.removeLast() }
        return SecondNetWords.dismissals.contains(kept.joined(separator: " "))
    }
    private static let maxDismissal = 10

    /// "Could you stop please", "it needs to stop": nothing says what.
    private static func isBareStop(_ reading: OptOutGrammar.Reading) -> Bool {
        reading.clauses.contains { clause in
            let words = clause.words
            return words.count <= maxDismissal && words.contains { SecondNetWords.bareEnds.contains($0) }
                && words.allSatisfy {
                    SecondNetWords.bareEnds.contains($0) || SecondNetWords.around.contains($0)
                        || PhraseWords.companions.contains($0)
                }
        }
    }

    /// "shame on you".
    private static func isHostile(_ words: [String]) -> Bool {
        words.count <= maxDismissal && words.contains { SecondNetWords.hostile.contains($0) }
    }

    /// "keep me off your lists".
    private static func isAboutList(_ reading: OptOutGrammar.Reading) -> Bool {
        reading.clauses.contains { clause in
            let words = clause.words
            return words.contains { SecondNetWords.lists.contains($0) }
                && words.contains { PhraseWords.me.contains($0) || $0 == "my" || $0 == "number" }
                && words.contains { SecondNetWords.offs.contains($0) }
        }
    }

    /// Nothing but temper: "ugh so annoying".
    private static func isTemper(_ words: [String]) -> Bool {
        words.count <= maxDismissal && words.contains { SecondNetWords.temper.contains($0) }
            && words.allSatisfy {
                SecondNetWords.temper.contains($0) || PhraseWords.companions.contains($0)
                    || SecondNetWords.exclamations.contains($0)
            }
    }

    private static func isThreat(_ words: [String]) -> Bool {
        if words.contains(where: { SecondNetWords.law.contains($0) }) { return true }
        return words.contains { SecondNetWords.lawyers.contains($0) } && words.indices.contains { isTexting(words, $0) }
    }

    /// "he passed away last year". Not "my mother died so I have to move Friday".
    private static func isDeath(_ words: [String], _ reading: OptOutGrammar.Reading) -> Bool {
        let isPassing = reading.clauses.contains { $0.words.count <= 3 && $0.words.last == "passed" }
        if words.contains("deceased") { return true }
        let isSaid =
            zip(words, words.dropFirst()).contains { SecondNetWords.deaths[$0]?.contains($1) ?? false }
            || words.contains("died") || isPassing
        return isSaid && !words.contains { SecondNetWords.living.contains($0) }
    }

    private static func isOtherStop(_ words: [String], _ index: Int) -> Bool {
        guard words[index] == "stop" else { return false }
        return index + 1 < words.count && PhraseWords.stopAdverbs.contains(words[index + 1])
            || index > 0 && PhraseWords.stopNouns.contains(words[index - 1])
    }

    /// "a text", and not "text me".
    private static func isNoun(_ words: [String], _ index: Int) -> Bool {
        SecondNetWords.messages.contains(words[index])
            && !(index + 1 < words.count && SecondNetWords.objects.contains(words[index + 1]))
    }

    /// A word for texting or for texts; "text me" and "I'll text you" count only where a "not" is before them.
    private static func isTexting(_ words: [String], _ index: Int) -> Bool {
        guard SecondNetWords.contact.contains(words[index]) else { return false }
        guard index + 1 < words.count, SecondNetWords.objects.contains(words[index + 1]) else { return true }
        return words[..<index].contains { SecondNetWords.nots.contains($0) }
    }
}
