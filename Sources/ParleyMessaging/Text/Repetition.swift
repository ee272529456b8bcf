/// Whether a message repeats a call word for word: a text may say what was agreed, and is never a transcript.
///
/// Words are compared folded (`FoldedText`): case, accents and punctuation do not matter. Languages without spaces
/// between words are not measured.
public struct Repetition: Equatable, Sendable {
    /// Words in a row out of one turn that are a transcript by themselves.
    public let longRun: Int
    /// Words in a row that count towards a message made of pieces.
    public let shortRun: Int
    /// A shorter message is not one made of pieces.
    public let longMessage: Int

    /// - Parameters: in words; each at least 2, and `shortRun` at most `longRun`.
    public init(longRun: Int = 12, shortRun: Int = 6, longMessage: Int = 30) {
        self.longRun = max(longRun, 2)
        self.shortRun = min(max(shortRun, 2), self.longRun)
        self.longMessage = max(longMessage, 2)
    }

    /// Words of the call that are read, the latest first: more than four hours of talk.
    static let maxWords = 40_000

    /// - Parameters:
    ///   - message: as the agent wrote it.
    ///   - turns: what was said, one text a turn, in order.
    /// - Returns: `true` for a long run out of one turn, and for a long message that is, by more than half, short runs.
    public func isTranscript(_ message: String, of turns: [String]) -> Bool {
        let message = FoldedText(message).words
        guard message.count >= shortRun else { return false }
        var numbers: [String: Int] = [:]
        for word in message where numbers[word] == nil { numbers[word] = numbers.count }
        let words = message.compactMap { numbers[$0] }
        let long = Set(runs(of: longRun, in: words[...]))
        let short = Set(runs(of: shortRun, in: words[...]))

        var repeated: Set<ArraySlice<Int>> = []
        var left = Self.maxWords
        for turn in turns.reversed() where left > 0 {
            let said = FoldedText(turn).words.suffix(left)
            left -= said.count
            // Only stretches of the message's own words can hold a run of it.
            for stretch in said.map({ numbers[$0] ?? -1 }).split(separator: -1) {
                if runs(of: longRun, in: stretch).contains(where: long.contains) { return true }
                for run in runs(of: shortRun, in: stretch) where short.contains(run) { repeated.insert(run) }
            }
        }
        guard message.count >= longMessage else { return false }
        return covered(words, by: repeated) * 2 > message.count
    }

    private func runs(of length: Int, in words: ArraySlice<Int>) -> [ArraySlice<Int>] {
        guard words.count >= length else { return [] }
        return (words.startIndex...words.endIndex - length).map { words[$0..<$0 + length] }
    }

    /// Words that lie in some run.
    private func covered(_ words: [Int], by repeated: Set<ArraySlice<Int>>) -> Int {
        var count = 0
        var end = 0
        for (start, run) in runs(of: shortRun, in: words[...]).enumerated() where repeated.contains(run) {
            count += start + shortRun - max(start, end)
            end = start + shortRun
        }
        return count
    }
}
