/// What stands before a word, as far as its reading depends on it.
struct SpokenContext: Equatable, Sendable {
    /// The word before, as it was written, without punctuation; empty at the beginning.
    var previous = ""
    /// It was read digit by digit.
    var readsDigits = false
}

/// One word of a model's text as a voice should say it.
struct SpokenWord: Equatable, Sendable {
    /// What is to be said behind it, unless the next word takes its place.
    enum Owed: Equatable, Sendable {
        case nothing
        /// "three" was said of `3:00`: "o'clock", unless "p.m." follows.
        case oclock
        /// "five" was said of `$5`: "dollars", behind "million" where that follows.
        case currency(String)
        /// A short form's full stop, which may have ended a sentence: it has where a capital follows.
        case fullStop
    }
    var text: String
    var owed = Owed.nothing
    var isDigits = false

    /// - Parameter token: without white space and markup.
    init(_ token: Substring, after context: SpokenContext) {
        var core = token
        let lead = core.prefix { Self.opening.contains($0) }
        core = core.dropFirst(lead.count)
        var tail = ""
        while let last = core.last, Self.closing.contains(last) {
            tail.insert(last, at: tail.startIndex)
            core.removeLast()
        }
        self.init(text: "")
        guard !core.isEmpty else {
            text = tail.filter { Self.said.contains($0) }
            return
        }
        let isAreaCode =
            lead.contains("(") && tail.contains(")") && core.count == 3 && core.allSatisfy { $0.isASCII && $0.isNumber }
        read(core, tail: tail, isAreaCode: isAreaCode, after: context)
    }

    private init(text: String) { self.text = text }

    private mutating func read(_ core: Substring, tail: String, isAreaCode: Bool, after context: SpokenContext) {
        let spokenTail = tail.filter { Self.said.contains($0) }
        if isAreaCode {
            text = EnglishNumber.digits(core) + spokenTail
            isDigits = true
        } else if let address = SpokenAddress.words(core) {
            text = address + spokenTail
        } else if let meridiem = Self.meridiem(core), context.previous.last?.isNumber == true {
            // The line's end keeps the sentence's: a voice takes the stop of "p.m." for its own.
            text = meridiem + (Self.endsSentence(tail) && !core.contains(".") ? "\n" : spokenTail.filter { $0 != "." })
        } else if let found = SpokenAbbreviation.words(
            core, hasStop: tail.hasPrefix("."), previous: context.previous)
        {
            text = found.words + (found.takesStop ? String(spokenTail.dropFirst()) : spokenTail)
            if found.takesStop, found.mayEnd, spokenTail == "." { owed = .fullStop }
        } else if let number = SpokenNumber(core, after: context) {
            text = number.text
            isDigits = number.isDigits
            if spokenTail.isEmpty {
                owed = number.owed
            } else {
                text += Self.words(of: number.owed) + spokenTail
            }
        } else {
            text = Self.plain(core) + spokenTail
        }
    }

    /// What is owed, said.
    static func words(of owed: Owed) -> String {
        switch owed {
        case .nothing, .fullStop: ""
        case .oclock: " o'clock"
        case .currency(let name): " " + name
        }
    }

    /// What is owed in front of the next word.
    ///
    /// - Parameter next: as it was written; `nil`: the text or its line is over.
    static func settle(_ owed: Owed, before next: Substring?) -> String {
        switch owed {
        case .nothing: return ""
        case .fullStop: return next?.first?.isUppercase == false ? "" : "."
        case .oclock:
            let isFollowed = next.map { meridiem($0.prefix { $0.isLetter || $0 == "." }) != nil || $0.hasPrefix("o'") }
            return isFollowed == true ? "" : words(of: owed)
        case .currency: return words(of: owed)
        }
    }

    /// "million dollars" of `million`, where an amount came before it; `nil` for any other word.
    static func scaled(_ word: Substring, by currency: String) -> String? {
        let scale = word.prefix(while: \.isLetter)
        guard scales.contains(scale.lowercased()) else { return nil }
        return String(scale) + " " + currency + word.dropFirst(scale.count).filter { said.contains($0) }
    }

    static func meridiem(_ text: Substring) -> String? {
        switch text.lowercased() {
        case "am", "a.m", "a.m.": "a.m."
        case "pm", "p.m", "p.m.": "p.m."
        default: nil
        }
    }

    private static func endsSentence(_ tail: String) -> Bool { tail.contains { ".!?".contains($0) } }

    /// Letters and signs within a word: `send_sms`, `and/or`, `AB12CD`.
    private static func plain(_ core: Substring) -> String {
        if isCode(core) { return core.map(String.init).joined(separator: " ") }
        var words = ""
        for character in core {
            switch character {
            case "_", "\\", "|", "/": words += " "
            case "&": words += " and "
            case "+": words += " plus "
            case "=": words += " equals "
            case "@": words += " at "
            case "%": words += " percent"
            case "#": words += " number "
            case "*", "~", "^", "<", ">", "{", "}", "[", "]", "(", ")", "\"", "“", "”", "`": break
            default: words.append(character)
            }
        }
        return words.split(separator: " ").joined(separator: " ")
    }

    /// Capitals and digits mixed, as references have them: each is said by itself.
    private static func isCode(_ core: Substring) -> Bool {
        (3...12).contains(core.count) && core.contains { $0.isNumber } && core.contains { $0.isLetter }
            && core.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
    }

    private static let scales: Set<String> = ["thousand", "million", "billion", "trillion"]
    private static let opening: Set<Character> = ["(", "[", "{", "\"", "“", "'", "‘", "«", "¿", "¡", "…", ","]
    private static let closing: Set<Character> = [
        ".", ",", ";", ":", "!", "?", ")", "]", "}", "\"", "”", "'", "’", "»", "…", "—", "–",
    ]
    /// Punctuation that shapes how a voice speaks.
    private static let said: Set<Character> = [".", ",", ";", ":", "!", "?", "…", "—"]
}
