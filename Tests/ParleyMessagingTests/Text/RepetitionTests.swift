import Testing

@testable import ParleyMessaging

@Suite("A text is never a transcript")
struct RepetitionTests {
    private let rule = Repetition()
    private let turns = [
        "Riverside Dental, this is the front desk, how can I help you today?",
        "Hi, um, I'd like to book a cleaning for my daughter and myself, sometime next week, ideally on Tuesday after "
            + "school, because on Wednesday she has soccer and on Thursday I work late at the hospital.",
        "I have Tuesday at 3 pm for both of you with Dr. Lee. Does that work?",
        "Yes, that works. Her name is Emma, she is seven and a bit scared of the drill, so please be gentle with her.",
        "Of course. May I text you the details?", "Yes please.",
    ]

    @Test(
        "What was agreed may be said",
        arguments: [
            "Your cleaning is booked for Tuesday at 3 pm",
            "Two cleanings on Tuesday at 3 pm with Dr. Lee, for Emma and you.",
            "Riverside Dental: you are booked for Tuesday at 3 pm with Dr. Lee. Emma's cleaning is right after yours. "
                + "Bring your insurance card and arrive ten minutes early. Reply STOP to opt out",
            "Tuesday at 3 pm for both of you with Dr. Lee", "", "Yes please.", "!!!",
            "Tuesday Tuesday Tuesday Tuesday Tuesday Tuesday Tuesday Tuesday Tuesday Tuesday Tuesday Tuesday Tuesday",
        ])
    func summaries(message: String) { #expect(!rule.isTranscript(message, of: turns)) }

    @Test("Twelve words in a row out of one turn are too many, whatever their case and marks")
    func longRun() {
        let twelve = "ideally on Tuesday after school, because on Wednesday she has soccer and"
        #expect(rule.isTranscript(twelve, of: turns))
        #expect(
            rule.isTranscript(
                "You said: IDEALLY on tuesday - after school! Because on Wednésday she has soccer, and", of: turns))
        #expect(!rule.isTranscript("ideally on Tuesday after school, because on Wednesday she has soccer", of: turns))
        #expect(rule.isTranscript(turns[1], of: turns))
        #expect(rule.isTranscript(turns.joined(separator: " "), of: turns))
        #expect(!rule.isTranscript(twelve, of: []))
    }

    @Test("Two turns in a row are no run")
    func acrossTurns() {
        let message = "gentle with her Of course. May I text you the details? Yes please."
        #expect(!rule.isTranscript(message, of: turns))
    }

    @Test("A long message that is mostly pieces of the call is one")
    func pieces() {
        let pieces =
            "Caller: I'd like to book a cleaning for my daughter and me. Desk: I have Tuesday at 3 pm for both of you. "
            + "Caller: she is seven and a bit scared. Desk: of course, may I text you the details? Caller: yes."
        #expect(rule.isTranscript(pieces, of: turns))
        let one =
            "Caller: I'd like to book a cleaning. Then came a long talk about many other things that nobody repeats "
        #expect(!rule.isTranscript(one + "here, and at the end there was a yes for a text with all of it.", of: turns))
    }

    @Test("Any input is answered")
    func bounds() {
        let word = String(repeating: "ha ", count: 20_000)
        #expect(rule.isTranscript(word, of: [word]))
        #expect(!rule.isTranscript(String(repeating: "a", count: 100_000), of: Array(repeating: word, count: 20)))
        let twelve = (1...12).map(String.init).joined(separator: " ")
        let filler = Array(repeating: String(repeating: "uh ", count: 5_000), count: 8)
        #expect(rule.isTranscript(twelve, of: filler.dropLast() + [twelve]))
        #expect(!rule.isTranscript(twelve, of: [twelve] + filler))  // said more than 40,000 words ago
        #expect(
            Repetition(longRun: -1, shortRun: 0, longMessage: 0) == Repetition(longRun: 2, shortRun: 2, longMessage: 2))
    }
}
