/// A text as words between spaces, folded as `Folding` does, that still know how they were set: for rules that need the
/// colon in "PIN: 1234".
struct SpacedWords {
    struct Word: Equatable {
        /// Letters and digits, folded; a hyphen or an apostrophe within is dropped.
        var text = ""
        /// A colon or an equals sign behind it.
        var isLabel = false
        /// A full stop, a question or an exclamation mark behind it.
        var endsSentence = false
        var hasDigit: Bool { text.utf8.contains(where: \.isDigit) }
        var isNumber: Bool { !text.isEmpty && text.utf8.allSatisfy(\.isDigit) }
    }

    private(set) var words: [Word] = []
    /// All words without what is between them.
    var joined: String { words.map(\.text).joined() }

    init(_ text: String) {
        var word = Word()
        for scalar in text.unicodeScalars where !Folding.isInvisible(scalar) {
            if let letters = Folding.letters(of: scalar) {
                if word.endsSentence || word.isLabel { end(&word) }
                word.text += letters
                continue
            }
            switch scalar {
            case "'", "\u{2019}", "-", "\u{2010}", "\u{2011}": break
            case ":", "=", "\u{FF1A}":
                if word.text.isEmpty, !words.isEmpty { words[words.count - 1].isLabel = true }
                word.isLabel = !word.text.isEmpty
                end(&word)
            case ".", "!", "?", "\u{3002}", "\u{FF01}", "\u{FF1F}":
                word.endsSentence = !word.text.isEmpty
            default: end(&word)
            }
        }
        end(&word)
    }

    private mutating func end(_ word: inout Word) {
        if !word.text.isEmpty { words.append(word) }
        word = Word()
    }
}

/// Words and short phrases to look for, as whole words.
struct WordList: Equatable, Sendable {
    /// By their first word.
    private var phrases: [String: [[String]]] = [:]
    /// Of languages that put no spaces between words: found anywhere.
    private var unspaced: [String] = []

    init(_ list: [String]) {
        for entry in list {
            let words = SpacedWords(entry).words.map(\.text)
            guard let first = words.first else { continue }
            if words.contains(where: { $0.unicodeScalars.contains(where: Self.isUnspaced) }) {
                unspaced.append(words.joined())
            } else {
                phrases[first, default: []].append(words)
            }
        }
    }

    func isIn(_ spaced: SpacedWords) -> Bool {
        let words = spaced.words
        for (index, word) in words.enumerated() {
            for phrase in phrases[word.text] ?? [] where index + phrase.count <= words.count {
                if words[index..<index + phrase.count].lazy.map(\.text).elementsEqual(phrase) { return true }
            }
        }
        guard !unspaced.isEmpty else { return false }
        let joined = spaced.joined
        return unspaced.contains { joined.contains($0) }
    }

    /// Thai, Lao, Burmese, Khmer, Chinese and Japanese.
    private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
