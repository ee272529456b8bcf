/// Numbers as they are said in English.
enum EnglishNumber {
    /// "twelve hundred" is left to people: 1,200 is "one thousand two hundred". Up to 999,999,999,999,999.
    static func cardinal(_ number: Int) -> String {
        guard number != 0 else { return "zero" }
        var groups: [String] = []
        var rest = number.magnitude
        for scale in ["", " thousand", " million", " billion", " trillion"] where rest > 0 {
            let group = Int(rest % 1_000)
            if group > 0 { groups.insert(hundreds(group) + scale, at: 0) }
            rest /= 1_000
        }
        return (number < 0 ? "minus " : "") + groups.joined(separator: " ")
    }

    /// "twenty-first".
    static func ordinal(_ number: Int) -> String {
        let words = cardinal(number)
        let start = words.lastIndex { $0 == " " || $0 == "-" }.map { words.index(after: $0) } ?? words.startIndex
        let last = String(words[start...])
        let end = irregular[last] ?? (last.hasSuffix("y") ? String(last.dropLast()) + "ieth" : last + "th")
        return String(words[..<start]) + end
    }

    /// "five five five, oh": each digit by itself, with a breath between groups of three or four.
    ///
    /// - Parameter digits: ASCII digits.
    static func digits(_ digits: some StringProtocol) -> String { Spoken.digits(String(digits)) }

    /// "three point one four" of `3.14`, with commas between thousands or without.
    ///
    /// - Returns: `nil` where that is no number, or is beyond what has words.
    static func decimal(_ text: Substring) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = whole(parts[0]) else { return nil }
        guard parts.count == 2 else { return cardinal(whole) }
        guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return cardinal(whole) + " point "
            + parts[1].utf8.map { units[Int($0 - 0x30)] }.joined(separator: " ")
    }

    /// A whole number of at most fifteen digits; commas only between thousands.
    static func whole(_ text: Substring) -> Int? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = groups.first, !first.isEmpty, groups.count == 1 || first.count <= 3,
            groups.dropFirst().allSatisfy({ $0.count == 3 }),
            groups.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let digits = groups.joined()
        return digits.count <= 15 ? Int(digits) : nil
    }

    private static func hundreds(_ number: Int) -> String {
        var words: [String] = []
        if number >= 100 { words.append(units[number / 100] + " hundred") }
        let rest = number % 100
        if rest >= 20 {
            words.append(tens[rest / 10] + (rest % 10 == 0 ? "" : "-" + units[rest % 10]))
        } else if rest > 0 {
            words.append(units[rest])
        }
        return words.joined(separator: " ")
    }

    static let units = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let irregular = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]
}
