/// "mhm" and its kin: sounds a listener makes without wanting the floor.
///
/// Judged only of what is said while the agent talks; the same word after a question is an answer.
enum Backchannel {
    /// Hums, in the spellings that recognisers give them.
    private static let hums: Set<String> = [
        "mhm", "mmhm", "mmhmm", "mm", "mmm", "hm", "hmm", "uhhuh", "uh", "um", "huh", "ah", "oh", "aha", "mhmm",
        "mmkay",
    ]
    /// Words that go with listening, and are an answer when a question has just been asked.
    private static let nods: Set<String> = ["yeah", "yep", "okay", "ok", "right", "sure", "alright", "cool"]

    /// Words that stop people, however briefly they are said.
    private static let stops: Set<String> = [
        "stop", "wait", "no", "nope", "yes", "hello", "hold", "hang", "excuse", "pardon", "what", "repeat",
        "help", "operator", "agent", "goodbye", "bye",
        // "Stop", its s lost above a telephone's 3.4 kHz.
        "top", "tap", "type",
    ]

    /// Has a word that takes the floor even when nothing else is clear.
    static func hasStop(_ text: String) -> Bool { words(of: text).contains(where: stops.contains) }

    /// - Parameter isNearEnd: the prompt is nearly over, so a nod may well be the answer.
    static func matches(_ text: String, isNearEnd: Bool) -> Bool {
        let words = words(of: text)
        guard words.count <= 3 else { return false }
        return words.allSatisfy { hums.contains($0) || (!isNearEnd && nods.contains($0)) }
    }

    /// Nothing but hesitation: no words at all.
    static func isEmpty(_ text: String) -> Bool { words(of: text).isEmpty }

    /// Lower-case words; hyphens join ("mm-hmm"), and "uh huh", "mm hmm" become one word each.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text.lowercased() {
            if character.isLetter || character.isNumber {
                word.append(character)
            } else if character != "-" && character != "'" && character != "’" {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
