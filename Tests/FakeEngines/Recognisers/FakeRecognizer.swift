/// A final that a fake has told.
public struct FakeFinal: Equatable, Sendable {
    public let connection: Int
    public let turn: Int
    public let text: String
}

/// A recogniser's server on a port of 127.0.0.1: speaks one protocol, checks its client, follows a script.
public final class FakeRecognizer: Sendable {
    public let violations = FakeRecord<FakeViolation>()
    /// All finals that were due, those too that a fault kept back.
    public let finals = FakeRecord<FakeFinal>()
    /// Nil where the protocol is spoken over TCP.
    public let webSocket: FakeWebSocketServer?
    /// Nil where it is spoken over WebSocket.
    public let tcp: FakeTCPServer?
    /// As a client's configuration has it, without a query.
    private let path: String

    /// - Parameters:
    ///   - admit: what is wrong with the request.
    ///   - makeEar: for a request that is right.
    init(
        _ script: FakeScript, path: String, admit: @escaping @Sendable (FakeUpgrade) -> FakeRefusal?,
        makeEar: @escaping @Sendable (FakeUpgrade) -> any FakeEar
    ) {
        let progress = FakeProgress(script)
        let (violations, finals) = (violations, finals)
        self.path = path
        tcp = nil
        webSocket = FakeWebSocketServer { upgrade in
            for fault in script.connecting(upgrade.connection) {
                switch fault {
                case .refuse(let status, let retryAfter):
                    let headers = retryAfter.map { [(name: "Retry-After", value: "\($0)")] } ?? []
                    return .refuse(status: status, headers: headers, body: "{\"error\":\"scripted\"}")
                case .slowToConnect(let time): await FakeLoop.delay(time)
                case .neverConnects: return .never
                default: break
                }
            }
            guard let refusal = admit(upgrade) else { return .accept() }
            violations.append(FakeViolation(connection: upgrade.connection, what: refusal.what))
            return .refuse(status: refusal.status, headers: refusal.headers, body: refusal.body)
        } handler: { socket in
            let talk = FakeTalk(script, progress, wire: socket, violations: violations, finals: finals)
            await talk.run(makeEar(socket.upgrade))
        }
    }

    /// Over TCP.
    init(_ script: FakeScript, makeEar: @escaping @Sendable () -> any FakeEar, wire: @escaping FakeWireMaker) {
        let progress = FakeProgress(script)
        let (violations, finals) = (violations, finals)
        path = ""
        webSocket = nil
        tcp = FakeTCPServer { connection in
            for fault in script.connecting(connection.number) {
                switch fault {
                case .refuse: return
                case .slowToConnect(let time): await FakeLoop.delay(time)
                case .neverConnects: return await connection.stall()
                default: break
                }
            }
            let talk = FakeTalk(script, progress, wire: wire(connection), violations: violations, finals: finals)
            await talk.run(makeEar())
        }
    }

    typealias FakeWireMaker = @Sendable (FakeTCPConnection) -> any FakeWire

    public var port: Int { webSocket?.port ?? tcp?.port ?? 0 }
    /// For the client's configuration.
    public var url: String { webSocket == nil ? "tcp://127.0.0.1:\(port)" : "ws://127.0.0.1:\(port)\(path)" }

    public func start() async throws {
        try await webSocket?.start()
        try await tcp?.start()
    }

    public func stop() async {
        await webSocket?.stop()
        await tcp?.stop()
    }
}

/// Why a request opens no WebSocket.
struct FakeRefusal: Sendable {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body: String
    /// For the list of violations.
    var what: String
}
