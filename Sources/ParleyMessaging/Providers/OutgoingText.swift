/// A text as a provider is asked to carry it. Made of a `TextMessage`, so there is none without consent.
///
/// Printing one shows its id alone.
public struct OutgoingText: Equatable, Sendable {
    /// Our own id (a ULID).
    public let id: String
    /// The same for every attempt: goes to the provider where it has a place for it.
    public let key: String
    /// Settles a lost answer: in the status callback URL of every text.
    public let correlation: CorrelationID
    /// The channel's address: a number, a name, a messaging service, or an address of another kind (`whatsapp:+...`,
    /// `rcs:...`).
    public let sender: String
    public let recipient: PhoneNumber
    public let body: String
    /// Where the provider reports to, absolute; empty asks for no reports.
    public let callbackURL: String
    /// For how long it is worth delivering, in seconds; `nil` leaves it to the provider. Formats cut it to what their
    /// provider allows.
    public let validity: Int?

    public init(
        _ text: TextMessage, sender: String, correlation: CorrelationID, callbackURL: String, validity: Int? = nil
    ) {
        id = text.id
        key = text.key
        self.correlation = correlation
        self.sender = sender
        recipient = text.recipient
        body = text.body
        self.callbackURL = callbackURL
        self.validity = validity
    }

    /// The callback URL with the correlation in its query, before any fragment; `nil` where no reports are asked for.
    var statusURL: String? {
        if callbackURL.isEmpty { return nil }
        let parts = callbackURL.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let link = parts[0].contains("?") ? "&" : "?"
        let fragment = parts.count > 1 ? "#\(parts[1])" : ""
        let value = PercentCoding.encode(correlation.text)
        return "\(parts[0])\(link)\(CorrelationID.parameter)=\(value)\(fragment)"
    }
}

extension OutgoingText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "text \(id)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
