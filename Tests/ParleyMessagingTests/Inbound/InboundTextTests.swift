import Glibc
import Testing

@testable import ParleyMessaging

@Suite("Inbound texts")
struct InboundTextTests {
    typealias Meaning = InboundText.Meaning

    private func meaning(
        _ text: String, optedOut: Bool = false, awaitsYes: Bool = false, booking: Bool = false,
        _ languages: OptOutLanguages = .english
    ) -> Meaning {
        InboundText.meaning(
            of: text, languages: languages,
            context: .init(isOptedOut: optedOut, awaitsYes: awaitsYes, hasBooking: booking))
    }

    private func isOptOut(_ meaning: Meaning) -> Bool {
        if case .optOut = meaning { true } else { false }
    }

    @Test("The corpus is what it says: 40 words, 40 sentences, 40 others, and 260 more")
    func corpus() {
        #expect(InboundCorpus.exact.count == 40)
        #expect(InboundCorpus.natural.count == 40)
        #expect(InboundCorpus.others.count == 40)
        #expect(Set(InboundCorpus.exact + InboundCorpus.natural + InboundCorpus.others).count == 120)
        #expect(InboundCorpus.further.count == 260)
    }

    @Test("No opt-out is missed: 40 words as people type them", arguments: [false, true])
    func exact(booking: Bool) {
        #expect(InboundCorpus.exact.filter { !isOptOut(meaning($0, booking: booking)) } == [])
    }

    @Test("No opt-out is missed: 40 sentences", arguments: [false, true])
    func natural(booking: Bool) {
        #expect(InboundCorpus.natural.filter { !isOptOut(meaning($0, booking: booking)) } == [])
    }

    @Test("Of 40 other texts at most 4 are held or taken for an opt-out", arguments: [false, true])
    func others(booking: Bool) {
        let held = InboundCorpus.others.filter { text in
            let meaning = meaning(text, booking: booking)
            return isOptOut(meaning) || meaning == .suspend
        }
        // Negated beside the very words: held for a person by rule.
        #expect(
            held == ["I want to opt out of the fluoride part", "Please don't stop sending the reminders, they help"])
    }

    @Test("260 further texts: no opt-out is missed, and only an opt-out of something else is held")
    func further() {
        let wrong = InboundCorpus.further.filter { row in
            let meaning = meaning(row.text)
            return row.isOptOut ? !isOptOut(meaning) : isOptOut(meaning) || meaning == .suspend
        }
        // The second is from somebody whose telephone cannot take texts for a while.
        #expect(
            wrong.map(\.text) == [
                "is there an opt out for xrays", "I don't have text on my plan next week so call me Monday",
            ])
        #expect(meaning("is there an opt out for xrays") == .suspend)
    }

    @Test("The rule or the word is named, never what was written")
    func named() {
        #expect(meaning("Stop, please!") == .optOut(isKeyword: true, word: "stop", alsoCancels: false))
        #expect(meaning("OPT-OUT") == .optOut(isKeyword: true, word: "opt out", alsoCancels: false))
        #expect(meaning("unsubcribe") == .optOut(isKeyword: false, word: "unsubscribe", alsoCancels: false))
        #expect(meaning("take me off your list") == .optOut(isKeyword: false, word: "take_off", alsoCancels: false))
    }

    @Test("CANCEL opts out, and cancels too where there is a booking")
    func cancel() {
        #expect(meaning("CANCEL") == .optOut(isKeyword: true, word: "cancel", alsoCancels: false))
        #expect(meaning("Cancel!", booking: true) == .optOut(isKeyword: true, word: "cancel", alsoCancels: true))
        #expect(meaning("STOP", booking: true) == .optOut(isKeyword: true, word: "stop", alsoCancels: false))
        #expect(
            meaning("stop texting me and cancel my appointment", booking: true)
                == .optOut(isKeyword: false, word: "stop_texting", alsoCancels: true))
        let spanish = OptOutLanguages(tags: ["es-US"])
        #expect(
            meaning("Cancelar", booking: true, spanish) == .optOut(isKeyword: true, word: "cancelar", alsoCancels: true)
        )
    }

    @Test(
        "C and a cancelling sentence cancel a booking where there is one, and are messages elsewhere",
        arguments: [
            "C", "c.", "cancel my appointment", "can I cancel my 3pm", "I need to cancel tomorrow", "please cancel it",
            "Have to cancel my cleaning, sorry",
        ])
    func booking(text: String) {
        #expect(meaning(text, booking: true) == .cancelBooking)
        #expect(meaning(text) == .message)
    }

    @Test(
        "Keeping or moving a booking is no cancelling",
        arguments: [
            "cancel that, make it 4 instead", "don't cancel my appointment", "what is the fee if I cancel", "C u then",
            "did you cancel my appointment?",
        ])
    func keeping(text: String) { #expect(meaning(text, booking: true) == .message) }

    @Test("CANCEL beside other words is held where nothing says what it cancels")
    func looseCancel() {
        #expect(meaning("Cancel. I will call you.") == .suspend)
        #expect(meaning("Cancel. I will call you.", booking: true) == .cancelBooking)
    }

    @Test("YES opts in only when opted out or asked; other yeses never do")
    func yes() {
        #expect(meaning("YES") == .yes)
        #expect(meaning("yes!", optedOut: true) == .optIn(keyword: "yes"))
        #expect(meaning("Yes please", awaitsYes: true) == .optIn(keyword: "yes"))
        #expect(meaning("yeah", optedOut: true) == .yes)
        #expect(meaning("Y", awaitsYes: true) == .yes)
        #expect(meaning("yes but later", optedOut: true) == .message)
        #expect(meaning("Sí", optedOut: true, OptOutLanguages(tags: ["es"])) == .optIn(keyword: "si"))
    }

    @Test("START and UNSTOP opt in, HELP and INFO ask for help, misspelled ones do not")
    func otherWords() {
        #expect(meaning("Start") == .optIn(keyword: "start"))
        #expect(meaning("UNSTOP", optedOut: true) == .optIn(keyword: "unstop"))
        #expect(meaning("HELP!") == .help)
        #expect(meaning("info?") == .help)
        #expect(meaning("No thanks") == .no)
        #expect(meaning("strat") == .message)
        #expect(meaning("start texting me again") == .message)
        #expect(meaning("help me find the office") == .message)
        #expect(meaning("SUBSCRIBE") == .message)
    }

    @Test(
        "What may be an opt-out is held for a person",
        arguments: [
            "don't stop texting me", "did you stop texting me?", "what happens if I reply STOP",
            "I unsubscribed by mistake",
            "don't text me before 9am", "why are you texting me", "who gave you my number", "too many texts",
            "Wrong number?", "delete my data", "fuck you",
        ])
    func held(text: String) { #expect(meaning(text) == .suspend) }

    @Test(
        "The same words of another subject, of a place, or of what did not come are messages",
        arguments: [
            "you don't text me anymore", "they never text me back", "there were no texts", "we have no messages yet",
            "stop calling me, text me instead", "don't ever call me again, just text me", "I'm at the bus stop text me",
            "get off at the second STOP",
        ])
    func otherSubjects(text: String) { #expect(meaning(text) == .message) }

    @Test("What senders say of their own texting is held")
    func ownTexting() {
        #expect(meaning("I have to stop texting now") == .suspend)
        #expect(isOptOut(meaning("I will not say it again stop texting")))
        #expect(isOptOut(meaning("you have to stop texting")))
    }

    @Test("A phone's reaction to our own footer says nothing")
    func reactions() {
        #expect(meaning("Liked \u{201C}See you at 3. Reply STOP to opt out\u{201D}") == .message)
        #expect(isOptOut(meaning("liked it. Stop texting me")))
    }

    @Test("Words in an address are not the sender's")
    func addresses() { #expect(meaning("see https://example.com/unsubscribe?stop for details") == .message) }

    @Test("Nothing at all is a message")
    func empty() {
        for text in ["", " ", "\u{1F44D}", "...", "?", "\u{200B}"] { #expect(meaning(text) == .message) }
    }

    @Test("What is longer than is read is held")
    func cut() {
        #expect(meaning(String(repeating: "hello there ", count: 2_000)) == .suspend)
        #expect(isOptOut(meaning("stop texting me " + String(repeating: "hello there ", count: 2_000))))
    }

    @Test(
        "Hostile repetition takes time in step with its length",
        arguments: [
            "stop all the ", "stop ", "s", "don't ever please ", "no ", "\u{301}", "\u{1F6D1}", "take me ", "stop.",
            "unsubscrib ",
            "i you dont want to get to ", "no text ", "no more ",
        ])
    func hostile(piece: String) {
        func cost(_ bytes: Int) -> Int {
            let text = String(repeating: piece, count: bytes / piece.utf8.count)
            return (0..<3).map { _ in
                let began = processorTime()
                _ = meaning(text, booking: true)
                return processorTime() - began
            }.min() ?? 0
        }
        _ = cost(640)
        // 16 times the length: 16 in a straight line, 256 in a square.
        #expect(cost(10_240) < cost(640) * 64 + 2_000_000)
    }

    /// Of this thread, in nanoseconds: a busy machine does not move it.
    private func processorTime() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
