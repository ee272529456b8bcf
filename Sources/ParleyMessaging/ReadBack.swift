/// Whether a number was read out to somebody: every digit of its national part, in order and in one breath.
public enum ReadBack {
    /// - Parameter heard: what they heard, as it was spoken: "two one two, five five five, oh one double two" or in digits.
    public static func holds(_ number: PhoneNumber, in heard: String) -> Bool {
        let digits = Array(number.e164.utf8.dropFirst())
        // Without the country code, which few people say.
        let wanted = digits.dropFirst(PhoneNumber.countryCodeLength(digits))
        return runs(in: heard).contains { run in
            guard run.count >= wanted.count else { return false }
            return (0...(run.count - wanted.count)).contains { run[$0...].starts(with: wanted) }
        }
    }

    /// Digits that follow one another, whatever marks are between them.
    private static func runs(in heard: String) -> [[UInt8]] {
        var runs: [[UInt8]] = []
        var run: [UInt8] = []
        var repeats = 1
        for word in heard.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            if let times = times[String(word)] {
                repeats = times
            } else if let digit = names[String(word)] {
                run += Array(repeating: digit, count: repeats)
                repeats = 1
            } else if word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                run += Array(word.utf8)
                repeats = 1
            } else {
                if !run.isEmpty { runs.append(run) }
                run = []
                repeats = 1
            }
        }
        if !run.isEmpty { runs.append(run) }
        return runs
    }

    private static let times = ["double": 2, "triple": 3]
    private static let names: [String: UInt8] = [
        "zero": 0x30, "oh": 0x30, "o": 0x30, "one": 0x31, "two": 0x32, "three": 0x33, "four": 0x34, "five": 0x35,
        "six": 0x36, "seven": 0x37, "eight": 0x38, "nine": 0x39,
    ]
}
