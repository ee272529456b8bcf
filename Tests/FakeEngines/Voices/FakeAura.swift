/// Deepgram's Aura WebSocket (protocols.md 6.9): `Speak` fills a buffer, `Flush` speaks it, `Clear` empties all.
public final class FakeAura: Sendable {
    public let book: FakeVoiceBook
    public let server: FakeWebSocketServer

    /// - Parameters:
    ///   - speaksSentences: a text that ends a sentence is spoken before `Flush`.
    ///   - flushes: that a connection may send in `flushWindow`.
    public init(
        key: String = "dg-key", models: [String] = ["aura-2-thalia-en", "aura-asteria-en"],
        speaksSentences: Bool = false,
        flushes: Int = 20, flushWindow: Duration = .seconds(60), script: FakeVoiceScript = FakeVoiceScript()
    ) {
        let book = FakeVoiceBook(script)
        let rules = AuraRules(key: key, models: models)
        self.book = book
        server = FakeWebSocketServer { upgrade in
            switch book.opening(upgrade.connection) {
            case .refuse(let status, let after): return .refuse(status: status, retryAfter: after)
            case .neverAnswers: return .never
            default: break
            }
            guard let refusal = rules.refusal(upgrade) else { return .accept(headers: [("dg-request-id", "rq-1")]) }
            book.violation(upgrade.connection, refusal.message)
            let body: FakeJSON = [
                "err_code": .string(refusal.code), "err_msg": .string(refusal.message), "request_id": "rq-1",
            ]
            return .refuse(status: refusal.status, headers: [("dg-error", refusal.message)], body: body.text)
        } handler: { socket in
            var line = AuraLine(socket, rules, book, speaksSentences, flushes, flushWindow)
            await line.serve()
        }
    }

    public var port: Int { server.port }
    /// To be followed by the path.
    public var url: String { "ws://127.0.0.1:\(port)" }

    public func start() async throws { try await server.start() }
    public func stop() async { await server.stop() }
}
