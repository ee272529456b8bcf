/// The phrases, grouped by what they are made of. To let the grammar know another way of saying it, add a row here and
/// a sentence to the tests.
struct OptOutPhrases: Sendable {
    static let book = OptOutPhrases()

    let vocabulary: Vocabulary
    private let byFirstWord: [[OptOutRule]]

    /// - Parameter word: a number from the vocabulary.
    func rules(startingWith word: Int) -> [OptOutRule] { byFirstWord[word] }

    struct Row {
        var id: String
        var pattern: String
        var verdict = OptOutGrammar.Verdict.optOut
        var media = OptOutGrammar.Medium.all
        var guards = PhraseGuards.usual
        var unsure = ""
        var never = ""

        /// A row of texts only that a person is to read.
        static func held(
            _ id: String, _ pattern: String, _ guards: PhraseGuards = [], never: String = ""
        ) -> Row {
            Row(id: id, pattern: pattern, verdict: .unsure, media: .text, guards: guards, never: never)
        }
    }

    private init() {
        var vocabulary = Vocabulary(classes: PhraseWords.classes)
        var rules: [OptOutRule] = []
        let rows =
            Self.stopping + Self.forbidding + Self.notWanting + Self.leaving + Self.dismissing + Self.brushingOff
            + Self.disowning + Self.answering
        for row in rows {
            rules.append(
                OptOutRule(
                    id: row.id, pattern: PhrasePattern(row.pattern, vocabulary: &vocabulary), verdict: row.verdict,
                    media: row.media, guards: row.guards, unsure: Self.words(row.unsure), never: Self.words(row.never)))
        }
        var table = [[OptOutRule]](repeating: [], count: vocabulary.numbers.count + 1)
        for rule in rules {
            for word in rule.pattern.firstWords ?? Set(table.indices) { table[word].append(rule) }
        }
        self.vocabulary = vocabulary
        byFirstWord = table
    }

    private static func words(_ list: String) -> Set<String> { Set(list.split(separator: " ").map(String.init)) }
}
