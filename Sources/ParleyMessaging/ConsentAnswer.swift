/// What the caller answered to "may we text you?", judged by its words alone.
///
/// An explicit yes is made of nothing but yes-words and the small words that go with them. Everything else is no consent:
/// silence, "okay", "maybe", a bare number, "yes, but don't text me", "yes, that's my name". Whoever asked may ask again.
public struct ConsentAnswer: Equatable, Sendable {
    /// The turn's words, or its keys.
    public var text: String
    public var isKeyed: Bool

    public init(text: String, isKeyed: Bool) {
        self.text = text
        self.isKeyed = isKeyed
    }

    /// How consent was given by this answer; `nil`: it was not. Words are understood in English; key 1 in any language.
    public func means(language: String) -> ConsentMeans? {
        if isKeyed { return text == "1" ? .keyPress : nil }
        let tag = language.lowercased()
        guard tag == "en" || tag.hasPrefix("en-") || tag.hasPrefix("en_") else { return nil }
        return Self.isExplicitYes(text) ? .spoken : nil
    }

    static func isExplicitYes(_ text: String) -> Bool {
        var words = Self.words(of: text)[...]
        var hasYes = false
        while !words.isEmpty {
            if let count = longestMatch(yesPhrases, in: words) {
                hasYes = true
                words = words.dropFirst(count)
            } else if let count = longestMatch(companions, in: words) {
                words = words.dropFirst(count)
            } else {
                return false
            }
        }
        return hasYes
    }

    /// Lower case, apostrophes kept, all other punctuation a gap.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text.lowercased() {
            if character.isLetter || character.isNumber {
                word.append(character)
            } else if character == "'" || character == "\u{2019}" {
                word.append("'")
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static func longestMatch(_ phrases: [[String]], in words: ArraySlice<String>) -> Int? {
        phrases.lazy.filter { words.starts(with: $0) }.map(\.count).max()
    }

    private static let yesPhrases = split(
        "yes|yeah|yea|yep|yup|sure|absolutely|definitely|certainly|affirmative|of course|please do|go ahead|i agree"
            + "|i consent|i do|you can|you may|that's fine|that is fine|that would be great|that'd be great"
            + "|that would be fine|that'd be fine|that would be good|that would be lovely|that'd be lovely"
            + "|that works|sounds good|i'd like that|i would like that|do it")

    private static let companions = split(
        "please|thanks|thank you|very much|ok|okay|alright|all right|great|good|fine|perfect|lovely|wonderful|um|uh|er"
            + "|at this number|at that number|on this number|on that number|to this number|well|oh|so|and|thing|text me|text it|send it|send me|send that|a text|the text|text message|a text message"
            + "|the message|a message|message me|by text|to me|it|that|to|i would|i'd love that|works for me")

    private static func split(_ list: String) -> [[String]] {
        list.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
    }
}
