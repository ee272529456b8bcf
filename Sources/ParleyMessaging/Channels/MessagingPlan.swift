/// Everything about texting that an operator decides: the channels, and the rules that hold for all of them.
public struct MessagingPlan: Equatable, Sendable {
    /// By which a text goes that names no channel.
    public let defaultChannel: Channel
    /// The default one first, each name once.
    public let channels: [Channel]
    /// By channel name; one that is not here is record-only.
    public var accounts: [String: ProviderAccount]
    public var optOutLanguages: OptOutLanguages
    public var quietHours: QuietHours
    public var caps: FraudCaps
    public var outbox: OutboxRules
    public var retention: Retention
    /// `nil`: links go as they are.
    public var shortLinks: Links?
    /// What signs `POST /api/events`: any one may have. Empty: no events are taken.
    public var eventSecrets: [ProviderSecret]

    /// Where short links point to.
    public struct Links: Equatable, Sendable {
        /// Scheme and host, without a slash at the end: `https://txt.example.org`.
        public var base: String
        /// How long one leads somewhere, in milliseconds.
        public var expiresMS: Int64

        public init(base: String, expiresMS: Int64 = 30 * 86_400_000) {
            self.base = base
            self.expiresMS = expiresMS
        }
    }

    /// - Parameter others: one whose name came before is left out.
    public init(
        _ defaultChannel: Channel, _ others: [Channel] = [], accounts: [String: ProviderAccount] = [:],
        optOutLanguages: OptOutLanguages = .english, quietHours: QuietHours = QuietHours(),
        caps: FraudCaps = FraudCaps(), outbox: OutboxRules = OutboxRules(), retention: Retention = Retention(),
        shortLinks: Links? = nil, eventSecrets: [ProviderSecret] = []
    ) {
        var names: Set<String> = []
        self.defaultChannel = defaultChannel
        channels = ([defaultChannel] + others).filter { names.insert($0.name).inserted }
        self.accounts = accounts
        self.optOutLanguages = optOutLanguages
        self.quietHours = quietHours
        self.caps = caps
        self.outbox = outbox
        self.retention = retention
        self.shortLinks = shortLinks
        self.eventSecrets = eventSecrets
    }

    /// Without a messaging file: one channel that carries nothing, to any country.
    ///
    /// - Parameter sender: who texts, in words or as a number: the channel's name, which consent is given to.
    public static func recordOnly(_ sender: String) -> MessagingPlan {
        MessagingPlan(
            Channel(name: sender, senderName: sender, countries: NumberingPlan.standard.countries))
    }

    public func channel(_ name: String) -> Channel? { channels.first { $0.name == name } }

    /// How a channel's provider is written to; `nil` where nobody carries its texts, and for a name that is unknown.
    public func format(of channel: String) throws(ProviderFault) -> (any ProviderFormat)? {
        try accounts[channel]?.format()
    }

    /// The senders that are numbers a text could go to.
    public var ownSenders: Set<PhoneNumber> { Set(channels.compactMap { try? PhoneNumber($0.sender) }) }
}

extension NumberingPlan {
    /// ISO 3166-1 alpha-2: every country that has numbers here.
    public var countries: Set<String> { Set(regions.values.flatMap(\.countries)) }
}
