/// A recogniser's text as words that can be compared: lower case, without punctuation, numbers apart from letters.
///
/// `3pm` becomes `3 pm`, `p.m.` `pm`, `24th` stays one, `3:30` and `3.30` become `3:30`, `555-0142` two words. Apostrophes
/// go (`dont`). At most 2,000 characters are read: nobody says more in one turn.
struct SpokenWords: Equatable, Sendable {
    private(set) var tokens: [String] = []
    /// The writer heard the voice trail off: dots or a dash at the end.
    private(set) var trailsOff = false

    init(_ text: String) {
        let characters = Array(text.lowercased().prefix(2_000))
        var word = ""
        func close(_ tokens: inout [String]) {
            if !word.isEmpty { tokens.append(word) }
            word = ""
        }
        for (index, character) in characters.enumerated() {
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            switch character {
            case "'", "\u{2019}": continue
            case _ where character.isNumber:
                if let last = word.last, last.isLetter { close(&tokens) }
                word.append(character)
            case _ where character.isLetter:
                if let last = word.last, last.isNumber, !Self.isOrdinal(characters[index...]) { close(&tokens) }
                word.append(character)
            case ":", ".", "/":
                if Self.isFigures(word), word.count <= 2, next.isNumber,
                    character == "/" || Self.hasPair(characters, index)
                {
                    word.append(character == "/" ? "/" : ":")
                } else if character != "." || word.count != 1 || !next.isLetter {
                    close(&tokens)
                }
            case "+":
                close(&tokens)
                tokens.append("plus")
            default: close(&tokens)
            }
        }
        close(&tokens)
        joinHalves()
        let end = String(characters.suffix(3))
        trailsOff = end.hasSuffix("...") || end.hasSuffix("\u{2026}") || end.hasSuffix("-") || end.hasSuffix("\u{2014}")
    }

    static func isFigures(_ word: String) -> Bool { !word.isEmpty && word.utf8.allSatisfy { (48...57).contains($0) } }

    private static func isOrdinal(_ rest: ArraySlice<Character>) -> Bool {
        let letters = rest.prefix { $0.isLetter }
        return ["st", "nd", "rd", "th"].contains(String(letters))
    }

    /// Two figures and no third follow the sign at `index`.
    private static func hasPair(_ characters: [Character], _ index: Int) -> Bool {
        characters[(index + 1)...].prefix { $0.isNumber }.count == 2
    }

    /// "p. m." and "o'clock" in the ways they are written apart.
    private mutating func joinHalves() {
        var joined: [String] = []
        for token in tokens {
            switch (joined.last, token) {
            case ("p", "m"), ("a", "m"), ("o", "clock"): joined[joined.count - 1] += token
            default: joined.append(token)
            }
        }
        tokens = joined
    }
}

/// How many figures words dictate.
struct DictatedFigures: Equatable, Sendable {
    private(set) var count = 0
    /// Words among figures, or one after them, that are none: misheard figures, as likely as not.
    private(set) var possible = 0
    /// As far as it is known without reading values: "1" or "plus" at the head.
    private(set) var beginsWithOne = false
    private(set) var hasPlus = false
    /// "double" without its figure.
    private(set) var isCutOff = false
    /// Words at the end that are all figures, and the figures in them.
    private(set) var tail = (words: 0, count: 0)
    /// The last word counted: nothing but a figure, or a word like one, ends it.
    private(set) var endsNumber = false
    /// The tail has numbers such as "thirty" or "3:30", which dictation rarely has.
    private(set) var tailHasNumbers = false

    static func == (left: Self, right: Self) -> Bool { left.count == right.count && left.tail == right.tail }

    static let units: Set<String> = [
        "zero", "oh", "o", "nought", "naught", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ]
    static let teens: Set<String> = [
        "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    static let tens: Set<String> = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    /// Figures by sound, where figures stand beside them.
    private static let alike: Set<String> = ["to", "too", "for", "ate", "won", "free", "tree", "niner"]
    /// Said between groups; not figures, and not the end of the number either.
    private static let between: Set<String> = ["dash", "hyphen", "um", "uh", "and", "then", "area", "code"]

    static func isFigure(_ word: String) -> Bool {
        SpokenWords.isFigures(word) || units.contains(word) || teens.contains(word) || tens.contains(word)
    }

    init(_ words: ArraySlice<String>) {
        var index = words.startIndex
        var strange = 0
        while index < words.endIndex {
            let word = words[index]
            let next = index + 1 < words.endIndex ? words[index + 1] : ""
            var used = 1
            var figures = 0
            var isNumber = false
            switch word {
            case _ where SpokenWords.isFigures(word): figures = word.utf8.count
            case _ where Self.units.contains(word): figures = 1
            case _ where Self.teens.contains(word): (figures, isNumber) = (2, true)
            case _ where Self.tens.contains(word):
                (figures, isNumber) = (2, true)
                if Self.units.contains(next), next != "oh", next != "o", next != "zero" { used = 2 }
            case "double", "triple", "treble":
                if Self.units.contains(next) || (SpokenWords.isFigures(next) && next.utf8.count == 1) {
                    (figures, used) = (word == "double" ? 2 : 3, 2)
                } else if next.isEmpty {
                    isCutOff = true
                }
            case "hundred" where tail.count > 0: (figures, isNumber) = (2, true)
            case "thousand" where tail.count > 0: (figures, isNumber) = (3, true)
            case _ where Self.alike.contains(word) && (tail.count > 0 || Self.isFigure(next)): figures = 1
            case "plus": hasPlus = true
            default: break
            }
            endsNumber = figures > 0
            if figures > 0 {
                if count > 0, strange <= 2 { possible += strange }
                strange = 0
                if count == 0 { beginsWithOne = word == "one" || word.first == "1" }
                count += figures
                tail = (tail.words + used, tail.count + figures)
                tailHasNumbers = tailHasNumbers || isNumber
            } else if !Self.between.contains(word) {
                tail = (0, 0)
                tailHasNumbers = false
                strange += 1
            }
            index += used
        }
        if count > 0, strange == 1 { possible += 1 }
    }
}
