/// Decides whether one text may be sent. Pure: everything it looks at is handed in, and every answer names its rule.
///
/// Its "yes" is a `ConsentProof`, which nothing else can make and without which there is no `TextMessage`: code that sends
/// a text without stored consent does not compile.
public struct ConsentGate: Equatable, Sendable {
    /// Marketing needs written consent: off.
    public var allowsMarketing: Bool
    /// Texts in one call, to one number in ten minutes, and to one number in a day (reliability: SMS pumping).
    public var maxInCall: Int
    public var maxInTenMinutes: Int
    public var maxInDay: Int

    public init(
        allowsMarketing: Bool = false, maxInCall: Int = 3, maxInTenMinutes: Int = 3, maxInDay: Int = 10
    ) {
        self.allowsMarketing = allowsMarketing
        self.maxInCall = maxInCall
        self.maxInTenMinutes = maxInTenMinutes
        self.maxInDay = maxInDay
    }

    /// What somebody wants to send.
    public struct Request: Equatable, Sendable {
        public var recipient: PhoneNumber
        public var sender: String
        public var purpose: ConsentPurpose
        /// The call; for an answer to a text, that text's id.
        public var call: String
        /// UTC milliseconds since 1970.
        public var at: Int64

        public init(recipient: PhoneNumber, sender: String, purpose: ConsentPurpose, call: String, at: Int64) {
            self.recipient = recipient
            self.sender = sender
            self.purpose = purpose
            self.call = call
            self.at = at
        }
    }

    /// How many texts were already taken on, this one not counted.
    public struct History: Equatable, Sendable, Codable {
        public var inCall: Int
        public var inTenMinutes: Int
        public var inDay: Int

        public init(inCall: Int = 0, inTenMinutes: Int = 0, inDay: Int = 0) {
            self.inCall = inCall
            self.inTenMinutes = inTenMinutes
            self.inDay = inDay
        }
    }

    public enum Decision: Equatable, Sendable {
        case allowed(ConsentProof)
        case refused(rule: Rule)
    }

    /// In the order in which they are looked at.
    public enum Rule: String, Sendable, CaseIterable {
        case optedOut = "opted_out"
        /// Something that may have been an opt-out waits for a person.
        case heldForReview = "held_for_review"
        case marketing = "marketing_refused"
        case noConsent = "no_consent"
        case callCap = "cap_per_call"
        case tenMinuteCap = "cap_per_recipient_10min"
        case dayCap = "cap_per_recipient_day"
    }

    /// - Parameters:
    ///   - consents: any rows; those of other numbers, purposes and senders do not count.
    ///   - optOuts: any rows; those of other numbers do not count.
    public func decide(_ request: Request, consents: [Consent], optOuts: [OptOut], history: History) -> Decision {
        let number = request.recipient.e164
        let stops = optOuts.filter { $0.number == number && $0.covers(request.purpose) }
        if !stops.isEmpty {
            return .refused(rule: stops.allSatisfy { $0.means == OptOut.suspected } ? .heldForReview : .optedOut)
        }
        if request.purpose == .marketing, !allowsMarketing { return .refused(rule: .marketing) }
        let consent = consents.last { consent in
            consent.number == number && consent.purpose == request.purpose && consent.sender == request.sender
                && isInForce(consent, for: request)
        }
        guard let consent else { return .refused(rule: .noConsent) }
        if let cap = cap(request.purpose, history) { return .refused(rule: cap) }
        return .allowed(ConsentProof(consent: consent.id, recipient: request.recipient, sender: request.sender))
    }

    /// Answers are bounded by the texts that they answer: one for one.
    private func cap(_ purpose: ConsentPurpose, _ history: History) -> Rule? {
        switch purpose {
        case .notice:
            if history.inCall > 0 { return .callCap }
            return history.inDay >= Self.maxNoticesInDay ? .dayCap : nil
        case .conversation:
            if history.inCall > 0 { return .callCap }
            return history.inDay >= Self.maxAnswersInDay ? .dayCap : nil
        case .transactionalInCall, .informational, .marketing:
            if history.inCall >= maxInCall { return .callCap }
            if history.inTenMinutes >= maxInTenMinutes { return .tenMinuteCap }
            return history.inDay >= maxInDay ? .dayCap : nil
        }
    }

    /// Somebody who says STOP and START all day is not confirmed each time: each confirmation costs the operator.
    public static let maxNoticesInDay = 20
    /// Texts to one number in a day above which nobody is answered who texts us: another machine, as a rule.
    public static let maxAnswersInDay = 50

    /// How long somebody who texted us may be answered, in milliseconds.
    public static let conversationMS: Int64 = 86_400_000

    private func isInForce(_ consent: Consent, for request: Request) -> Bool {
        switch consent.purpose {
        case .transactionalInCall, .notice: consent.call == request.call
        case .conversation: (0...Self.conversationMS).contains(request.at &- consent.givenAt)
        case .informational, .marketing: true
        }
    }
}

/// That a consent row covers a text from this sender to this number. Made by the gate alone.
public struct ConsentProof: Equatable, Sendable {
    /// The row's id.
    public let consent: String
    public let recipient: PhoneNumber
    public let sender: String

    fileprivate init(consent: String, recipient: PhoneNumber, sender: String) {
        self.consent = consent
        self.recipient = recipient
        self.sender = sender
    }
}
