extension SpacedWords {
    /// An IBAN, in one piece or in groups of four.
    var hasAccountNumber: Bool { words.indices.contains { hasAccountNumber(at: $0) } }

    private func hasAccountNumber(at start: Int) -> Bool {
        var letters: [UInt8] = []
        for index in start..<words.count {
            let word = words[index].text.utf8
            guard word.count <= Self.longest, word.allSatisfy({ $0.isDigit || $0.isLetter }) else { return false }
            letters += word
            guard letters.count <= Self.longest, Self.opens(letters) else { return false }
            if Self.isAccountNumber(letters) { return true }
            // Only the last group is another length.
            guard word.count == 4 else { return false }
        }
        return false
    }

    /// Of the registry's countries: Malta 31, Russia 33, the standard allows 34. Norway has 15.
    private static let longest = 34
    private static let shortest = 15

    /// Two letters of a country and two digits.
    private static func opens(_ letters: [UInt8]) -> Bool {
        letters.count >= 4 && letters[0].isLetter && letters[1].isLetter && letters[2].isDigit && letters[3].isDigit
    }

    /// Modulo 97 of ISO 7064. Every country's has ten digits at the least, which words have not.
    private static func isAccountNumber(_ letters: [UInt8]) -> Bool {
        guard letters.count >= shortest, letters.count(where: \.isDigit) >= 10 else { return false }
        var rest = 0
        for letter in letters[4...] + letters[..<4] {
            // In lower case: `a` is 10.
            rest = letter.isDigit ? rest * 10 + Int(letter & 15) : rest * 100 + Int(letter) - 87
            rest %= 97
        }
        return rest == 1
    }
}
