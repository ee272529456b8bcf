import Logging
import NIOCore
import NIOPosix
import ParleyWire
import Synchronization

@testable import ParleyGateway

/// A client that sends exactly the bytes it is told to, and collects what comes.
final class RawPeer: Sendable {
    struct TimedOut: Error { var received: String }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var bytes: [UInt8] = []
        var isClosed = false
        var waiting: (isEnough: ([UInt8], Bool) -> Bool, promise: EventLoopPromise<[UInt8]>)?

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += Array(unwrapInboundIn(data).readableBytesView)
            look()
        }
        func channelInactive(context: ChannelHandlerContext) {
            isClosed = true
            look()
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
        func look() {
            guard let waiting, waiting.isEnough(bytes, isClosed) else { return }
            self.waiting = nil
            waiting.promise.succeed(bytes)
        }
    }

    let channel: any Channel
    private let collector: NIOLoopBound<Collector>

    private init(channel: any Channel, collector: NIOLoopBound<Collector>) {
        self.channel = channel
        self.collector = collector
    }

    static func connect(_ port: Int, reads: Bool = true) async throws -> RawPeer {
        let made = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let collector = Collector()
                    try channel.pipeline.syncOperations.addHandler(collector)
                    return (channel, NIOLoopBound(collector, eventLoop: channel.eventLoop))
                }
            }
        return RawPeer(channel: made.0, collector: made.1)
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }
    func send(_ bytes: [UInt8]) async throws {
        // The other end may have closed already; what it said counts.
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Everything received so far, once it is enough.
    func received(
        within time: TimeAmount = .seconds(5), until isEnough: @escaping @Sendable ([UInt8], Bool) -> Bool
    ) async throws -> [UInt8] {
        try await channel.eventLoop.flatSubmit { [collector, channel] in
            let promise = channel.eventLoop.makePromise(of: [UInt8].self)
            collector.value.waiting = (isEnough, promise)
            let timeout = channel.eventLoop.assumeIsolated().scheduleTask(in: time) {
                guard let waiting = collector.value.waiting else { return }
                collector.value.waiting = nil
                waiting.promise.fail(TimedOut(received: String(decoding: collector.value.bytes, as: UTF8.self)))
            }
            promise.futureResult.whenComplete { _ in timeout.cancel() }
            collector.value.look()
            return promise.futureResult
        }.get()
    }

    func receivedAll() async throws -> [UInt8] { try await received { _, isClosed in isClosed } }

    /// Sends a request and gives the status of the answer, after the connection has closed.
    func status(_ request: String) async throws -> Int {
        try await send(request)
        let answer = String(decoding: try await receivedAll(), as: UTF8.self)
        return answer.hasPrefix("HTTP/1.1 ") ? Int(answer.dropFirst(9).prefix(3)) ?? 0 : 0
    }

    func close() async { try? await channel.close() }

    // MARK: WebSocket

    static func handshake(_ path: String = "/media/twilio", _ more: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(more)\r\n"
    }

    /// Connects and opens a socket; fails where the answer is not 101.
    static func open(_ port: Int, _ path: String = "/media/twilio", _ more: String = "", reads: Bool = true)
        async throws -> RawPeer
    {
        let peer = try await connect(port)
        try await peer.send(handshake(path, more))
        let answer = try await peer.received { bytes, isClosed in isClosed || bytes.suffix(4) == Array("\r\n\r\n".utf8)
        }
        let text = String(decoding: answer, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 101 "), text.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") else {
            throw TimedOut(received: text)
        }
        try await peer.channel.eventLoop.submit { [collector = peer.collector] in collector.value.bytes = [] }.get()
        if !reads { try await peer.channel.setOption(.autoRead, value: false).get() }
        return peer
    }

    static func frame(_ opcode: WebSocketFrame.Opcode, _ payload: String, isFinal: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        Array(payload.utf8).withUnsafeBytes {
            WebSocketFrame.append(opcode, $0, isFinal: isFinal, maskKey: 0xA1B2_C3D4, to: &bytes)
        }
        return bytes
    }

    /// Sends bytes and gives the code of the close frame that answers; nil where TCP ends without one, or where anything
    /// comes behind it.
    func closeCode(_ bytes: [UInt8]) async throws -> Int? {
        try await send(bytes)
        var rest = try await receivedAll()[...]
        while rest.count >= 2 {
            let (opcode, short) = (rest[rest.startIndex] & 0x0F, Int(rest[rest.startIndex + 1]))
            let head = short < 126 ? 2 : short == 126 ? 4 : 10
            let length = short < 126 ? short : rest.dropFirst(2).prefix(head - 2).reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= head + length else { return nil }
            let payload = rest.dropFirst(head).prefix(length)
            rest = rest.dropFirst(head + length)
            if opcode == 8 {
                return rest.isEmpty && length >= 2 ? payload.prefix(2).reduce(0) { $0 << 8 | Int($1) } : nil
            }
        }
        return nil
    }
}

/// Echoes; `go N` sends N bytes, `start TOKEN CALL` shows a token as a provider's start message would.
final class TestSession: MediaSession {
    private let request: MediaRequest
    private let ends: AsyncStream<MediaSocketEnd>.Continuation
    private var socket: (any MediaSocket)?
    init(_ request: MediaRequest, _ ends: AsyncStream<MediaSocketEnd>.Continuation) {
        self.request = request
        self.ends = ends
    }
    func opened(_ socket: any MediaSocket) { self.socket = socket }
    func text(_ message: UnsafeRawBufferPointer) {
        let words = String(decoding: message, as: UTF8.self).split(separator: " ").map(String.init)
        switch words.first {
        case "go": for _ in 0..<16 { socket?.sendText(String(repeating: "a", count: (Int(words[1]) ?? 0) / 16)) }
        case "start":
            if let refusal = request.refusal(token: words[1] == "-" ? nil : words[1], call: words[2]) {
                socket?.close(code: 1008, reason: refusal.rawValue)
            } else {
                socket?.admitted()
                socket?.sendText("started")
            }
        default:
            socket?.admitted()
            socket?.sendText(message)
        }
    }
    func binary(_ message: UnsafeRawBufferPointer) { socket?.sendBinary(message) }
    func closed(_ end: MediaSocketEnd) {
        ends.yield(end)
        socket = nil
    }
}

/// A gateway on a free port.
struct GatewayRig: Sendable {
    let port: Int
    let gateway: Gateway
    let factory: PrometheusFactory
    let ends: AsyncStream<MediaSocketEnd>

    /// Runs the body beside a gateway with these settings; `closing` stops it first, else it is stopped afterwards.
    static func run(
        _ configuration: Configuration = .embedded, _ settings: [(String, String)] = [], routes: Routes = Routes(),
        _ body: @escaping @Sendable (GatewayRig) async throws -> Void
    ) async throws {
        var configuration = try configuration.setting("server.port", to: "0", option: "--port")
        for (path, value) in settings { configuration = try configuration.setting(path, to: value, option: "--set") }
        let (ports, portTold) = AsyncStream.makeStream(of: Int.self)
        let (ends, endTold) = AsyncStream.makeStream(of: MediaSocketEnd.self)
        let factory = PrometheusFactory()
        let gateway = Gateway(
            configuration: configuration, routes: routes, factory: factory,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onListening: { portTold.yield($0) },
            makeSession: { TestSession($0, endTold) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gateway.run() }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return }
            try await body(GatewayRig(port: port, gateway: gateway, factory: factory, ends: ends))
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }

    /// What every hostile client must leave as it was.
    func opensAsBefore() async throws {
        let peer = try await RawPeer.open(port)
        try await peer.send(RawPeer.frame(.text, "hello"))
        _ = try await peer.received { bytes, _ in bytes == [0x81, 5] + Array("hello".utf8) }
        await peer.close()
    }

    func firstEnd() async -> MediaSocketEnd? {
        var iterator = ends.makeAsyncIterator()
        return await iterator.next()
    }
}

extension GatewayRig {
    static func run(
        settings: [(String, String)], _ body: @escaping @Sendable (GatewayRig) async throws -> Void
    ) async throws {
        try await run(.embedded, settings, body)
    }
}

func quietGateway(_ configuration: Configuration, conformance: (host: String, port: Int)? = nil) -> Gateway {
    let (_, ends) = AsyncStream.makeStream(of: MediaSocketEnd.self)
    return Gateway(
        configuration: configuration, conformance: conformance,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, makeSession: { TestSession($0, ends) })
}
