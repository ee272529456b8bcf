/// `POST /v1/chat/completions` with `stream` (protocols.md 6.11): a model that says what a test wants.
public final class FakeChatCompletions: Sendable {
    /// Those that were right, in the order of their arrival.
    public let requests: FakeRecord<FakeChatRequest>
    public let violations: FakeRecord<FakeViolation>
    /// Its `abandoned` has the numbers of requests whose client went before the end.
    public let server: FakeHTTPServer

    /// - Parameters:
    ///   - key: `nil` for a local server that asks for none.
    ///   - tokenFields: those of `max_tokens` and `max_completion_tokens` that are taken.
    ///   - answer: to each request that is right.
    public init(
        key: String? = "openai-key", models: [String] = ["gpt-x"],
        tokenFields: [String] = ["max_tokens", "max_completion_tokens"],
        answer: @escaping @Sendable (FakeChatRequest) -> FakeChatReply
    ) {
        let rules = ChatRules(key: key, models: models, tokenFields: tokenFields)
        let requests = FakeRecord<FakeChatRequest>()
        let violations = FakeRecord<FakeViolation>()
        self.requests = requests
        self.violations = violations
        server = FakeHTTPServer { request, response in
            let json: FakeJSON
            do throws(OpenAIRefusal) { json = try rules.object(request) } catch {
                violations.append(FakeViolation(connection: request.connection, what: error.message))
                return await error.write(response)
            }
            // All handlers are on the fakes' one thread.
            let right = FakeChatRequest(
                number: requests.count, connection: request.connection, serverNumber: request.number, json: json)
            requests.append(right)
            var stream = ChatStream(right, answer(right), response)
            await stream.write()
        }
    }

    /// - Parameters:
    ///   - replies: to the right requests, in order.
    ///   - otherwise: to those after them.
    public convenience init(
        key: String? = "openai-key", models: [String] = ["gpt-x"], replies: [FakeChatReply],
        otherwise: FakeChatReply = .say("That is all.")
    ) {
        self.init(key: key, models: models) { $0.number < replies.count ? replies[$0.number] : otherwise }
    }

    public var port: Int { server.port }
    /// To be followed by the path.
    public var url: String { "http://127.0.0.1:\(port)" }

    public func start() async throws { try await server.start() }
    public func stop() async { await server.stop() }
}
