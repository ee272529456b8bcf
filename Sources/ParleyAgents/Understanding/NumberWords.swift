/// Numbers as people say and recognisers write them.
enum NumberWords {
    static let units: [String: Int] = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    ]
    static let teens: [String: Int] = [
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19,
    ]
    static let tens: [String: Int] = [
        "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90,
    ]
    /// What a recogniser writes for a digit when it expects a sentence. Each slot decides when these count.
    static let homophones: [String: String] = [
        "for": "four", "fore": "four", "to": "two", "too": "two", "won": "one", "ate": "eight", "tree": "three",
    ]
    private static let ordinalUnits: [String: Int] = [
        "first": 1, "second": 2, "third": 3, "fourth": 4, "forth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
        "ninth": 9,
    ]
    private static let ordinalTeens: [String: Int] = [
        "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
        "sixteenth": 16,
        "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    ]

    /// A cardinal from 0 to 9999 that begins at `index`: digits, or words up to ninety-nine.
    static func cardinal(_ tokens: [String], at index: Int) -> (value: Int, end: Int)? {
        guard index >= 0, index < tokens.count else { return nil }
        let token = tokens[index]
        if isDigits(token), token.count <= 4 { return Int(token).map { ($0, index + 1) } }
        if let value = units[token] ?? teens[token] { return (value, index + 1) }
        if let ten = tens[token] {
            if index + 1 < tokens.count, let unit = units[tokens[index + 1]], unit > 0 {
                return (ten + unit, index + 2)
            }
            return (ten, index + 1)
        }
        return nil
    }

    /// An ordinal from 1st to 31st that begins at `index`.
    static func ordinal(_ tokens: [String], at index: Int) -> (value: Int, end: Int)? {
        guard index >= 0, index < tokens.count else { return nil }
        let token = tokens[index]
        let digits = token.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, ["st", "nd", "rd", "th"].contains(String(token.dropFirst(digits.count))),
            let value = Int(digits), (1...31).contains(value)
        {
            return (value, index + 1)
        }
        if let value = ordinalUnits[token] ?? ordinalTeens[token] { return (value, index + 1) }
        if let ten = tens[token], index + 1 < tokens.count, let unit = ordinalUnits[tokens[index + 1]],
            ten + unit <= 31
        {
            return (ten + unit, index + 2)
        }
        return nil
    }

    static func isDigits(_ token: String) -> Bool {
        !token.isEmpty && token.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Whether the word at `index`, after a number, makes it a count of something: no hour, no day.
    static func countsSomething(_ tokens: [String], _ index: Int) -> Bool {
        tokens.indices.contains(index) && counted.contains(tokens[index])
    }

    private static let counted: Set<String> = [
        "day", "days", "week", "weeks", "month", "months", "people", "persons", "minute", "minutes", "hour", "hours",
        "second", "seconds", "times", "moment", "sec", "of", "year", "years", "teeth", "tooth", "kids", "children",
        "hundred",
        "percent", "dollars", "more",
    ]

    static func isNumber(_ tokens: [String], at index: Int) -> Bool { cardinal(tokens, at: index) != nil }
}
