/// A word with a slip of the thumb in it.
enum Slip {
    /// Whether somebody who meant the opt-out word `word` may have typed `typed`. Both folded.
    ///
    /// Letters held too long, two neighbours swapped, a vowel left out, a key beside the right one (words of 4 letters
    /// up), any letter left out (6 up), two slips (8 up, the first letter being right: SUBSCRIBE is not UNSUBSCRIBE).
    static func isSlip(_ typed: String, of word: String) -> Bool {
        let typed = Array(typed.utf8)
        let word = Array(word.utf8)
        guard typed != word, word.count >= 4, typed.count >= 3, typed.count <= 4 * word.count else { return false }
        if collapsed(typed) == collapsed(word) { return true }
        if isSwap(typed, word) || isNeighbouringKey(typed, word) { return true }
        if let at = leftOut(typed, of: word), word.count >= 6 || isVowel(word[at]) { return true }
        guard word.count >= 8, typed.first == word.first else { return false }
        return distance(typed, word) <= 2
    }

    /// The stricter rule for words inside a sentence, where most words are words: one letter too many, too few, or
    /// swapped.
    static func isSlipInSentence(_ typed: String, of word: String) -> Bool {
        guard typed.utf8.first == word.utf8.first, !typed.hasPrefix(word) else { return false }
        let typed = Array(typed.utf8)
        let word = Array(word.utf8)
        return isSwap(typed, word) || leftOut(typed, of: word) != nil || leftOut(word, of: typed) != nil
            || (word.count >= 9 && abs(typed.count - word.count) <= 2 && distance(typed, word) <= 2)
    }

    private static func isVowel(_ letter: UInt8) -> Bool { "aeiou".utf8.contains(letter) }

    private static func collapsed(_ letters: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for letter in letters where letter != out.last { out.append(letter) }
        return out
    }

    private static func isSwap(_ typed: [UInt8], _ word: [UInt8]) -> Bool {
        guard typed.count == word.count else { return false }
        let wrong = word.indices.filter { typed[$0] != word[$0] }
        guard wrong.count == 2, wrong[1] == wrong[0] + 1 else { return false }
        return typed[wrong[0]] == word[wrong[1]] && typed[wrong[1]] == word[wrong[0]]
    }

    /// Where the one letter stands that is missing.
    private static func leftOut(_ typed: [UInt8], of word: [UInt8]) -> Int? {
        guard typed.count + 1 == word.count else { return nil }
        let at = typed.indices.first { typed[$0] != word[$0] } ?? typed.count
        return typed[at...].elementsEqual(word[(at + 1)...]) ? at : nil
    }

    private static func isNeighbouringKey(_ typed: [UInt8], _ word: [UInt8]) -> Bool {
        guard typed.count == word.count else { return false }
        let wrong = word.indices.filter { typed[$0] != word[$0] }
        guard wrong.count == 1, let at = wrong.first else { return false }
        return beside[word[at]]?.contains(typed[at]) ?? false
    }

    /// The same row of a QWERTY keyboard.
    private static let beside: [UInt8: Set<UInt8>] = {
        var table: [UInt8: Set<UInt8>] = [:]
        for row in ["qwertyuiop", "asdfghjkl", "zxcvbnm"] {
            let keys = Array(row.utf8)
            for (left, right) in zip(keys, keys.dropFirst()) {
                table[left, default: []].insert(right)
                table[right, default: []].insert(left)
            }
        }
        return table
    }()

    /// Letters to add, drop or change. Words are short: `FoldedText.maxWordScalars`.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let changed = diagonal + (letter == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
