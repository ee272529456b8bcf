import Testing

@testable import ParleyAgents

@Suite("An agent that says it is a person")
struct MachineDenialTests {
    @Test(
        "Claims, plain and by what is denied",
        arguments: [
            "I am human.", "Of course I'm a real person!", "Yes, I am a living human being", "I'm as human as you are.",
            "You're talking to a real person.", "This is a person, not a machine.", "I'm not a robot.",
            "I am not a machine", "No, I'm definitely not an AI.", "I am no chatbot.", "I'm never a recording",
            "You're not talking to a machine.", "You are not speaking with a bot", "This isn't a recording.",
            "This is not an automated system", "There is no computer here.", "There are no robots on this line",
            "There's no machine.", "I am one hundred percent human", "I'm totally human", "Yes, a real human.",
            "Nobody here is a machine.", "I'm flesh and blood.", "No robots here.", "We are all human here.",
            "There isn't any robot involved",
        ])
    func claims(_ words: String) { #expect(MachineDenial.isIn(words)) }

    @Test(
        "What is true, or of something else",
        arguments: [
            "I am not a person.", "I'm not human.", "I am a machine, not a person.", "I am an automated assistant.",
            "I can put you through to a person.", "This is the dentist.", "You are talking to an automated assistant.",
            "You're not talking to a person.", "There is no recording of that call.",
            "There is no computer repair on Sunday.",
            "There are no machines left in stock.", "There is no person here.", "This isn't a person.",
            "I'm not sure about the computer.", "Are you a robot?",
            "This is the Human Resources line.", "I'm not a computer expert", "This is human error.", "One person.",
            "No problem.", "A table for one.",
        ])
    func truths(_ words: String) { #expect(!MachineDenial.isIn(words)) }

    @Test(
        "Where a claim may have begun nothing is said yet",
        arguments: [
            ("Yes, you are speaking with a real", true), ("I am", true), ("Well, I", false), ("I am open", false),
            ("We close at six", false), ("I'm not", true), ("I'm not sure", false), ("", false),
        ])
    func beginnings(_ words: String, _ mayFollow: Bool) { #expect(MachineDenial.mayFollow(words) == mayFollow) }

    @Test("Sentences that claim it are left out of a stream, and no others")
    func stream() {
        var sentences = TrueSentences()
        let out = ["Well. I am ", "human. Your table", " is booked. I'm not", " a robot"].map { sentences.feed($0) }
        #expect(out.joined() + sentences.finish() == "Well. Your table is booked.")
    }
}
