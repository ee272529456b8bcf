/// Any carrier behind a signed webhook of our own: for a provider that Parley does not know, or a bridge to one.
///
/// Out goes `POST` JSON with `Idempotency-Key` and `Parley-Signature: t=UNIX,v1=HEX`, HEX being HMAC-SHA256(secret,
/// t + "." + body):
///
/// ```
/// {"type":"message","id":"01...","correlation":"01....9f","from":"+1...","to":"+1...","body":"...",
///  "status_url":"https://...","validity_seconds":900}
/// ```
///
/// The receiver answers 2xx with `{"id":"..."}`, and promises to send once for one `Idempotency-Key`. A 4xx may say
/// `{"code":"..."}`:
///
/// | code | outcome |
/// | --- | --- |
/// | `opted_out` | refused, opted out |
/// | `configuration` | refused, configuration |
/// | `permanent` | refused, permanent |
/// | `retry` | retry |
/// | `unauthorised` | unauthorised |
/// | anything else | by the HTTP status, under that code |
///
/// It reports to `status_url`, and sends what came in to the inbound URL, signed in the same way:
///
/// ```
/// {"type":"status","id":"...","correlation":"...","status":"accepted|sent|delivered|failed","code":"..."}
/// {"type":"inbound","id":"...","from":"+1...","to":"+1...","body":"...","opt_out":"STOP","media":0}
/// ```
public struct WebhookFormat: ProviderFormat {
    public let name = "webhook"
    private let url: String
    private let signature: ParleySignature

    /// - Parameters:
    ///   - url: where texts go.
    ///   - secrets: the first signs, any one may have signed what comes back; none refuses all webhooks.
    public init(url: String, secrets: [ProviderSecret]) {
        self.url = url
        signature = ParleySignature(secrets: secrets)
    }

    public func request(for text: OutgoingText, at now: Int64) -> HTTPCall {
        let body = JSONText.object([
            "type": .text("message"),
            "id": .text(text.id),
            "correlation": .text(text.correlation.text),
            "from": .text(text.sender),
            "to": .text(text.recipient.e164),
            "body": .text(text.body),
            "status_url": text.statusURL.map { .text($0) },
            "validity_seconds": text.validity.map { .number(max($0, 1)) },
        ])
        var headers = [
            HTTPHeader("Content-Type", "application/json"),
            HTTPHeader("Accept", "application/json"),
            HTTPHeader("Idempotency-Key", PercentCoding.encode(text.key)),
        ]
        if let value = signature.header(for: body, at: now) {
            headers.append(HTTPHeader(ParleySignature.headerName, value))
        }
        return HTTPCall(method: "POST", url: url, headers: headers, body: body)
    }

    public func outcome(of answer: HTTPAnswer) -> SendOutcome {
        if (200..<300).contains(answer.status) {
            return .taken(as: JSONText.read(Accepted.self, from: answer.body)?.id?.text)
        }
        let code = JSONText.read(Declined.self, from: answer.body)?.code?.text
        return .declined(answer, code: code, verdict: code.flatMap(Self.verdict))
    }

    private static func verdict(_ code: String) -> Verdict? {
        switch code {
        case "opted_out": .refused(.optedOut)
        case "configuration": .refused(.configuration)
        case "permanent": .refused(.permanent)
        case "retry": .retry
        case "unauthorised": .unauthorised
        default: nil
        }
    }

    public func reason(ofCode code: String) -> RefusalReason? { Self.verdict(code)?.reason }

    public func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal? {
        signature.refusal(of: webhook, at: now)
    }

    public func status(in webhook: VerifiedWebhook) -> StatusReport? {
        guard let event = JSONText.read(Event.self, from: webhook.webhook.body), event.type == "status",
            let id = ProviderText.plain(event.id?.text), let state = event.status.flatMap(Self.state)
        else { return nil }
        return StatusReport(
            providerID: id, correlation: webhook.webhook.correlation ?? ProviderText.plain(event.correlation),
            state: state, code: ProviderText.plain(event.code?.text))
    }

    private static func state(_ status: String) -> MessageState? {
        switch status {
        case "accepted": .accepted
        case "sent": .sent
        case "delivered": .delivered
        case "failed": .failed
        default: nil
        }
    }

    public func inbound(in webhook: VerifiedWebhook) -> InboundMessage? {
        guard let event = JSONText.read(Event.self, from: webhook.webhook.body), event.type == "inbound",
            let id = ProviderText.plain(event.id?.text), let from = event.from, let to = event.to
        else { return nil }
        return InboundMessage(
            providerID: id, from: from, to: to, body: event.body ?? "",
            optOutType: event.optOut.flatMap { InboundMessage.OptOutType(rawValue: $0.text) },
            mediaCount: max(0, event.media.flatMap { Int($0.text) } ?? 0))
    }

    private struct Accepted: Decodable {
        let id: LooseText?
    }

    private struct Declined: Decodable {
        let code: LooseText?
    }

    private struct Event: Decodable {
        let type, correlation, status, from, to, body: String?
        let optOut: LooseText?
        let id, code, media: LooseText?

        enum CodingKeys: String, CodingKey {
            case type, correlation, status, from, to, body, id, code, media
            case optOut = "opt_out"
        }
    }
}
