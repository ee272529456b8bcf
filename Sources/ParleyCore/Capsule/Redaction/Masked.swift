/// The agent's words with every letter and figure replaced by another of the same kind: as long in octets and in characters,
/// with the same spaces and marks, so that it is cut into the same clauses and its words end where they did.
enum Masked {
    static func text(_ text: String) -> String {
        var masked = ""
        var word = Substring()
        func close(_ masked: inout String) {
            if ClauseSplitter.isAbbreviation(word) {
                masked += standIn(for: word)
            } else {
                for scalar in word.unicodeScalars { masked.unicodeScalars.append(mask(scalar)) }
            }
            word = Substring()
        }
        for character in text {
            if character.isWhitespace {
                close(&masked)
                masked.append(character)
            } else {
                word.append(character)
            }
        }
        close(&masked)
        return masked
    }

    /// Another abbreviation of that length, as one does not end a clause.
    private static func standIn(for word: Substring) -> String {
        let stop = word.last == "." ? "." : ""
        let letters = word.utf8.count - stop.utf8.count
        return (letters == 2 ? "dr" : word.dropLast().contains(".") ? "a.m" : "mrs") + stop
    }

    private static func mask(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let properties = scalar.properties
        guard properties.isAlphabetic || properties.numericType != nil else { return scalar }
        return switch (UTF8.width(scalar), properties.numericType != nil, properties.isUppercase) {
        case (1, true, _): "0"
        case (1, _, true): "X"
        case (1, _, _): "x"
        case (2, _, _): "\u{E9}"
        case (3, _, _): "\u{8A9E}"
        default: "\u{1D499}"
        }
    }
}

/// The same for a reply that comes in pieces, which may end within a word: what has begun waits for its other half, as a clause
/// does, which is cut at spaces alone.
struct StreamedMask {
    private static let longestWord = 200
    private var generation = Generation(0)
    private var begun = ""

    mutating func take(_ text: String, of generation: Generation) -> String {
        if generation != self.generation { (self.generation, begun) = (generation, "") }
        let all = begun + text
        let end = all.lastIndex(where: \.isWhitespace).map { all.index(after: $0) } ?? all.startIndex
        begun = String(all[end...])
        // A clause is cut behind a sentence that has its mark, and in a word that nobody says.
        guard begun.utf8.count > Self.longestWord || ClauseSplitter.endsSentence(all[...]) else {
            return Masked.text(String(all[..<end]))
        }
        begun = ""
        return Masked.text(all)
    }

    /// What waited, when no more text comes for now; `nil` where nothing did.
    mutating func rest(of generation: Generation) -> String? {
        guard generation == self.generation, !begun.isEmpty else { return nil }
        defer { begun = "" }
        return Masked.text(begun)
    }
}
