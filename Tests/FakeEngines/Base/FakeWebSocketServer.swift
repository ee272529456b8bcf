import NIOCore
import NIOHTTP1
import NIOWebSocket

/// A request to open a WebSocket.
public struct FakeUpgrade: Sendable {
    /// Of the connection, from 0; every attempt counts.
    public let connection: Int
    public let target: FakeTarget
    public let headers: FakeHeaders
}

/// What becomes of it.
public enum FakeUpgradeAnswer: Sendable {
    case accept(headers: [(name: String, value: String)] = [])
    case refuse(status: Int, headers: [(name: String, value: String)] = [], body: String = "")
    /// Nothing is said until the client, or the test, has enough.
    case never
}

/// A WebSocket server on a port of 127.0.0.1, which does to each client what a closure says.
public final class FakeWebSocketServer: Sendable {
    /// Every request, the refused ones too.
    public let upgrades = FakeRecord<FakeUpgrade>()
    /// Every connection that opened.
    public let connections = FakeRecord<FakeWebSocket>()
    /// All messages of all connections.
    public let received = FakeRecord<FakeReceived>()

    private let listener = FakeListener()
    private let decide: @Sendable (FakeUpgrade) async -> FakeUpgradeAnswer
    private let handle: @Sendable (FakeWebSocket) async -> Void

    /// - Parameters:
    ///   - upgrade: decides about a request.
    ///   - handler: runs for each connection; when it returns the connection is closed with 1000, where it is still open.
    public init(
        upgrade: @escaping @Sendable (FakeUpgrade) async -> FakeUpgradeAnswer = { _ in .accept() },
        handler: @escaping @Sendable (FakeWebSocket) async -> Void
    ) {
        decide = upgrade
        handle = handler
    }

    public var port: Int { listener.port }

    public func start() async throws {
        try await listener.start { channel, number in
            let refuser = FakeRefuser()
            let refusal = NIOLoopBound(refuser, eventLoop: channel.eventLoop)
            let upgrader = NIOWebSocketServerUpgrader(
                maxFrameSize: 1 << 24, automaticErrorHandling: true,
                shouldUpgrade: { channel, head in
                    let promise = channel.eventLoop.makePromise(of: HTTPHeaders?.self)
                    let upgrade = FakeUpgrade(
                        connection: number, target: FakeTarget(head.uri),
                        headers: FakeHeaders(head.headers.map { ($0.name, $0.value) }))
                    self.upgrades.append(upgrade)
                    FakeLoop.run {
                        let answer = await self.decide(upgrade)
                        channel.eventLoop.execute {
                            switch answer {
                            case .accept(let headers): promise.succeed(HTTPHeaders(headers.map { ($0.name, $0.value) }))
                            case .refuse:
                                refusal.value.answer = answer
                                promise.succeed(nil)
                            case .never: channel.closeFuture.whenComplete { _ in promise.succeed(nil) }
                            }
                        }
                    }
                    return promise.futureResult
                },
                upgradePipelineHandler: { channel, head in
                    channel.eventLoop.makeCompletedFuture {
                        let upgrade = FakeUpgrade(
                            connection: number, target: FakeTarget(head.uri),
                            headers: FakeHeaders(head.headers.map { ($0.name, $0.value) }))
                        let socket = FakeWebSocket(channel, upgrade: upgrade, received: self.received)
                        try channel.pipeline.syncOperations.addHandler(FakeFrames(socket))
                        channel.pipeline.syncOperations.removeHandler(refusal.value, promise: nil)
                        self.connections.append(socket)
                        FakeLoop.run {
                            await self.handle(socket)
                            await socket.close(code: 1000)
                        }
                    }
                })
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
            try channel.pipeline.syncOperations.addHandler(refuser)
        }
    }

    public func stop() async { await listener.stop() }
}

/// Answers a request that opens no WebSocket.
private final class FakeRefuser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    var answer = FakeUpgradeAnswer.refuse(status: 426, headers: [], body: "this is a WebSocket server")

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data), case .refuse(let status, let fields, let body) = answer else { return }
        var headers = HTTPHeaders(fields.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Content-Length", value: "\(body.utf8.count)")
        headers.replaceOrAdd(name: "Connection", value: "close")
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
