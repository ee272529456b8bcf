import Testing

@testable import ParleyMessaging

@Suite("Confirmations")
struct ReplyRuleTests {
    typealias History = ReplyRule.History
    private let own = ReplyRule(providerHandlesStop: false)
    private let provider = ReplyRule(providerHandlesStop: true)
    private let stop = InboundText.Meaning.optOut(isKeyword: true, word: "stop", alsoCancels: false)
    private let natural = InboundText.Meaning.optOut(isKeyword: false, word: "stop_texting", alsoCancels: false)

    @Test("One confirmation within five minutes", arguments: [(0, true), (300_000, true), (300_001, false)])
    func window(after: Int64, isAnswered: Bool) {
        let reply = own.reply(to: stop, history: History(optedOutAt: 1_000), at: 1_000 + after)
        #expect(reply == (isAnswered ? .optedOut : nil))
    }

    @Test("Never a second, until they opted in and out again")
    func once() {
        #expect(own.reply(to: stop, history: History(optedOutAt: 1_000, confirmedAt: 1_000), at: 2_000) == nil)
        #expect(own.reply(to: stop, history: History(optedOutAt: 1_000, confirmedAt: 1_500), at: 2_000) == nil)
        #expect(own.reply(to: stop, history: History(optedOutAt: 9_000, confirmedAt: 1_500), at: 9_000) == .optedOut)
        #expect(own.reply(to: stop, history: History(), at: 9_000) == nil)
    }

    @Test("CANCEL with a booking is confirmed once, with both")
    func both() {
        let cancel = InboundText.Meaning.optOut(isKeyword: true, word: "cancel", alsoCancels: true)
        #expect(own.reply(to: cancel, history: History(optedOutAt: 5), at: 5) == .optedOutAndCancelling)
    }

    @Test("Where the provider answers the words, only what it cannot know is confirmed")
    func providerAnswers() {
        let history = History(optedOutAt: 0)
        #expect(provider.reply(to: stop, history: history, at: 0) == nil)
        #expect(provider.reply(to: natural, history: history, at: 0) == .optedOut)
        #expect(provider.reply(to: .help, history: history, at: 0) == nil)
        #expect(provider.reply(to: .optIn(keyword: "start"), history: history, at: 0) == nil)
    }

    @Test("Help at most once a minute, also when opted out", arguments: [(59_999, false), (60_000, true)])
    func help(after: Int64, isAnswered: Bool) {
        let history = History(optedOutAt: 0, confirmedAt: 0, helpedAt: 10)
        #expect(own.reply(to: .help, history: history, at: 10 + after) == (isAnswered ? .help : nil))
        #expect(own.reply(to: .help, history: History(optedOutAt: 0), at: 0) == .help)
    }

    @Test("Opting in is confirmed at most once a minute; other texts are not answered by rule")
    func others() {
        let start = InboundText.Meaning.optIn(keyword: "start")
        #expect(own.reply(to: start, history: History(), at: 0) == .optedIn)
        #expect(own.reply(to: start, history: History(optInConfirmedAt: 0), at: 59_999) == nil)
        for meaning in [InboundText.Meaning.yes, .no, .cancelBooking, .suspend, .message] {
            #expect(own.reply(to: meaning, history: History(optedOutAt: 0), at: 0) == nil)
        }
    }

    @Test("Every confirmation names the sender, fits two parts in GSM-7, and says what the rules ask for")
    func texts() throws {
        let texts = try ReplyTexts(
            name: "Hollow Creek Dental.", programme: "Appointment texts", contact: "+1 555 555 0100")
        for reply in ReplyTexts.Reply.allCases {
            let text = texts.text(for: reply, booking: "your appointment on Tue 3 Mar at 3:00 pm")
            #expect(text.contains("Hollow Creek Dental"))
            #expect(Segments(of: text).encoding == .gsm7)
            #expect(Segments(of: text).count <= 2)
        }
        #expect(
            texts.text(for: .optedOut)
                == "You are opted out and will get no more texts from Hollow Creek Dental. Reply START to get"
                + " them again."
        )
        #expect(Segments(of: texts.text(for: .optedOut)).count == 1)
        #expect(
            texts.text(for: .help)
                == "Hollow Creek Dental: Appointment texts. Contact: +1 555 555 0100. Msg & data rates may apply. "
                + "Reply STOP to opt out.")
        #expect(
            texts.text(for: .optedOutAndCancelling, booking: "\n{name}\u{202E}").contains("to cancel {name}. Reply"))
        #expect(texts.text(for: .optedOutAndCancelling, booking: " ").contains("to cancel your booking."))
    }

    @Test("A missing or endless value is refused by its name")
    func faults() {
        #expect(throws: ReplyTexts.Fault.missing(.name)) { try ReplyTexts(name: " .", programme: "a", contact: "b") }
        #expect(throws: ReplyTexts.Fault.missing(.contact)) { try ReplyTexts(name: "a", programme: "a", contact: "") }
        #expect(throws: ReplyTexts.Fault.tooLong(.programme, limit: 100)) {
            try ReplyTexts(name: "a", programme: String(repeating: "a", count: 101), contact: "b")
        }
    }
}
