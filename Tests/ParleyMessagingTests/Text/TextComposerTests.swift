import Testing

@testable import ParleyMessaging

@Suite("The text that is sent")
struct TextComposerTests {
    private let composer = TextComposer(senderName: "Riverside Dental")

    @Test(
        "Every text names its sender and tells the way out",
        arguments: [
            ("You are booked", "Riverside Dental: You are booked. Reply STOP to opt out"),
            ("You are booked!", "Riverside Dental: You are booked! Reply STOP to opt out"),
            ("riverside dental: booked. Reply STOP to opt out.", "riverside dental: booked. Reply STOP to opt out."),
            (
                "Never reply STOP to opt out of tea",
                "Riverside Dental: Never reply STOP to opt out of tea."
                    + " Reply STOP to opt out"
            ),
        ])
    func named(words: String, body: String) throws {
        #expect(try composer.compose(words).body == body)
    }

    @Test("Controls, direction marks and invisible characters go; line ends become spaces; typography becomes plain")
    func cleaned() {
        #expect(composer.clean("a\r\nb\tc\u{0}\u{1B}[31m\u{7F}\u{9B}d") == "a b c[31md")
        #expect(composer.clean("\u{202E}evil\u{200B}\u{FEFF}\u{2066}x\u{AD}") == "evilx")
        #expect(composer.clean("  two   spaces \n") == "two spaces")
        #expect(composer.clean("\u{201C}it\u{2019}s\u{201D} \u{2013} on\u{A0}time\u{2026}") == "\"it's\" - on time...")
        #expect(composer.clean("a\u{2028}b\u{85}c") == "a b c")
    }

    @Test("Nothing to say, nobody who says it, or too much of it is refused")
    func refused() {
        #expect(throws: TextComposer.Fault.empty) { try composer.compose(" \u{200B}\n") }
        #expect(throws: TextComposer.Fault.senderUnnamed) { try TextComposer(senderName: " ").compose("hello") }
        let long = String(repeating: "a", count: 460)
        #expect(throws: TextComposer.Fault.tooLong(segments: 4, limit: 3)) { try composer.compose(long) }
        #expect(TextComposer.Fault.tooLong(segments: 4, limit: 3).rule == "text_too_long: 4 parts, at most 3")
        #expect(TextComposer(senderName: "R", maxSegments: 99).maxSegments == 10)
    }

    @Test("Footer and name count in the parts")
    func counted() throws {
        // "Riverside Dental: " is 18, ". Reply STOP to opt out" 23.
        #expect(try composer.compose(String(repeating: "a", count: 119)).segments.count == 1)
        #expect(try composer.compose(String(repeating: "a", count: 120)).segments.count == 2)
    }

    @Test("Without the hint there is room for more, and the record knows whether it was there")
    func hint() throws {
        let plain = try composer.compose("You are booked", withHint: false)
        #expect(plain.body == "Riverside Dental: You are booked")
        #expect(!plain.hasHint)
        #expect(try composer.compose("You are booked").hasHint)
        #expect(try composer.compose("Booked. reply stop to opt out!", withHint: false).hasHint)
        #expect(try composer.compose(String(repeating: "a", count: 142), withHint: false).segments.count == 1)
        #expect(try composer.compose(String(repeating: "a", count: 143), withHint: false).segments.count == 2)
    }

    @Test("Where the provider adds the hint none is added, and none is recorded")
    func noFooter() throws {
        let text = try TextComposer(senderName: "Riverside Dental", footer: "").compose("You are booked")
        #expect(text.body == "Riverside Dental: You are booked")
        #expect(!text.hasHint)
    }

    @Test(
        "A name is said by whole words",
        arguments: [
            ("Ann", "Your annual visit", "Ann: Your annual visit"), ("Ann", "Visit ANN today", "Visit ANN today"),
            ("Ann", "Hannah and Ann's team", "Hannah and Ann's team"), ("Ann", "Joann", "Ann: Joann"),
            ("Ann!", "Ann!s", "Ann!s"), ("Zoë", "bei ZOË", "bei ZOË"),
        ])
    func wholeWords(name: String, words: String, body: String) throws {
        #expect(try TextComposer(senderName: name).compose(words, withHint: false).body == body)
    }
}
