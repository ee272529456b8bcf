/// What a caller may say at any question without answering it.
enum Aside: Equatable, Sendable {
    case sayAgain
    case help
    case person
    case machine
    case wait
    case goodbye

    /// - Parameter isFreeText: any words answer the question, so only whole phrases count.
    init?(_ words: Words, isFreeText: Bool = false) {
        let phrase = words.bare.joined(separator: " ")
        let whole = words.phrase
        if HonestAnswer(words) != nil {
            self = .machine
        } else if Self.sayAgainPhrases.contains(phrase) || Self.sayAgainPhrases.contains(whole)
            || (!isFreeText && Self.sayAgainWithin.contains(where: words.contains))
        {
            self = .sayAgain
        } else if Self.helpPhrases.contains(phrase) || Self.helpPhrases.contains(whole) {
            self = .help
        } else if Self.goodbyePhrases.contains(phrase) || Self.goodbyePhrases.contains(whole)
            || (!isFreeText && Self.goodbyeWithin.contains(where: words.contains))
        {
            self = .goodbye
        } else if Self.personPhrases.contains(phrase)
            || (!isFreeText && Self.personWithin.contains(where: words.contains))
        {
            self = .person
        } else if Self.waitPhrases.contains(phrase) || Self.waitPhrases.contains(whole) {
            self = .wait
        } else {
            return nil
        }
    }

    private static let sayAgainPhrases: Set<String> = [
        "repeat", "repeat that", "repeat it", "again", "once more", "one more time", "pardon", "pardon me", "excuse me",
        "what", "sorry", "sorry what", "what was that", "come again", "say again", "say that again", "what did say",
        "what did you say", "i beg your pardon", "could repeat that", "can repeat that", "can repeat", "can hear me",
    ]
    private static let sayAgainWithin = [
        "say that again", "repeat that", "repeat please", "repeat the question", "repeat yourself", "say it again",
        "didnt hear", "didnt catch", "did not catch", "did not hear", "couldnt hear", "cant hear you",
        "what did you say",
        "dont understand", "didnt understand", "didnt get that",
    ]
    private static let helpPhrases: Set<String> = [
        "help", "help me", "i need help", "what can do", "what can you do", "what can i say", "what can i do",
        "what are my options", "what are the options", "options", "what do do", "what do you do", "what can do for me",
        "what can you do for me",
    ]
    private static let personPhrases: Set<String> = [
        "operator", "human", "agent", "person", "representative", "receptionist", "somebody",
    ]
    private static let personWithin = [
        "an operator", "the operator", "a human", "a real person", "real human", "human being", "a person",
        "a representative",
        "talk to someone", "speak to someone", "speak with someone", "talk to somebody", "speak to somebody",
        "speak with somebody", "the receptionist", "a receptionist", "an agent", "talk to a man", "talk to a woman",
        "put me through", "operator please", "customer service",
    ]
    private static let waitPhrases: Set<String> = [
        "one moment", "a moment", "hold on", "hang on", "wait", "wait a moment", "wait a minute", "wait a second",
        "one second", "a second", "one sec", "a sec", "a minute", "one minute", "let me see", "let me check",
        "let me think",
        "give me a moment", "give me a second", "give me a minute", "bear with me", "hold on a second",
        "hang on a second",
        "hold on a moment", "hang on a moment", "hold on a minute", "hold on one second",
    ]
    private static let goodbyePhrases: Set<String> = [
        "goodbye", "good bye", "bye", "bye bye", "hang up", "end the call", "thats all goodbye", "thats all bye",
        "okay bye", "ok bye", "i have to go", "ive got to go", "i need to go", "got to go", "see you", "see",
        "no goodbye", "no bye", "forget it", "cancel the call", "stop the call",
    ]
    private static let goodbyeWithin = ["hang up", "end the call", "end this call", "i have to go", "ive got to go"]
}
