import Crypto

/// Telnyx Messaging, API v2: JSON both ways, webhooks signed with Ed25519.
///
/// A sender in the form of a UUID is a messaging profile, any other is a `from`. The key of a text goes along as
/// `Idempotency-Key`; only successful answers are kept under it, so a repeat after a 500 is not safe all the same.
/// Source: protocols.md 4.5 and 4.6.
public struct TelnyxFormat: ProviderFormat {
    public let name = "telnyx"
    private let base: String
    private let authorization: ProviderSecret
    private let signature: TelnyxWebhookSignature

    /// - Parameters:
    ///   - apiKey: as in the portal.
    ///   - publicKeys: base64, as in the portal; any one may have signed, none refuses all webhooks.
    ///   - base: for tests.
    public init(
        apiKey: ProviderSecret, publicKeys: [String], base: String = "https://api.telnyx.com"
    ) throws(ProviderFault) {
        self.base = base
        authorization = ProviderSecret("Bearer " + apiKey.revealed)
        signature = try TelnyxWebhookSignature(publicKeys: publicKeys)
    }

    public func request(for text: OutgoingText, at now: Int64) -> HTTPCall {
        let isProfile = Self.isProfile(text.sender)
        let body = JSONText.object([
            "to": .text(text.recipient.e164),
            "from": isProfile ? nil : .text(text.sender),
            "messaging_profile_id": isProfile ? .text(text.sender) : nil,
            "text": .text(text.body),
            "webhook_url": text.statusURL.map { .text($0) },
        ])
        return HTTPCall(
            method: "POST", url: "\(base)/v2/messages",
            headers: [
                HTTPHeader("Authorization", authorization.revealed),
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Accept", "application/json"),
                HTTPHeader("Idempotency-Key", Self.idempotencyKey(text.key)),
            ],
            body: body)
    }

    /// The UUID of a messaging profile.
    private static func isProfile(_ sender: String) -> Bool {
        let groups = sender.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { Hex.decode($0.lowercased()) != nil }
    }

    /// 1 to 255 letters, digits, `-`, `_` and `:` are allowed; another key goes as its hash.
    private static func idempotencyKey(_ key: String) -> String {
        let isAllowed =
            (1...255).contains(key.utf8.count)
            && key.utf8.allSatisfy { $0.isDigit || $0.isLetter || [0x2D, 0x5F, 0x3A].contains($0) }
        return isAllowed ? key : Hex.encode(SHA256.hash(data: Array(key.utf8)))
    }

    public func outcome(of answer: HTTPAnswer) -> SendOutcome {
        if (200..<300).contains(answer.status) {
            return .taken(as: JSONText.read(TelnyxAccepted.self, from: answer.body)?.data?.id)
        }
        let code = JSONText.read(TelnyxErrors.self, from: answer.body)?.errors?.first?.code?.text
        return .declined(answer, code: code, verdict: code.flatMap(TelnyxCode.verdict))
    }

    public func query(for text: SentText, sender: String, since: Int64) -> HTTPCall? {
        let fields = FormFields([
            "filter[record_type]": "messaging",
            "filter[direction]": "outbound",
            "filter[cld]": text.recipient.e164,
            // A day early: records may be dated by another clock.
            "filter[created_at][gte]": CivilTime.day(of: since > 86_400_000 ? since - 86_400_000 : 0),
            "sort": "-created_at",
            "page[size]": "50",
        ])
        return HTTPCall(
            method: "GET", url: "\(base)/v2/detail_records?\(fields.queryText)",
            headers: [
                HTTPHeader("Authorization", authorization.revealed), HTTPHeader("Accept", "application/json"),
            ])
    }

    /// Never says "absent": a detail record may be late. Found is a record whose webhook URL has a correlation of this text,
    /// of whichever try.
    public func found(
        in answer: HTTPAnswer, text: SentText, sender: String, since: Int64, known: Set<String>
    ) -> QueryOutcome {
        guard answer.status == 200, let rows = JSONText.read(TelnyxRecords.self, from: answer.body)?.data,
            let row = rows.first(where: { Self.isWebhook($0.url ?? "", of: text) }),
            let id = ProviderText.plain(row.uuid)
        else { return .unclear }
        return .found(providerID: id, state: row.status.flatMap(TelnyxStatus.state) ?? .accepted)
    }

    /// The record came over our own authenticated question: what is in it need not be signed once more.
    private static func isWebhook(_ url: String, of text: SentText) -> Bool {
        guard let correlation = ProviderWebhook(url: url, headers: [], body: []).correlation else { return false }
        return CorrelationID(believing: correlation).message == text.id
    }

    public func reason(ofCode code: String) -> RefusalReason? { TelnyxCode.verdict(code)?.reason }

    public func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal? {
        signature.refusal(of: webhook, at: now)
    }

    public func status(in webhook: VerifiedWebhook) -> StatusReport? {
        guard let data = JSONText.read(TelnyxEvent.self, from: webhook.webhook.body)?.data,
            data.type != "message.received", let payload = data.payload,
            let id = ProviderText.plain(payload.id),
            let state = payload.to?.first?.status.flatMap(TelnyxStatus.state)
        else { return nil }
        return StatusReport(
            providerID: id, correlation: webhook.webhook.correlation, state: state,
            code: ProviderText.plain(payload.errors?.first?.code?.text))
    }

    public func inbound(in webhook: VerifiedWebhook) -> InboundMessage? {
        guard let data = JSONText.read(TelnyxEvent.self, from: webhook.webhook.body)?.data,
            data.type == "message.received", let payload = data.payload, let id = ProviderText.plain(payload.id),
            let from = payload.from?.number, let to = payload.to?.first?.number
        else { return nil }
        return InboundMessage(
            providerID: id, from: from, to: to, body: payload.text ?? "", mediaCount: payload.media?.count ?? 0)
    }
}
