import ParleyActions
import ParleyMessaging
import ParleyNetwork
import Yams

/// Reads one action of `kind: webhook`.
struct MessagingWebhooks {
    static let keys = [
        "name", "kind", "description", "parameters", "method", "url", "headers", "header_env", "body", "timeout",
        "retries",
        "idempotency_key", "signing_env", "signing_file", "result", "abandon_ok", "allow_private", "allow_http",
    ]
    private static let timeouts = Duration.milliseconds(100)...(.milliseconds(WebhookAction.longestTimeoutMS))

    let fields: SettingsFields
    let environment: [String: String]

    /// - Parameters:
    ///   - parameters: `nil`: there are none.
    ///   - isKnown: false: they are wrong, which was told.
    /// - Returns: `nil`, with issues, where something is missing or wrong.
    func read(
        name: String?, description: String?, parameters: JSONSchema?, isKnown: Bool
    ) throws(SchemaFault) -> (WebhookAction, WebhookAccess)? {
        let shown = isKnown ? parameters : MessagingTemplates.anyParameters
        let templates = MessagingTemplates(fields: fields, parameters: shown)
        var access = WebhookAccess()
        let rules = self.rules()
        let target = self.target(templates, by: rules ?? AddressRules())
        let (body, isBodyGood) = body(templates)
        let method = method(hasBody: fields.has("body"))
        let headers = WebhookHeaders(fields: fields, environment: environment)
        let texts = headers.texts(templates)
        let secretHeaders = headers.secrets()
        let key = headers.idempotencyKey()
        let signing = fields.secrets("signing", environment: environment)
        let timeout = fields.duration("timeout", in: Self.timeouts, example: "5s")
        let retries = retries(mayRetry: method?.isIdempotent ?? true || fields.has("idempotency_key"))
        let result = self.result()
        let isAbandonable = fields.flag("abandon_ok")
        guard let name, let description, isKnown, let rules, let target, isBodyGood, let method, let texts,
            let secretHeaders, let signing, let result
        else { return nil }
        (access.headers, access.rules) = (secretHeaders, rules)
        access.signing = signing.map { ProviderSecret($0.revealed) }
        let action = try WebhookAction(
            name: name, description: description, parameters: parameters, method: method, target: target,
            headers: texts,
            body: body, timeoutMS: timeout ?? WebhookAction.standardTimeoutMS, retries: retries, idempotencyHeader: key,
            result: result, isAbandonable: isAbandonable ?? false)
        return (action, access)
    }

    private func method(hasBody: Bool) -> WebhookAction.Method? {
        guard fields.has("method") else { return hasBody ? .post : .get }
        guard let method = fields.choice("method", WebhookAction.Method.self) else { return nil }
        if hasBody, !method.hasBody {
            fields.fail(
                "body", "a \(method.rawValue) has none",
                mend: "put the values into the path or the query, or write `method: POST`")
        }
        return method
    }

    // MARK: where to

    private func target(_ templates: MessagingTemplates, by rules: AddressRules) -> WebhookTarget? {
        guard fields.has("url") else {
            fields.miss("url", "https://api.example.org/v1/slots?day={{ .parameters.day }}")
            return nil
        }
        guard let text = fields.text("url", atMost: 2_000) else { return nil }
        let target: WebhookTarget
        do throws(WebhookFault) {
            target = try WebhookTarget(text, name: fields.path(of: "url"))
        } catch {
            fields.fail("url", error.problem, mend: error.mend)
            return nil
        }
        let areKnown = templates.areKnown(target.templates, of: "url")
        guard isPlace(target.base, by: rules), areKnown else { return nil }
        return target
    }

    private func isPlace(_ base: String, by rules: AddressRules) -> Bool {
        let allowsHTTP = fields.flag("allow_http") ?? false
        if base.hasPrefix("http://"), !allowsHTTP {
            fields.fail(
                "url", "is not encrypted",
                mend: "write https://, or `allow_http: true` where everybody on the way is trusted")
            return false
        }
        guard let address = try? NetworkAddress(base, schemes: [.https, .http]), let host = PlainHost(address.host)
        else {
            fields.fail(
                "url", "its host can be read in more than one way",
                mend: "write a name, or an address as 192.0.2.1 or [2001:db8::1]")
            return false
        }
        if case .address(let address) = host, let refusal = rules.refusal(of: address) {
            let mend =
                refusal.canBeAllowed
                ? "write `allow_private: [\(address)]` if that machine is meant" : "write another address"
            fields.fail("url", "its address is one that nothing is sent to (\(refusal.rawValue))", mend: mend)
            return false
        }
        return true
    }

    /// - Returns: `nil` with an issue.
    private func rules() -> AddressRules? {
        guard fields.has("allow_private") else { return AddressRules() }
        guard let list = fields.list("allow_private", atMost: 32) else { return nil }
        var ranges: [AddressRange] = []
        for (text, line) in list {
            guard let range = AddressRange(text), AddressRules().refusal(of: range.base)?.canBeAllowed == true else {
                fields.issues.add(
                    line, fields.path(of: "allow_private"), "`\(text.prefix(64))` is no range of private addresses",
                    mend: "write for example 10.20.0.0/16, 127.0.0.1 or fd12:3456::/32")
                continue
            }
            ranges.append(range)
        }
        return ranges.count == list.count ? AddressRules(allowing: ranges) : nil
    }

    // MARK: what goes and comes

    /// - Returns: whether there is nothing wrong with it.
    private func body(_ templates: MessagingTemplates) -> (WebhookBody?, Bool) {
        guard let node = fields.node("body") else { return (nil, true) }
        guard let json = YAMLValue.json(node) else {
            fields.fail("body", "is not JSON", mend: "write names and values, names as text")
            return (nil, false)
        }
        do throws(WebhookFault) {
            let body = try WebhookBody(json, name: fields.path(of: "body"))
            return (body, templates.areKnown(body.templates, of: "body"))
        } catch {
            templates.report(error, of: "body")
            return (nil, false)
        }
    }

    private func result() -> ResultMapping? {
        guard fields.has("result") else { return ResultMapping() }
        guard let list = fields.fields("result") else { return nil }
        guard list.entries.count <= ResultMapping.mostFields else {
            fields.fail("result", "has more than \(ResultMapping.mostFields) values", mend: "keep those that are said")
            return nil
        }
        let found = list.entries.compactMap { entry -> ResultMapping.Field? in
            guard MessagingActions.isName(entry.name) else {
                list.fail(
                    entry.name, "is not a variable's name", mend: "use a-z, 0-9 and `_`, at most 64, as first_free")
                return nil
            }
            guard let path = list.text(entry.name, atMost: 500) else { return nil }
            do throws(WebhookFault) {
                return try ResultMapping.Field(name: entry.name, path: path)
            } catch {
                list.fail(entry.name, error.problem, mend: error.mend)
                return nil
            }
        }
        return found.count == list.entries.count ? ResultMapping(found) : nil
    }

    private func retries(mayRetry: Bool) -> Int {
        guard let text = fields.scalar("retries") else { return mayRetry ? 1 : 0 }
        guard let retries = Quantity.wholeNumber(text), (0...WebhookAction.mostRetries).contains(retries) else {
            fields.fail(
                "retries", "`\(text.prefix(64))` is not a number, 0 to \(WebhookAction.mostRetries)", mend: "write 1")
            return 0
        }
        if retries > 0, !mayRetry {
            fields.fail(
                "retries", "what is sent twice may be done twice",
                mend: "name the header that tells the server it is the same, as `idempotency_key: Idempotency-Key`")
        }
        return retries
    }
}
