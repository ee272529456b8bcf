/// What an inbound text means for consent, by its words alone. Pure: nobody's opinion but these rules.
///
/// A missed opt-out is never acceptable, a false one can be taken back with START: where a text may be an opt-out and
/// may not, it is `suspend`. Sources: 47 CFR 64.1200(a)(10); CTIA Messaging Principles 2023, section 5.1.
public enum InboundText {
    /// What the words cannot say by themselves.
    public struct Context: Equatable, Sendable {
        public var isOptedOut: Bool
        /// A question that a YES answers is open on this thread.
        public var awaitsYes: Bool
        /// A booking, or a question about one, is open on this thread.
        public var hasBooking: Bool

        public init(isOptedOut: Bool = false, awaitsYes: Bool = false, hasBooking: Bool = false) {
            self.isOptedOut = isOptedOut
            self.awaitsYes = awaitsYes
            self.hasBooking = hasBooking
        }
    }

    public enum Meaning: Equatable, Sendable {
        /// No more texts, from now on.
        /// - isKeyword: the whole text is one of the opt-out words, so a provider that handles them has answered it.
        /// - word: the opt-out word in lower case, or the id of the rule that a sentence fits. Never the sender's
        /// words.
        /// - alsoCancels: it asks for the booking to be cancelled as well.
        case optOut(isKeyword: Bool, word: String, alsoCancels: Bool)
        /// - keyword: in lower case.
        case optIn(keyword: String)
        case help
        /// A yes that is no opt-in: nobody was opted out, and no question awaiting yes is open. Also yes in other
        /// words.
        case yes
        case no
        case cancelBooking
        /// May be an opt-out: hold texts to this number, and let a person read it.
        case suspend
        case message
    }

    /// - Parameters:
    ///   - text: as it came; any Unicode, any length. Time grows with its length.
    ///   - languages: whose words count; English always does.
    public static func meaning(of text: String, languages: OptOutLanguages, context: Context) -> Meaning {
        let folded = FoldedText(text)
        if let kind = languages.kind(of: folded) { return meaning(of: kind, context) }
        if let word = languages.misspelledOptOut(folded) {
            return .optOut(isKeyword: false, word: word, alsoCancels: word == "cancel" && context.hasBooking)
        }
        if folded.isReaction { return .message }
        let sentences = OptOutGrammar.Reading(folded)
        let asksToCancel = context.hasBooking && BookingCancel.isAsked(sentences)
        if let phrase = languages.phrase(in: folded) {
            return .optOut(isKeyword: false, word: phrase, alsoCancels: asksToCancel)
        }
        let finding = OptOutGrammar.read(sentences, in: .text)
        switch finding.verdict {
        case .optOut: return .optOut(isKeyword: false, word: finding.rule, alsoCancels: asksToCancel)
        case .unsure: return .suspend
        case .none: break
        }
        if asksToCancel { return .cancelBooking }
        // A word that opts out by itself, beside other words: "Cancel. I will call you."
        if finding.hasLooseKeyword || folded.isCut { return .suspend }
        if SecondNet.holds(sentences) || OptOutLanguages.all.isOptOut(folded)
            || LanguageNet.holds(folded)
        {
            return .suspend
        }
        return .message
    }

    /// A phone's "Liked “…”": its words are those of the text that it answers.
    public static func isReaction(_ text: String) -> Bool { FoldedText(text).isReaction }

    private static func meaning(of kind: OptOutLanguages.Kind, _ context: Context) -> Meaning {
        switch kind {
        case .optOut(let word, let cancels):
            .optOut(isKeyword: true, word: word, alsoCancels: cancels && context.hasBooking)
        case .optIn(let word): .optIn(keyword: word)
        case .fullYes(let word): context.isOptedOut || context.awaitsYes ? .optIn(keyword: word) : .yes
        case .otherYes: .yes
        case .no: .no
        case .help: .help
        case .cancel: context.hasBooking ? .cancelBooking : .message
        }
    }
}
