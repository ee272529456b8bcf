/// A call over HTTPS that an operator configured: where it goes, what it carries, and what of its answer is kept.
///
/// An agent asks for it by name, like for a text, and gives the parameters. Its host stands in the configuration; what an
/// agent or a caller said reaches the server as parts of a path, values of a query, headers and values of a body alone.
public struct WebhookAction: Equatable, Sendable {
    public enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Done twice it is as if done once (RFC 9110 9.2.2).
        public var isIdempotent: Bool { [.get, .put, .delete].contains(self) }
        public var hasBody: Bool { [.post, .put, .patch].contains(self) }
    }

    /// One header, its value a template.
    public struct Header: Equatable, Sendable {
        public var name: String
        public var value: Template

        public init(name: String, value: Template) {
            self.name = name
            self.value = value
        }
    }

    /// How long an answer is waited for, in milliseconds, where nothing else is written; and at most.
    public static let standardTimeoutMS: Int64 = 5_000
    public static let longestTimeoutMS: Int64 = 10_000
    /// All tries and waits together, in milliseconds: less than a turn may take.
    public static let budgetMS: Int64 = 15_000
    public static let mostRetries = 3

    public let name: String
    public let description: String
    /// What the agent gives.
    public let schema: JSONSchema
    public let method: Method
    public let target: WebhookTarget
    public let headers: [Header]
    /// `nil`: none is sent.
    public let body: WebhookBody?
    /// Of one try.
    public let timeoutMS: Int64
    /// Tries after the first one.
    public let retries: Int
    /// The header that carries the action's key, the same in every try; `nil`: none does.
    public let idempotencyHeader: String?
    public let result: ResultMapping
    /// Nobody needs it any more once the caller has hung up.
    public let isAbandonable: Bool

    /// - Parameter parameters: of an object; `nil`: none are taken.
    /// - Throws: where `parameters` are not of an object.
    public init(
        name: String, description: String, parameters: JSONSchema? = nil, method: Method, target: WebhookTarget,
        headers: [Header] = [], body: WebhookBody? = nil, timeoutMS: Int64 = standardTimeoutMS, retries: Int = 0,
        idempotencyHeader: String? = nil, result: ResultMapping = ResultMapping(), isAbandonable: Bool = false
    ) throws(SchemaFault) {
        let parameters = parameters ?? .noParameters
        guard parameters.types == [.object] else { throw SchemaFault("/type", "must be object") }
        self.name = name
        self.description = description
        schema = parameters
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.timeoutMS = timeoutMS
        self.retries = retries
        self.idempotencyHeader = idempotencyHeader
        self.result = result
        self.isAbandonable = isAbandonable
    }

    /// As an agent's tool list has it.
    public var tool: ActionSchema { ActionSchema(name, description, arguments: schema) }

    /// Whether a try that came to nothing may be followed by another.
    public var mayRetry: Bool { method.isIdempotent || idempotencyHeader != nil }
}
