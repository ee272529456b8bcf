/// Cartesia's WebSocket (protocols.md 6.8): contexts side by side on one connection.
public final class FakeCartesia: Sendable {
    public let book: FakeVoiceBook
    public let server: FakeWebSocketServer

    /// - Parameter key: in `X-API-Key`, in `Authorization: Bearer`, or in the query as `api_key`.
    public init(
        key: String = "cartesia-key", voices: [String] = ["5c0ffee3-0000-4000-8000-000000000001"],
        models: [String] = ["sonic-3", "sonic-2", "sonic-turbo"], script: FakeVoiceScript = FakeVoiceScript()
    ) {
        let book = FakeVoiceBook(script)
        let rules = CartesiaRules(key: key, voices: voices, models: models)
        self.book = book
        server = FakeWebSocketServer { upgrade in
            switch book.opening(upgrade.connection) {
            case .refuse(let status, let after): return .refuse(status: status, retryAfter: after)
            case .neverAnswers: return .never
            default: break
            }
            guard let (status, why) = rules.refusal(upgrade) else { return .accept() }
            book.violation(upgrade.connection, why)
            let body: FakeJSON = [
                "error_code": nil, "title": .string(why), "message": .string(why),
                "request_id": "00000000-0000-4000-8000-000000000000",
            ]
            return .refuse(status: status, retryAfter: nil, body: body.text)
        } handler: { socket in
            await CartesiaLine(socket, rules, book).serve()
        }
    }

    public var port: Int { server.port }
    /// To be followed by the path.
    public var url: String { "ws://127.0.0.1:\(port)" }

    public func start() async throws { try await server.start() }
    public func stop() async { await server.stop() }
}
