import ParleyActions
import ParleyCore

/// A call over HTTPS that belongs to an action which stands in the record as `pending`.
public struct WebhookOrder: Equatable, Sendable {
    /// The action's.
    public var key: InvocationKey
    /// To be sent now, by whoever is told; `nil`: the same action was asked for before, and its request is under way.
    public var request: WebhookRequest?
}

/// What became of a webhook, for the record and for who asked.
public enum WebhookEnding: Equatable, Sendable {
    /// - Parameters:
    ///   - values: an object, as `ResultMapping` gives it.
    ///   - note: for the record, as `http_200`.
    case answered(values: JSON, note: String)
    /// The server said no.
    case refused(String)
    /// Not done, or done and of no use.
    case failed(String)
    /// The request was out and no answer came: nobody knows.
    case unknown(String)

    /// As the agent is told.
    public var outcome: ActionResult.Outcome {
        switch self {
        case .answered(let values, _): .answered(values.canonical)
        case .refused(let rule): .refused(rule)
        case .failed(let fault), .unknown(let fault): .failed(fault)
        }
    }
}
