#if LocalSpeech
import ParleySpeech
import Testing

@testable import ParleySpeechLocal

@Suite("Text for flite")
struct SpokenTextTests {
    @Test(
        "Signs that flite cannot read become words, accents and quotes become plain",
        arguments: [
            ("It’s “fine” – really…", "It's \"fine\" ,  really..."),
            ("Café Zoë & Söhne", "Cafe Zoe  and  Sohne"),
            ("That is £20.50.", "That is  20.50 pounds."),
            ("Pay €7 now", "Pay  7 euros now"),
            ("A £ sign", "A   sign"),
            ("5% off", "5 percent off"),
            ("**bold** _text_ <b>", "  bold    text   b "),
            ("日本 ok 🙂", "   ok  "),
            ("tab\there\nand\u{0}nul", "tab here and nul"),
        ])
    func plain(source: String, expected: String) {
        let text = SpokenText(source)
        #expect(String(decoding: text.bytes, as: UTF8.self) == expected)
        #expect(text.bytes.count == text.sourceEnds.count)
        #expect(text.sourceEnds == text.sourceEnds.sorted())
        #expect(text.sourceEnds.allSatisfy { $0 > 0 && $0 <= source.utf8.count })
    }

    @Test("A clause of signs alone has nothing to say")
    func wordless() {
        #expect(!SpokenText("… — 🙂 !?").hasWords)
        #expect(!SpokenText("").hasWords)
        #expect(SpokenText("a").hasWords)
    }

    @Test("A token ends behind its punctuation, in the source's own bytes")
    func tokenEnds() {
        let source = "“Café”, she said: 7:30!"
        let ends = SpokenText(source).ends(ofTokens: ["Cafe", "she", "said", "7:30"])
        let bytes = Array(source.utf8)
        #expect(
            ends.map { String(decoding: bytes[..<$0], as: UTF8.self) } == [
                "“Café”,", "“Café”, she", "“Café”, she said:", "“Café”, she said: 7:30!",
            ])
    }

    @Test("A token that is nowhere in the text ends where the one before it did")
    func unknownToken() {
        #expect(SpokenText("one two").ends(ofTokens: ["one", "uno", "two"]) == [3, 3, 7])
    }
}
#endif
