import ParleyMessaging
import ParleyNetwork

/// Reads a channel's credentials, as its provider wants them.
struct MessagingAccounts {
    static let keys = [
        "account", "key", "secret_env", "secret_file", "signing_env", "signing_file", "url",
    ]

    let fields: SettingsFields
    let environment: [String: String]

    /// - Returns: `nil`, with issues, where something is missing or wrong. Under `recordOnly` nothing is looked at, so
    ///   that a channel can be tried out as it stands.
    func account(of provider: Channel.Provider) -> ProviderAccount? {
        let account: ProviderAccount?
        switch provider {
        case .recordOnly: return .recordOnly
        case .twilio: account = twilio()
        case .telnyx: account = telnyx()
        case .vonage: account = vonage()
        case .webhook: account = webhook()
        }
        guard let account else { return nil }
        do throws(ProviderFault) {
            _ = try account.format()
            return account
        } catch {
            let key = ["signing_env", "signing_file"].first(where: fields.has) ?? "signing_env"
            fields.fail(key, "cannot be used", mend: error.mend)
            return nil
        }
    }

    // Each reads everything before it gives up, so that all that is wrong is told at once.

    private func twilio() -> ProviderAccount? {
        let account = identifier("account", prefix: "AC", example: "the account's SID (AC...)")
        let key = fields.has("key") ? identifier("key", prefix: "SK", example: "the API key's SID (SK...)") : nil
        let secret = self.secret()
        let signing = secrets("signing")
        let base = self.base(example: "https://api.dublin.ie1.twilio.com")
        guard let account, let secret, let signing, !fields.has("key") || key != nil else { return nil }
        if key != nil, signing.isEmpty {
            fields.miss("signing_env", "TWILIO_AUTH_TOKEN", because: "webhooks are signed with the auth token")
            return nil
        }
        return .twilio(
            account: account, key: key, secret: secret.first, signing: signing.isEmpty ? secret.all : signing,
            base: base)
    }

    private func telnyx() -> ProviderAccount? {
        refuseIdle(["account", "key"], provider: "telnyx")
        let secret = self.secret()
        let signing = self.signing("TELNYX_PUBLIC_KEY")
        let base = self.base(example: "https://api.telnyx.com")
        guard let secret, let signing else { return nil }
        return .telnyx(apiKey: secret.first, publicKeys: signing.map(\.revealed), base: base)
    }

    private func vonage() -> ProviderAccount? {
        refuseIdle(["key"], provider: "vonage")
        let account = identifier("account", prefix: "", example: "the API key")
        let secret = self.secret()
        let signing = self.signing("VONAGE_SIGNATURE_SECRET")
        let base = self.base(example: "https://api.nexmo.com")
        guard let account, let secret, let signing else { return nil }
        return .vonage(
            key: account, secret: secret.first, signing: signing.map { ProviderSecret($0.revealed) }, base: base)
    }

    private func webhook() -> ProviderAccount? {
        refuseIdle(["account", "key"], provider: "webhook")
        let url = fields.address("url", allowsPath: true, example: "https://bridge.example.org/texts")
        if !fields.has("url") { fields.miss("url", "https://bridge.example.org/texts") }
        let secret = self.secrets("secret")
        let signing = secrets("signing")
        guard let secret, let signing, let url else { return nil }
        guard !(secret + signing).isEmpty else {
            fields.miss("secret_env", "PARLEY_WEBHOOK_SECRET")
            return nil
        }
        return .webhook(url: url, secrets: secret + signing)
    }

    // MARK: parts

    private func identifier(_ key: String, prefix: String, example: String) -> String? {
        guard fields.has(key) else {
            fields.issues.add(fields.line, fields.path(of: key), "is missing", mend: "write \(example)")
            return nil
        }
        guard let text = fields.text(key, atMost: 64) else { return nil }
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
        guard isPlain, text.hasPrefix(prefix) else {
            // It may be a secret in the wrong place: it is not repeated.
            fields.fail(key, "is not \(example)", mend: "copy it from the provider's console")
            return nil
        }
        return text
    }

    private func secret() -> (first: ProviderSecret, all: [ProviderSecret])? {
        guard let secrets = self.secrets("secret") else { return nil }
        guard let first = secrets.first else {
            fields.miss("secret_env", "TWILIO_AUTH_TOKEN")
            return nil
        }
        return (first, secrets)
    }

    private func secrets(_ name: String) -> [ProviderSecret]? {
        fields.secrets(name, environment: environment)?.map { ProviderSecret($0.revealed) }
    }

    private func signing(_ example: String) -> [Secret]? {
        guard let signing = fields.secrets("signing", environment: environment) else { return nil }
        if signing.isEmpty {
            fields.miss("signing_env", example, because: "without it no STOP and no report is believed")
            return nil
        }
        return signing
    }

    private func base(example: String) -> String? {
        fields.address("url", allowsPath: false, example: example)
    }

    private func refuseIdle(_ keys: [String], provider: String) {
        for key in keys where fields.has(key) {
            fields.fail(key, "does nothing for \(provider)", mend: "leave it out")
        }
    }
}
