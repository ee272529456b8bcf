/// What the caller answered to "may we text you?", judged by its words alone.
///
/// An explicit yes is made of nothing but whole yes-phrases and the few things that are said with them. Everything else
/// is no consent: silence, "okay", "maybe", a bare number, "yes, but don't text me", "yes, that's my name".
/// Whoever asked may ask again.
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
        guard words.count <= maxWords, !YesPhrases.ironic.contains(words.joined(separator: " ")),
            !YesPhrases.isPoliteNo(words)
        else { return false }
        var hasYes = false
        var hasPermission = false
        var needsPermission = false
        // "Yes, so": somebody who has not finished.
        var isOpen = false
        while !words.isEmpty {
            isOpen = false
            guard let (kind, count) = YesPhrases.longest(in: words) else { return false }
            switch kind {
            case .yes: hasYes = true
            case .permission: hasPermission = true
            case .confirmation: needsPermission = true
            case .opener: isOpen = true
            case .courtesy: break
            }
            words = words.dropFirst(count)
        }
        return !isOpen && (hasPermission || hasYes && !needsPermission)
    }

    /// A longer turn is about something else as well.
    private static let maxWords = 24

    /// Lower case, no apostrophes, all other punctuation a gap.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text.lowercased() {
            if character.isLetter || character.isNumber {
                word.append(character)
            } else if character == "'" || character == "\u{2019}" {
                continue
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
