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

    var state: MessageState {
        switch self {
        case .accepted: .accepted
        case .sent: .sent
        case .delivered: .delivered
        case .undelivered, .optedOut: .failed
        }
    }

    var code: String {
        switch self {
        case .accepted, .sent, .delivered: ""
        case .undelivered(let code), .optedOut(let code): code
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
