/// Whether an agent's own words say that a person speaks: no agent may say so, whatever its model makes up.
///
/// English. "I am human", "I'm not a robot", "You're talking to a real person", "There is no computer here"; but not "I am
/// not a person", nor "I can put you through to a person", nor "There is no recording of that".
enum MachineDenial {
    static func isIn(_ clause: String) -> Bool {
        let tokens = Words(clause).tokens
        func claims(_ subjects: [[String]], _ isClaim: (ArraySlice<String>) -> Bool) -> Bool {
            tokens.indices.contains { start in
                subjects.contains { tokens[start...].starts(with: $0) && isClaim(tokens[(start + $0.count)...]) }
            }
        }
        return claims(subjects) { isClaim($0, isNegated: false) }
            || claims(negatedSubjects) { isClaim($0, isNegated: true) } || claims(absences, isAbsence)
            || claims(idioms) { _ in true } || isFragment(tokens[...])
    }

    /// Whether the text breaks off where a claim may begin, "Yes, you are speaking with a real": it is not said before more is
    /// known.
    static func mayFollow(_ text: String) -> Bool {
        let tokens = Words(text).tokens
        return tokens.indices.contains { start in
            (subjects + negatedSubjects + absences).contains { subject in
                let rest = tokens[start...]
                return rest.starts(with: subject)
                    && rest.dropFirst(subject.count).allSatisfy { between.contains($0) || negations.contains($0) }
            }
        }
    }

    /// "Yes, a real person": an answer without a subject.
    private static func isFragment(_ tokens: ArraySlice<String>) -> Bool {
        let rest = tokens.drop { between.contains($0) || assents.contains($0) }
        return tokens.dropLast(rest.count).contains(where: reality.contains)
            && persons.contains { rest.elementsEqual($0) }
    }

    /// What follows "I am".
    private static func isClaim(_ tokens: ArraySlice<String>, isNegated: Bool) -> Bool {
        var rest = tokens
        var isNegated = isNegated
        while let word = rest.first,
            between.contains(word) || negations.contains(word) || rest.starts(with: ["one", "hundred"])
        {
            if negations.contains(word) { isNegated = true }
            rest = rest.dropFirst()
        }
        return (isNegated ? machines : persons).contains { thing in
            guard rest.starts(with: thing) else { return false }
            guard let next = rest.dropFirst(thing.count).first else { return true }
            return !HonestAnswer.ofSomethingElse.contains(next) && !ofOther.contains(next)
        }
    }

    /// What follows "there is no".
    private static func isAbsence(_ tokens: ArraySlice<String>) -> Bool {
        let rest = tokens.drop { between.contains($0) }
        return (machines + manyMachines).contains { machine in
            guard rest.starts(with: machine) else { return false }
            let after = rest.dropFirst(machine.count)
            return after.isEmpty || presences.contains { after.starts(with: $0) }
        }
    }

    private static let subjects = phrases(
        "i am,im,we are,this is,you are talking to,youre talking to,you are speaking to,youre speaking to,you are speaking with,"
            + "youre speaking with,you are talking with,youre talking with")
    private static let negatedSubjects = phrases(
        "you are not talking to,youre not talking to,you arent talking to,you are not talking with,"
            + "youre not talking with,you arent talking with,you are not speaking to,youre not speaking to,"
            + "you arent speaking to,you are not speaking with,youre not speaking with,you arent speaking with,this isnt,"
            + "nobody here is,no one here is,none of us is,none of us are")
    private static let absences = phrases("there is no,theres no,there isnt,there are no,there arent,no")
    private static let idioms = phrases("flesh and blood,in the flesh")
    private static let reality: Set<String> = ["real", "live", "living", "actual", "genuine"]
    private static let assents: Set<String> = ["yes", "yeah", "yep", "sure", "well"]
    /// Of something else, as in "human error".
    private static let ofOther: Set<String> = ["error", "interest", "nature", "expert", "experts"]
    private static let presences = phrases(
        "here,on this,on the line,on the phone,on my,speaking,talking,answering,involved,behind,in this call")
    private static let negations: Set<String> = ["not", "no", "never"]
    private static let between: Set<String> = [
        "a", "an", "the", "really", "actually", "definitely", "certainly", "very", "much", "just", "only", "real",
        "live",
        "living", "actual", "true", "genuine", "fellow", "of", "course", "in", "fact", "indeed", "some", "any", "kind",
        "sort", "absolutely", "honestly", "as", "totally", "completely", "fully", "entirely", "100", "percent",
        "hundred",
        "all", "perfectly",
    ]
    private static let persons = phrases("human being,human,person,somebody real,someone real,alive")
    private static let machines = phrases(
        "machine,robot,bot,chatbot,chat bot,voicebot,voice bot,computer,ai,a i,recording,automated,artificial,"
            + "virtual assistant,language model,program")

    private static let manyMachines = phrases(
        "machines,robots,bots,chatbots,chat bots,computers,recordings,programs")

    private static func phrases(_ list: String) -> [[String]] {
        list.split(separator: ",").map { $0.split(separator: " ").map(String.init) }
    }
}

/// Streamed text, sentence by sentence, without those that claim to be a person's.
struct TrueSentences: Sendable {
    private var pending = ""

    /// - Returns: what is whole by now and may be said.
    mutating func feed(_ text: String) -> String {
        pending += text
        var out = ""
        var (start, index) = (pending.startIndex, pending.startIndex)
        while index < pending.endIndex {
            let after = pending.index(after: index)
            let isStop = ".!?".contains(pending[index]) && after < pending.endIndex && pending[after].isWhitespace
            if isStop || pending[index].isNewline {
                out += Self.truth(pending[start..<after])
                start = after
            }
            index = after
        }
        pending = String(pending[start...])
        return out
    }

    /// No more text comes, or not in this place.
    mutating func finish() -> String {
        defer { pending = "" }
        return Self.truth(pending[...])
    }

    private static func truth(_ sentence: Substring) -> String {
        MachineDenial.isIn(String(sentence)) ? "" : String(sentence)
    }
}
