/// ElevenLabs' stream-input WebSocket (protocols.md 6.7): one connection, one stream of text, one stream of sound.
public final class FakeElevenLabs: Sendable {
    public let book: FakeVoiceBook
    public let server: FakeWebSocketServer

    /// - Parameters:
    ///   - key: that `xi-api-key` must hold.
    ///   - inactivity: in place of what the client asks for, or the 20 seconds of a client that does not.
    public init(
        key: String = "xi-key", voices: [String] = ["voice-1"],
        models: [String] = ["eleven_flash_v2_5", "eleven_turbo_v2_5", "eleven_multilingual_v2"],
        inactivity: Duration? = nil, script: FakeVoiceScript = FakeVoiceScript()
    ) {
        let book = FakeVoiceBook(script)
        let rules = ElevenLabsRules(key: key, voices: voices, models: models)
        self.book = book
        server = FakeWebSocketServer { upgrade in
            switch book.opening(upgrade.connection) {
            case .refuse(let status, let after): return .refuse(status: status, retryAfter: after)
            case .neverAnswers: return .never
            default: break
            }
            guard rules.voice(upgrade.target.path) != nil else {
                book.violation(upgrade.connection, "path \(upgrade.target.path)")
                return .refuse(status: 404, body: #"{"detail":"Not Found"}"#)
            }
            return .accept()
        } handler: { socket in
            await ElevenLabsStream(socket, rules, book, inactivity).serve()
        }
    }

    public var port: Int { server.port }
    /// To be followed by the path.
    public var url: String { "ws://127.0.0.1:\(port)" }

    public func start() async throws { try await server.start() }
    public func stop() async { await server.stop() }
}

extension FakeUpgradeAnswer {
    static func refuse(status: Int, retryAfter: Int?, body: String = "{}") -> FakeUpgradeAnswer {
        .refuse(
            status: status,
            headers: [("Content-Type", "application/json")] + (retryAfter.map { [("Retry-After", "\($0)")] } ?? []),
            body: body)
    }
}
