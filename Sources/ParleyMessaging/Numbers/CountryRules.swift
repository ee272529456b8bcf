/// To which countries texts may go, and to which numbers never (reliability: SMS pumping, toll fraud).
public struct CountryRules: Equatable, Sendable {
    /// ISO 3166-1 alpha-2, upper case. `nil`: the country of the sending number alone, and none where that names none:
    /// a short code, a toll-free number, a name, a channel.
    public var allowed: Set<String>?
    /// Numbers that texts are sent from: none of them is a recipient.
    public var ownSenders: Set<PhoneNumber>

    public init(allowed: Set<String>? = nil, ownSenders: Set<PhoneNumber> = []) {
        self.allowed = allowed
        self.ownSenders = ownSenders
    }

    /// Who the recipient is to the call.
    public enum Recipient: Equatable, Sendable {
        /// The caller's own number.
        case caller
        /// Another that the caller named. `call`: the number that the call came from; `nil` where it was withheld.
        case custom(call: PhoneNumber?)
    }

    public enum Decision: Equatable, Sendable {
        case allowed
        case refused(rule: Rule)
    }

    /// In the order in which they are looked at.
    public enum Rule: String, Sendable, CaseIterable {
        case ownSender = "recipient_is_sender"
        /// Premium, toll-free, shared-cost, satellite, personal and service ranges.
        case kind = "number_kind_refused"
        case unknownRegion = "region_unknown"
        case countryNotAllowed = "country_not_allowed"
        case notCountryOfCall = "custom_not_country_of_call"
    }

    /// A number that may be in several countries needs all of them allowed.
    ///
    /// - Parameter sender: E.164, or what else texts come from.
    public func decide(
        _ number: PhoneNumber, as recipient: Recipient, sender: String, facts: some NumberFacts
    ) -> Decision {
        let from = try? PhoneNumber(sender)
        if ownSenders.contains(number) || from == number { return .refused(rule: .ownSender) }
        guard facts.kind(of: number).isMessageable else { return .refused(rule: .kind) }
        guard let region = facts.region(of: number), !region.countries.isEmpty else {
            return .refused(rule: .unknownRegion)
        }
        let ofSender = from.flatMap { facts.region(of: $0) }?.countries ?? []
        guard Set(region.countries).isSubset(of: allowed ?? Set(ofSender)) else {
            return .refused(rule: .countryNotAllowed)
        }
        if case .custom(let call) = recipient {
            let ofCall = Set(call.flatMap { facts.region(of: $0) }?.countries ?? [])
            guard Set(region.countries).isSubset(of: ofCall) else { return .refused(rule: .notCountryOfCall) }
        }
        return .allowed
    }
}
