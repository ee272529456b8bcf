/// One request to send a text, as it arrived whole.
public struct ReceivedText: Equatable, Sendable {
    public enum Fate: Equatable, Sendable {
        /// Not decided yet: as a script's rules see it.
        case open
        /// Goes to its recipient.
        case taken(providerID: String)
        /// Has the idempotency key of a text taken before: nothing more goes out.
        case repeated(providerID: String)
        /// The provider itself found fault with it.
        case declined(status: Int, code: String)
        /// The script would not have it.
        case notTaken
    }

    /// Counts all requests to send, from 1, in the order of their last bytes.
    public let number: Int
    public let provider: ProviderKind
    /// As it is to be shown: a number, a name, a service or a profile.
    public let from: String
    /// With its `+`.
    public let to: String
    public let body: String
    public let callbackURL: String?
    /// Of the header `Idempotency-Key`, decoded.
    public let key: String?
    /// Out of the callback URL's query: `MESSAGE~FENCE.MAC`. Not verified: the fake has no key for it.
    public let correlation: String?
    public let arrivedNanoseconds: UInt64
    /// UTC milliseconds since 1970.
    public let arrivedAt: Int64
    /// Head and body, as they came.
    public let raw: [UInt8]
    /// Counts connections, from 1.
    public let connection: Int
    public internal(set) var fate: Fate

    /// The correlation before its MAC and its fence.
    public var message: String? { claim.map { String($0.split(separator: "~", maxSplits: 1)[0]) } }

    public var fence: Int64? {
        guard let parts = claim?.split(separator: "~", maxSplits: 1), parts.count == 2 else { return nil }
        return Int64(parts[1])
    }

    public var isTaken: Bool {
        if case .taken = fate { true } else { false }
    }

    private var claim: Substring? {
        guard let correlation, let dot = correlation.lastIndex(of: "."), correlation.first != "~" else { return nil }
        let claim = correlation[..<dot]
        return claim.isEmpty ? nil : claim
    }
}

/// What a person would call the same text.
public struct TextContent: Hashable, Sendable {
    public let from, to, body: String

    public init(from: String, to: String, body: String) {
        self.from = from
        self.to = to
        self.body = body
    }
}
