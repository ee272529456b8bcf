/// One provider's way of writing and reading: requests as values, answers, signed webhooks. No socket, no clock.
///
/// Times are UTC milliseconds since 1970 and handed in. Adding a provider is one of these in a folder of its name.
public protocol ProviderFormat: Sendable {
    /// As in the configuration, the record and metrics.
    var name: String { get }

    /// The request that sends a text.
    func request(for text: OutgoingText, at now: Int64) -> HTTPCall

    /// What an answer to `request` means. Any answer has an outcome.
    func outcome(of answer: HTTPAnswer) -> SendOutcome

    /// Asks for a text whose answer was lost; `nil` where the provider cannot be asked.
    ///
    /// - Parameters:
    ///   - sender: the channel's address, as the text was sent from.
    ///   - since: when the attempt began.
    func query(for text: SentText, sender: String, since: Int64) -> HTTPCall?

    /// What an answer to `query` means.
    ///
    /// - Parameter known: the provider's ids that belong to other texts of ours: a twin with the same words is not this one.
    func found(
        in answer: HTTPAnswer, text: SentText, sender: String, since: Int64, known: Set<String>
    ) -> QueryOutcome

    /// Why a text was refused for good, by a code of this provider; `nil` for one that says nothing of the kind.
    func reason(ofCode code: String) -> RefusalReason?

    /// Why a webhook is not believed; `nil` for one that the provider signed. Call `verified` instead.
    func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal?

    /// A report on a text of ours; `nil` for anything else, also for states that are not known.
    func status(in webhook: VerifiedWebhook) -> StatusReport?

    /// A text that came in; `nil` for anything else.
    func inbound(in webhook: VerifiedWebhook) -> InboundMessage?
}

extension ProviderFormat {
    public func query(for text: SentText, sender: String, since: Int64) -> HTTPCall? { nil }

    public func found(
        in answer: HTTPAnswer, text: SentText, sender: String, since: Int64, known: Set<String>
    ) -> QueryOutcome {
        .unclear
    }

    /// The webhook, once its signature has been checked: the only way to one that can be read.
    public func verified(_ webhook: ProviderWebhook, at now: Int64) throws(WebhookRefusal) -> VerifiedWebhook {
        guard webhook.body.count <= ProviderWebhook.maxBytes, webhook.url.utf8.count <= ProviderWebhook.maxURLBytes,
            webhook.headers.count <= ProviderWebhook.maxHeaders
        else { throw .tooLarge }
        if let refusal = refusal(of: webhook, at: now) { throw refusal }
        return VerifiedWebhook(webhook)
    }
}

/// A webhook that its provider signed. Made by `ProviderFormat.verified` alone.
public struct VerifiedWebhook: Equatable, Sendable {
    public let webhook: ProviderWebhook

    fileprivate init(_ webhook: ProviderWebhook) { self.webhook = webhook }
}
