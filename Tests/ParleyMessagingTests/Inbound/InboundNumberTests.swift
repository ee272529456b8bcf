import Testing

@testable import ParleyMessaging

@Suite("Numbers as bridges write them, read back, and answers that are no yes")
struct InboundNumberTests {
    @Test(
        "A stop is not lost to the way its number is written",
        arguments: [
            "+12125550123", "12125550123", "2125550123", "(212) 555-0123", "+1 212 555 0123", "+1-212-555-0123",
            "0012125550123", "whatsapp:+12125550123", "sms:+12125550123;x=1", "\u{202A}+12125550123", "+12125550123\n",
        ])
    func number(text: String) {
        #expect(InboundNumber.number(text, sender: "+12125550100")?.e164 == "+12125550123")
    }

    @Test("What names no number is none", arguments: ["", "NORTHWIND", "12345", "whatsapp:", "+"])
    func none(text: String) {
        #expect(InboundNumber.number(text, sender: "+12125550100") == nil)
    }

    @Test("A number was read back if all of its digits were, the area code too")
    func readBack() throws {
        let number = try PhoneNumber("+12125550123")
        #expect(ReadBack.holds(number, in: "So two one two, five five five, zero one two three. May we text it?"))
        #expect(ReadBack.holds(number, in: "212-555-0123, right?"))
        #expect(ReadBack.holds(number, in: "two one two, triple five, oh one two three"))
        #expect(!ReadBack.holds(number, in: "three one two, five five five, zero one two three"))
        #expect(!ReadBack.holds(number, in: "five five five, zero one two three"))
        #expect(!ReadBack.holds(number, in: "two one two. And then five five five, zero one two three"))
    }

    @Test(
        "A polite no is no yes",
        arguments: [
            "That's okay, thanks", "that is fine thank you", "Oh, that's alright, thanks", "that's all good thanks",
        ])
    func politeNo(answer: String) {
        #expect(ConsentAnswer(text: answer, isKeyed: false).means(language: "en") == nil)
        #expect(ConsentAnswer(text: "Yes, " + answer, isKeyed: false).means(language: "en") == .spoken)
    }

    @Test(
        "What only looks like a telephone's reaction is read",
        arguments: [#"To all: "STOP TEXTING ME""#, #"Laughed. "take me off your list""#])
    func noReaction(text: String) {
        let meaning = InboundText.meaning(of: text, languages: .english, context: .init())
        #expect(meaning != .message, "\(text)")
        #expect(InboundText.isReaction("Laughed at \u{201C}Reply STOP to opt out\u{201D}"))
    }
}
