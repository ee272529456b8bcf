/// Digits that the caller speaks one by one, in pairs, or with "double" and "triple".
enum DigitString {
    /// The digits in these words, in order; empty where there are none. Never more than 40.
    ///
    /// Homophones ("for", "to", "ate") count where they stand beside a digit, or where there is nothing else.
    static func digits(in words: Words) -> String {
        let tokens = words.tokens.filter { $0 != "plus" && $0 != "and" }
        var isDigit = tokens.map { spoken($0) != nil || repeats[$0] != nil }
        let isHomophone = tokens.map { NumberWords.homophones[$0] != nil }
        let isAllDigits = zip(zip(isDigit, isHomophone), tokens).allSatisfy {
            $0.0 || $0.1 || Words.fillers.contains($1)
        }
        var changed = true
        while changed {
            changed = false
            for index in tokens.indices where isHomophone[index] && !isDigit[index] {
                let besideDigit = (index > 0 && isDigit[index - 1]) || (index + 1 < tokens.count && isDigit[index + 1])
                if isAllDigits || besideDigit {
                    isDigit[index] = true
                    changed = true
                }
            }
        }
        return collect(tokens, isDigit)
    }

    private static let repeats = ["double": 2, "triple": 3, "treble": 3]

    private static func collect(_ tokens: [String], _ isDigit: [Bool]) -> String {
        var result = ""
        var times = 1
        var index = 0
        while index < tokens.count, result.count < 40 {
            defer { index += 1 }
            guard isDigit[index] else {
                times = 1
                continue
            }
            let token = NumberWords.homophones[tokens[index]] ?? tokens[index]
            if let count = repeats[token] {
                times = count
                continue
            }
            // "oh" before a word is a sigh; before or after a digit, or alone, a zero.
            if token == "oh" || token == "o" {
                let isBeside =
                    (index > 0 && isDigit[index - 1] && tokens[index - 1] != "oh")
                    || (index + 1 < tokens.count && isDigit[index + 1])
                if !isBeside, tokens.count > 1 { continue }
            }
            if token == "hundred" || token == "thousand" {
                if !result.isEmpty { result += token == "hundred" ? "00" : "000" }
            } else if let ten = NumberWords.tens[token] {
                if index + 1 < tokens.count, let unit = NumberWords.units[tokens[index + 1]], unit > 0 {
                    result += String(ten + unit)
                    index += 1
                } else {
                    result += String(ten)
                }
            } else if let digits = spoken(token) {
                result += String(repeating: digits, count: digits.count == 1 ? times : 1)
            }
            times = 1
        }
        return String(result.prefix(40))
    }

    private static func spoken(_ token: String) -> String? {
        if NumberWords.isDigits(token) { return token }
        if token.contains(":") { return token.replacing(":", with: "") }
        if let value = NumberWords.units[token] ?? NumberWords.teens[token] ?? NumberWords.tens[token] {
            return String(value)
        }
        if ["oh", "o", "nought", "naught", "nil"].contains(token) { return "0" }
        if token == "hundred" || token == "thousand" { return "" }
        return nil
    }
}
