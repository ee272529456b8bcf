/// One way to text people, under a name that consent is given to: who sends, from what, under which rules.
///
/// Credentials are not here but in a `ProviderAccount`.
public struct Channel: Equatable, Sendable {
    public enum Provider: String, Sendable, CaseIterable {
        case twilio, telnyx, vonage, webhook
        /// Nobody carries the texts: they are kept in the ledger.
        case recordOnly = "record_only"
    }

    /// As in the configuration, the record and metrics: `clinic-sms`.
    public var name: String
    public var provider: Provider
    /// What texts come from, in one of `SenderAddress`' forms; empty under `recordOnly` alone.
    public var sender: String
    /// Who texts, in words.
    public var senderName: String
    /// The opt-out hint; empty where the provider adds its own.
    public var footer: String
    /// Which texts say how to opt out.
    public var hintRule: OptOutHint
    /// The provider adds the hint by itself.
    public var providerAddsHint: Bool
    /// The provider answers STOP, START and HELP by itself; Parley then takes note and answers nothing.
    public var providerHandlesStop: Bool
    /// The answer to HELP, whole.
    public var help: String
    /// ISO 3166-1 alpha-2, upper case; `nil`: the sender's own country.
    public var countries: Set<String>?
    /// Hosts that a link in a text may have, lower case; their subdomains count too.
    public var linkHosts: [String]
    /// Parts that a text may have, 1 to 10.
    public var maxSegments: Int
    /// BCP 47: what texts are written in where nobody says otherwise.
    public var language: String
    /// The campaign's or the toll-free verification's id; empty: none.
    public var registration: String

    public init(
        name: String, provider: Provider = .recordOnly, sender: String = "", senderName: String,
        footer: String = TextComposer.standardFooter, hintRule: OptOutHint = .every, providerAddsHint: Bool = false,
        providerHandlesStop: Bool = false, help: String? = nil, countries: Set<String>? = nil,
        linkHosts: [String] = [], maxSegments: Int = 3, language: String = "en-US", registration: String = ""
    ) {
        self.name = name
        self.provider = provider
        self.sender = sender
        self.senderName = senderName
        self.footer = footer
        self.hintRule = hintRule
        self.providerAddsHint = providerAddsHint
        self.providerHandlesStop = providerHandlesStop
        self.help = help ?? Self.standardHelp(senderName: senderName)
        self.countries = countries
        self.linkHosts = linkHosts
        self.maxSegments = maxSegments
        self.language = language
        self.registration = registration
    }

    public static func standardHelp(senderName: String) -> String {
        "\(senderName) texts. Msg & data rates may apply. Reply STOP to opt out."
    }

    /// - Parameter ownSenders: of all channels; a text to one of them would come back.
    public func countryRules(ownSenders: Set<PhoneNumber>) -> CountryRules {
        CountryRules(allowed: countries, ownSenders: ownSenders)
    }
}
