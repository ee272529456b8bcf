/// Twilio Programmable Messaging: forms out, JSON back, webhooks as signed forms.
///
/// Senders: a number, a messaging service (`MG...`), `whatsapp:+...`, `rcs:...`. The API has no idempotency key, so a lost
/// answer is settled by the callback's correlation or by looking the text up. Source: protocols.md 3 and 1.7.
public struct TwilioFormat: ProviderFormat {
    public let name = "twilio"
    private let messagesURL: String
    private let authorization: ProviderSecret
    private let signature: TwilioWebhookSignature

    /// - Parameters:
    ///   - account: `AC...`.
    ///   - user: an API key's SID; `nil` for the account's own.
    ///   - secret: the auth token, or the API key's secret.
    ///   - signingTokens: auth tokens (and shared keys' secrets) that may sign webhooks; none refuses all webhooks.
    ///   - base: for regions and tests.
    public init(
        account: String, user: String? = nil, secret: ProviderSecret, signingTokens: [ProviderSecret],
        base: String = "https://api.twilio.com"
    ) {
        messagesURL = "\(base)/2010-04-01/Accounts/\(PercentCoding.encode(account))/Messages.json"
        authorization = .basic(user: user ?? account, password: secret)
        signature = TwilioWebhookSignature(tokens: signingTokens)
    }

    public func request(for text: OutgoingText, at now: Int64) -> HTTPCall {
        let isService = TwilioAddress.isService(text.sender)
        let form = FormFields([
            "To": TwilioAddress.recipient(text.recipient, from: text.sender),
            "From": isService ? nil : text.sender,
            "MessagingServiceSid": isService ? text.sender : nil,
            "Body": text.body,
            "StatusCallback": text.statusURL,
            "ValidityPeriod": text.validity.map { String(min(max($0, 1), Self.maxValidity)) },
        ])
        return HTTPCall(
            method: "POST", url: messagesURL,
            headers: [
                HTTPHeader("Authorization", authorization.revealed),
                HTTPHeader("Content-Type", "application/x-www-form-urlencoded"),
                HTTPHeader("Accept", "application/json"),
            ],
            body: Array(form.formText.utf8))
    }

    /// Seconds; the API's own limit and default.
    private static let maxValidity = 36_000

    public func outcome(of answer: HTTPAnswer) -> SendOutcome {
        if (200..<300).contains(answer.status) {
            let message = JSONText.read(TwilioMessage.self, from: answer.body)
            return .taken(as: message?.sid)
        }
        let code = JSONText.read(TwilioError.self, from: answer.body)?.code?.text
        return .declined(answer, code: code, verdict: code.flatMap(TwilioCode.verdict))
    }

    public func query(for text: SentText, sender: String, since: Int64) -> HTTPCall? {
        lookUp.query(for: text, sender: sender)
    }

    public func found(
        in answer: HTTPAnswer, text: SentText, sender: String, since: Int64, known: Set<String>
    ) -> QueryOutcome {
        lookUp.found(in: answer, text: text, sender: sender, since: since, known: known)
    }

    public func reason(ofCode code: String) -> RefusalReason? { TwilioCode.verdict(code)?.reason }

    private var lookUp: TwilioLookUp { TwilioLookUp(messagesURL: messagesURL, authorization: authorization) }

    public func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal? {
        signature.refusal(of: webhook)
    }

    public func status(in webhook: VerifiedWebhook) -> StatusReport? {
        guard let form = FormFields(reading: webhook.webhook.body),
            let id = ProviderText.plain(form["MessageSid"] ?? form["SmsSid"]),
            let state = form["MessageStatus"].flatMap(TwilioStatus.state)
        else { return nil }
        return StatusReport(
            providerID: id, correlation: webhook.webhook.correlation, state: state,
            code: ProviderText.plain(form["ErrorCode"]))
    }

    public func inbound(in webhook: VerifiedWebhook) -> InboundMessage? {
        guard let form = FormFields(reading: webhook.webhook.body), !form.contains("MessageStatus"),
            form["SmsStatus"] ?? "received" == "received",
            let id = ProviderText.plain(form["MessageSid"] ?? form["SmsSid"]), let from = form["From"],
            let to = form["To"]
        else { return nil }
        let media = form["NumMedia"].flatMap { Int($0) } ?? 0
        return InboundMessage(
            providerID: id, from: from, to: to, body: form["Body"] ?? "",
            optOutType: form["OptOutType"].flatMap { InboundMessage.OptOutType(rawValue: $0.uppercased()) },
            mediaCount: max(0, media))
    }
}

/// How Twilio addresses people and senders.
enum TwilioAddress {
    static func isService(_ sender: String) -> Bool {
        sender.hasPrefix("MG") && sender.utf8.count == 34
    }

    /// A recipient is addressed in the sender's own channel.
    static func recipient(_ number: PhoneNumber, from sender: String) -> String {
        for channel in ["whatsapp:", "rcs:"] where sender.hasPrefix(channel) { return channel + number.e164 }
        return number.e164
    }
}

struct TwilioMessage: Decodable {
    let sid: String?
}

struct TwilioError: Decodable {
    let code: LooseText?
}
