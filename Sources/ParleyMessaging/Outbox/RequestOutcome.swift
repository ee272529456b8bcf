/// What came of handing one text to its provider, as its dialect read the answer.
public enum RequestOutcome: Equatable, Sendable {
    /// Nobody carries it; it is in the ledger.
    case recorded
    case accepted(providerID: String)
    /// Never to be sent: a bad number, no permission for its country.
    case refused(code: String)
    /// The provider knows of an opt-out that we did not.
    case optedOut(code: String)
    /// The sender is not registered, or not ours to use: the next text would fare no better.
    case misconfigured(code: String)
    /// 401, 403: a secret is wrong, not a text.
    case unauthorised(code: String)
    /// Sure not to be sent, and worth another try.
    ///
    /// - Parameter retryAfterMS: as the provider asks.
    case notSent(NotSent, retryAfterMS: Int64?)
    /// Nobody knows: a timeout, reset, 500, 502 or 504 after the first byte left.
    case ambiguous(Ambiguity)

    public enum NotSent: String, Sendable, CaseIterable {
        /// 429.
        case rateLimited = "rate_limited"
        /// 503 that says when to come back.
        case unavailable
        /// No address, no connection, no TLS: before the first byte.
        case unreachable
    }

    public enum Ambiguity: String, Sendable, CaseIterable {
        case timeout, reset
        case serverError = "server_error"
    }

    /// As the record of an attempt has it.
    public var name: String {
        switch self {
        case .recorded: "recorded"
        case .accepted: "accepted"
        case .refused: "refused"
        case .optedOut: "opted_out"
        case .misconfigured: "misconfigured"
        case .unauthorised: "unauthorised"
        case .notSent: "not_sent"
        case .ambiguous: "ambiguous"
        }
    }

    /// The provider's code or id, or what went wrong.
    public var code: String {
        switch self {
        case .recorded: ""
        case .accepted(let id): id
        case .refused(let code), .optedOut(let code), .misconfigured(let code), .unauthorised(let code): code
        case .notSent(let why, _): why.rawValue
        case .ambiguous(let why): why.rawValue
        }
    }

    /// The provider itself is in trouble, not this text.
    public var isProviderUnwell: Bool {
        switch self {
        case .ambiguous, .notSent(.unreachable, _), .notSent(.unavailable, _): true
        case .recorded, .accepted, .refused, .optedOut, .misconfigured, .unauthorised, .notSent(.rateLimited, _): false
        }
    }
}

/// What a status callback says.
public enum ProviderNews: Equatable, Sendable {
    case accepted, sent, delivered
    case undelivered(code: String)
    case optedOut(code: String)
    /// The sender is not registered, or may not text there: the next text would fare no better.
    case misconfigured(code: String)

    /// - Parameter state: a report's; `nil` for those that no report says.
    public init?(_ state: MessageState, code: String) {
        switch state {
        case .accepted: self = .accepted
        case .sent: self = .sent
        case .delivered: self = .delivered
        case .failed: self = .undelivered(code: code)
        case .queued, .claimed, .sending, .recorded, .unknown, .suppressed, .expired, .dead: return nil
        }
    }

    public var state: MessageState {
        switch self {
        case .accepted: .accepted
        case .sent: .sent
        case .delivered: .delivered
        case .undelivered, .optedOut, .misconfigured: .failed
        }
    }

    public var code: String {
        switch self {
        case .accepted, .sent, .delivered: ""
        case .undelivered(let code), .optedOut(let code), .misconfigured(let code): code
        }
    }
}

/// What the provider answers when asked whether it has a text.
public enum QueryAnswer: Equatable, Sendable {
    case found(providerID: String)
    /// It lists its texts of that time completely, and this one is not among them.
    case absent
    /// It cannot be asked, or more than one text would fit. A question without any answer is not reported: it is due again.
    case cannotTell
}
