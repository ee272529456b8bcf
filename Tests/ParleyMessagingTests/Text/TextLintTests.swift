import Testing

@testable import ParleyMessaging

@Suite("What an operator is told of a text")
struct TextLintTests {
    private let lint: TextLint

    init() throws {
        lint = TextLint(
            composer: TextComposer(senderName: "Riverside Dental"), links: try LinkRules(hosts: ["clinic.example"]),
            sensitive: SensitiveData(words: ["falcon"]))
    }

    private func body(_ words: String) -> String { "Riverside Dental: \(words). Reply STOP to opt out" }

    @Test("Nothing of a text that is as it should be")
    func fine() throws {
        #expect(lint.findings(in: body("You are booked, see https://clinic.example/b")) == [])
        #expect(lint.findings(in: try lint.composer.compose("You are booked").body) == [])
    }

    @Test("Each finding has its level and a sentence")
    func findings() {
        func expect(_ text: String, _ level: TextLint.Finding.Level, _ rule: TextLint.Finding.Rule, _ sentence: String)
        {
            #expect(lint.findings(in: text) == [TextLint.Finding(level: level, rule: rule, sentence: sentence)])
        }
        expect("Booked. Reply STOP to opt out", .error, .senderNotNamed, "The text does not name its sender.")
        expect("Riverside Dental: booked.", .error, .hintMissing, "The text does not end in the opt-out hint.")
        expect(
            body("see http://clinic.example"), .error, .link(.notHTTPS),
            "A link, or a name that telephones make one of, does not begin with https://.")
        expect(
            body("see https://evil.com"), .error, .link(.hostNotAllowed),
            "A link leads to a host that is not on the list of allowed hosts.")
        expect(
            body("PIN: 1234"), .error, .sensitive(.secret), "The text tells a password, a PIN or a one-time code.")
        expect(
            body("the falcon"), .error, .sensitive(.configured),
            "The text has a word that the configuration keeps out of texts.")
        expect(
            body(String(repeating: "a", count: 120)), .warning, .severalParts,
            "At 161 GSM characters the text takes 2 parts; 160 fit in one.")
        expect(
            body("Zażółć"), .warning, .notGSM,
            "\"ż\" (U+017C) is not in the GSM alphabet, so a part holds 70 characters and not 160:"
                + " 1 part for 47 units.")
        expect(
            body("a\u{2009}b"), .warning, .notGSM,
            "U+2009 is not in the GSM alphabet, so a part holds 70 characters and not 160: 1 part for 44 units.")
    }

    @Test("A text beyond the limit is an error, and none is too")
    func parts() {
        let long = lint.findings(in: body(String(repeating: "a", count: 440)))
        #expect(long.map(\.rule) == [.tooManyParts, .severalParts])
        #expect(long.first?.sentence == "The text takes 4 parts; at most 3 are allowed.")
        #expect(lint.findings(in: "").map(\.rule) == [.empty, .senderNotNamed, .hintMissing])
    }

    @Test("The hint is not missed where it is not due, or where the provider adds it")
    func hint() {
        #expect(lint.findings(in: "Riverside Dental: booked.", needsHint: false) == [])
        var other = lint
        other.composer.footer = ""
        #expect(other.findings(in: "Riverside Dental: booked.") == [])
    }

    @Test("Sentences are for all rules, and hold nothing of the text")
    func sentences() {
        let text =
            "4111 1111 1111 1111 http://u@bit.ly/x 123-45-6789 hiv https://[::1] DE89370400440532013000"
            + " b\u{FC}\u{43A}.com"
        let found = lint.findings(in: text)
        #expect(found.filter { $0.level == .error }.count == 12)
        #expect(found.last?.rule == .notGSM)
        for word in ["4111", "bit.ly", "6789", "hiv", "DE89"] {
            #expect(!found.contains { $0.sentence.contains(word) })
        }
    }
}
