import Testing

@testable import ParleyCore

@Suite("What a redacted capsule holds in the place of words")
struct RedactionTests {
    static let questions: [AnswerKind] = [
        .open, .yesNo, .confirmation, .choice(["check-up", "cleaning", "a toothache"]), .digits(4...6), .phone(10),
        .date, .time,
        .dateTime, .freeText,
    ]
    static let answers = [
        "", "Yes.", "Yes, that's right.", "No.", "No, on Thursday.", "Mhm.", "Yeah.", "Okay, right.", "Stop!",
        "Wait, wait a minute.",
        "I need a cleaning, please.", "I need a", "It is a toothache and", "Um.", "Well, um", "My number is",
        "five five five",
        "555 010 4477", "+1 415 555 0142", "4 1 5", "Wednesday at ten in the morning.", "Wednesday", "At half past",
        "The third of",
        "Ten thirty.", "Smith, S M I", "That's all, thanks.", "Operator",
        "Could you tell me whether you are open on Sundays?",
        "The second one.", "Let me see", "Hold on", "I think so...", "This is the number I am calling from",
        "no, 4 4 1 2", "uh-huh", "Uh, yeah.", "Um, sure.", "Mhm, okay.", "November", "the twenty", "double",
    ]

    @Test("A call judges them as it judged what was said, and they are not that", arguments: questions)
    func alike(kind: AnswerKind) {
        for (number, said) in Self.answers.enumerated() {
            var likeness = LikeWords()
            let given = likeness.words(for: said, of: TurnID(UInt32(number)), as: kind)
            #expect(Completeness.of(given, as: kind) == Completeness.of(said, as: kind), "\(said): \(given)")
            #expect(Backchannel.isEmpty(given) == Backchannel.isEmpty(said), "\(said): \(given)")
            #expect(Backchannel.hasStop(given) == Backchannel.hasStop(said), "\(said): \(given)")
            for isNearEnd in [true, false] {
                let isNod = Backchannel.matches(said, isNearEnd: isNearEnd)
                #expect(Backchannel.matches(given, isNearEnd: isNearEnd) == isNod, "\(said): \(given)")
            }
            for word in ["cleaning", "toothache", "555", "wednesday", "smith", "sundays", "4477"]
            where kind != Self.questions[3] {
                #expect(!given.lowercased().contains(word), "\(said): \(given)")
            }
        }
    }

    @Test("Words that change change, and those that stand still stand still")
    func steadiness() {
        var likeness = LikeWords()
        let kind = AnswerKind.dateTime
        let first = likeness.words(for: "I would like to come on some day", of: TurnID(1), as: kind)
        let other = likeness.words(for: "I would like to come on some day next", of: TurnID(1), as: kind)
        #expect(SpokenWords(first) != SpokenWords(other))
        #expect(likeness.words(for: "i would like to come on some day, next", of: TurnID(1), as: kind) == other)
        let third = likeness.words(for: "I would like to come on some day next week", of: TurnID(1), as: kind)
        #expect(SpokenWords(third) != SpokenWords(other))
    }

    @Test(
        "The agent's words become as long, with the same marks and clauses, and nothing else of them is left",
        arguments: [
            "Thank you for calling, Dr. Smith. It is 3:30 p.m., room 12B!", "Grüße aus München: 5 €…", "こんにちは、世界。", "",
            "No. 7 St. James",
        ])
    func masked(text: String) {
        let masked = Masked.text(text)
        #expect(masked.utf8.count == text.utf8.count)
        #expect(masked.count == text.count)
        #expect(
            zip(masked, text).allSatisfy { $0.isWhitespace == $1.isWhitespace && $0.isPunctuation == $1.isPunctuation })
        for name in ["Smith", "calling", "München", "世界", "James", "30", "12"] { #expect(!masked.contains(name)) }
        func clauses(_ text: String) -> [Int] {
            var splitter = ClauseSplitter()
            splitter.append(text)
            splitter.finish()
            var lengths: [Int] = []
            while case .clause(let clause)? = splitter.next() { lengths.append(clause.utf8.count) }
            return lengths
        }
        #expect(clauses(masked) == clauses(text))
    }

    @Test("In whatever pieces a capsule comes, what is left of it is the same, and no voice")
    func pieces() throws {
        let whole = CapsuleTests.recordedCall()
        var atOnce = try CapsuleRedaction(whole, phrases: CallSettings.test.phrases)
        let redacted = atOnce.take()
        #expect(redacted.count * 4 < whole.count)

        // Whole records, as the gateway hands them over.
        var harness = CallHarness()
        harness.record()
        harness.words = ["I need a cleaning"]
        harness.start()
        var piecemeal = try CapsuleRedaction(harness.takeRecording(), phrases: CallSettings.test.phrases)
        var octets = piecemeal.take()
        harness.wait(1_500)
        octets += piecemeal.take(harness.takeRecording())
        harness.speak(900)
        octets += piecemeal.take(harness.takeRecording())
        harness.wait(3_000)
        octets += piecemeal.take(harness.recording())
        #expect(octets == redacted)

        let (records, damage) = try CapsuleTests.records(redacted)
        #expect(damage == nil)
        #expect(records.contains { if case .judged = $0 { true } else { false } })
        #expect(!records.contains { if case .heard = $0 { true } else { false } })
        let lines = try CapsuleTests.records(redacted).records.flatMap { record -> [String] in
            guard case .outputs(let outputs) = record else { return [] }
            return outputs.map { if case .line(let line) = $0 { line } else { "" } }
        }
        #expect(lines.contains { $0.contains("caller turn") } && !lines.contains { $0.contains("cleaning") })
        // Nothing is left to take out.
        func judged(_ records: [CapsuleRecord]) -> [CapsuleRecord] {
            records.filter { if case .judged = $0 { true } else { false } }
        }
        let again = try CapsuleTests.records(try CapsuleRedaction.redact(redacted)).records
        #expect(judged(again) == judged(records))
    }
}
