/// Cuts an agent's streamed text into clauses to synthesise, the first one short so that speech starts early.
struct ClauseSplitter: Sendable {
    /// A clause longer than this is cut at a space: a synthesiser should not be handed a page.
    private static let longest = 220
    /// Later clauses shorter than this wait for the next full stop: a voice needs a phrase to sound natural.
    private static let shortest = 24

    private var pending = ""
    private var isFirst = true
    private var isWhole = false

    var isEmpty: Bool { pending.isEmpty }

    /// Of what has not been handed out, in UTF-8 units.
    var length: Int { pending.utf8.count }

    /// What has not been handed out.
    var rest: String { Self.trimmed(pending[...]) }

    mutating func append(_ text: String) { pending += text }
    /// No more text will come: what is left is a clause.
    mutating func finish() { isWhole = true }

    /// The next clause with something to say, trimmed; `nil` until there is one.
    mutating func next() -> String? {
        while let end = clauseEnd() {
            let clause = Self.trimmed(pending[..<end])
            pending = String(pending[end...])
            guard clause.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
            isFirst = false
            return clause
        }
        return nil
    }

    private func clauseEnd() -> String.Index? {
        var length = 0
        var lastSpace: String.Index?
        var index = pending.startIndex
        while index < pending.endIndex {
            let character = pending[index]
            let after = pending.index(after: index)
            length += 1
            if character == "\n" && length > 1 { return after }
            if Self.ends(character, isFirst: isFirst), length >= (isFirst ? 2 : Self.shortest) {
                // A mark inside a number or a name ("3:30", "p.m.x") is followed by no space.
                let isBoundary = after < pending.endIndex ? pending[after].isWhitespace : isWhole
                if isBoundary && !isAbbreviation(before: index) { return after }
            }
            if character.isWhitespace { lastSpace = after }
            if length >= Self.longest { return lastSpace ?? after }
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

    /// "Dr." and "p.m." do not end a sentence.
    private func isAbbreviation(before dot: String.Index) -> Bool {
        guard pending[dot] == "." else { return false }
        return pending[..<dot].split(whereSeparator: \.isWhitespace).last.map(Self.isAbbreviation) ?? false
    }

    /// - Parameter word: with its full stop or without.
    static func isAbbreviation(_ word: Substring) -> Bool {
        abbreviations.contains((word.last == "." ? word.dropLast() : word).lowercased())
    }
    private static let abbreviations: Set<String> = ["dr", "mr", "mrs", "ms", "st", "no", "a.m", "p.m", "e.g", "i.e"]

    static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
