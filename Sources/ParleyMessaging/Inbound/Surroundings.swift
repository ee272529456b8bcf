/// What stands around a phrase in its clause, and what that makes of it.
struct Surroundings {
    let words: [String]
    let start: Int
    /// One past the phrase.
    let end: Int
    let isQuestion: Bool
    let reading: OptOutGrammar.Reading

    func verdict(of rule: OptOutRule) -> OptOutGrammar.Verdict {
        let next = end < words.count ? words[end] : ""
        if rule.never.contains(next) { return .none }
        if rule.guards.contains(.noun), isNoun { return .none }
        if rule.guards.contains(.others), isOfOthers { return .none }
        if rule.guards.contains(.report), isReport { return .none }
        if rule.guards.contains(.schedule), isAboutSchedule { return .none }
        if rule.guards.contains(.call), reading.wantsTexts { return .none }
        if rule.guards.contains(.whole), !isWhole { return .none }
        if rule.verdict == .unsure { return .unsure }
        if rule.unsure.contains(next) { return .unsure }
        if rule.guards.contains(.negation), isNegated { return .unsure }
        if rule.guards.contains(.condition), isConditional || reading.isMistake { return .unsure }
        if rule.guards.contains(.speaker), isOfSpeaker { return .unsure }
        if rule.guards.contains(.ownAct), isOwnAct || isQuestion { return .unsure }
        return .optOut
    }

    private func before(_ count: Int) -> ArraySlice<String> { words[..<start].suffix(count) }

    /// "the bus stop", "my next stop".
    private var isNoun: Bool {
        words[start] == "stop" && (before(1).first.map { PhraseWords.stopNouns.contains($0) } ?? false)
    }

    /// "you don't text me": a complaint, not a wish; "I told you don't text me" is one.
    private var isOfOthers: Bool {
        let near = Array(before(2))
        guard let subject = near.last, PhraseWords.others.contains(subject) else { return false }
        guard near.count == 2 else { return true }
        // "I told you don't", "could you not".
        return !PhraseWords.telling.contains(near[0])
            && !(PhraseWords.asking.contains(near[0]) && words[start] == "not" && !before(4).contains("why"))
    }

    /// "I got no texts".
    private var isReport: Bool { before(2).contains { PhraseWords.reporting.contains($0) } }

    /// "take me off the schedule for the 3pm".
    private var isAboutSchedule: Bool {
        words[end...].prefix(6).contains { PhraseWords.schedule.contains($0) || ($0.first?.isNumber ?? false) }
    }

    /// Of a clause that a phrase fills.
    private static let maxWhole = 24

    /// Nothing else in the clause but small words.
    private var isWhole: Bool {
        words.count <= Self.maxWhole && words[..<start].allSatisfy { PhraseWords.companions.contains($0) }
            && words[end...].allSatisfy { PhraseWords.companions.contains($0) }
    }

    /// "don't ever stop texting me". Not "why don't you stop", and not "if you don't stop".
    private var isNegated: Bool { Self.isNegated(words, before: start) }

    static func isNegated(_ words: [String], before start: Int) -> Bool {
        var index = start - 1
        var steps = 0
        while index >= 0, steps < 6 {
            let word = words[index]
            if PhraseWords.negators.contains(word) {
                if index + 1 < words.count, ["you", "they"].contains(words[index + 1]) { return false }
                return !words[..<index].suffix(3).contains { PhraseWords.threats.contains($0) }
            }
            guard PhraseWords.betweenNegation.contains(word) else { return false }
            index -= 1
            steps += 1
        }
        return false
    }

    /// "if I unsubscribe", "did you stop".
    private var isConditional: Bool {
        let near = Array(before(4))
        if near.contains(where: { PhraseWords.telling.contains($0) }) { return false }
        for (index, word) in near.enumerated() {
            if word == "if", before(8).contains(where: { PhraseWords.wishing.contains($0) }) { return false }
            if ["if", "whether", "happens", "when"].contains(word) {
                // "If you don't stop": a threat.
                return !near[index...].contains { PhraseWords.negators.contains($0) }
            }
            guard index + 1 < near.count else { continue }
            if ["did", "do", "should", "will", "am", "was", "does"].contains(word),
                ["i", "we", "it"].contains(near[index + 1])
            {
                return !before(5).contains("how")
            }
            if word == "did", ["you", "they"].contains(near[index + 1]) { return true }
        }
        return false
    }

    /// "I have to stop texting now", where no "me" says whose texts are meant.
    private var isOfSpeaker: Bool {
        if words[start..<end].contains(where: { PhraseWords.me.contains($0) }) { return false }
        if end < words.count, PhraseWords.me.contains(words[end]) { return false }
        // Only small verbs may stand between: "I'm not Kay stop texting" has another subject.
        let subject = before(6).last { !PhraseWords.auxiliaries.contains($0) }
        return subject.map { PhraseWords.speaker.contains($0) } ?? false
    }

    /// "I gave you the wrong number".
    private var isOwnAct: Bool {
        let near = before(6)
        return near.contains { PhraseWords.acts.contains($0) }
            && near.contains { ["i", "ive", "we", "my"].contains($0) }
    }
}

/// What may turn a phrase into something else.
struct PhraseGuards: OptionSet, Sendable {
    let rawValue: UInt16
    static let negation = PhraseGuards(rawValue: 1)
    static let condition = PhraseGuards(rawValue: 2)
    static let noun = PhraseGuards(rawValue: 4)
    static let others = PhraseGuards(rawValue: 8)
    static let speaker = PhraseGuards(rawValue: 16)
    static let report = PhraseGuards(rawValue: 32)
    static let schedule = PhraseGuards(rawValue: 64)
    static let ownAct = PhraseGuards(rawValue: 128)
    static let call = PhraseGuards(rawValue: 256)
    static let whole = PhraseGuards(rawValue: 512)
    static let usual: PhraseGuards = [.negation, .condition, .noun]
}

/// One way to ask for no more texts.
struct OptOutRule: Sendable {
    var id: String
    var pattern: PhrasePattern
    var verdict: OptOutGrammar.Verdict
    var media: OptOutGrammar.Medium
    var guards: PhraseGuards
    /// Words right after it that make it unsure, and nothing.
    var unsure: Set<String>
    var never: Set<String>
}
