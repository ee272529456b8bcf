import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("A voice's words in the clause's text")
struct WordFinderTests {
    private func ends(_ text: String, _ words: [TimedWord]) -> [String] {
        var finder = WordFinder(text)
        return finder.ends(of: words).map { "\($0.textEnd)@\($0.audioEnd)" }
    }

    @Test("Words end where they end in the text, with the marks that belong to them")
    func plain() {
        let words = [
            TimedWord("Café", end: 300), TimedWord("RIGHT", end: 700), TimedWord("\u{201C}so\u{201D}", end: 900),
        ]
        #expect(ends("Café, right. So!", words) == ["6@300", "13@700", "17@900"])
    }

    @Test("A word that comes twice in the text is found in its place")
    func twice() {
        let words = ["the", "dog", "the", "cat"].enumerated().map { TimedWord($1, end: $0 * 100) }
        #expect(ends("the dog the cat", words) == ["3@0", "7@100", "11@200", "15@300"])
    }

    @Test("What was spelt out, or belongs elsewhere, is left out, and the next word is found again")
    func spelt() {
        let words = ["It", "costs", "five", "dollars", "a", "night"].enumerated().map { TimedWord($1, end: $0) }
        #expect(ends("It costs $5 — a night.", words) == ["2@0", "8@1", "17@4", "24@5"])
        #expect(ends("Yes.", [TimedWord("No", end: 1), TimedWord("...", end: 2), TimedWord("", end: 3)]) == [])
    }

    @Test("Times never go back, and none is believed that cannot be")
    func times() {
        let words = [
            TimedWord("a", end: 500), TimedWord("b", end: 400), TimedWord("c", end: -1), TimedWord("d", end: 120_001),
            TimedWord("e", end: 600),
        ]
        #expect(ends("a b c d e", words) == ["1@500", "3@500", "9@600"])
    }
}
