import ParleyActions
import ParleyMessaging

extension Ledger {
    /// From a call's id and its settled values, in their order, what its contact's thread is told.
    public typealias CallNotes = @Sendable (_ call: String, _ values: [(name: String, value: String)]) -> [ThreadEvent]

    /// How actions are decided and texts are made.
    public struct Messaging: Sendable {
        public var plan: MessagingPlan
        public var registry: ActionRegistry
        /// What a call's settled values mean for its contact's thread: an agent's own affair.
        public var notes: CallNotes

        public init(
            plan: MessagingPlan, registry: ActionRegistry = ActionRegistry(),
            notes: @escaping CallNotes = { _, values in values.map { .learned(slot: $0.name, value: $0.value) } }
        ) {
            self.plan = plan
            self.registry = registry
            self.notes = notes
        }

        /// One channel that carries nothing, and the built-in actions.
        ///
        /// - Parameter sender: who texts, in words or as a number: what consent is given to.
        public static func recordOnly(_ sender: String) -> Messaging { Messaging(plan: .recordOnly(sender)) }

        var gate: ConsentGate {
            ConsentGate(
                maxInCall: plan.caps.maxInCall, maxInTenMinutes: plan.caps.maxPerRecipientInTenMinutes,
                maxInDay: plan.caps.maxPerRecipientInDay)
        }

        /// The configured channel; without a name the default one.
        func channel(_ name: String?) -> Channel? {
            guard let name, !name.isEmpty else { return plan.defaultChannel }
            return plan.channel(name)
        }

        /// Why a number is not texted from this channel, whatever was agreed; `nil`: it may be.
        func destination(_ number: PhoneNumber, isCustom: Bool, caller: String, from channel: Channel) -> String? {
            guard channel.isCarried else { return nil }
            let recipient: CountryRules.Recipient = isCustom ? .custom(call: try? PhoneNumber(caller)) : .caller
            let decision = channel.countryRules(ownSenders: plan.ownSenders)
                .decide(number, as: recipient, sender: channel.sender, facts: NumberingPlan.standard)
            if case .refused(let rule) = decision { return rule.rawValue }
            return nil
        }

        /// Whether a text may arrive now at the recipient's place.
        func hours(for request: ConsentGate.Request, isInCall: Bool) -> QuietHours.Decision {
            // An answer goes to somebody who is awake.
            if [.notice, .conversation].contains(request.purpose) { return .open }
            return plan.quietHours.decide(
                at: request.at, region: NumberingPlan.standard.region(of: request.recipient), purpose: request.purpose,
                isInCallRequest: isInCall, zoneNamed: ZoneOffsets.zone(named:))
        }
    }
}

extension Channel {
    /// Somebody carries its texts.
    public var isCarried: Bool { provider != .recordOnly }
}
