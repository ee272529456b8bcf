/// A Wyoming server that speaks (protocols.md 6.6), as piper does.
public final class FakeWyomingVoice: Sendable {
    public let book: FakeVoiceBook
    public let server: FakeTCPServer

    /// - Parameters:
    ///   - rate: of its sound, which the client cannot choose.
    ///   - streamsText: takes `synthesize-start` and what follows.
    public init(
        voices: [String] = ["en_GB-alba-medium"], rate: Int = 22_050, streamsText: Bool = true,
        script: FakeVoiceScript = FakeVoiceScript()
    ) {
        let book = FakeVoiceBook(script)
        let rules = WyomingVoiceRules(voices: voices, streamsText: streamsText)
        self.book = book
        server = FakeTCPServer { connection in
            switch book.opening(connection.number) {
            case .refuse: return
            case .neverAnswers: return await connection.stall()
            default: break
            }
            await WyomingVoiceLine(connection, rules, book, SoundShape(encoding: .pcm16, rate: rate)).serve()
        }
    }

    public var port: Int { server.port }
    public var url: String { "tcp://127.0.0.1:\(port)" }

    public func start() async throws { try await server.start() }
    public func stop() async { await server.stop() }
}
