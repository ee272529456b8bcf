/// The words of a text message: as `Words`, with what people write short written out.
///
/// A lone "y" is a yes and a lone "n" a no, a thumb is a word, "tmrw" is tomorrow, "3p" is 3 pm, and "sat" and "sun" are
/// days: nobody's recogniser has been there before.
enum TextWords {
    static func words(_ text: String) -> Words {
        var plain = ""
        for character in text.prefix(2_000) {
            if let word = signs[character.unicodeScalars.first ?? " "] {
                plain += " \(word) "
            } else {
                plain.append(character)
            }
        }
        var words = Words(plain)
        for index in words.tokens.indices {
            let token = words.tokens[index]
            if let full = spellings[token] {
                words.tokens[index] = full
            } else if index == 0, let answer = ["y": "yes", "n": "no"][token] {
                words.tokens[index] = answer
            } else if index > 0, let half = ["p": "pm", "a": "am"][token],
                words.tokens[index - 1].first?.isNumber == true
            {
                words.tokens[index] = half
            }
        }
        return words
    }

    /// Thanks, and nothing else.
    static func isThanks(_ words: Words) -> Bool {
        words.bare.allSatisfy { courtesies.contains($0) }
            && words.tokens.contains { ["thanks", "thank", "thx", "ty", "cheers"].contains($0) }
    }

    private static let signs: [Unicode.Scalar: String] = [
        "\u{1F44D}": "yes", "\u{1F44C}": "yes", "\u{2705}": "yes", "\u{2714}": "yes", "\u{1F197}": "yes",
        "\u{1F44E}": "no", "\u{274C}": "no", "\u{2716}": "no", "\u{1F6AB}": "no",
    ]

    private static let spellings = [
        "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "tomo": "tomorrow", "tomorow": "tomorrow",
        "tommorow": "tomorrow", "tommorrow": "tomorrow", "2moro": "tomorrow", "tonite": "tonight", "nxt": "next",
        "sat": "saturday", "sun": "sunday", "wk": "week", "hr": "hour", "hrs": "hours", "mins": "minutes",
        "appt": "appointment",
    ]

    private static let courtesies: Set<String> = [
        "thx", "ty", "cheers", "so", "very", "much", "a", "lot", "great", "good", "ok", "okay", "perfect", "cool",
        "lovely", "all", "for", "the", "your", "help", "info", "appreciate", "it", "got", "sounds", "will", "do",
    ]
}
