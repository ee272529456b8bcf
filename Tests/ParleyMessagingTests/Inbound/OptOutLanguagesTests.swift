import Testing

@testable import ParleyMessaging

@Suite("Opt-out words by language")
struct OptOutLanguagesTests {
    private func isOptOut(_ text: String, _ languages: OptOutLanguages) -> Bool {
        let meaning = InboundText.meaning(of: text, languages: languages, context: .init())
        if case .optOut = meaning { return true }
        return false
    }

    @Test(
        "Each configured language has its words, and English stays",
        arguments: [
            ("fr-CA", "ARRÊT"), ("fr", "arret svp"), ("de", "Stopp"), ("de-AT", "ABMELDEN"), ("es", "ALTO"),
            ("es", "parar"),
            ("es-MX", "Baja"), ("es", "cancelar por favor"), ("pt_BR", "PARAR"), ("pt", "sair"), ("it", "Ferma"),
            ("it", "BASTA!"),
            ("it", "stop"), ("xx", "unsubscribe"), ("es", "Por favor, no me envíen más mensajes"),
            ("fr", "Arrêtez de m’envoyer des textos"), ("de", "Bitte keine SMS mehr!"), ("de", "Falsche Nummer"),
            ("it", "non scrivetemi più"), ("pt", "não quero receber mais"),
        ])
    func builtIn(tag: String, text: String) { #expect(isOptOut(text, OptOutLanguages(tags: [tag]))) }

    @Test("A language that is not configured has no words")
    func others() {
        #expect(!isOptOut("ABMELDEN", .english))
        #expect(!isOptOut("baja", OptOutLanguages(tags: ["de"])))
    }

    @Test("Tags are taken by their primary part, once each; those without words are named")
    func tags() {
        let languages = OptOutLanguages(tags: ["fr-CA", "FR", "", "vi", "en-US"])
        #expect(languages.tags == ["en", "fr", "vi"])
        #expect(languages.tagsWithoutWords == ["vi"])
    }

    @Test("An operator's own words and phrases count, folded as texts are")
    func own() throws {
        let languages = try OptOutLanguages.english.adding(words: ["DỪNG", "huỷ nhận"], phrases: ["đừng nhắn tin"])
        #expect(isOptOut("dừng!", languages))
        #expect(isOptOut("Huỷ Nhận", languages))
        #expect(isOptOut("Xin đừng nhắn tin cho tôi", languages))
        #expect(!isOptOut("tin nhắn đừng", languages))
    }

    @Test("A word that cannot be one is refused by its place")
    func faults() {
        #expect(throws: OptOutLanguages.Fault.empty(index: 1)) {
            try OptOutLanguages.english.adding(words: ["fin", " !"])
        }
        #expect(throws: OptOutLanguages.Fault.taken(index: 0)) { try OptOutLanguages.english.adding(words: ["Yes"]) }
        #expect(throws: OptOutLanguages.Fault.tooLong(index: 0, limit: 80)) {
            try OptOutLanguages.english.adding(words: [], phrases: [String(repeating: "a", count: 81)])
        }
        #expect(throws: OptOutLanguages.Fault.tooMany(limit: 64)) {
            try OptOutLanguages.english.adding(words: Array(repeating: "x", count: 65))
        }
    }

    @Test("Every pattern is made of classes that exist, and fits the matcher")
    func patterns() {
        let book = OptOutPhrases.book
        #expect(book.vocabulary.missing == [])
        for number in 0...book.vocabulary.numbers.count {
            for rule in book.rules(startingWith: number) { #expect((1..<32).contains(rule.pattern.elements.count)) }
        }
        // No pattern may start with any word at all: it would be tried at every word.
        #expect(book.rules(startingWith: 0).isEmpty)
    }

    @Test("A slip of the thumb is the word that was meant; another word is another word")
    func slips() {
        for typed in ["stopp", "stpo", "stp", "stip", "sstop"] { #expect(Slip.isSlip(typed, of: "stop")) }
        for typed in ["unsubcribe", "unsubscirbe", "unsubscibe"] { #expect(Slip.isSlip(typed, of: "unsubscribe")) }
        for typed in ["shop", "step", "stop", "stops", "st", "", "pots"] { #expect(!Slip.isSlip(typed, of: "stop")) }
        #expect(!Slip.isSlip("subscribe", of: "unsubscribe"))
    }
}
