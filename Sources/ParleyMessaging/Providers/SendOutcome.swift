/// What became of one request to send.
///
/// | answer | outcome | what the outbox does |
/// | --- | --- | --- |
/// | 2xx that names the message | `accepted` | the row keeps the provider's id |
/// | 2xx that does not, or cannot be read | `ambiguous` | row `unknown`: waits for the callback, then asks |
/// | 3xx (never followed), 408, 409, 500, 502, 504, other 5xx, 503 without `Retry-After`, no HTTP status | `ambiguous` | the same |
/// | 429, 503 with `Retry-After` | `retry` | back to `queued` after that time or its own |
/// | 401, 402, 403 | `unauthorised` | sender paused, alert, row stays `queued` |
/// | 400, 422 and other 4xx | `refused`, permanent | `failed` with the code |
/// | 404, 405, 406, 410, 411, 413, 414, 415, 431 | `refused`, configuration | the same, and alert |
///
/// That is for answers that say no more. A code of the vendor's own that its format knows goes before the status: see
/// `TwilioCode`, `TelnyxCode`, `VonageCode` and `WebhookFormat`. On a 5xx no code is believed.
public enum SendOutcome: Equatable, Sendable {
    /// The provider has it, under its own id.
    case accepted(providerID: String)
    /// Not taken, sure not to be sent, and no better next time.
    case refused(code: String, reason: RefusalReason)
    /// Not taken and sure not to be sent; may be tried again.
    /// - Parameter after: seconds, as the provider asked for.
    case retry(after: Int?, code: String)
    /// The account, not the text, is at fault: credentials, balance, suspension.
    case unauthorised(code: String)
    /// May have been sent, or not.
    case ambiguous(code: String)
}

/// Why a text was refused for good.
public enum RefusalReason: String, Sendable, CaseIterable {
    /// This recipient, or this text, cannot be served.
    case permanent
    /// The recipient said stop: also a suppression row.
    case optedOut = "opted_out"
    /// Sender, region, registration or request: the operator has to mend something.
    case configuration
}

/// What a provider knows of a text whose answer was lost.
public enum QueryOutcome: Equatable, Sendable {
    case found(providerID: String, state: MessageState)
    /// Surely not there: may be sent again once the time of grace is over.
    case absent
    /// It cannot tell, or more than one text fits.
    case unclear
}

/// What a vendor's code, or failing that the status, means.
enum Verdict: Equatable {
    case refused(RefusalReason)
    case retry, unauthorised, ambiguous

    var reason: RefusalReason? {
        if case .refused(let reason) = self { reason } else { nil }
    }
}

extension SendOutcome {
    /// The outcome of an answer that is no acceptance.
    ///
    /// - Parameters:
    ///   - code: the vendor's; kept where it is plain, else `http_` and the status.
    ///   - verdict: what the format knows of that code.
    static func declined(_ answer: HTTPAnswer, code: String?, verdict: Verdict?) -> SendOutcome {
        let plain = code.flatMap { ProviderText.isPlain($0) ? $0 : nil } ?? "http_\(answer.status)"
        let fromStatus = Self.verdict(of: answer)
        let isBelieved = (400..<500).contains(answer.status)
        switch isBelieved ? verdict ?? fromStatus : fromStatus {
        case .refused(let reason): return .refused(code: plain, reason: reason)
        case .retry: return .retry(after: answer.retryAfter, code: plain)
        case .unauthorised: return .unauthorised(code: plain)
        case .ambiguous: return .ambiguous(code: plain)
        }
    }

    /// The outcome of a 2xx.
    static func taken(as id: String?) -> SendOutcome {
        guard let id, ProviderText.isPlain(id) else { return .ambiguous(code: "unreadable_answer") }
        return .accepted(providerID: id)
    }

    private static func verdict(of answer: HTTPAnswer) -> Verdict {
        switch answer.status {
        case 429: .retry
        case 503 where answer.headers.value(of: "Retry-After") != nil: .retry
        case 401, 402, 403: .unauthorised
        case 408, 409: .ambiguous
        case 404, 405, 406, 410, 411, 413, 414, 415, 431: .refused(.configuration)
        case 400..<500: .refused(.permanent)
        default: .ambiguous
        }
    }
}

/// Ids and codes of a provider, before they become ours.
enum ProviderText {
    static let maxLength = 128

    /// Letters, digits and `-_.:~`: may be stored, logged and put into a URL.
    static func isPlain(_ text: String) -> Bool {
        (1...maxLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isDigit || $0.isLetter || [0x2D, 0x2E, 0x3A, 0x5F, 0x7E].contains($0) }
    }

    static func plain(_ text: String?) -> String? { text.flatMap { isPlain($0) ? $0 : nil } }
}
