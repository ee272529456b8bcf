/// How many texts may go where (reliability: SMS pumping): the wider ring around `ConsentGate`.
///
/// The gate asks for consent and knows three caps. All limits are set here; `tightened(_:)` hands the gate its three,
/// so they cannot differ. When a text is asked for both decide, the gate first; when its row is claimed later, this
/// alone decides again, with counts that leave the row itself out.
public struct FraudCaps: Equatable, Sendable {
    public var maxInCall: Int
    /// Where the caller is anonymous, or the network does not vouch for the number.
    public var maxInUnattestedCall: Int
    /// Numbers other than the caller's own.
    public var maxCustomRecipientsInCall: Int
    public var maxPerRecipientInTenMinutes: Int
    public var maxPerRecipientInDay: Int
    /// Texts that one caller brings about, whoever receives them.
    public var maxPerCallerInHour: Int
    /// Different numbers that share all but the last four digits.
    public var maxNumbersPerPrefixInHour: Int
    public var maxPerTenantInMinute: Int
    public var maxPerTenantInHour: Int
    public var maxPerTenantInDay: Int
    /// In thousandths of the operator's currency; `nil`: no cap on money.
    public var maxCostPerTenantInDay: Int?

    /// Each cap is the number of texts that pass. A tenant's hour and day are judged, not measured: ten a minute for an
    /// hour, and five such hours.
    public init(
        maxInCall: Int = 3, maxInUnattestedCall: Int = 1, maxCustomRecipientsInCall: Int = 1,
        maxPerRecipientInTenMinutes: Int = 3, maxPerRecipientInDay: Int = 10, maxPerCallerInHour: Int = 5,
        maxNumbersPerPrefixInHour: Int = 20, maxPerTenantInMinute: Int = 60, maxPerTenantInHour: Int = 600,
        maxPerTenantInDay: Int = 3_000, maxCostPerTenantInDay: Int? = nil
    ) {
        self.maxInCall = maxInCall
        self.maxInUnattestedCall = maxInUnattestedCall
        self.maxCustomRecipientsInCall = maxCustomRecipientsInCall
        self.maxPerRecipientInTenMinutes = maxPerRecipientInTenMinutes
        self.maxPerRecipientInDay = maxPerRecipientInDay
        self.maxPerCallerInHour = maxPerCallerInHour
        self.maxNumbersPerPrefixInHour = maxNumbersPerPrefixInHour
        self.maxPerTenantInMinute = maxPerTenantInMinute
        self.maxPerTenantInHour = maxPerTenantInHour
        self.maxPerTenantInDay = maxPerTenantInDay
        self.maxCostPerTenantInDay = maxCostPerTenantInDay
    }

    /// What was taken on before, this text not counted. The first three are the gate's.
    public struct Counts: Equatable, Sendable, Codable {
        public var history: ConsentGate.History
        /// Different custom recipients of this call, this text's own not counted.
        public var otherCustomRecipientsInCall = 0
        public var callerInHour = 0
        /// Different numbers under `prefix(of:)` in the last hour, this text's own not counted.
        public var otherNumbersOfPrefixInHour = 0
        public var tenantInMinute = 0
        public var tenantInHour = 0
        public var tenantInDay = 0
        /// In thousandths of the operator's currency.
        public var tenantCostInDay = 0

        public init(history: ConsentGate.History = .init()) { self.history = history }
    }

    /// What of the text itself matters.
    public struct Text: Equatable, Sendable {
        /// To a number that is not the caller's own.
        public var isCustom: Bool
        /// The network vouches for the caller's number (STIR/SHAKEN A or B), and it was not withheld.
        public var isCallerAttested: Bool
        /// What it will cost, in thousandths of the operator's currency; 0 where that is not known.
        public var cost: Int

        public init(isCustom: Bool = false, isCallerAttested: Bool = true, cost: Int = 0) {
            self.isCustom = isCustom
            self.isCallerAttested = isCallerAttested
            self.cost = cost
        }
    }

    public enum Decision: Equatable, Sendable {
        case allowed
        case refused(rule: Rule)
    }

    /// In the order in which they are looked at. The gate's three keep its ids.
    public enum Rule: String, Sendable, CaseIterable {
        case call = "cap_per_call"
        case unattestedCall = "cap_per_unattested_call"
        case customRecipients = "cap_custom_recipients"
        case recipientTenMinutes = "cap_per_recipient_10min"
        case recipientDay = "cap_per_recipient_day"
        case callerHour = "cap_per_caller_hour"
        case prefixHour = "cap_per_prefix_hour"
        case tenantMinute = "cap_per_tenant_minute"
        case tenantHour = "cap_per_tenant_hour"
        case tenantDay = "cap_per_tenant_day"
        case tenantCost = "cap_cost_per_day"

        /// Looks like an attack, or stops a tenant for hours: somebody should be told.
        public var needsAlert: Bool { [.prefixHour, .tenantHour, .tenantDay, .tenantCost].contains(self) }
    }

    public func decide(_ text: Text, counts: Counts) -> Decision {
        let near = counts.history
        if near.inCall >= maxInCall { return .refused(rule: .call) }
        if !text.isCallerAttested, near.inCall >= maxInUnattestedCall { return .refused(rule: .unattestedCall) }
        if text.isCustom, counts.otherCustomRecipientsInCall >= maxCustomRecipientsInCall {
            return .refused(rule: .customRecipients)
        }
        if near.inTenMinutes >= maxPerRecipientInTenMinutes { return .refused(rule: .recipientTenMinutes) }
        if near.inDay >= maxPerRecipientInDay { return .refused(rule: .recipientDay) }
        if counts.callerInHour >= maxPerCallerInHour { return .refused(rule: .callerHour) }
        if counts.otherNumbersOfPrefixInHour >= maxNumbersPerPrefixInHour { return .refused(rule: .prefixHour) }
        if counts.tenantInMinute >= maxPerTenantInMinute { return .refused(rule: .tenantMinute) }
        if counts.tenantInHour >= maxPerTenantInHour { return .refused(rule: .tenantHour) }
        if counts.tenantInDay >= maxPerTenantInDay { return .refused(rule: .tenantDay) }
        if let limit = maxCostPerTenantInDay {
            let (sum, isTooMuch) = counts.tenantCostInDay.addingReportingOverflow(max(text.cost, 0))
            if isTooMuch || sum > limit { return .refused(rule: .tenantCost) }
        }
        return .allowed
    }

    /// The gate with the narrower of its own caps and these.
    public func tightened(_ gate: ConsentGate) -> ConsentGate {
        ConsentGate(
            allowsMarketing: gate.allowsMarketing, maxInCall: min(gate.maxInCall, maxInCall),
            maxInTenMinutes: min(gate.maxInTenMinutes, maxPerRecipientInTenMinutes),
            maxInDay: min(gate.maxInDay, maxPerRecipientInDay))
    }

    /// What numbers share that differ in the last four digits only, e.g. `+1212555`: a key for counting, not for logs.
    public static func prefix(of number: PhoneNumber) -> String { String(number.e164.dropLast(4)) }
}
