import Testing

@testable import ParleyMessaging

@Suite("Consent")
struct ConsentTests {
    @Test(
        "A clear yes is a yes",
        arguments: [
            "Yes.", "yes please", "Yeah, sure.", "Yep!", "Sure, go ahead.", "Yes, you can text me.", "Of course.",
            "Please do",
            "Okay, yes.", "Yes, that's fine, thank you.", "Um, yes", "Absolutely", "yes, send it to me at this number",
            "Yes \u{2014} that\u{2019}s fine", "That would be great, thanks.",
            "yes you may", "Sure thing.", "yes, text me", "okay yes",
        ])
    func yes(answer: String) {
        #expect(ConsentAnswer(text: answer, isKeyed: false).means(language: "en-US") == .spoken)
    }

    @Test(
        "Everything else is none",
        arguments: [
            "", " ", "okay", "Okay.", "mhm", "maybe", "no", "No, thank you", "yeah but don't text me",
            "yes, that's my name",
            "yes and no", "I guess", "I suppose so", "yes if it's free", "sure, what does it cost?", "5555550123",
            "don't text me", "yes no wait", "not sure", "yes tomorrow at three", "please", "thank you", "text me", "1",
            "why",
            "no, yes", "yesterday", "sure not", "stop", "Yes, stop texting me", "ja", "you can't", "do it not", "one",
            "yes, but what does it cost", "yes or no", "I think so", "fine",
            "yes what", "sure, how much is it", "right", "correct",
        ])
    func notYes(answer: String) {
        #expect(ConsentAnswer(text: answer, isKeyed: false).means(language: "en-US") == nil)
    }

    @Test("Of 150 answers that are no clear yes none is one")
    func noFalseYes() {
        #expect(Set(ConsentAnswers.others).count == 150)
        #expect(
            ConsentAnswers.others.filter { ConsentAnswer(text: $0, isKeyed: false).means(language: "en") != nil } == [])
    }

    @Test("Of 150 clear yeses fewer than 15 % are asked again")
    func fewMissedYeses() {
        #expect(Set(ConsentAnswers.yes).count == 150)
        let missed = ConsentAnswers.yes.filter { ConsentAnswer(text: $0, isKeyed: false).means(language: "en") == nil }
        #expect(missed.count < 22, "\(missed)")
    }

    @Test("No two or three phrases that hold no yes make one together")
    func combinations() {
        let parts = [
            "text me", "send it", "okay", "great", "thank you", "do it", "i do", "thats right", "well", "so", "oh",
            "to this number", "its fine", "please", "no problem", "why not",
        ]
        for one in parts {
            for two in parts {
                for three in parts {
                    let text = "\(one) \(two) \(three)"
                    #expect(ConsentAnswer(text: text, isKeyed: false).means(language: "en") == nil, "\(text)")
                }
            }
        }
    }

    @Test("Key 1 is a yes in any language; other keys and other languages' words are not")
    func keys() {
        #expect(ConsentAnswer(text: "1", isKeyed: true).means(language: "fr-CA") == .keyPress)
        for keys in ["2", "11", "1#", "", "*"] {
            #expect(ConsentAnswer(text: keys, isKeyed: true).means(language: "en-US") == nil)
        }
        #expect(ConsentAnswer(text: "yes", isKeyed: false).means(language: "fr-CA") == nil)
        #expect(ConsentAnswer(text: "yes", isKeyed: false).means(language: "enx") == nil)
        #expect(ConsentAnswer(text: "yes", isKeyed: false).means(language: "EN_gb") == .spoken)
    }

    // MARK: the gate

    private func consent(
        number: String = "+15555550123", purpose: ConsentPurpose = .transactionalInCall, sender: String = "main",
        call: String = "A", id: String = "c1"
    ) -> Consent {
        Consent(
            id: id, number: number, purpose: purpose, sender: sender, means: .spoken, wording: "May we text you?",
            wordingVersion: "1", heard: "May we text you?", language: "en-US", answer: "yes", givenAt: 0, call: call,
            turn: 2, spanBegan: 0, spanEnded: 400, agent: "dentist")
    }

    private func decide(
        _ purpose: ConsentPurpose = .transactionalInCall, sender: String = "main", call: String = "A",
        consents: [Consent], optOuts: [OptOut] = [], history: ConsentGate.History = .init(),
        gate: ConsentGate = .init(),
        at: Int64 = 0
    ) throws -> String {
        let request = ConsentGate.Request(
            recipient: try PhoneNumber("+15555550123"), sender: sender, purpose: purpose, call: call, at: at)
        switch gate.decide(request, consents: consents, optOuts: optOuts, history: history) {
        case .allowed(let proof):
            #expect(proof.recipient == request.recipient)
            #expect(proof.sender == sender)
            return proof.consent
        case .refused(let rule): return rule.rawValue
        }
    }

    @Test("Consent to one purpose and one sender covers no other: every pair of the table")
    func pairs() throws {
        for given in ConsentPurpose.allCases {
            for wanted in ConsentPurpose.allCases {
                for (sender, isSame) in [("main", true), ("other", false)] {
                    let verdict = try decide(wanted, sender: sender, consents: [consent(purpose: given)])
                    let expected =
                        wanted == .marketing ? "marketing_refused" : (given == wanted && isSame ? "c1" : "no_consent")
                    #expect(verdict == expected, "\(given) asked for \(wanted) from \(sender)")
                }
            }
        }
        #expect(
            try decide(.marketing, consents: [consent(purpose: .marketing)], gate: ConsentGate(allowsMarketing: true))
                == "c1")
    }

    @Test("Consent given in a call is that call's alone; informational consent outlasts it")
    func callScope() throws {
        #expect(try decide(call: "B", consents: [consent()]) == "no_consent")
        #expect(try decide(.informational, call: "B", consents: [consent(purpose: .informational)]) == "c1")
        #expect(try decide(consents: [consent(number: "+15555550124")]) == "no_consent")
        #expect(try decide(consents: []) == "no_consent")
        #expect(try decide(consents: [consent(id: "old"), consent(id: "new")]) == "new")
    }

    @Test("Who texted us may be answered for a day; what the rules ask for is answered also after an opt-out, once")
    func answers() throws {
        let theirs = [consent(purpose: .conversation), consent(purpose: .notice)]
        let day = ConsentGate.conversationMS
        #expect(try decide(.conversation, call: "B", consents: theirs, at: day) == "c1")
        #expect(try decide(.conversation, call: "B", consents: theirs, at: day + 1) == "no_consent")
        #expect(try decide(.conversation, consents: theirs, at: -1) == "no_consent")
        #expect(try decide(.conversation, consents: theirs, history: .init(inCall: 1)) == "cap_per_call")
        #expect(try decide(.conversation, consents: theirs, history: .init(inTenMinutes: 9, inDay: 49)) == "c1")
        #expect(try decide(.conversation, consents: theirs, history: .init(inDay: 50)) == "cap_per_recipient_day")
        let stop = OptOut(number: "+15555550123", means: "sms", at: 0)
        #expect(try decide(.conversation, consents: theirs, optOuts: [stop]) == "opted_out")
        #expect(try decide(.notice, consents: theirs, optOuts: [stop], history: .init(inDay: 19)) == "c1")
        #expect(try decide(.notice, consents: theirs, optOuts: [stop], history: .init(inCall: 1)) == "cap_per_call")
        #expect(try decide(.notice, call: "B", consents: theirs) == "no_consent")
    }

    @Test("What may have been an opt-out holds texts under a rule of its own")
    func suspected() throws {
        let maybe = OptOut(number: "+15555550123", means: OptOut.suspected, at: 0)
        let stop = OptOut(number: "+15555550123", means: "sms", at: 0)
        #expect(try decide(consents: [consent()], optOuts: [maybe]) == "held_for_review")
        #expect(try decide(consents: [consent()], optOuts: [maybe, stop]) == "opted_out")
    }

    @Test("An opt-out beats any consent, whatever its age")
    func optOuts() throws {
        let everything = OptOut(number: "+15555550123", means: "sms", at: 0)
        let informational = OptOut(number: "+15555550123", scope: .purpose(.informational), means: "sms", at: 0)
        let another = OptOut(number: "+15555550124", means: "sms", at: 0)
        #expect(try decide(consents: [consent()], optOuts: [everything]) == "opted_out")
        #expect(try decide(consents: [consent()], optOuts: [informational, another]) == "c1")
        #expect(
            try decide(.informational, consents: [consent(purpose: .informational)], optOuts: [informational])
                == "opted_out")
    }

    @Test("Caps: the third text of a call goes, the fourth does not")
    func caps() throws {
        #expect(try decide(consents: [consent()], history: .init(inCall: 2)) == "c1")
        #expect(try decide(consents: [consent()], history: .init(inCall: 3)) == "cap_per_call")
        #expect(try decide(consents: [consent()], history: .init(inTenMinutes: 3)) == "cap_per_recipient_10min")
        #expect(try decide(consents: [consent()], history: .init(inDay: 9)) == "c1")
        #expect(try decide(consents: [consent()], history: .init(inDay: 10)) == "cap_per_recipient_day")
    }

    @Test("A text moves forward only")
    func states() {
        #expect(MessageState.queued.canMove(to: .recorded))
        #expect(MessageState.queued.canMove(to: .suppressed))
        #expect(MessageState.accepted.canMove(to: .delivered))
        #expect(!MessageState.delivered.canMove(to: .sent))
        #expect(!MessageState.sent.canMove(to: .accepted))
        #expect(!MessageState.suppressed.canMove(to: .queued))
        for state in MessageState.allCases { #expect(!state.canMove(to: state)) }
        for end in [MessageState.delivered, .recorded, .failed, .suppressed, .expired] {
            #expect(MessageState.allCases.allSatisfy { !end.canMove(to: $0) })
        }
    }
}
