import Testing

@testable import ParleyMessaging

@Suite("How many parts a text has")
struct SegmentsTests {
    @Test(
        "GSM-7: 160 alone, 153 a part",
        arguments: [
            (0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4), (1_530, 10), (1_531, 11),
        ])
    func gsm(length: Int, parts: Int) {
        let segments = Segments(of: String(repeating: "a", count: length))
        #expect(segments.encoding == .gsm7)
        #expect(segments.units == length)
        #expect(segments.count == parts)
    }

    @Test("UCS-2: 70 alone, 67 a part", arguments: [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
    func ucs(length: Int, parts: Int) {
        let segments = Segments(of: String(repeating: "ж", count: length))
        #expect(segments.encoding == .ucs2)
        #expect(segments.units == length)
        #expect(segments.count == parts)
    }

    @Test("Each extension character counts two", arguments: Array("^{}\\[~]|€\u{C}"))
    func extensions(character: Character) {
        #expect(Segments(of: String(repeating: "a", count: 158) + String(character)).count == 1)
        let over = Segments(of: String(repeating: "a", count: 159) + String(character))
        #expect(over.encoding == .gsm7)
        #expect(over.units == 161)
        #expect(over.count == 2)
    }

    @Test("An extension character is not split: the part before stays one septet short")
    func extensionAtTheSeam() {
        // 152 letters leave one septet; the euro goes to the next part, so 152 + 153 + 1 letters need a third.
        let letters = { String(repeating: "a", count: $0) }
        #expect(Segments(of: letters(152) + "€" + letters(151)).count == 2)
        #expect(Segments(of: letters(152) + "€" + letters(152)).count == 3)
        #expect(Segments(of: letters(151) + "€" + letters(153)).count == 2)
    }

    @Test("A surrogate pair is not split either")
    func surrogates() {
        let letters = { String(repeating: "ж", count: $0) }
        #expect(Segments(of: letters(68) + "😀").count == 1)
        #expect(Segments(of: letters(69) + "😀").count == 2)
        #expect(Segments(of: letters(66) + "😀" + letters(65)).count == 2)
        #expect(Segments(of: letters(66) + "😀" + letters(66)).count == 3)
    }

    @Test("The whole default alphabet is GSM-7 with one septet each, and nothing else of Latin-1 is")
    func alphabet() {
        let alphabet = """
            @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
            abcdefghijklmnopqrstuvwxyzäöñüà
            """
        #expect(Set(alphabet.unicodeScalars).count == 127)  // 128 with the escape
        #expect(alphabet.unicodeScalars.allSatisfy { GSM7.septets(of: $0) == 1 })
        let taken = (0..<0x100).compactMap(Unicode.Scalar.init).filter { GSM7.septets(of: $0) == 1 }
        #expect(taken.count == alphabet.unicodeScalars.filter { $0.value < 0x100 }.count)
        #expect(Segments(of: "`").encoding == .ucs2)
        #expect(Segments(of: "ç").encoding == .ucs2)  // only the capital is in the alphabet
    }
}
