/// Whether a caller's turn asks for no more texts. The grammar of `InboundText`, as recognisers write: no marks, no
/// capitals.
///
/// "Stop" in a call means "stop talking", "cancel" means the booking, "wrong number" means the call: none opts out
/// here.
public enum SpokenOptOut {
    /// - Parameters:
    ///   - words: one turn of the caller's.
    ///   - languages: whose phrases count beside the English grammar. Single words never do.
    public static func isOptOut(_ words: String, languages: OptOutLanguages = .english) -> Bool {
        verdict(words) == .optOut || languages.phrase(in: FoldedText(words)) != nil
    }

    /// Whether the turn may be one: the agent should ask, or a person should read it.
    public static func isUnsure(_ words: String) -> Bool { verdict(words) == .unsure }

    private static func verdict(_ words: String) -> OptOutGrammar.Verdict {
        let reading = OptOutGrammar.Reading(FoldedText(words))
        let verdict = OptOutGrammar.read(reading, in: .speech).verdict
        return verdict == .none && SecondNet.holdsTurn(reading) ? .unsure : verdict
    }
}

/// The answer to "may we text you?" that is a clear no, for the record. What is neither this nor an explicit yes
/// (`ConsentAnswer`) is no answer.
public enum TextRefusal {
    public static func isRefusal(_ words: String) -> Bool {
        let reading = OptOutGrammar.Reading(FoldedText(words))
        if OptOutGrammar.read(reading, in: .answer).verdict == .optOut { return true }
        return reading.clauses.first.map { isPlainNo($0.words, of: reading) } ?? false
    }

    /// "No, thank you." Not "no problem", and not "no, go ahead".
    private static func isPlainNo(_ first: [String], of reading: OptOutGrammar.Reading) -> Bool {
        let words = first.drop { ["um", "uh", "er", "well", "oh", "hmm", "sorry", "ah", "actually"].contains($0) }
        guard let no = words.first, ["no", "nope", "nah", "never", "negative"].contains(no) else { return false }
        let isHarmless = words.dropFirst().first.map { harmless.contains($0) } ?? false
        return !isHarmless && !reading.clauses.contains { $0.words.contains { agreement.contains($0) } }
    }

    private static let harmless: Set<String> = [
        "problem", "problems", "worries", "doubt", "objection", "objections", "issue", "issues", "harm", "trouble",
        "prob",
        "reason", "biggie",
    ]
    private static let agreement: Set<String> = [
        "yes", "yeah", "yep", "yup", "sure", "ahead", "absolutely", "fine", "okay", "ok", "great", "mind", "course",
        "can",
    ]
}
