/// May more be coming? Judged from the words so far and from what was asked; what they mean is not looked at.
public enum Completeness: Equatable, Sendable {
    /// All that was asked for has been said.
    case complete
    /// More is coming, or has to.
    case incomplete(Missing)
    /// Enough to be all, and often not all: a no that may bring its correction, an hour that may get its minutes.
    case plausible
    /// The words do not tell.
    case unknown

    public enum Missing: String, Sendable {
        /// "um", "let me see", a voice that trails off.
        case hesitation
        /// "and", "or", "because": a list or a sentence that goes on.
        case link
        /// "the", "at", "my number is": what follows is missing.
        case object
        /// Fewer figures than were asked for, or than such numbers have.
        case figures
        /// "the twenty first of", "half past".
        case date
        /// A day where its time was asked for too, or the other way round; a long number but for a figure or two, which may
        /// have been said and not heard; letters one by one. Some callers stop here.
        case half
        /// A few words with nothing in them of what was asked for: the caller may be getting to it, or was misheard.
        case answer

        /// Callers rarely leave it at that.
        var isCertain: Bool { self != .half && self != .answer }
    }

    /// - Parameter text: a recogniser's, of the turn so far. Its punctuation is not trusted.
    public static func of(_ text: String, as kind: AnswerKind) -> Completeness {
        let words = SpokenWords(text)
        return of(words, as: kind)
    }

    static func of(_ words: SpokenWords, as kind: AnswerKind) -> Completeness {
        let tokens = Phrasing.withoutCourtesy(words.tokens)
        if tokens.isEmpty { return .unknown }
        if words.trailsOff { return .incomplete(.hesitation) }
        if Phrasing.isWholeAnywhere(tokens) { return .complete }
        if let answer = ofFigures(tokens, kind) { return answer }
        if kind == .open || kind == .freeText, isSpelling(tokens) { return .incomplete(.half) }
        if let missing = Phrasing.missing(atEndOf: tokens, isAnswer: kind == .yesNo || kind == .confirmation) {
            // "Half past for": where a time is asked for, these may be four and two.
            let isFigure = kind == .time || kind == .dateTime
            return .incomplete(isFigure && ["for", "to"].contains(tokens.last) && missing == .object ? .half : missing)
        }
        switch kind {
        case .yesNo: return YesOrNo(tokens) != nil ? .complete : .unknown
        case .confirmation: return YesOrNo(tokens).map { $0 == .yes ? .complete : .plausible } ?? .unknown
        case .choice(let phrases): return ofChoice(tokens, phrases)
        case .date, .time, .dateTime: return ofMoment(tokens, kind)
        case .open, .freeText: return ofSentence(tokens)
        case .digits, .phone: return beside(tokens)
        }
    }

    /// Nothing of what was asked for was heard.
    private static func beside(_ tokens: [String]) -> Completeness {
        tokens.count <= 4 && YesOrNo(tokens) == nil ? .incomplete(.answer) : .unknown
    }

    // MARK: Figures

    /// `nil`: no figures were asked for, or none were said.
    private static func ofFigures(_ tokens: [String], _ kind: AnswerKind) -> Completeness? {
        let wanted: ClosedRange<Int>
        var isPhone = false
        switch kind {
        case .digits(let range): wanted = range
        case .phone(let count):
            if Phrasing.isThisNumber(tokens) { return .complete }
            (wanted, isPhone) = (count...count, true)
        default: return nil
        }
        let figures = DictatedFigures(tokens[...])
        guard figures.count > 0 else { return nil }
        // Whoever corrects a figure may have to say all of them again.
        if tokens.contains(where: Phrasing.corrections.contains) { return .unknown }
        if !figures.endsNumber, let missing = Phrasing.missing(atEndOf: tokens, isAnswer: false) {
            return .incomplete(missing)
        }
        if figures.isCutOff { return .incomplete(.figures) }
        var (least, most) = (wanted.lowerBound, wanted.upperBound)
        if isPhone, figures.hasPlus {
            // A country code of one to three figures comes first.
            (least, most) = figures.beginsWithOne ? (most + 1, most + 1) : (most + 1, most + 3)
        } else if isPhone, figures.beginsWithOne, most == 10 {
            (least, most) = (11, 11)
        }
        if figures.count >= least { return figures.count == most ? .complete : .plausible }
        let likely = figures.count + figures.possible
        if likely >= least { return .plausible }
        // Of a long number one figure or two may have been said and not heard.
        let mayBeAll = least >= 8 ? likely >= least - 2 : least >= 6 && likely == least - 1
        return .incomplete(mayBeAll ? .half : .figures)
    }

    // MARK: Choices

    private static func ofChoice(_ tokens: [String], _ phrases: [String]) -> Completeness {
        if Phrasing.isOrdinalChoice(tokens) { return .complete }
        let said = tokens.joined()
        let options = phrases.map { SpokenWords($0).tokens.filter { !Phrasing.articles.contains($0) }.joined() }
        for option in options where !option.isEmpty {
            // At the end of what was said, on a word's edge; "cleanings" for "cleaning".
            guard [option, option + "s"].contains(where: { isTail($0, of: tokens) }) else { continue }
            let goesOn = options.contains { $0.count > option.count && $0.hasPrefix(option) && !said.hasSuffix($0) }
            return goesOn ? .plausible : .complete
        }
        return options.contains { said.contains($0) && $0.count > 2 } ? .unknown : beside(tokens)
    }

    private static func isTail(_ phrase: String, of tokens: [String]) -> Bool {
        var tail = ""
        for token in tokens.reversed() {
            tail = token + tail
            if tail.count >= phrase.count { return tail == phrase }
        }
        return false
    }

    // MARK: Days and times

    private static func ofMoment(_ tokens: [String], _ kind: AnswerKind) -> Completeness {
        let moment = SpokenMoment(tokens[...], isTime: kind == .time)
        if moment.day == .none, moment.time == .none { return beside(tokens) }
        switch kind {
        case .date:
            if moment.day == .begun { return .incomplete(.date) }
            return moment.day == .whole ? .complete : .plausible
        case .time:
            if moment.time == .begun { return .incomplete(.date) }
            return moment.time == .whole ? .complete : .plausible
        default: break
        }
        switch (moment.day, moment.time) {
        case (.begun, _), (_, .begun): return .incomplete(.date)
        case (.whole, .whole): return .complete
        case (_, .none), (.none, _), (_, .vague): return .incomplete(.half)
        default: return .plausible
        }
    }

    // MARK: Sentences

    /// "S, M, I". "A", "I" and "O" alone are words.
    private static func isSpelling(_ tokens: [String]) -> Bool {
        let letters = tokens.reversed().prefix { $0.count == 1 && $0.first?.isLetter == true }
        return letters.count >= 2 || letters.first.map { !["a", "i", "o"].contains($0) } == true
    }

    /// Figures at the end that are no whole number that people give, said one by one: 3 or 6 of a telephone number's 10.
    private static let unlikelyCounts: Set<Int> = [3, 6]

    private static func ofSentence(_ tokens: [String]) -> Completeness {
        let figures = DictatedFigures(tokens[...])
        if figures.isCutOff { return .incomplete(.figures) }
        if figures.tail.words > 0 {
            // Not certain: nobody asked for a number of that length.
            if !figures.tailHasNumbers, unlikelyCounts.contains(figures.tail.count) { return .incomplete(.half) }
            if figures.tail.words == tokens.count { return .plausible }
        }
        return YesOrNo(tokens) != nil || Phrasing.greetings.contains(tokens.joined(separator: " "))
            ? .plausible : .unknown
    }
}

/// The yes or no that an answer consists of.
enum YesOrNo: Equatable {
    case yes, no

    private static let yeses: Set<String> = [
        "yes", "yeah", "yep", "yup", "yea", "sure", "okay", "ok", "right", "correct", "absolutely", "definitely",
        "certainly", "exactly", "fine", "perfect", "great", "good", "alright", "course",
    ]
    private static let noes: Set<String> = [
        "no", "nope", "nah", "dont", "not", "wont", "isnt", "never", "wrong", "incorrect",
    ]
    /// What may stand around it without being more than it.
    private static let around: Set<String> = [
        "i", "do", "does", "did", "am", "is", "it", "its", "that", "thats", "this", "think", "so", "works", "work",
        "sounds",
        "for", "me", "with", "of", "really", "very", "all", "you", "can", "may", "please", "would", "go", "ahead",
        "will",
        "thank", "thanks", "have", "havent", "wasnt", "was", "looks", "be", "just", "be", "were", "we", "are", "by",
        "at",
        "oh", "well", "a", "hundred", "percent", "problem",
    ]

    /// `nil`: neither, or more than that was said.
    init?(_ tokens: [String]) {
        guard tokens.count <= 8 else { return nil }
        let isYes =
            tokens.contains(where: Self.yeses.contains) || tokens == ["please", "do"] || tokens == ["i", "do"]
            || tokens == ["go", "ahead"] || tokens == ["that", "works"] || tokens == ["it", "is"]
        let isNo = tokens.contains(where: Self.noes.contains)
        guard isYes || isNo else { return nil }
        guard tokens.allSatisfy({ Self.yeses.contains($0) || Self.noes.contains($0) || Self.around.contains($0) })
        else {
            return nil
        }
        // "no, right": somebody is thinking aloud.
        if let first = tokens.first, Self.noes.contains(first), tokens.contains("yes") { return nil }
        if let first = tokens.first, ["yes", "yeah"].contains(first), tokens.contains("no") { return nil }
        self = isNo ? .no : .yes
    }
}

/// Ways in which English sentences end, and do not.
enum Phrasing {
    static let articles: Set<String> = ["a", "an", "the"]
    static let corrections: Set<String> = ["no", "sorry", "wait", "actually", "correction", "mean"]

    private static let courtesy: Set<String> = ["please", "thanks", "sir", "madam", "maam"]
    private static let hesitations: Set<String> = [
        "um", "uh", "umm", "uhm", "uhh", "er", "erm", "em", "hm", "hmm", "mm", "mmm", "ah",
    ]
    private static let thinking: Set<String> = [
        "let me see", "let me think", "let me check", "let me look", "lets see", "hold on", "hang on", "one moment",
        "one second", "just a moment", "just a second", "just a minute", "i mean",
        "wait a minute", "bear with me", "give me a second",
    ]
    private static let links: Set<String> = [
        "and", "or", "but", "because", "cause", "so", "plus", "if", "when", "which", "although", "unless", "whether",
        "while", "nor",
    ]
    private static let openers: Set<String> = [
        "a", "an", "the", "to", "my", "your", "our", "his", "their", "its", "is", "are", "was", "at", "on", "in", "of",
        "for", "from", "by", "with", "about", "around", "i", "im", "id", "ill", "ive", "we", "were", "next", "every",
        "than", "between", "until", "till", "like", "need", "want", "wanted", "whats", "thats",
        "would", "could", "should", "can", "into", "some", "any", "very", "hes", "shes", "theres", "theyre", "well",
    ]
    /// Ends of sentences whose last word is one of those above.
    private static let wholes: Set<String> = [
        "think so", "do so", "hope so", "guess so", "suppose so", "it is", "that is", "he is", "she is", "there is",
        "they are", "i am", "calling from", "come in", "what for", "as well", "feel well", "get well",
        "very well", "all i need", "all i want", "not any", "have any", "log in", "check in", "move on", "and so on",
    ]
    /// With whatever question is open, nothing follows these.
    private static let closers: Set<String> = [
        "goodbye", "bye", "bye bye", "thats all", "that is all", "thats it", "nothing else", "operator", "agent",
        "repeat",
        "repeat that", "say that again", "say it again", "never mind", "nevermind", "i dont know", "no idea",
        "no thank you", "no thats all",
    ]
    static let greetings: Set<String> = [
        "hello", "hi", "thank you", "thanks", "good morning", "good afternoon", "what", "pardon",
    ]
    private static let ordinalChoices: Set<String> = [
        "first", "second", "third", "fourth", "last", "former", "latter", "first one", "second one", "third one",
        "fourth one", "last one", "number one", "number two", "number three", "number four", "option one", "option two",
        "option three", "option four", "number 1", "number 2", "number 3", "number 4", "option 1", "option 2",
        "option 3", "option 4", "both", "neither", "either", "either one",
    ]

    static func withoutCourtesy(_ tokens: [String]) -> [String] {
        var tokens = tokens
        while let last = tokens.last, tokens.count > 1, courtesy.contains(last) { tokens.removeLast() }
        if tokens.count > 2, tokens.suffix(2) == ["thank", "you"], tokens[tokens.count - 3] != "no" {
            tokens.removeLast(2)
        }
        return tokens
    }

    static func isWholeAnywhere(_ tokens: [String]) -> Bool {
        tokens.count <= 4 && closers.contains(tokens.joined(separator: " "))
    }

    static func isThisNumber(_ tokens: [String]) -> Bool {
        let text = " " + tokens.joined(separator: " ") + " "
        guard missing(atEndOf: tokens, isAnswer: true) == nil else { return false }
        return [" this number ", " the same number ", " this one ", " calling from ", " same one "].contains {
            text.contains($0)
        }
    }

    static func isOrdinalChoice(_ tokens: [String]) -> Bool {
        var tokens = tokens[...]
        while let first = tokens.first, articles.contains(first) || hesitations.contains(first) { tokens.removeFirst() }
        guard tokens.count <= 5 else { return false }
        return ordinalChoices.contains(tokens.suffix(2).joined(separator: " "))
            || (tokens.count == 1 && ordinalChoices.contains(tokens[tokens.startIndex]))
    }

    /// What the end of the words leaves open.
    ///
    /// - Parameter isAnswer: "I am" and "it is" are whole after "Are you…?".
    static func missing(atEndOf tokens: [String], isAnswer: Bool) -> Completeness.Missing? {
        guard let last = tokens.last else { return nil }
        if hesitations.contains(last) { return .hesitation }
        for count in 2...4 where tokens.count >= count {
            let end = tokens.suffix(count).joined(separator: " ")
            if thinking.contains(end) { return .hesitation }
            if isAnswer, ["i am", "i do", "it is", "we are", "they are", "i would", "i can"].contains(end) {
                return nil
            }
            if wholes.contains(end) { return nil }
        }
        if links.contains(last) { return .link }
        return openers.contains(last) ? .object : nil
    }
}
