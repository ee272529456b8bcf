/// A text as words: lower case, Unicode look-alikes folded to plain letters, accents, quotes, emoji and punctuation
/// gone.
///
/// Full-width, mathematical and circled letters become letters; accents on Latin letters go; apostrophes are dropped
/// ("don't" is `dont`), addresses of web pages too. The stop sign emoji is the word `stop`,
/// the raised middle finger `fuck`.
struct FoldedText: Equatable, Sendable {
    struct Word: Equatable, Sendable {
        var text: String
        /// All capitals, and more than three of them.
        var isShouted = false
    }
    struct Clause: Equatable, Sendable {
        var words: [Word] = []
        var isQuestion = false
    }

    /// What lies between marks (`.,;:!?`, dashes, brackets, line ends), in order; none is empty.
    private(set) var clauses: [Clause] = []
    /// Longer than is read.
    private(set) var isCut = false
    /// A phone's "Liked “…”": the words are those of the text that it answers.
    private(set) var isReaction = false
    /// Some word is not in capitals, so that capitals stand out.
    private(set) var hasQuietWords = false

    /// Ten parts of a text are 1,530 characters; ten times that is still read.
    static let maxScalars = 16_384
    /// A longer run of letters is no word of any grammar; the rest of it is dropped.
    static let maxWordScalars = 48

    var words: [String] { clauses.flatMap { $0.words.map(\.text) } }

    init(_ text: String) {
        var reader = Reader()
        let scalars = Array(text.unicodeScalars.prefix(Self.maxScalars + 1))
        isCut = scalars.count > Self.maxScalars
        reader.read(scalars.prefix(Self.maxScalars))
        clauses = reader.clauses
        hasQuietWords = reader.hasQuietWords
        isReaction = Self.isReaction(scalars, first: clauses.first?.words.first?.text)
    }

    private static func isReaction(_ scalars: [Unicode.Scalar], first: String?) -> Bool {
        let verbs: Set<String> = ["liked", "loved", "disliked", "laughed", "emphasized", "questioned", "reacted", "to"]
        guard let first, verbs.contains(first), let last = scalars.last(where: { !$0.properties.isWhitespace }) else {
            return false
        }
        guard let quote = scalars.prefix(24).firstIndex(where: { $0 == "\u{201C}" || $0 == "\"" }) else { return false }
        // "Liked “", "Laughed at “", "Reacted 👍 to “": between verb and quote stand no other words and no marks.
        let between = String(String.UnicodeScalarView(scalars[..<quote])).lowercased()
        let isPlain = !between.contains { ".:,;!?-".contains($0) }
        let others = between.split { !$0.isLetter }.filter { !verbs.contains(String($0)) && $0 != "at" && $0 != "with" }
        return isPlain && others.isEmpty && (last == "\u{201D}" || last == "\"")
    }
}

extension FoldedText {
    /// One pass over the scalars.
    private struct Reader {
        var clauses: [Clause] = []
        var hasQuietWords = false
        private var clause = Clause()
        private var word = ""
        private var length = 0
        private var capitals = 0
        private var isInitials = false

        mutating func read(_ scalars: ArraySlice<Unicode.Scalar>) {
            var skipsAddress = false
            for (index, scalar) in scalars.enumerated() {
                let next = index + 1 < scalars.count ? scalars[scalars.startIndex + index + 1] : " "
                if skipsAddress {
                    skipsAddress = !scalar.properties.isWhitespace
                    continue
                }
                if isAddress(scalar, next, scalars.dropFirst(index + 2).first) {
                    word = ""
                    length = 0
                    skipsAddress = true
                    continue
                }
                let third = scalars.dropFirst(index + 2).first
                if isInitial(scalar, next, third) {
                    isInitials = true
                    continue
                }
                take(scalar, next)
            }
            endClause()
        }

        private func isAddress(_ scalar: Unicode.Scalar, _ next: Unicode.Scalar, _ third: Unicode.Scalar?) -> Bool {
            (scalar == ":" && next == "/" && third == "/") || (scalar == "." && word == "www")
        }

        /// The point in "S.T.O.P" and in "p.m.": no end of a clause.
        private func isInitial(_ scalar: Unicode.Scalar, _ next: Unicode.Scalar, _ third: Unicode.Scalar?) -> Bool {
            guard scalar == ".", length == 1 || isInitials, isLetter(next) else { return false }
            return third.map { !isLetter($0) } ?? true
        }

        private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        }

        private mutating func take(_ scalar: Unicode.Scalar, _ next: Unicode.Scalar) {
            if let letters = Folding.letters(of: scalar) {
                length += 1
                guard length <= FoldedText.maxWordScalars else { return }
                word += letters
                if scalar.properties.isUppercase { capitals += 1 }
                return
            }
            switch scalar {
            case "'", "\u{2018}", "\u{2019}", "\u{2BC}", "\u{2032}", "`", "\u{B4}", "*": break
            case "\u{1F6D1}":
                endWord()
                clause.words.append(Word(text: "stop"))
            case "\u{1F595}":
                endWord()
                clause.words.append(Word(text: "fuck"))
            case "&":
                endWord()
                clause.words.append(Word(text: "and"))
            case "#" where !isDigit(next):
                endWord()
                clause.words.append(Word(text: "number"))
            case "-" where next != " " && !word.isEmpty: endWord()
            case ".", ",", ":":
                if isDigit(next), let last = word.unicodeScalars.last, isDigit(last) { endWord() } else { endClause() }
            case "?", "\u{FF1F}", "\u{BF}":
                endWord()
                clause.isQuestion = true
                endClause()
            case "-", "\u{2013}", "\u{2014}", "\u{2026}", ";", "!", "\u{A1}", "(", ")", "[", "]", "|", "\n", "\r",
                "\u{2028}",
                "\u{3002}", "\u{FF01}", "\u{FF0C}", "\u{FF0E}":
                endClause()
            default:
                if !Folding.isInvisible(scalar) { endWord() }
            }
        }

        private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

        private mutating func endWord() {
            guard !word.isEmpty else { return }
            let isShouted = capitals == length && length > 3
            if capitals < length, length > 1 { hasQuietWords = true }
            clause.words.append(Word(text: word, isShouted: isShouted))
            word = ""
            length = 0
            capitals = 0
            isInitials = false
        }

        private mutating func endClause() {
            endWord()
            if !clause.words.isEmpty { clauses.append(clause) }
            clause = Clause()
        }
    }
}
