/// A channel's credentials with its provider, and what is made of them: the way of writing to it.
public enum ProviderAccount: Equatable, Sendable {
    /// - Parameters:
    ///   - account: `AC...`.
    ///   - key: an API key's SID; `nil`: the account's own token sends.
    ///   - secret: the auth token, or the API key's secret.
    ///   - signing: auth tokens, any of which may have signed a webhook.
    ///   - base: another address of the API; `nil`: the provider's own. Likewise below.
    case twilio(account: String, key: String?, secret: ProviderSecret, signing: [ProviderSecret], base: String?)
    /// - Parameter publicKeys: base64; any one may have signed a webhook.
    case telnyx(apiKey: ProviderSecret, publicKeys: [String], base: String?)
    case vonage(key: String, secret: ProviderSecret, signing: [ProviderSecret], base: String?)
    /// - Parameters:
    ///   - url: where texts are posted to.
    ///   - secrets: the first signs, any one may have signed what comes back.
    case webhook(url: String, secrets: [ProviderSecret])
    case recordOnly

    public var provider: Channel.Provider {
        switch self {
        case .twilio: .twilio
        case .telnyx: .telnyx
        case .vonage: .vonage
        case .webhook: .webhook
        case .recordOnly: .recordOnly
        }
    }

    /// - Returns: `nil` where nobody carries the texts.
    public func format() throws(ProviderFault) -> (any ProviderFormat)? {
        switch self {
        case .twilio(let account, let key, let secret, let signing, let base):
            if let base {
                TwilioFormat(account: account, user: key, secret: secret, signingTokens: signing, base: base)
            } else {
                TwilioFormat(account: account, user: key, secret: secret, signingTokens: signing)
            }
        case .telnyx(let apiKey, let publicKeys, let base):
            if let base {
                try TelnyxFormat(apiKey: apiKey, publicKeys: publicKeys, base: base)
            } else {
                try TelnyxFormat(apiKey: apiKey, publicKeys: publicKeys)
            }
        case .vonage(let key, let secret, let signing, let base):
            if let base {
                VonageFormat(
                    credentials: .basic(key: key, secret: secret), signatureSecrets: signing, apiKey: key, base: base)
            } else {
                VonageFormat(credentials: .basic(key: key, secret: secret), signatureSecrets: signing, apiKey: key)
            }
        case .webhook(let url, let secrets): WebhookFormat(url: url, secrets: secrets)
        case .recordOnly: nil
        }
    }
}
