/// The words that mean something by themselves, in the languages of an operator's callers, with the operator's own
/// words.
public struct OptOutLanguages: Equatable, Sendable {
    /// What a whole text means that is one of the words.
    enum Kind: Equatable, Sendable {
        case optOut(word: String, cancels: Bool)
        case optIn(word: String)
        /// The language's one word for yes, which may opt in; and the others, which may not.
        case fullYes(word: String)
        case otherYes
        case no, help
        /// Asks to cancel a booking; opts out of nothing.
        case cancel
    }

    /// What is wrong with a configured word, and which one it is (from 0).
    public enum Fault: Error, Equatable, Sendable {
        case empty(index: Int)
        case tooLong(index: Int, limit: Int)
        case tooMany(limit: Int)
        /// The word means yes, no, help, start or cancel already.
        case taken(index: Int)
    }

    /// BCP 47 primary tags, lower case, in order; `en` is always among them.
    public let tags: [String]
    /// Those of `tags` that have no built-in words: the operator should name some.
    public let tagsWithoutWords: [String]
    /// Whole texts: the words, folded, without the spaces between them.
    private var kinds: [String: Kind] = [:]
    /// Opt-outs that count anywhere in a text: the words, folded; by their first word.
    private var phrases: [String: [[String]]] = [:]

    public static let maxExtraWords = 64
    /// Of one configured word or phrase, in characters.
    public static let maxExtraLength = 80

    public static let english = OptOutLanguages(tags: ["en"])
    /// Every built-in language: an opt-out in one that is not configured is held for a person.
    static let all = OptOutLanguages(tags: LanguageWords.builtIn.keys.sorted())

    /// - Parameter tags: BCP 47, as `fr-CA`; only the primary tag counts.
    public init(tags: [String]) {
        var primary = ["en"]
        for tag in tags {
            let first = String(tag.lowercased().prefix { $0 != "-" && $0 != "_" })
            if !first.isEmpty, !primary.contains(first) { primary.append(first) }
        }
        self.tags = primary
        tagsWithoutWords = primary.filter { LanguageWords.builtIn[$0] == nil }
        for words in primary.compactMap({ LanguageWords.builtIn[$0] }) { add(words) }
    }

    /// - Parameters:
    ///   - words: opt out where they are the whole text.
    ///   - phrases: opt out anywhere in a text.
    public func adding(words: [String], phrases: [String] = []) throws(Fault) -> OptOutLanguages {
        guard words.count + phrases.count <= Self.maxExtraWords else { throw .tooMany(limit: Self.maxExtraWords) }
        var out = self
        for (index, text) in (words + phrases).enumerated() {
            guard text.count <= Self.maxExtraLength else { throw .tooLong(index: index, limit: Self.maxExtraLength) }
            let folded = FoldedText(text).words
            guard !folded.isEmpty else { throw .empty(index: index) }
            if index >= words.count {
                out.phrases[folded[0], default: []].append(folded)
                continue
            }
            switch out.kinds[folded.joined()] {
            case .none, .optOut: break
            case .some: throw .taken(index: index)
            }
            out.kinds[folded.joined()] = .optOut(word: folded.joined(separator: " "), cancels: false)
        }
        return out
    }

    /// Where two languages share a word, an opt-out wins, then the earlier language.
    private mutating func add(_ words: LanguageWords) {
        put(words.optIn) { .optIn(word: $0) }
        put(words.fullYes) { .fullYes(word: $0) }
        put(words.otherYes) { _ in .otherYes }
        put(words.no) { _ in .no }
        put(words.help) { _ in .help }
        put(words.cancel) { _ in .cancel }
        put(words.optOut, wins: true) { .optOut(word: $0, cancels: false) }
        put(words.optOutThatCancels, wins: true) { .optOut(word: $0, cancels: true) }
        for phrase in LanguageWords.split(words.phrases) {
            let folded = FoldedText(phrase).words
            if let first = folded.first { phrases[first, default: []].append(folded) }
        }
    }

    private mutating func put(_ list: String, wins: Bool = false, _ kind: (String) -> Kind) {
        for text in LanguageWords.split(list) {
            let folded = FoldedText(text).words
            if wins || kinds[folded.joined()] == nil {
                kinds[folded.joined()] = kind(folded.joined(separator: " "))
            }
        }
    }
}

extension OptOutLanguages {
    /// What the whole text means: case, accents, marks, emoji, spaces ("S T O P"), repeats ("stop stop"), digits and a
    /// courtesy before or after it make no other word.
    func kind(of text: FoldedText) -> Kind? {
        guard let whole = Self.whole(text) else { return nil }
        if let kind = kinds[whole] { return kind }
        // "STOP1", "ST0P": the digits count with the unmistakable words only; "cancel 3" names an hour.
        let lettered = whole.filter { !$0.isNumber }
        let zeroes = String(whole.map { $0 == "0" ? "o" : $0 })
        for candidate in [zeroes, lettered] where candidate.hasPrefix("stop") || candidate == "unsubscribe" {
            if case .optOut? = kinds[candidate] { return kinds[candidate] }
        }
        return nil
    }

    /// Whether the text is an opt-out word, or has an opt-out phrase in it.
    func isOptOut(_ text: FoldedText) -> Bool {
        if case .optOut? = kind(of: text) { return true }
        return phrase(in: text) != nil
    }

    /// The opt-out word that a whole text was to be.
    func misspelledOptOut(_ text: FoldedText) -> String? {
        guard let whole = Self.whole(text), kinds[whole] == nil, !Self.realWords.contains(whole) else { return nil }
        return LanguageWords.misspellable.first { Slip.isSlip(whole, of: $0) }
    }

    /// A language's or the operator's phrase, anywhere in the text.
    func phrase(in text: FoldedText) -> String? {
        let words = text.words
        for start in words.indices {
            for phrase in phrases[words[start]] ?? [] where words[start...].starts(with: phrase) {
                return phrase.joined(separator: " ")
            }
        }
        return nil
    }

    /// The words without the courtesies, run together; `nil` where it is longer than any word could be.
    private static func whole(_ text: FoldedText) -> String? {
        var words = text.words[...]
        guard words.count <= maxWholeWords else { return nil }
        while words.count > 1, let first = words.first, leading.contains(first) { words.removeFirst() }
        while words.count > 1, let last = words.last, trailing.contains(last) { words.removeLast() }
        var kept: [String] = []
        for word in words where word.count == 1 || word != kept.last { kept.append(word) }
        let whole = kept.joined()
        return whole.isEmpty || whole.utf8.count > maxExtraLength ? nil : whole
    }

    /// "unsubscribe", letter by letter, and a courtesy; or a few repeats.
    private static let maxWholeWords = 16

    private static let leading: Set<String> = ["please", "pls", "plz", "plse", "kindly", "bitte", "re"]
    static let trailing: Set<String> = [
        "please", "pls", "plz", "plse", "now", "thanks", "thank", "you", "thx", "tks", "tnx", "ty", "asap",
        "immediately",
        "already", "bitte", "danke", "merci", "svp", "sil", "vous", "plait", "por", "per", "favor", "favore", "gracias",
        "obrigado", "obrigada", "grazie",
    ]
    /// One key, one swap or one vowel away from an opt-out word, and words of their own.
    private static let realWords: Set<String> = [
        "shop", "step", "top", "spot", "stoop", "quiet", "quite", "quot", "remote", "cancer", "subscribe",
        "resubscribe", "optin",
        "invoke", "evoke", "move", "removed", "atop",
    ]
}
