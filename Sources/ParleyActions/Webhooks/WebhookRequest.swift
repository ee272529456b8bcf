/// What is to be sent for one run of a webhook action, but for what is secret and for what signs it.
public struct WebhookRequest: Equatable, Sendable {
    public struct Header: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
    /// The action's.
    public var name: String
    public var method: WebhookAction.Method
    public var url: String
    public var headers: [Header]
    /// UTF-8 of JSON; empty: there is none.
    public var body: [UInt8]
}

extension WebhookAction {
    /// Puts the values in.
    ///
    /// - Parameters:
    ///   - key: of this run.
    ///   - parameters: as `schema` took them, defaults included.
    ///   - variables: an object; what else the call knows, by name.
    /// - Throws: for a value that is missing or does not fit its place; no value is in the rule.
    public func request(
        key: InvocationKey, parameters: JSON, variables: JSON = .object([:]), contact: TextAction.Contact,
        call: TextAction.Call
    ) throws(RequestRefusal) -> WebhookRequest {
        let root = TextAction.root(parameters, variables, contact, call)
        var headers: [WebhookRequest.Header] = []
        for header in self.headers { headers.append(.init(name: header.name, value: try header.text(root))) }
        if let name = idempotencyHeader { headers.append(.init(name: name, value: key.text)) }
        let body = try self.body.map { body throws(RequestRefusal) in Array(try body.json(root).canonical.utf8) } ?? []
        return WebhookRequest(name: name, method: method, url: try target.url(root), headers: headers, body: body)
    }
}

extension WebhookAction.Header {
    /// Longest value, in bytes.
    static let maxBytes = 1_024

    /// Printable ASCII alone: no value can end its line.
    fileprivate func text(_ root: JSON) throws(RequestRefusal) -> String {
        let text: String
        do throws(TemplateFault) {
            text = try value.render(root)
        } catch {
            throw RequestRefusal(rule: "template: \(error.description)")
        }
        guard text.utf8.count <= Self.maxBytes, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw RequestRefusal(rule: "header \(name): its value is too long or not plain ASCII")
        }
        return text
    }
}
