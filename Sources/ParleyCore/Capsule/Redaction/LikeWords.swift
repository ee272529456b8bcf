/// Words in the place of the caller's: none of those that were said, and to a call the same. As whole an answer to what was asked, a
/// nod where that was one, a word that stops where there was one, nothing where nothing was said.
struct LikeWords {
    private var turn: TurnID?
    private var said: SpokenWords?
    /// What was made of both.
    private var judgements: (said: Judgement, given: Judgement)?
    private var given = ""

    /// - Parameter kind: what was asked for.
    mutating func words(for text: String, of turn: TurnID, as kind: AnswerKind) -> String {
        let words = SpokenWords(text)
        let judged = Judgement(text, kind)
        // Words that have not changed must not seem to have, nor the other way round; unless another question is open by now, to
        // which what was given is another answer.
        let isSame = turn == self.turn && words.tokens == said?.tokens && judged == judgements?.said
        if isSame, Judgement(given, kind) == judgements?.given { return given }
        let taken = turn == self.turn ? SpokenWords(given).tokens : nil
        let like =
            Self.first(for: kind) { Judgement($0, kind) == judged && SpokenWords($0).tokens != taken }
            ?? Self.first(for: kind) {
                let other = Judgement($0, kind)
                return other.completeness == judged.completeness && other.isEmpty == judged.isEmpty
                    && SpokenWords($0).tokens != taken
            }
        (self.turn, said, given) = (turn, words, like ?? "something")
        judgements = (judged, Judgement(given, kind))
        return given
    }

    /// All that a call finds in words.
    private struct Judgement: Equatable {
        var completeness: Completeness
        var isEmpty: Bool
        var isNod: Bool
        var isHum: Bool
        var stops: Bool

        init(_ text: String, _ kind: AnswerKind) {
            completeness = .of(text, as: kind)
            isEmpty = Backchannel.isEmpty(text)
            isNod = Backchannel.matches(text, isNearEnd: false)
            isHum = Backchannel.matches(text, isNearEnd: true)
            stops = Backchannel.hasStop(text)
        }
    }

    /// Of each kind of text there is, from few words to many.
    private static func first(for kind: AnswerKind, where fits: (String) -> Bool) -> String? {
        var texts = plain
        if case .choice(let phrases) = kind { texts += phrases }
        texts += figures
        for beginning in beginnings {
            for text in texts where fits(beginning + text) { return beginning + text }
        }
        return nil
    }

    private static let beginnings = [
        "", "something ", "no ", "what ", "something something ", "something no ", "something something something ",
    ]
    private static let plain = [
        "", "something", "mhm", "yeah", "um sure", "mhm yeah", "november", "the twenty", "double", "stop", "yes", "no",
        "what", "um", "and", "the", "something...",
        "something something something something something", "stop something something something something",
        "wait and", "wait um", "wait the", "goodbye", "that is all", "operator", "hello", "the first one", "sure",
        "no um",
        "monday", "at two", "monday at two", "monday at two thirty", "half past", "the first of", "monday at half past",
        "two in the afternoon", "s m", "this number", "figures no",
    ]
    private static let figures = (1...16).flatMap { count in
        let twos = [String](repeating: "2", count: count).joined(separator: " ")
        return [twos, "1 " + twos, "plus " + twos, "no " + twos, twos + " and", twos + " um"]
    }
}
