/// Whether a caller asks to know if a machine or a person is speaking. The answer is true, whichever agent gives it: this
/// stands in front of models, which may be talked into another one.
///
/// English. A question has a subject ("are you", "is this", "am I talking to"), at most a few words between, and then
/// what is asked about ("a robot", "real", "a live person"). A request for a person ("can I talk to a human") is none.
struct HonestAnswer: Equatable, Sendable {
    /// True of every phrasing, whether it asks for a machine or for a person.
    static let standard = "I am an automated assistant, a machine, not a person."

    /// The caller said more than the question.
    let isPartOfMore: Bool

    /// `nil`: nothing of the kind is asked.
    init?(_ text: String) { self.init(Words(text)) }

    init?(_ words: Words) {
        let tokens = words.tokens
        if Self.wholeTurns.contains(words.bare) {
            isPartOfMore = false
            return
        }
        for start in tokens.indices {
            guard let end = Self.question(tokens, at: start) else { continue }
            let others = Words(tokens: Array(tokens[..<start]) + Array(tokens[end...])).bare
            isPartOfMore = others.count { !Self.nothingElse.contains($0) } >= 3
            return
        }
        return nil
    }

    // MARK: Grammar

    private struct Subject {
        enum Kind {
            /// "Are you ...": whatever follows is asked of the speaker.
            case you
            /// "Is this ...": may be asked of much else.
            case this
            /// "You are ...": said, rather than asked.
            case statement
        }
        var words: [String]
        var kind: Kind
    }

    /// Where a question that begins at `start` ends.
    private static func question(_ tokens: [String], at start: Int) -> Int? {
        for subject in subjects where tokens[start...].starts(with: subject.words) {
            let first = start + subject.words.count
            var at = first
            while at < tokens.count, at < first + 5, between.contains(tokens[at]) { at += 1 }
            let isAboutBeing = tokens[first..<at].contains(where: states.contains)
            if let end = end(of: machines, tokens, at) { return end }
            let isAsked = subject.kind != .statement || tokens[at...].contains(where: tags.contains)
            if isAsked, let end = end(of: persons, tokens, at) { return end }
            if isAsked, subject.kind == .you || isAboutBeing, let end = end(of: others, tokens, at) { return end }
            // "Are you real?"
            if isAsked, at > first, states.contains(tokens[at - 1]), at == tokens.count || after.contains(tokens[at]) {
                return at
            }
        }
        return nil
    }

    private static func end(of things: [[String]], _ tokens: [String], _ at: Int) -> Int? {
        for thing in things where tokens[at...].starts(with: thing) {
            let end = at + thing.count
            if end == tokens.count || !ofSomethingElse.contains(tokens[end]) { return end }
        }
        return nil
    }

    private static let subjects: [Subject] =
        phrases(
            """
            are you,arent you,am i talking to,am i speaking to,am i talking with,am i speaking with,am i chatting with,
            i am talking to,im talking to,i am speaking to,im speaking to,im speaking with,are we talking to,
            am i still talking to,did i reach,have i reached,do i talk to,do i speak to,do i speak with
            """
        ).map { Subject(words: $0, kind: .you) }
        + phrases("is this,isnt this,is it,isnt it,is that,isnt that").map { Subject(words: $0, kind: .this) }
        + phrases("you are,youre").map { Subject(words: $0, kind: .statement) }

    private static let between = Set(
        words(
            """
            a an some just really actually even like only not maybe possibly sort kind of one those these real live
            living actual true genuine fellow automated automatic artificial digital virtual talking here either stupid
            by any chance still now with to in fact honestly
            """))
    private static let states: Set<String> = [
        "real", "live", "living", "actual", "automated", "automatic", "artificial", "virtual", "digital",
    ]
    private static let tags: Set<String> = ["right", "correct", "arent", "yes", "yeah", "no"]
    private static let after: Set<String> = [
        "or", "and", "because", "im", "i", "are", "is", "please", "here", "though",
    ]
    private static let machines = phrases(
        """
        machine,robot,robots,bot,bots,chatbot,chat bot,voicebot,voice bot,robocall,computer,ai,a i,recording,
        recorded message,recorded voice,prerecorded,answering machine,voice assistant,android,language model,chatgpt,
        chat gpt,gpt
        """)
    private static let persons = phrases("human being,human,humans,person,somebody real,someone real,alive,sentient")
    private static let others = phrases(
        "man,woman,guy,lady,system,program,software,assistant,intelligence,voice,recorded,message,somebody,someone")
    /// "Human resources", "a computer shop": words that make something else of it.
    static let ofSomethingElse: Set<String> = [
        "resources", "shop", "store", "repair", "repairs", "service", "services", "company", "rental", "parts",
        "class", "course", "department", "science", "rights", "administrator", "wash", "tools", "games",
    ]
    /// Asked without a subject.
    private static let wholeTurns = Set(
        phrases(
            """
            robot or human,human or robot,human or machine,machine or human,man or machine,person or machine,
            real person or robot,bot or human,human or bot,person or robot,real person or machine,real or robot
            """))
    /// Says nothing of its own beside the question.
    private static let nothingElse = Set(
        words(
            """
            are you or a an the real human person machine robot bot is this it that wait okay ok sorry excuse me tell be
            honest with i want to know do wonder wondering if can ask question hang on first there am talking speaking
            right but and not what who computer ai being live actual hold second need quick one no yes yeah some
            kind of my
            """))

    private static func words(_ list: String) -> [String] {
        list.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private static func phrases(_ list: String) -> [[String]] { list.split(separator: ",").map { words(String($0)) } }
}
