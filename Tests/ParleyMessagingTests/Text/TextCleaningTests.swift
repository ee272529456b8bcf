import Testing

@testable import ParleyMessaging

@Suite("What is cleaned out of a text")
struct TextCleaningTests {
    @Test("A letter keeps three accents of any kind, and six marks of its own script")
    func marks() {
        let flood = "Z" + String(repeating: "\u{301}", count: 500) + "a" + String(repeating: "\u{334}", count: 4) + "l"
        let clean = TextCleaning.clean(flood, isPlain: true)
        #expect(clean.unicodeScalars.elementsEqual("Z\u{301}\u{301}\u{301}a\u{334}\u{334}\u{334}l".unicodeScalars))
        let thai = "\u{E01}" + String(repeating: "\u{E47}", count: 40)
        #expect(TextCleaning.clean(thai, isPlain: true).unicodeScalars.count == 7)
        #expect(TextCleaning.clean(String(repeating: "\u{20DD}", count: 9), isPlain: true).unicodeScalars.count == 3)
    }

    @Test(
        "Languages are left as they are",
        arguments: [
            "Vie\u{302}\u{323}t Nam", "\u{1019}\u{103C}\u{103E}\u{102D}\u{102F}\u{1037}",
            "\u{5E9}\u{5C1}\u{5B8}\u{5DC}\u{5D5}\u{5B9}\u{5DD}", "\u{E17}\u{E35}\u{E48}",
            "\u{915}\u{94D}\u{937}\u{93F}", "Żółć", "日本語　です", "❤️",
        ])
    func languages(text: String) {
        #expect(TextCleaning.clean(text, isPlain: true).unicodeScalars.elementsEqual(text.unicodeScalars))
    }

    @Test(
        "What cannot be seen goes",
        arguments: [
            0x00, 0x1B, 0x7F, 0x9B, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x180E, 0x200B, 0x200D, 0x200E, 0x202A, 0x202E,
            0x2060, 0x2066, 0x2069, 0x3164, 0xFDD0, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFE, 0xFFFF, 0xE0001, 0xE0041, 0xE01EF,
            0x1FFFE, 0x10FFFF,
        ])
    func unseen(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(TextCleaning.clean("a\(scalar)b", isPlain: false) == "ab")
    }

    @Test(
        "What is a gap becomes one space",
        arguments: [0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0x2003, 0x2009, 0x2028, 0x2029, 0x202F, 0x205F])
    func gaps(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(TextCleaning.clean("a\(scalar)\(scalar) b\(scalar)", isPlain: true) == "a b")
    }

    @Test("Plain or not, cleaning a clean text changes nothing")
    func again() {
        for value in HostileValues.all {
            for isPlain in [true, false] {
                let once = TextCleaning.clean(value, isPlain: isPlain)
                #expect(TextCleaning.clean(once, isPlain: isPlain).utf8.elementsEqual(once.utf8))
            }
        }
    }
}
