import Testing

@testable import ParleyMessaging

/// Bounds on sentences that no rule was written for one by one.
@Suite("Natural opt-outs")
struct NaturalOptOutTests {
    private func meaning(_ text: String, _ languages: OptOutLanguages = .english) -> InboundText.Meaning {
        InboundText.meaning(of: text, languages: languages, context: .init())
    }

    private func isOptOut(_ meaning: InboundText.Meaning) -> Bool {
        if case .optOut = meaning { true } else { false }
    }

    private func isCaught(_ meaning: InboundText.Meaning) -> Bool { isOptOut(meaning) || meaning == .suspend }

    @Test("Of 200 opt-outs at most 2 % are taken for a message, and most need nobody to read them")
    func texts() {
        #expect(Set(NaturalOptOuts.texts).count == 200)
        let missed = NaturalOptOuts.texts.filter { !isCaught(meaning($0)) }
        #expect(missed.count <= 4, "\(missed)")
        #expect(NaturalOptOuts.texts.count { isOptOut(meaning($0)) } >= 120)
    }

    @Test("Of 200 other texts at most 4 % opt out, and at most 6 % more are held")
    func otherTexts() {
        #expect(Set(NaturalOptOuts.otherTexts).count == 200)
        let optOuts = NaturalOptOuts.otherTexts.filter { isOptOut(meaning($0)) }
        let held = NaturalOptOuts.otherTexts.filter { meaning($0) == .suspend }
        #expect(optOuts.count <= 8, "\(optOuts)")
        #expect(held.count <= 12, "\(held)")
    }

    @Test("Of 60 turns that ask for no more texts at most one passes, and of 60 others at most one opts out")
    func turns() {
        #expect(NaturalOptOuts.turns.count == 60)
        #expect(NaturalOptOuts.otherTurns.count == 60)
        let missed = NaturalOptOuts.turns.filter { !SpokenOptOut.isOptOut($0) && !SpokenOptOut.isUnsure($0) }
        #expect(missed.count <= 1, "\(missed)")
        let optOuts = NaturalOptOuts.otherTurns.filter { SpokenOptOut.isOptOut($0) }
        #expect(optOuts.count <= 1, "\(optOuts)")
        let unsure = NaturalOptOuts.otherTurns.filter { SpokenOptOut.isUnsure($0) }
        #expect(unsure.count <= 3, "\(unsure)")
    }

    @Test("Other languages' commonest ways are caught, configured or not", arguments: [true, false])
    func languages(isConfigured: Bool) {
        let tables: [(String, [String], [String])] = [
            ("es", ForeignOptOuts.spanish, ForeignOptOuts.otherSpanish),
            ("fr", ForeignOptOuts.french, ForeignOptOuts.otherFrench),
            ("de", ForeignOptOuts.german, ForeignOptOuts.otherGerman),
            ("pt", ForeignOptOuts.portuguese, ForeignOptOuts.otherPortuguese),
            ("it", ForeignOptOuts.italian, ForeignOptOuts.otherItalian),
        ]
        for (tag, optOuts, others) in tables {
            let languages = isConfigured ? OptOutLanguages(tags: [tag]) : .english
            let missed = optOuts.filter { !isCaught(meaning($0, languages)) }
            #expect(missed.count <= 1, "\(tag): \(missed)")
            let held = others.filter { isCaught(meaning($0, languages)) }
            #expect(held.count <= 1, "\(tag): \(held)")
        }
    }

    @Test(
        "What the second net catches is held and never taken for a decision",
        arguments: [
            "these messages are driving me crazy", "give it a rest", "shame on you", "it needs to stop",
            "you keep spamming us", "no me escriban",
            "RIP", "my plan charges me for these", "C&D",
        ])
    func held(text: String) { #expect(meaning(text) == .suspend) }

    @Test("Points between initials, a full stop after each word and a disguised letter hide nothing")
    func spelling() {
        for text in ["S.T.O.P texting me", "Stop. Texting. Me.", "st0p texting me", "stop texting meeeee"] {
            #expect(isOptOut(meaning(text)))
        }
        #expect(meaning("see you at 5 p.m. then") == .message)
    }
}
