/// Words of a sentence as the phrase grammar knows them: "do not" is `dont`, "txt" is `text`, "mesages" is `messages`.
enum PlainWords {
    static func plain(_ words: [FoldedText.Word]) -> [FoldedText.Word] {
        var out: [FoldedText.Word] = []
        for word in words {
            var word = word
            word.text = plain(word.text)
            if let last = out.last, let joined = pairs[last.text]?[word.text] {
                out[out.count - 1].text = joined
            } else {
                out.append(word)
            }
        }
        return out
    }

    private static func plain(_ word: String) -> String {
        if let known = spellings[word] { return known }
        if let lettered = lettered(word) { return lettered }
        if let short = withoutRuns(word) { return plain(short) }
        let count = word.utf8.count
        if word.utf8.first == UInt8(ascii: "s"), count > 4, isLongStop(word) { return "stop" }
        guard count >= 5, count <= 16, !trueWords.contains(word), !misspelled.contains(word) else { return word }
        return misspelled.first { Slip.isSlipInSentence(word, of: $0) } ?? word
    }

    /// "st0p" is `stop`.
    private static func lettered(_ word: String) -> String? {
        guard word.utf8.contains(where: { digits[$0] != nil }) else { return nil }
        let letters = String(decoding: word.utf8.map { digits[$0] ?? $0 }, as: UTF8.self)
        return disguised.contains(letters) ? letters : nil
    }

    private static let digits: [UInt8: UInt8] = [
        UInt8(ascii: "0"): UInt8(ascii: "o"), UInt8(ascii: "1"): UInt8(ascii: "i"),
        UInt8(ascii: "3"): UInt8(ascii: "e"),
        UInt8(ascii: "5"): UInt8(ascii: "s"), UInt8(ascii: "7"): UInt8(ascii: "t"),
    ]
    private static let disguised: Set<String> = ["stop", "text", "texts", "texting", "message", "messages", "remove"]

    /// "noooo" is `no`: letters held three times or longer.
    private static func withoutRuns(_ word: String) -> String? {
        var out: [UInt8] = []
        var run = 0
        var isLong = false
        for letter in word.utf8 {
            run = letter == out.last ? run + 1 : 1
            if run >= 3, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) { isLong = true }
            if run == 1 || letter >= 0x80 { out.append(letter) }
        }
        return isLong ? String(decoding: out, as: UTF8.self) : nil
    }

    private static func isLongStop(_ word: String) -> Bool {
        var letters: [UInt8] = []
        for letter in word.utf8 where letter != letters.last { letters.append(letter) }
        return letters == Array("stop".utf8) && word != "stoop"
    }

    /// Content words of the grammar that people misspell.
    private static let misspelled = [
        "texting", "texts", "messages", "messaging", "message", "contacting", "contact", "sending", "unsubscribe",
        "number",
        "notifications", "reminders", "receive", "receiving", "interested", "spamming", "harassing", "bothering",
        "remove", "again", "anymore", "leave", "alone", "wrong", "person", "permission", "delete", "harassment",
        "subscription", "enough",
    ]
    /// One letter from one of those, and no slip.
    private static let trueWords: Set<String> = [
        "interest", "interests", "spending", "contract", "contracts", "contracting", "removed", "tests", "teeth",
        "tents", "messes", "mending",
    ]

    private static let spellings: [String: String] = {
        var table: [String: String] = [:]
        let groups = [
            "dont": "dnt donot dontt doont dontn", "cant": "cannot", "please": "pls plz plse plese pleas pleaes pleez",
            "thanks": "thx ty tks tnx thankyou", "text": "txt tex", "texts": "txts txs",
            "texting": "txting textin texing txtin txtng txtn textn",
            "message": "msg mssg mesage", "messages": "msgs mssgs mesages", "messaging": "msging", "you": "u ya yall",
            "your": "ur yr yer", "are": "r", "with": "w", "more": "mas mor moar", "list": "lsit lits lst",
            "take": "tkae tak",
            "wrong": "wrng worng wrog rong", "not": "aint", "the": "teh da", "again": "agian agn",
            "enough": "enuf enuff", "leave": "leav leve", "back": "bak", "remove": "rmv remve", "nobody": "noone",
            "stop": "stopp stahp stp stpo sotp",
            "me": "mee",
            "number": "num nbr nmbr numba", "want": "wanna wnt", "sms": "smss", "because": "cuz cause bc",
            "fucking": "fing fcking fkn fkin fckin fuckin effing friggin frigging freaking frickin fcuking",
            "fuck": "fk fck fuk fcuk",
            "unsubscribe": "unsub unsubscribed unsubscribing unsubscribes unenroll", "didnt": "didint dint",
            "phone": "fone",
        ]
        for (word, others) in groups {
            for other in others.split(separator: " ") { table[String(other)] = word }
        }
        return table
    }()

    private static let pairs: [String: [String: String]] = [
        "do": ["not": "dont", "nt": "dont"], "did": ["not": "didnt"], "does": ["not": "doesnt"],
        "can": ["not": "cant", "t": "cant"], "will": ["not": "wont"], "is": ["not": "isnt"],
        "would": ["not": "wouldnt"],
        "should": ["not": "shouldnt"], "no": ["longer": "nolonger", "one": "nobody"],
        "i": ["am": "im", "would": "id", "will": "ill"],
        "thank": ["you": "thanks"], "y": ["are": "why", "do": "why"], "don": ["t": "dont"], "didn": ["t": "didnt"],
        "doesn": ["t": "doesnt"],
        "isn": ["t": "isnt"], "won": ["t": "wont"], "wouldn": ["t": "wouldnt"], "any": ["more": "anymore"],
        "un": ["subscribe": "unsubscribe"], "on": ["subscribe": "unsubscribe"],
    ]
}
