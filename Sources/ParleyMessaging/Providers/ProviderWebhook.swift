/// A request that says it comes from a provider. Not believed, and not readable, before `ProviderFormat.verified`.
///
/// Printing one shows its method and size.
public struct ProviderWebhook: Equatable, Sendable {
    public static let maxBytes = 256 << 10
    public static let maxURLBytes = 8 << 10
    public static let maxHeaders = 128
    /// How far a signed time may lie from ours, either way, in seconds (reliability: replay).
    public static let tolerance: Int64 = 300

    public let method: String
    /// As the provider requested it: scheme, host and port from our configuration, path and query as they came.
    public let url: String
    public let headers: [HTTPHeader]
    /// Raw.
    public let body: [UInt8]

    public init(method: String = "POST", url: String, headers: [HTTPHeader], body: [UInt8]) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// The text of our correlation id in the query, not checked; `nil` where there is none or more than one.
    var correlation: String? {
        let query = url.utf8.prefix { $0 != UInt8(ascii: "#") }
            .split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
        guard let query, let fields = FormFields(reading: query) else { return nil }
        let found = fields.fields.filter { $0.name == CorrelationID.parameter }
        guard found.count == 1, let value = found.first?.value,
            (1...CorrelationID.maxLength).contains(value.utf8.count)
        else { return nil }
        return value
    }

    /// Whether a signed time is near enough to ours.
    static func isFresh(_ seconds: Int64, at now: Int64) -> Bool {
        let ours = now / 1_000
        // Whoever signs chooses the number: no subtraction that could overflow.
        return seconds >= ours - tolerance && seconds <= ours + tolerance
    }

    /// Seconds since 1970 in plain digits, as signed headers have them.
    static func seconds(_ text: some StringProtocol) -> Int64? {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int64(text)
    }
}

/// Why a webhook is not believed. Says nothing of what was in it.
public enum WebhookRefusal: String, Error, Sendable, CaseIterable {
    /// No signature, or more than one. Vonage sends such a webhook after a fault of its own: a 5xx asks for it again.
    case unsigned
    /// Its parts cannot be read.
    case malformed
    /// Signed for another time than now.
    case stale
    /// Not signed by a key of ours.
    case mismatch
    case tooLarge = "too_large"
}

/// What a provider says became of a text.
///
/// Reports come late, twice and out of order: `applied(to:)` moves forward only.
public struct StatusReport: Equatable, Sendable {
    public let providerID: String
    /// As it stood in the callback's URL or body; `CorrelationID(verifying:keys:)` says whether it is ours.
    public let correlation: String?
    public let state: MessageState
    /// The vendor's code for a failure.
    public let code: String?

    public init(providerID: String, correlation: String?, state: MessageState, code: String? = nil) {
        self.providerID = providerID
        self.correlation = correlation
        self.state = state
        self.code = code
    }

    /// The state that a text has after this report.
    public func applied(to current: MessageState) -> MessageState {
        current.canMove(to: state) ? state : current
    }
}

/// A text that somebody sent to us. Printing one shows neither numbers nor words.
public struct InboundMessage: Equatable, Sendable {
    /// What the provider took the words for, and has already answered itself.
    public enum OptOutType: String, Sendable, CaseIterable {
        case stop = "STOP"
        case start = "START"
        case help = "HELP"
    }

    public let providerID: String
    /// A number or a channel address, as the provider gave it (with its `+`).
    public let from: String
    public let to: String
    public let body: String
    /// `nil` leaves it to our own reading of the words.
    public let optOutType: OptOutType?
    /// Pictures and the like that came with it.
    public let mediaCount: Int

    public init(
        providerID: String, from: String, to: String, body: String, optOutType: OptOutType? = nil, mediaCount: Int = 0
    ) {
        self.providerID = providerID
        self.from = from
        self.to = to
        self.body = body
        self.optOutType = optOutType
        self.mediaCount = mediaCount
    }
}

extension ProviderWebhook: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(method) webhook (\(body.count) bytes)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension InboundMessage: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "inbound \(providerID)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
