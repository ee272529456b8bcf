import ParleyActions
import ParleyMessaging
import ParleyNetwork
import Yams

/// Reads the headers of a webhook action.
struct WebhookHeaders {
    private static let most = 32
    private static let maxSecret = 4_096
    /// Those that belong to the request itself, or that we sign with.
    private static let ours: Set<String> = [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "te", "trailer", "upgrade",
        "expect",
        "keep-alive", "proxy-connection", "parley-signature",
    ]

    let fields: SettingsFields
    let environment: [String: String]

    /// Of `headers`; `nil`, with issues, where one is wrong.
    func texts(_ templates: MessagingTemplates) -> [WebhookAction.Header]? {
        guard let list = list("headers") else { return fields.has("headers") ? nil : [] }
        let found = list.entries.compactMap { entry -> WebhookAction.Header? in
            guard isName(entry.name, list), let text = list.text(entry.name, atMost: 1_000) else { return nil }
            if Self.isSecret(entry.name), !text.contains("{{") {
                list.fail(
                    entry.name, "a secret does not belong in this file",
                    mend: "export it and name that variable, as in `header_env: {\(entry.name): BOOKING_AUTHORIZATION}`"
                )
                return nil
            }
            let own = MessagingTemplates(fields: list, parameters: templates.parameters)
            return own.template(entry.name).map { WebhookAction.Header(name: entry.name, value: $0) }
        }
        return found.count == list.entries.count ? found : nil
    }

    /// Of `header_env`, each value a variable's name; `nil`, with issues, where one is wrong.
    func secrets() -> [WebhookAccess.SecretHeader]? {
        guard let list = list("header_env") else { return fields.has("header_env") ? nil : [] }
        let found = list.entries.compactMap { entry -> WebhookAccess.SecretHeader? in
            guard isName(entry.name, list), let variable = list.text(entry.name, atMost: 256) else { return nil }
            guard SecretSource.isVariable(variable) else {
                // It may be the secret itself: it is not repeated.
                list.fail(
                    entry.name, "is not the name of an environment variable",
                    mend: "export the header's value, for example as BOOKING_AUTHORIZATION, and write that name")
                return nil
            }
            guard let value = environment[variable], !value.isEmpty else {
                list.fail(entry.name, "the environment has no \(variable)", mend: "export it before `parley serve`")
                return nil
            }
            guard value.utf8.count <= Self.maxSecret, value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                list.fail(entry.name, "\(variable) is no header's value", mend: "export one line of plain ASCII")
                return nil
            }
            return WebhookAccess.SecretHeader(name: entry.name, value: Secret(value))
        }
        return found.count == list.entries.count ? found : nil
    }

    /// The header of `idempotency_key`.
    func idempotencyKey() -> String? {
        guard let name = fields.text("idempotency_key", atMost: 64) else { return nil }
        guard Self.isToken(name), !Self.ours.contains(name.lowercased()) else {
            fields.fail(
                "idempotency_key", "is not the name of a header", mend: "write `idempotency_key: Idempotency-Key`")
            return nil
        }
        return name
    }

    private func list(_ key: String) -> SettingsFields? {
        guard let list = fields.fields(key) else { return nil }
        guard list.entries.count <= Self.most else {
            fields.fail(key, "has more than \(Self.most) headers", mend: "leave some out")
            return nil
        }
        return list
    }

    private func isName(_ name: String, _ list: SettingsFields) -> Bool {
        if !Self.isToken(name) {
            list.fail(name, "is not the name of a header", mend: "use letters, digits and `-`, as X-Clinic")
            return false
        }
        if Self.ours.contains(name.lowercased()) {
            list.fail(name, "is set by Parley itself", mend: "leave it out")
            return false
        }
        return true
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased().replacing("-", with: "_")
        return ["authorization", "cookie", "api_key", "x_api_key"].contains(name)
            || SecretSource.isSuspicious(key: name)
    }

    private static func isToken(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x5F
            }
    }
}
