import Testing

@testable import ParleyAgents

@Suite struct HonestAnswerTests {
    static let phrasings = [
        "Are you a machine?", "Am I talking to a real person?", "Is this a robot?", "Are you human?", "are you real",
        "Is this a recording?", "Are you an AI or a human being?", "Wait, am I speaking with a person right now?",
        "You're a bot, aren't you?", "Is this an automated system?",
    ]

    @Test(
        "Ten ways to ask, and more",
        arguments: phrasings + [
            "Are you actually a real live human?", "Hang on, is this some kind of chatbot?", "are you a computer",
            "Aren't you a robot?", "Am I still talking to a machine here?", "Are you, like, a real person or a robot?",
            "robot or human?", "human or machine", "are you even a person", "Is it a real human on the line?",
            "are you alive",
            "Sorry, are you a man or a machine?", "so you are a computer", "You're human, right?", "is that a bot",
            "did I reach a real person", "are you ChatGPT", "are you a virtual assistant?",
            "Are you one of those A.I. things?",
            "are you just a recorded message", "I'm talking to a computer, am I?", "is this a live person",
            "are you a bot", "are you an ai", "are you ai", "are you a person", "is this a machine",
            "is this a computer",
            "is this a person", "am i talking to a robot", "am i talking to a human", "am i speaking to a human",
            "am i speaking to a robot", "is this a human", "is this a bot",
        ])
    func asked(text: String) { #expect(HonestAnswer(text) != nil) }

    @Test(
        "What only sounds like it",
        arguments: [
            "Can I talk to a human?", "I want to speak to a real person", "Are you open on Sunday?",
            "Is this the dentist?",
            "Are you really open until eight?", "I need a machine serviced", "Is this a computer shop?",
            "are you real estate agents",
            "Is this human resources?", "my robot vacuum broke", "you are very kind", "are you there",
            "is it a real problem",
            "is this a good time", "are you sure", "I was talking to a person yesterday",
            "this is a person calling about a bill",
            "is that a program I apply for", "do you fix machines", "", "what are you", "is there a person called Jo",
        ])
    func notAsked(text: String) { #expect(HonestAnswer(text) == nil) }

    @Test("Whether there is more to answer")
    func more() {
        #expect(HonestAnswer.phrasings(areParts: false))
        #expect(HonestAnswer("Are you a robot? I would like to book a table for two on Friday.")?.isPartOfMore == true)
        #expect(
            HonestAnswer("Okay, before that: what are your opening hours, and is this a robot?")?.isPartOfMore == true)
    }

    @Test("What is said by default is true of each")
    func standard() {
        #expect(HonestAnswer.standard.contains("machine") && HonestAnswer.standard.contains("not a person"))
    }
}

extension HonestAnswer {
    fileprivate static func phrasings(areParts: Bool) -> Bool {
        HonestAnswerTests.phrasings.allSatisfy { HonestAnswer($0)?.isPartOfMore == areParts }
    }
}
