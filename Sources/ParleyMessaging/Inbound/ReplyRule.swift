/// Whether an inbound text is answered by itself, and with what: one confirmation of an opt-out within five minutes and
/// never a second; help and opt-ins at most once a minute. Pure: knows what was answered before from its history.
public struct ReplyRule: Equatable, Sendable {
    /// The provider answers the standard words (STOP, START, HELP and their kin) itself. Opt-outs in other words it
    /// does not know: those are still confirmed here.
    public var providerHandlesStop: Bool

    /// Source: 47 CFR 64.1200(a)(12).
    public static let confirmWithinMilliseconds: Int64 = 300_000
    public static let helpEveryMilliseconds: Int64 = 60_000

    public init(providerHandlesStop: Bool) { self.providerHandlesStop = providerHandlesStop }

    /// What the ledger knows of one number. UTC milliseconds since 1970; `nil`: never.
    public struct History: Equatable, Sendable {
        /// When the opt-out began that holds now; a STOP while opted out does not move it.
        public var optedOutAt: Int64?
        /// The last confirmation of an opt-out, this one's or an older one's.
        public var confirmedAt: Int64?
        public var helpedAt: Int64?
        public var optInConfirmedAt: Int64?

        public init(
            optedOutAt: Int64? = nil, confirmedAt: Int64? = nil, helpedAt: Int64? = nil, optInConfirmedAt: Int64? = nil
        ) {
            self.optedOutAt = optedOutAt
            self.confirmedAt = confirmedAt
            self.helpedAt = helpedAt
            self.optInConfirmedAt = optInConfirmedAt
        }
    }

    /// - Parameter history: with the opt-out of this very text already in it.
    /// - Returns: `nil`: stay silent.
    public func reply(to meaning: InboundText.Meaning, history: History, at now: Int64) -> ReplyTexts.Reply? {
        switch meaning {
        case .optOut(let isKeyword, _, let alsoCancels):
            if isKeyword, providerHandlesStop { return nil }
            guard let began = history.optedOutAt, now &- began <= Self.confirmWithinMilliseconds else { return nil }
            if let confirmed = history.confirmedAt, confirmed >= began { return nil }
            return alsoCancels ? .optedOutAndCancelling : .optedOut
        case .optIn:
            return isDue(history.optInConfirmedAt, now) ? .optedIn : nil
        case .help:
            return isDue(history.helpedAt, now) ? .help : nil
        case .yes, .no, .cancelBooking, .suspend, .message:
            return nil
        }
    }

    private func isDue(_ last: Int64?, _ now: Int64) -> Bool {
        if providerHandlesStop { return false }
        guard let last else { return true }
        return now &- last >= Self.helpEveryMilliseconds
    }
}
