/// A yes, a no, or neither.
enum YesNo: Equatable, Sendable {
    case yes
    /// "Okay", "mhm", "fine": enough to go on with. What is enough to consent with, `ConsentAnswer` says.
    case weakYes
    case no
    /// Nothing of the kind, or both at once, or "maybe".
    case unclear

    init(_ words: Words) {
        guard !words.isEmpty else {
            self = .unclear
            return
        }
        var rest = words.tokens
        var weak = 0
        var yes = 0
        var no = 0
        var doubt = 0
        let said = Set(rest)
        // Longest first, so that "no problem" is not heard as "no".
        for (phrase, meaning) in Self.phrases where phrase.allSatisfy(said.contains) {
            while let start = Words(tokens: rest).first(of: phrase) {
                for index in start..<(start + phrase.count) { rest[index] = "" }
                switch meaning {
                case .yes: yes += 1
                case .weakYes: weak += 1
                case .no: no += 1
                case .unclear: doubt += 1
                }
            }
        }
        self =
            if doubt > 0 || (no > 0 && yes > 0) { .unclear } else if no > 0 { .no } else if yes > 0 {
                .yes
            } else if weak > 0 { .weakYes } else { .unclear }
    }

    private static let phrases: [([String], YesNo)] = {
        let table: [(YesNo, [String])] = [
            (
                .yes,
                [
                    "yes", "yeah", "yep", "yup", "yah", "ya", "yea", "yas", "aye", "sure", "certainly", "absolutely",
                    "definitely", "affirmative", "of course", "go ahead", "please do", "you can", "you may", "i agree",
                    "i consent", "i do", "it is", "they are", "i would", "id love to", "id like that", "by all means",
                    "thats fine", "that is fine", "thats right", "that is right", "thats correct", "that is correct",
                    "thats okay", "thats ok", "correct", "exactly", "indeed", "sounds good", "sounds great", "perfect",
                    "no problem", "no worries", "not a problem", "that works", "works for me", "that would be great",
                    "that would be good", "thatd be great", "absolutely fine", "you bet", "yes please", "you got it",
                    "all good", "looks good", "very good", "spot on",
                ]
            ),
            (
                .weakYes,
                [
                    "okay", "ok", "kay", "k", "alright", "all right", "fine", "right", "mhm", "mm hmm", "mmhmm", "mm",
                    "uh huh", "uhuh huh", "good", "great", "i guess so", "i suppose so", "i think so", "why not",
                    "i dont mind", "whatever", "cool", "got it",
                ]
            ),
            (
                .no,
                [
                    "no", "nope", "nah", "naw", "no thanks", "no thank you", "not really", "not now", "not today",
                    "i dont think so", "id rather not", "i would rather not", "rather not", "dont", "do not", "never",
                    "negative", "wrong", "incorrect", "absolutely not", "definitely not", "certainly not",
                    "of course not",
                    "no way", "not at all", "im good", "no im good", "its not", "it is not", "isnt", "it isnt",
                    "not right",
                    "thats not right", "that is not right", "not correct", "thats not correct", "that is not correct",
                    "not quite", "not yet", "please dont", "id prefer not", "prefer not", "i wont", "i refuse",
                    "not okay",
                    "not ok", "not fine", "thats not fine", "dont want", "i dont", "i do not", "cant", "you cant",
                    "you can not", "cannot", "you cannot", "you may not", "not interested", "no need", "not necessary",
                    "not good", "not great", "not exactly", "never mind", "nevermind", "not a chance", "wouldnt",
                    "stop",
                    "not sure thing",
                ]
            ),
            (
                .unclear,
                [
                    "maybe", "perhaps", "not sure", "im not sure", "i am not sure", "i dont know", "i do not know",
                    "dunno",
                    "depends", "it depends", "possibly", "probably", "no idea", "i guess", "i suppose", "not certain",
                    "i cant say", "hard to say", "dont understand", "i dont understand", "cant hear", "i cant hear",
                    "didnt hear", "didnt catch",
                ]
            ),
        ]
        let flat = table.flatMap { meaning, phrases in
            phrases.map { ($0.split(separator: " ").map(String.init), meaning) }
        }
        return flat.sorted { $0.0.count > $1.0.count }
    }()
}
