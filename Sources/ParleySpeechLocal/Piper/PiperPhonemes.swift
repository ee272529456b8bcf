#if LocalSpeech
/// flite's phones as the phonemes that Piper's English voices were trained on.
enum PiperPhonemes {
    /// A stretch between two pauses.
    struct Phrase: Equatable {
        /// Unicode scalars, its closing mark included.
        var scalars: [Int32]
        /// What flite says of it, in seconds: for the words' share of the real length.
        var start: Float
        var end: Float
        /// Ends of the words in it, by flite's clock.
        var words: [SpeechPlan.Word]
    }

    /// A phrase shorter than this is joined to the next: a voice needs some breath to sound natural.
    private static let shortestPhrase: Float = 0.7

    /// Cuts a plan at its pauses.
    ///
    /// - Parameter text: the clause, for whether its end asks or tells.
    static func phrases(of plan: SpeechPlan, text: String) -> [Phrase] {
        var phrases: [Phrase] = []
        var scalars: [Int32] = []
        var start: Float?
        var end: Float = 0
        var words = plan.words[...]

        func close(with mark: Character) {
            guard let begun = start else { return }
            let inside = words.prefix { $0.end <= end + 0.001 }
            words = words.dropFirst(inside.count)
            append(String(mark), to: &scalars)
            phrases.append(Phrase(scalars: scalars, start: begun, end: end, words: Array(inside)))
            scalars = []
            start = nil
        }

        var isUnstressedWord = false
        for (index, phone) in plan.phones.enumerated() {
            if phone.name == "pau" {
                let isInner = start != nil && plan.phones[(index + 1)...].contains { $0.name != "pau" }
                guard isInner, let begun = start else { continue }
                if end - begun >= shortestPhrase { close(with: ",") } else { append(",", to: &scalars) }
                continue
            }
            if let word = phone.startsWord {
                if start != nil { append(" ", to: &scalars) }
                isUnstressedWord = functionWords.contains(word)
            }
            if start == nil { start = index == 0 ? 0 : plan.phones[index - 1].end }
            let isStressed = phone.isStressed && !isUnstressedWord
            if isStressed, vowels.contains(phone.name) { append("ˈ", to: &scalars) }
            append(symbol(phone.name, isStressed: isStressed), to: &scalars)
            end = phone.end
        }
        close(with: mark(atEndOf: text))
        return phrases
    }

    private static func append(_ text: String, to scalars: inout [Int32]) {
        for scalar in text.unicodeScalars { scalars.append(Int32(scalar.value)) }
    }

    private static func mark(atEndOf text: String) -> Character {
        switch text.last(where: { !$0.isWhitespace && $0 != "\"" && $0 != "'" && $0 != ")" }) {
        case "?": "?"
        case "!": "!"
        case ",", ";", ":": ","
        default: "."
        }
    }

    private static func symbol(_ phone: String, isStressed: Bool) -> String {
        switch phone {
        case "er": isStressed ? "ɜː" : "ɚ"
        case "iy": isStressed ? "iː" : "i"
        default: symbols[phone] ?? phone
        }
    }

    private static let vowels: Set<String> = [
        "aa", "ae", "ah", "ao", "aw", "ax", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw",
    ]

    /// CMU's phones, as the IPA that these voices know. Those not here are written alike (b, d, f, k, l, m, n, p, s, t, v, w, z).
    private static let symbols: [String: String] = [
        "aa": "ɑː", "ae": "æ", "ah": "ʌ", "ao": "ɔː", "aw": "aʊ", "ax": "ə", "ay": "aɪ", "ch": "tʃ", "dh": "ð",
        "eh": "ɛ",
        "ey": "eɪ", "g": "ɡ", "hh": "h", "ih": "ɪ", "jh": "dʒ", "ng": "ŋ", "ow": "oʊ", "oy": "ɔɪ", "r": "ɹ", "sh": "ʃ",
        "th": "θ", "uh": "ʊ", "uw": "uː", "y": "j", "zh": "ʒ",
    ]

    /// Words that a sentence leans on without stress.
    private static let functionWords: Set<String> = [
        "a", "an", "the", "to", "for", "of", "at", "in", "on", "by", "with", "from", "as", "is", "are", "was", "were",
        "be",
        "been", "am", "and", "or", "but", "if", "that", "than", "your", "you", "my", "me", "it", "its", "he", "she",
        "we",
        "us", "they", "them", "his", "her", "our", "their", "do", "does", "did", "have", "has", "had", "can", "could",
        "will", "would", "shall", "should", "may", "i", "so", "there", "this",
    ]
}
#endif
