/// A caller's words as a recogniser wrote them, made comparable: lower case, no punctuation, one token a word or
/// number.
///
/// `3pm` becomes `3 pm`, `p.m.` `pm`, `o'clock` `oclock`, `twenty-fourth` two words, `24th` stays one, `15:30` and
/// `15.30` become `15:30`. Apostrophes go (`dont`). At most 2,000 characters and 200 tokens are read: nobody says more
/// in one turn.
struct Words: Equatable, Sendable {
    var tokens: [String]

    init(tokens: [String]) { self.tokens = tokens }

    init(_ text: String) {
        var chunks: [[Unicode.Scalar]] = []
        var chunk: [Unicode.Scalar] = []
        func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
        func close() {
            if !chunk.isEmpty { chunks.append(chunk) }
            chunk = []
        }
        let scalars = Array(text.unicodeScalars.prefix(2_000))
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            switch scalar {
            case "'", "\u{2019}", "\u{2018}", "`": continue
            case ":", ".":
                // Only between two characters of one word or time.
                if let last = chunk.last, last != ".", last != ":", Self.isWordScalar(next) {
                    chunk.append(scalar)
                } else if chunk.last != nil {
                    close()
                }
            case "+":
                close()
                if isDigit(next) || next == " " { chunks.append(Array("plus".unicodeScalars)) }
            case "/":
                let isBetweenDigits = chunk.last.map(isDigit) == true && isDigit(next)
                close()
                if isBetweenDigits { chunks.append(["/"]) }
            default:
                if Self.isWordScalar(scalar) { chunk.append(scalar) } else { close() }
            }
        }
        close()
        tokens = []
        for chunk in chunks where tokens.count < 200 { Self.split(chunk, into: &tokens) }
        joinSpelledPairs()
    }

    var isEmpty: Bool { tokens.isEmpty }
    var phrase: String { tokens.joined(separator: " ") }

    /// The words without hesitation and politeness.
    var bare: [String] { tokens.filter { !$0.isEmpty && !Self.fillers.contains($0) } }

    /// Where `phrase` (tokens) begins, if it occurs.
    func first(of phrase: [String]) -> Int? {
        guard !phrase.isEmpty, tokens.count >= phrase.count else { return nil }
        for start in 0...(tokens.count - phrase.count)
        where tokens[start..<(start + phrase.count)].elementsEqual(phrase) {
            return start
        }
        return nil
    }

    func contains(_ phrase: String) -> Bool { first(of: phrase.split(separator: " ").map(String.init)) != nil }

    /// The words after the last sign that the caller corrects themselves ("three, no sorry, four"), if there is one.
    var corrected: Words? {
        for marker in Self.corrections {
            if let start = last(of: marker), start + marker.count < tokens.count {
                return Words(tokens: Array(tokens[(start + marker.count)...]))
            }
        }
        return nil
    }

    private func last(of phrase: [String]) -> Int? {
        guard tokens.count >= phrase.count else { return nil }
        for start in stride(from: tokens.count - phrase.count, through: 0, by: -1)
        where tokens[start..<(start + phrase.count)].elementsEqual(phrase) {
            return start
        }
        return nil
    }

    static let fillers: Set<String> = [
        "uh", "um", "uhm", "er", "erm", "ah", "eh", "oh", "hm", "hmm", "well", "so", "like", "please", "thanks",
        "thank",
        "you", "hi", "hello", "hey", "then", "just", "maybe", "kindly", "now",
    ]

    private static let corrections: [[String]] = [
        ["i", "mean"], ["no", "sorry"], ["sorry", "no"], ["no", "wait"], ["wait", "no"], ["make", "it"],
        ["or", "rather"],
        ["actually"], ["instead"], ["sorry"], ["rather"], ["no"],
    ]

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            : scalar.properties.isAlphabetic
    }

    /// One run of letters, digits, dots and colons becomes tokens.
    private static func split(_ chunk: [Unicode.Scalar], into tokens: inout [String]) {
        let pieces = chunk.split(whereSeparator: { $0 == "." || $0 == ":" })
        if pieces.count > 1, pieces.allSatisfy({ $0.count == 1 && $0.allSatisfy(\.properties.isAlphabetic) }) {
            tokens.append(lowered(pieces.joined()))  // p.m., a.m., u.s.
            return
        }
        var index = 0
        while index < chunk.count {
            let scalar = chunk[index]
            if scalar == "." || scalar == ":" {
                index += 1
            } else if ("0"..."9").contains(scalar) {
                let digits = run(chunk, from: index) { ("0"..."9").contains($0) }
                index += digits.count
                let minutes =
                    index < chunk.count && (chunk[index] == ":" || chunk[index] == ".")
                    ? run(chunk, from: index + 1) { ("0"..."9").contains($0) } : []
                if digits.count <= 2, minutes.count == 2 {
                    tokens.append(lowered(digits) + ":" + lowered(minutes))
                    index += 3
                    continue
                }
                let letters = run(chunk, from: index) { $0.properties.isAlphabetic }
                let suffix = lowered(letters)
                if ["st", "nd", "rd", "th"].contains(suffix) {
                    tokens.append(lowered(digits) + suffix)
                    index += letters.count
                } else {
                    tokens.append(lowered(digits))
                }
            } else {
                let letters = run(chunk, from: index) { !("0"..."9").contains($0) && $0 != "." && $0 != ":" }
                // "3 p.m" leaves "p.m" here when it follows a digit without a space: "3p.m."
                if letters.count == 1, index + 2 < chunk.count, chunk[index + 1] == ".",
                    lowered([chunk[index + 2]]) == "m"
                {
                    tokens.append(lowered(letters) + "m")
                    index += 3
                    continue
                }
                tokens.append(lowered(letters))
                index += letters.count
            }
        }
    }

    private static func run(
        _ chunk: [Unicode.Scalar], from start: Int, while isMember: (Unicode.Scalar) -> Bool
    ) -> [Unicode.Scalar] {
        guard start < chunk.count else { return [] }
        return Array(chunk[start...].prefix(while: isMember))
    }

    private static func lowered(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text).lowercased()
    }

    /// "o clock", "p m" and "a m" as one token each.
    private mutating func joinSpelledPairs() {
        let pairs = [["o", "clock"]: "oclock", ["p", "m"]: "pm", ["a", "m"]: "am"]
        var index = 0
        while index + 1 < tokens.count {
            if let joined = pairs[[tokens[index], tokens[index + 1]]] {
                tokens.replaceSubrange(index...(index + 1), with: [joined])
            }
            index += 1
        }
    }
}
