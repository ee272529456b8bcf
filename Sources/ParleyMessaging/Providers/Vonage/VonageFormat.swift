/// Vonage Messages API v1, channel `sms`: JSON both ways, webhooks signed by a JWT.
///
/// Key and secret go as `Basic` credentials. An account that needs an application's JWT (Vonage says that its webhooks
/// do) hands in a token made elsewhere. There is no idempotency key and no way to ask for a text by its words: a
/// lost answer is settled by the callback, whose URL and `client_ref` both carry the correlation, or by the operator.
/// Source: Vonage, "Messages API" reference, "Authentication", "Signed webhooks", "Messages API status callbacks".
public struct VonageFormat: ProviderFormat {
    public enum Credentials: Equatable, Sendable {
        case basic(key: String, secret: ProviderSecret)
        case token(ProviderSecret)
    }

    public let name = "vonage"
    private let base: String
    private let authorization: ProviderSecret
    private let signature: VonageWebhookSignature

    /// - Parameters:
    ///   - signatureSecrets: of the dashboard, not the API secret; any one may have signed, none refuses all webhooks.
    ///   - apiKey: whose webhooks are taken; `nil` for any that a secret of ours signed.
    ///   - base: for regions and tests.
    public init(
        credentials: Credentials, signatureSecrets: [ProviderSecret], apiKey: String? = nil,
        base: String = "https://api.nexmo.com"
    ) {
        self.base = base
        authorization =
            switch credentials {
            case .basic(let key, let secret): .basic(user: key, password: secret)
            case .token(let token): ProviderSecret("Bearer " + token.revealed)
            }
        signature = VonageWebhookSignature(secrets: signatureSecrets, apiKey: apiKey)
    }

    public func request(for text: OutgoingText, at now: Int64) -> HTTPCall {
        let body = JSONText.object([
            "message_type": .text("text"),
            "channel": .text("sms"),
            "to": .text(VonageNumber.bare(text.recipient.e164)),
            "from": .text(VonageNumber.bare(text.sender)),
            "text": .text(text.body),
            "client_ref": Self.reference(text).map { .text($0) },
            "webhook_url": text.statusURL.map { .text($0) },
            "webhook_version": text.statusURL.map { _ in .text("v1") },
            "ttl": text.validity.map { .number(min(max($0, Self.minValidity), Self.maxValidity)) },
        ])
        return HTTPCall(
            method: "POST", url: "\(base)/v1/messages",
            headers: [
                HTTPHeader("Authorization", authorization.revealed),
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Accept", "application/json"),
            ],
            body: body)
    }

    /// Seconds.
    private static let minValidity = 20
    private static let maxValidity = 604_800

    /// At most 100 characters.
    private static func reference(_ text: OutgoingText) -> String? {
        text.correlation.text.utf8.count <= 100 ? text.correlation.text : nil
    }

    public func outcome(of answer: HTTPAnswer) -> SendOutcome {
        if (200..<300).contains(answer.status) {
            return .taken(as: JSONText.read(VonageAccepted.self, from: answer.body)?.id)
        }
        let code = JSONText.read(VonageProblem.self, from: answer.body)?.code
        return .declined(answer, code: code, verdict: code.flatMap(VonageCode.verdict))
    }

    public func reason(ofCode code: String) -> RefusalReason? { VonageCode.verdict(code)?.reason }

    public func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal? {
        signature.refusal(of: webhook, at: now)
    }

    public func status(in webhook: VerifiedWebhook) -> StatusReport? {
        guard let event = JSONText.read(VonageEvent.self, from: webhook.webhook.body),
            let id = ProviderText.plain(event.id), let state = event.status.flatMap(VonageStatus.state)
        else { return nil }
        return StatusReport(
            providerID: id, correlation: webhook.webhook.correlation ?? ProviderText.plain(event.reference),
            state: state, code: ProviderText.plain(event.error?.code))
    }

    public func inbound(in webhook: VerifiedWebhook) -> InboundMessage? {
        guard let event = JSONText.read(VonageEvent.self, from: webhook.webhook.body), event.status == nil,
            let id = ProviderText.plain(event.id), let kind = event.kind, let from = event.from, let to = event.to
        else { return nil }
        return InboundMessage(
            providerID: id, from: VonageNumber.international(from), to: VonageNumber.international(to),
            body: event.text ?? "", mediaCount: kind == "text" ? 0 : 1)
    }
}

/// Vonage writes numbers without their `+`.
enum VonageNumber {
    /// Names stay as they are.
    static func bare(_ address: String) -> String {
        address.hasPrefix("+") ? String(address.dropFirst()) : address
    }

    /// Short codes and names stay as they are.
    static func international(_ address: String) -> String {
        (8...15).contains(address.utf8.count) && address.utf8.allSatisfy(\.isDigit) ? "+\(address)" : address
    }
}
