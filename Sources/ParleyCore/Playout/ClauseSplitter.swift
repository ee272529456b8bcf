/// Cuts an agent's streamed text into clauses to synthesise, the first one short so that speech starts early.
package struct ClauseSplitter: Sendable {
    /// A clause longer than this is cut at a space: a synthesiser should not be handed a page.
    private static let longest = 220
    /// Later clauses shorter than this wait for the next full stop: a voice needs a phrase to sound natural.
    private static let shortest = 24

    /// What is handed out: words, or a sound in its place among them.
    package enum Piece: Equatable, Sendable {
        case clause(String)
        case sound(Sound)
    }

    private var pending = ""
    private var isFirst = true
    private var isWhole = false
    /// Sounds that wait, each with the text in front of it that was not handed out.
    private var sounds: [(before: String, sound: Sound)] = []

    var isEmpty: Bool { pending.isEmpty && sounds.isEmpty }

    /// Of what has not been handed out, in UTF-8 units.
    var length: Int { sounds.reduce(pending.utf8.count) { $0 + $1.before.utf8.count } }

    /// What has not been handed out.
    var rest: String {
        guard !sounds.isEmpty else { return Self.trimmed(pending[...]) }
        return (sounds.map(\.before) + [pending]).map { Self.trimmed($0[...]) }.filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    package init() {}

    package mutating func append(_ text: String) { pending += text }
    /// The text so far ends a clause; then this is played.
    package mutating func append(_ sound: Sound) {
        sounds.append((pending, sound))
        pending = ""
    }
    /// No more text will come: what is left is a clause.
    package mutating func finish() { isWhole = true }

    /// The next clause with something to say, trimmed, or the next sound; `nil` until there is one.
    package mutating func next() -> Piece? {
        guard !sounds.isEmpty else {
            return Self.nextClause(of: &pending, isFirst: &isFirst, isWhole: isWhole).map { .clause($0) }
        }
        if let clause = Self.nextClause(of: &sounds[0].before, isFirst: &isFirst, isWhole: true) {
            return .clause(clause)
        }
        return .sound(sounds.removeFirst().sound)
    }

    private static func nextClause(of text: inout String, isFirst: inout Bool, isWhole: Bool) -> String? {
        while let end = clauseEnd(of: text, isFirst: isFirst, isWhole: isWhole) {
            let clause = trimmed(text[..<end])
            text = String(text[end...])
            guard clause.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
            isFirst = false
            return clause
        }
        return nil
    }

    private static func clauseEnd(of pending: String, isFirst: Bool, isWhole: Bool) -> String.Index? {
        var length = 0
        var lastSpace: String.Index?
        var index = pending.startIndex
        while index < pending.endIndex {
            let character = pending[index]
            let after = pending.index(after: index)
            length += 1
            if character == "\n" && length > 1 { return after }
            if ends(character, isFirst: isFirst), length >= (isFirst ? 2 : shortest) {
                // A mark inside a number or a name ("3:30", "p.m.x") is followed by no space.
                let isBoundary =
                    after < pending.endIndex
                    ? pending[after].isWhitespace : isWhole || endsSentence(pending[...index])
                if isBoundary && !isAbbreviation(before: index, in: pending) { return after }
            }
            if character.isWhitespace { lastSpace = after }
            if length >= longest { return lastSpace ?? after }
            index = after
        }
        return isWhole && !pending.isEmpty ? pending.endIndex : nil
    }

    private static func ends(_ character: Character, isFirst: Bool) -> Bool {
        switch character {
        case ".", "!", "?", "…": true
        case ",", ";", ":", "—": isFirst
        default: false
        }
    }

    /// Whether the text so far ends with a sentence, so that nobody need wait for its next word. A stop behind a figure or a
    /// couple of letters may stand within a number or a short form: "3.", "p.".
    static func endsSentence(_ text: Substring) -> Bool {
        switch text.last {
        case "!", "?": true
        case ".":
            text.dropLast().reversed().prefix(while: \.isLetter).count >= 3
                && !isAbbreviation(before: text.index(before: text.endIndex), in: text)
        default: false
        }
    }

    /// "Dr." and "p.m." do not end a sentence.
    private static func isAbbreviation(before dot: String.Index, in pending: some StringProtocol) -> Bool {
        guard pending[dot] == "." else { return false }
        return pending[..<dot].split(whereSeparator: \.isWhitespace).last.map { isAbbreviation(Substring($0)) } ?? false
    }

    /// - Parameter word: with its full stop or without.
    static func isAbbreviation(_ word: Substring) -> Bool {
        abbreviations.contains((word.last == "." ? word.dropLast() : word).lowercased())
    }
    private static let abbreviations: Set<String> = [
        "dr", "mr", "mrs", "ms", "st", "no", "a.m", "p.m", "e.g", "i.e", "www",
    ]

    static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
