import NIOCore
import NIOWebSocket

/// A message of the platform, as it came.
public struct FakeRelayNotice: Equatable, Sendable, CustomStringConvertible {
    /// From 0.
    public let connection: Int
    public let fields: [String: FakeJSON]

    public var type: String { fields["type"]?.string ?? "" }
    public var description: String { FakeJSON.object(fields).text }
}

/// An application behind the ConversationRelay protocol: the WebSocket server. It checks what the platform sends, and does to
/// each connection what a closure says.
public final class FakeRelayApplication: Sendable {
    /// What it is told to expect.
    public struct Attributes: Sendable {
        public var partialPrompts = false
        public var dtmfDetection = false
        public var events = false
        public var language = "en-US"
        /// The handshake has to be signed.
        public var isSigned = false

        public init() {}
    }

    public let server: FakeWebSocketServer
    public let notices: FakeRecord<FakeRelayNotice>
    public let violations: FakeRecord<FakeViolation>

    /// - Parameters:
    ///   - admits: whether the n-th handshake, from 0, is accepted; else it gets a 503.
    ///   - handler: runs for each connection; when it returns the connection is closed with 1000.
    public init(
        _ attributes: Attributes = Attributes(), admits: @escaping @Sendable (Int) -> Bool = { _ in true },
        handler: @escaping @Sendable (FakeRelayCall) async -> Void
    ) {
        let (notices, violations) = (FakeRecord<FakeRelayNotice>(), FakeRecord<FakeViolation>())
        let checks = FakeRelayChecks(attributes, violations)
        self.notices = notices
        self.violations = violations
        server = FakeWebSocketServer(
            upgrade: { upgrade in
                if attributes.isSigned, upgrade.headers["x-twilio-signature"]?.count != 28 {
                    violations.append(FakeViolation(connection: upgrade.connection, what: "no signature"))
                    return .refuse(status: 403)
                }
                return admits(upgrade.connection) ? .accept() : .refuse(status: 503)
            },
            handler: { socket in
                await handler(FakeRelayCall(socket, checks, notices))
            })
    }

    public var url: String { "ws://127.0.0.1:\(server.port)/relay?tenant=7" }

    public func start() async throws { try await server.start() }
    public func stop() async { await server.stop() }

    /// The first such message, once it has come.
    public func first(_ type: String, connection: Int? = nil) async throws -> FakeRelayNotice {
        try await notices.first { $0.type == type && (connection == nil || $0.connection == connection) }
    }
}

/// One connection of the platform's.
public final class FakeRelayCall: Sendable {
    public let socket: FakeWebSocket
    private let checks: FakeRelayChecks
    private let notices: FakeRecord<FakeRelayNotice>

    init(_ socket: FakeWebSocket, _ checks: FakeRelayChecks, _ notices: FakeRecord<FakeRelayNotice>) {
        self.socket = socket
        self.checks = checks
        self.notices = notices
    }

    /// The next message, checked; `nil` once the connection has ended.
    public func next() async -> FakeRelayNotice? {
        guard let message = await socket.next() else { return nil }
        let notice = FakeRelayNotice(
            connection: socket.number, fields: message.text.flatMap { FakeJSON(text: $0)?.object } ?? [:])
        checks.check(notice)
        notices.append(notice)
        return notice
    }

    /// The next message of this type; others are read and passed over.
    public func next(_ type: String) async -> FakeRelayNotice? {
        while let notice = await next() {
            if notice.type == type { return notice }
        }
        return nil
    }

    /// Reads until the platform ends the connection.
    public func drain() async { while await next() != nil {} }

    public func send(_ fields: [String: FakeJSON]) async { await socket.send(FakeJSON.object(fields).text) }

    /// Sends a message in pieces, for as long as the platform takes them.
    public func sendWithoutEnd() async {
        let piece = [UInt8](repeating: 0x20, count: 8_192)
        guard await socket.sendFrame(.text, isLast: false, piece) else { return }
        while await socket.sendFrame(.continuation, isLast: false, piece) {}
    }

    public func say(_ token: String, last: Bool = true) async {
        await send(["type": "text", "token": .string(token), "last": .bool(last)])
    }
}
