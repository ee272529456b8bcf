/// The phrases that an explicit yes to "may we text you?" is made of. Each is whole by itself: no phrase here can turn
/// into another's middle, and none is a word that only fits beside others, such as "to" or "that".
enum YesPhrases {
    enum Kind: Sendable {
        case yes
        /// Says in words that texts may be sent.
        case permission
        /// Goes with a yes; is none.
        case courtesy
        /// Confirms what was said last, which may be a name: counts beside a permission only.
        case confirmation
        /// Before something else; nothing by itself, and nothing at the end.
        case opener
    }

    /// The kind and the length of the longest phrase that the words begin with.
    static func longest(in words: ArraySlice<String>) -> (Kind, Int)? {
        guard let first = words.first, let phrases = byFirstWord[first] else { return nil }
        return phrases.filter { words.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
            .map { ($0.kind, $0.words.count) }
    }

    /// Whole turns made of yes-words that may be said in impatience or in mockery.
    static let ironic: Set<String> = [
        "sure sure", "yeah yeah", "yep yep", "yeah sure sure", "oh sure", "oh yeah", "yeah yeah yeah", "sure sure sure",
        "yes yes yes", "well yes and", "oh yeah sure", "yeah yeah sure", "yeah well sure",
    ]

    /// "That's okay, thanks": how people decline as well, where no yes stands beside it.
    static func isPoliteNo(_ words: ArraySlice<String>) -> Bool {
        let rest = words.drop { ["oh", "um", "uh", "well", "no", "ah"].contains($0) }
        let isAbout = rest.first == "thats" || rest.starts(with: ["that", "is"])
        return isAbout && rest.contains { ["okay", "ok", "alright", "fine", "good"].contains($0) }
            && rest.contains { ["thanks", "thank"].contains($0) } && !rest.contains { clearYes.contains($0) }
    }

    private static let clearYes: Set<String> = [
        "yes", "yeah", "yea", "yep", "yup", "sure", "absolutely", "definitely", "certainly", "please",
    ]

    private struct Phrase: Sendable {
        var kind: Kind
        var words: [String]
    }

    private static let byFirstWord: [String: [Phrase]] = {
        var table: [String: [Phrase]] = [:]
        func add(_ kind: Kind, _ list: [String]) {
            for text in list {
                let words = text.split(separator: " ").map(String.init)
                if let first = words.first { table[first, default: []].append(Phrase(kind: kind, words: words)) }
            }
        }
        add(.yes, split(yes))
        add(.permission, split(permissions) + permissionSentences)
        add(.courtesy, split(courtesies) + sendings)
        add(.confirmation, split(confirmations))
        add(.opener, split(openers))
        return table
    }()

    private static func split(_ list: String) -> [String] { list.split(separator: "|").map(String.init) }

    private static let yes =
        "yes|yeah|yea|yep|yup|yes sir|yes maam|yes mam|sure|sure thing|absolutely|definitely|certainly|affirmative"
        + "|of course|for sure|by all means|you bet|most definitely|hell yes|hell yeah|heck yes|heck yeah|yes indeed"

    private static let permissions =
        "please do|go ahead|go for it|i agree|i agree to that|i consent|i consent to that|i do consent|i do agree"
        + "|i give consent|i give my consent|i give you consent|i give you my consent|i give permission"
        + "|i give my permission|i give you permission|i give you my permission|you have my consent"
        + "|you have my permission|you have permission|you can|you may|yes you can|that works|that works for me"
        + "|works for me|sounds good|sounds good to me|sounds great|sounds fine|sounds perfect|id like that"
        + "|i would like that|id love that|id appreciate that|i would appreciate that|feel free|text works|texts work"
        + "|text is best|texting works|a text works|that would work|that would help|thatd help|thats all "
        + "good|permission granted|im okay with that|im ok with that|im fine with that|im good with that"
        + "|im okay with texts|im fine with texts|im okay with texting|im fine with texting|id be happy to get a text"

    /// "that's fine", "a text would be great".
    private static let permissionSentences: [String] = {
        let subjects = [
            "thats", "that is", "that would be", "thatd be", "text is", "texting is", "texts are", "a text is",
            "a text would be", "a text message is", "by text is", "texting would be", "text would be",
            "text messages are",
        ]
        let praises = [
            "fine", "okay", "ok", "good", "great", "perfect", "alright", "all right", "lovely", "wonderful", "helpful",
            "totally fine", "perfectly fine", "just fine", "fine by me", "fine with me", "okay with me", "ok with me",
            "alright with me", "all right with me",
            "nice", "awesome",
        ]
        let grants = ["its", "it is"].flatMap { start in
            ["fine", "okay", "ok", "alright", "all right"].flatMap {
                ["\(start) \($0) to text me", "\(start) \($0) to text"]
            }
        }
        let allowed = [
            "you can", "you may", "feel free to", "go ahead and", "you have permission to", "you have my permission to",
            "i give you permission to", "id like you to", "you could",
        ]
        return subjects.flatMap { subject in praises.map { "\(subject) \($0)" } } + grants
            + allowed.flatMap { start in
                (acts + ["send it", "send that", "send it to me", "do that", "do it"]).map { "\(start) \($0)" }
            }
    }()

    /// Alone these may be what a recogniser left of "don't text me".
    private static let acts = split(
        "text me|text it to me|text that to me|text it|send me a text|send a text|send me a text message|send the text"
            + "|send me the text|message me|send it by text|send it to me by text")

    /// What is sent and where to.
    private static let sendings: [String] = {
        let things = [
            "the link", "the details", "the address", "the info", "the information", "the directions",
            "the confirmation",
        ]
        let places = ["at", "to", "on"].flatMap { start in
            ["this number", "that number", "my number", "my cell", "my phone", "this phone"].map { "\(start) \($0)" }
        }
        let sent = ["send", "send me", "text me"].flatMap { start in things.map { "\(start) \($0)" } }
        return acts + acts.map { "please \($0)" } + things + sent + places + [
            "send it", "send it to me", "send that", "send it over", "send that over",
        ]
    }()

    private static let courtesies =
        "please|thanks|thank you|thanks so much|thank you so much|thank you very much|thanks a lot|very much|ok|okay"
        + "|alright|all right|great|good|fine|perfect|lovely|wonderful|awesome|cool|excellent|totally|sir|"
        + "maam|mam|i do|do it|why not|i dont mind|i would|do that|its fine|its okay|its ok|its alright|id "
        + "like a text|i accept|i approve|consent|man|dear|honey|hon"
        + "|no problem|anytime|any time"

    private static let confirmations = "thats correct|thats right|that is correct|that is right|correct|right"

    private static let openers = "well|oh|so|ah|hmm|um|uh|er"
}
