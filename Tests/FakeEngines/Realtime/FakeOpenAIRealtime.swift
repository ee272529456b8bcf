import Synchronization

/// OpenAI's Realtime for speech to speech, on a port of 127.0.0.1: checks its client strictly, answers as its script says
/// (protocols.md 6.5). The caller's sound is mu-law and any sound is speech; the client ends the turns.
public final class FakeOpenAIRealtime: Sendable {
    public let violations = FakeRecord<FakeViolation>()
    /// The conversation, as `FakeRealtimeContext` has it, whenever a response was made.
    public let contexts = FakeRecord<FakeRealtimeContext>()
    /// The numbers of responses that were cancelled while they were made.
    public let cancelled = FakeRecord<Int>()
    /// The numbers of responses that are over.
    public let ended = FakeRecord<Int>()
    public let webSocket: FakeWebSocketServer
    let counts = FakeRealtimeCounts()

    public init(_ script: FakeRealtimeScript, key: String = "openai-key") {
        let (violations, contexts, cancelled, ended) = (violations, contexts, cancelled, ended)
        let counts = counts
        webSocket = FakeWebSocketServer { upgrade in
            for fault in script.faults {
                switch fault {
                case .refuse(upgrade.connection, let status): return .refuse(status: status, body: "{\"error\":{}}")
                case .neverConnects(upgrade.connection): return .never
                default: break
                }
            }
            guard let refusal = Self.refusal(upgrade, key: key) else { return .accept() }
            violations.append(FakeViolation(connection: upgrade.connection, what: refusal.what))
            return .refuse(
                status: refusal.status, headers: [("Content-Type", "application/json")],
                body: "{\"error\":{\"message\":\"\(refusal.what)\"}}")
        } handler: { socket in
            let session = FakeRealtimeSession(
                script, socket, counts: counts,
                records: FakeRealtimeRecords(
                    violations: violations, contexts: contexts, cancelled: cancelled, ended: ended))
            await session.run()
        }
    }

    private static func refusal(_ upgrade: FakeUpgrade, key: String) -> (status: Int, what: String)? {
        let target = upgrade.target
        guard target.path == "/v1/realtime" else { return (404, "no such path: \(target.path)") }
        guard upgrade.headers["Authorization"] == "Bearer \(key)" else { return (401, "Incorrect API key provided") }
        guard target.value("model")?.isEmpty == false else { return (400, "You must provide a model parameter") }
        for (name, _) in target.query where name != "model" { return (400, "Unknown parameter: \(name)") }
        return nil
    }

    public var port: Int { webSocket.port }
    /// For the client's configuration.
    public var url: String { "ws://127.0.0.1:\(port)/v1/realtime" }

    public func start() async throws { try await webSocket.start() }
    public func stop() async { await webSocket.stop() }
}

struct FakeRealtimeRecords: Sendable {
    let violations: FakeRecord<FakeViolation>
    let contexts: FakeRecord<FakeRealtimeContext>
    let cancelled: FakeRecord<Int>
    let ended: FakeRecord<Int>
}

/// Of all connections together.
final class FakeRealtimeCounts: Sendable {
    private let counts = Mutex((turns: 0, responses: 0, events: 0, items: 0))

    func nextTurn() -> Int { counts.withLock { Self.next(&$0.turns) } }
    func nextResponse() -> Int { counts.withLock { Self.next(&$0.responses) } }
    func nextEvent() -> Int { counts.withLock { Self.next(&$0.events) } }
    func nextItem() -> Int { counts.withLock { Self.next(&$0.items) } }

    private static func next(_ count: inout Int) -> Int {
        defer { count += 1 }
        return count
    }
}
