/// A model's text, as it streams in, made fit to be spoken: no markup, lists, links, emoji or code, and in words what a
/// voice would stumble over.
///
/// What comes out does not depend on where the text was cut. Only a word, link or tag that is not whole is held back.
/// In other languages than English only what nobody can say is taken out; its numbers are left to the voice.
struct SpokenText: Sendable {
    /// A word longer than this is taken as it is.
    private static let longestToken = 300

    private let isEnglish: Bool
    private var token = String.UnicodeScalarView()
    private var context = SpokenContext()
    private var owed = SpokenWord.Owed.nothing
    /// A space stands before the next word: it comes with that, as a comma may stand there, too.
    private var owesSpace = false
    /// A dash stood before the next word.
    private var owesPause = false
    /// A list's number that was said; a comma follows where anything does.
    private var owesListMark = false
    private var isLineStart = true
    /// Something was said in this line.
    private var hasWords = false
    private var isInCode = false
    private var isHidden = false

    /// - Parameter language: BCP 47.
    init(language: String = "en") { isEnglish = language.lowercased().hasPrefix("en") }

    /// - Returns: what can be spoken now.
    mutating func feed(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                endToken(into: &out)
                endLine(into: &out)
            } else if scalar.properties.isWhitespace {
                if isOpen { token.append(" ") } else { endToken(into: &out) }
            } else {
                token.append(scalar)
                if token.count >= Self.longestToken { endToken(into: &out) }
            }
        }
        return out
    }

    /// The text is over.
    mutating func finish() -> String {
        var out = ""
        endToken(into: &out)
        settleOwed(before: nil, into: &out)
        return out
    }

    // MARK: Tokens

    /// White space is part of it: the words of a link, or a tag.
    private var isOpen: Bool {
        guard !isInCode, !isHidden else { return false }
        let text = String(token)[...]
        if let open = text.firstIndex(of: "[") {
            guard let close = text[open...].firstIndex(of: "]") else { return true }
            let rest = text[text.index(after: close)...]
            return rest.hasPrefix("(") && !rest.contains(")")
        }
        guard text.first == "<", let second = text.dropFirst().first else { return false }
        return (second.isLetter || second == "/") && !text.contains(">")
    }

    private mutating func endToken(into out: inout String) {
        guard !token.isEmpty else { return }
        var word = String(token)[...]
        token = String.UnicodeScalarView()
        if isHidden {
            guard let end = word.firstRange(of: "</think>") else { return }
            isHidden = false
            word = word[end.upperBound...]
        } else if word.hasPrefix("<think>") {
            // Some local models think aloud.
            guard let end = word.firstRange(of: "</think>") else { return isHidden = true }
            word = word[end.upperBound...]
        }
        if word.hasPrefix("```") {
            isInCode = isInCode ? false : word.dropFirst(3).firstRange(of: "```") == nil
            return
        }
        if isInCode { return isInCode = word.firstRange(of: "```") == nil }
        if isLineStart, isMarker(word, into: &out) { return }
        isLineStart = false
        say(Markdown.bare(word), into: &out)
    }

    /// Marks of headings, lists and quotes; a list's number is said.
    private mutating func isMarker(_ word: Substring, into out: inout String) -> Bool {
        if word.allSatisfy({ $0 == "#" }) || word.allSatisfy({ $0 == ">" }) { return true }
        if ["-", "*", "+", "•", "–", "·"].contains(word) { return true }
        if word.count >= 3, word.allSatisfy({ "-*_=|:".contains($0) }) { return true }
        guard isEnglish, word.count <= 3, let last = word.last, last == "." || last == ")",
            let number = Int(word.dropLast()), number > 0
        else { return false }
        out += EnglishNumber.cardinal(number)
        (owesListMark, hasWords, isLineStart) = (true, true, false)
        return true
    }

    private mutating func say(_ text: String, into out: inout String) {
        for word in text.split(separator: " ") {
            if case .currency(let name) = owed, let amount = SpokenWord.scaled(word, by: name) {
                owed = .nothing
                put(" " + amount, into: &out)
                continue
            }
            settleOwed(before: word, into: &out)
            if word.allSatisfy({ "-–—".contains($0) }) {
                owesPause = true
                continue
            }
            putPause(before: word, into: &out)
            guard isEnglish else {
                put(String(word), into: &out)
                hasWords = true
                continue
            }
            let spoken = SpokenWord(word, after: context)
            context = SpokenContext(
                previous: word.filter { $0.isLetter || $0.isNumber || $0 == "'" }, readsDigits: spoken.isDigits)
            guard !spoken.text.isEmpty else { continue }
            hasWords = true
            owed = spoken.owed
            if owesSpace { out += " " }
            owesSpace = false
            if owed == .nothing { put(spoken.text, into: &out) } else { out += spoken.text }
        }
    }

    /// Words, and the space behind them where nothing but that can follow.
    private mutating func put(_ words: String, into out: inout String) {
        if owesSpace { out += " " }
        out += words
        let isStopped = words.last.map { ".,;:!?…".contains($0) } ?? false
        if isStopped { out += " " }
        owesSpace = !isStopped && words.last?.isNewline != true
    }

    /// What a dash between words is: a pause, or between figures "to".
    private mutating func putPause(before word: Substring, into out: inout String) {
        guard owesPause else { return }
        owesPause = false
        let isRange = isEnglish && context.previous.first?.isNumber == true && word.first?.isNumber == true
        if isRange { out += owesSpace ? " to " : "to " } else if owesSpace { out += ", " }
        owesSpace = false
    }

    private mutating func settleOwed(before next: Substring?, into out: inout String) {
        if owesListMark {
            owesListMark = false
            out += next == nil ? ". " : ", "
        }
        guard owed != .nothing else { return }
        let words = SpokenWord.settle(owed, before: next)
        owed = .nothing
        put(words, into: &out)
    }

    private mutating func endLine(into out: inout String) {
        settleOwed(before: nil, into: &out)
        (isLineStart, owesSpace, owesPause) = (true, false, false)
        context = SpokenContext()
        guard hasWords else { return }
        hasWords = false
        out += "\n"
    }
}
