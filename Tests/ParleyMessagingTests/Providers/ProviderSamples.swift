import Crypto

@testable import ParleyMessaging

/// One text, one of each format, and webhooks that are signed.
enum Sample {
    /// 1 January 2026, 00:00:00 UTC.
    static let seconds: Int64 = 1_767_225_600
    static let now = seconds * 1_000

    static let id = "01KDVXN700PARLEYTEXT00000A"
    static let key = "5f0c8a7d2b1e4c3f9a6d8e7b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c9d"
    static let words = "Praxis: café \"4711\" & more. Reply STOP to opt out"
    static let correlationKey = ProviderSecret("parley-test-correlation-key")
    static let correlation = CorrelationID(message: id, fence: 3, key: correlationKey)
    static let statusURL = "https://voice.example.org/sms/status?correlation=\(correlation.text)"

    static let account = "AC0a1b2c3d4e5f60718293a4b5c6d7e8f9"
    static let token = "parley-test-auth-token"
    static let twilio = TwilioFormat(
        account: account, secret: ProviderSecret(token), signingTokens: [ProviderSecret(token)])
    static let telnyxKey = Array(UInt8(0)...31)
    static let apiKey = "parley-test-api-key"
    static let vonageSecret = "parley-test-api-secret"
    static let signatureSecret = "parley-test-signature-secret"
    static let vonage = VonageFormat(
        credentials: .basic(key: "a1b2c3d", secret: ProviderSecret(vonageSecret)),
        signatureSecrets: [ProviderSecret(signatureSecret)], apiKey: "a1b2c3d")
    static let webhookSecret = "parley-test-webhook-secret"
    static let webhook = WebhookFormat(
        url: "https://bridge.example.org/texts", secrets: [ProviderSecret(webhookSecret)])

    static func telnyx() throws -> TelnyxFormat {
        try TelnyxFormat(
            apiKey: ProviderSecret(apiKey), publicKeys: ["A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="])
    }

    static func formats() throws -> [any ProviderFormat] { [twilio, try telnyx(), vonage, webhook] }

    static func text(
        from sender: String = sender, body: String = words, key: String = key,
        callback: String = "https://voice.example.org/sms/status", validity: Int? = 900
    ) throws -> OutgoingText {
        let recipient = try PhoneNumber("+12125550123")
        let consent = Consent(
            id: "c1", number: recipient.e164, purpose: .informational, sender: "clinic-sms", means: .spoken,
            wording: "",
            wordingVersion: "1", heard: "", language: "en", answer: "yes", givenAt: 0, call: "", turn: 0, spanBegan: 0,
            spanEnded: 0, agent: "")
        let decision = ConsentGate().decide(
            ConsentGate.Request(recipient: recipient, sender: "clinic-sms", purpose: .informational, call: "", at: 0),
            consents: [consent], optOuts: [], history: ConsentGate.History())
        guard case .allowed(let proof) = decision else { throw NoConsent() }
        return OutgoingText(
            TextMessage(id: id, key: key, proof: proof, stored: body), sender: sender, correlation: correlation,
            callbackURL: callback, validity: validity)
    }

    static let sender = "+15550100002"

    static func sent(body: String = words, key: String = key) throws -> SentText {
        SentText(id: id, key: key, recipient: try PhoneNumber("+12125550123"), body: body)
    }

    struct NoConsent: Error {}

    static func answer(_ status: Int, _ body: String = "", headers: [HTTPHeader] = []) -> HTTPAnswer {
        HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))
    }

    // MARK: signed webhooks

    static func twilioWebhook(
        _ fields: KeyValuePairs<String, String?>, url: String = statusURL
    ) -> ProviderWebhook {
        let form = FormFields(fields)
        let sorted = form.fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let text = url + sorted.map { $0.name + $0.value }.joined()
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Array(text.utf8), using: SymmetricKey(data: Array(token.utf8)))
        return ProviderWebhook(
            url: url, headers: [HTTPHeader("x-twilio-signature", Base64.encode(Array(code)))],
            body: Array(form.formText.utf8))
    }

    static func telnyxWebhook(_ body: String, at time: Int64 = seconds, url: String = statusURL) throws
        -> ProviderWebhook
    {
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: telnyxKey)
        let signature = try key.signature(for: Array("\(time)|\(body)".utf8))
        return ProviderWebhook(
            url: url,
            headers: [
                HTTPHeader("telnyx-signature-ed25519", Base64.encode(Array(signature))),
                HTTPHeader("telnyx-timestamp", String(time)),
            ], body: Array(body.utf8))
    }

    static func vonageWebhook(
        _ body: String, at time: Int64 = seconds, url: String = statusURL,
        head: String = #"{"alg":"HS256","typ":"JWT"}"#,
        more: String = #","api_key":"a1b2c3d""#, hash: String? = nil
    ) -> ProviderWebhook {
        let hash = hash ?? #","payload_hash":"\#(Hex.encode(SHA256.hash(data: Array(body.utf8))))""#
        let claims = #"{"iat":\#(time)\#(hash)\#(more)}"#
        let signed = Base64.encode(Array(head.utf8), .url) + "." + Base64.encode(Array(claims.utf8), .url)
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8), using: SymmetricKey(data: Array(signatureSecret.utf8)))
        return ProviderWebhook(
            url: url,
            headers: [HTTPHeader("Authorization", "Bearer \(signed).\(Base64.encode(Array(code), .url))")],
            body: Array(body.utf8))
    }

    static func ownWebhook(_ body: String, at time: Int64 = seconds, url: String = statusURL) -> ProviderWebhook {
        let bytes = Array(body.utf8)
        let value = ParleySignature(secrets: [ProviderSecret(webhookSecret)]).header(for: bytes, at: time * 1_000)
        return ProviderWebhook(url: url, headers: [HTTPHeader("Parley-Signature", value ?? "")], body: bytes)
    }

    /// One report of "delivered" of each provider, with its format.
    static func delivered() throws -> [(format: any ProviderFormat, webhook: ProviderWebhook)] {
        [
            (
                twilio,
                twilioWebhook([
                    "MessageSid": "SM00112233445566778899aabbccddeeff", "MessageStatus": "delivered",
                    "From": "+15550100002", "To": "+12125550123", "RawDlrDoneDate": "2601010000",
                ])
            ),
            (
                try telnyx(),
                try telnyxWebhook(
                    #"{"data":{"event_type":"message.finalized","id":"e1","new":{},"payload":{"id":"7a10c2d4-4444","#
                        + #""direction":"outbound","from":{"phone_number":"+15550100002"},"#
                        + #""to":[{"phone_number":"+12125550123","status":"delivered"}],"errors":[]}}}"#
                )
            ),
            (
                vonage,
                vonageWebhook(
                    #"{"message_uuid":"aaaaaaaa-bbbb","to":"12125550123","from":"15550100002","message_type":"text","#
                        + #""status":"delivered","usage":{"price":"0.1"}}"#
                )
            ),
            (webhook, ownWebhook(#"{"type":"status","id":"m-1","from":"a","to":"b","status":"delivered","new":[1]}"#)),
        ]
    }
}
