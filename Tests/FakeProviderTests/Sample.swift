import FakeProvider
import ParleyMessaging

/// Parley's formats, with the fake's credentials, and a text for them to send.
enum Sample {
    static let correlationKey = ProviderSecret("fake-correlation-key")
    static let origin = "https://voice.example.org"
    static let statusURL = "\(origin)/sms/status"
    static let inboundURL = "\(origin)/sms/in"
    static let recipient = "+12125550123"
    static let sender = "+12125550199"
    static let words = "Praxis: café \"4711\" & more + 100 %. Reply STOP to opt out"

    static func format(_ kind: ProviderKind, at provider: FakeProvider) throws -> any ProviderFormat {
        try format(kind, provider.accounts, base: provider.baseURL)
    }

    static func format(
        _ kind: ProviderKind, _ accounts: ProviderAccounts, base: String = "http://127.0.0.1:1"
    ) throws -> any ProviderFormat {
        switch kind {
        case .twilio:
            let token = ProviderSecret(accounts.twilioToken)
            return TwilioFormat(account: accounts.twilioAccount, secret: token, signingTokens: [token], base: base)
        case .telnyx:
            return try TelnyxFormat(
                apiKey: ProviderSecret(accounts.telnyxKey), publicKeys: [accounts.telnyxPublicKey], base: base)
        case .vonage:
            return VonageFormat(
                credentials: .basic(key: accounts.vonageKey, secret: ProviderSecret(accounts.vonageSecret)),
                signatureSecrets: [ProviderSecret(accounts.vonageSignatureSecret)], apiKey: accounts.vonageKey,
                base: base)
        case .webhook:
            return WebhookFormat(url: "\(base)/texts", secrets: [ProviderSecret(accounts.webhookSecret)])
        }
    }

    /// - Parameter fence: counts the attempts, as the correlation does.
    static func text(
        _ id: String = "01KDVXN700PARLEYTEXT00000A", fence: Int64 = 1, key: String? = nil, to: String = recipient,
        body: String = words, callback: String = statusURL
    ) throws -> OutgoingText {
        let recipient = try PhoneNumber(to)
        let consent = Consent(
            id: "c1", number: recipient.e164, purpose: .informational, sender: sender, means: .spoken, wording: "",
            wordingVersion: "1", heard: "", language: "en", answer: "yes", givenAt: 0, call: "", turn: 0, spanBegan: 0,
            spanEnded: 0, agent: "")
        let decision = ConsentGate().decide(
            ConsentGate.Request(recipient: recipient, sender: sender, purpose: .informational, call: "", at: 0),
            consents: [consent], optOuts: [], history: ConsentGate.History())
        guard case .allowed(let proof) = decision else { throw NoConsent() }
        return OutgoingText(
            TextMessage(id: id, key: key ?? "key-\(id)", proof: proof, stored: body), sender: sender,
            correlation: CorrelationID(id: "\(id)~\(fence)", key: correlationKey), callbackURL: callback,
            validity: 900)
    }

    struct NoConsent: Error {}
}

extension SignedRequest {
    /// As Parley's listener hands it on.
    var webhook: ProviderWebhook {
        ProviderWebhook(
            method: method, url: url, headers: headers.map { HTTPHeader($0.name, $0.value) }, body: body)
    }
}
