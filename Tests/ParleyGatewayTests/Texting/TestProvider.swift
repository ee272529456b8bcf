import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A real HTTP server on loopback that answers as it is told, and keeps what arrived whole.
final class TestProvider: Sendable {
    struct Request: Sendable {
        let method: String
        let uri: String
        let headers: [String: String]
        let body: String
        /// Counts connections, from 1.
        let connection: Int
        /// Counts requests that arrived whole, from 1.
        let number: Int
    }

    enum Reply: Sendable {
        case answer(Int, headers: [String: String] = [:], body: String = "")
        /// All of it in one piece whose length is not said.
        case unmeasured(Int, body: String)
        /// The head and half a body, and no more.
        case half(Int, body: String)
        case reset
        case silence
    }

    typealias Script = @Sendable (Request) async -> Reply

    private struct Seen {
        var connections = 0
        var heads = 0
        var requests: [Request] = []
        var open = 0
        var mostOpen = 0
    }
    /// What a test may wait for.
    struct Arrived: Sendable {
        let requests: [Request]
        let heads: Int
    }
    private let seen = Mutex(Seen())
    private let arrivals = Conditions<Arrived>()
    private let channel: any Channel

    let port: Int
    var base: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { seen.withLock { $0.requests } }
    /// Heads of requests, whether or not the rest came.
    var heads: Int { seen.withLock { $0.heads } }
    var connections: Int { seen.withLock { $0.connections } }
    /// The most requests that waited for their answers at once.
    var mostOpen: Int { seen.withLock { $0.mostOpen } }

    private init(channel: any Channel) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
    }

    static func start(tls: NIOSSLContext? = nil, script: @escaping Script) async throws -> TestProvider {
        let shared = Shared()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
                    try channel.pipeline.syncOperations.addHandler(Handler(provider: shared, script: script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let provider = TestProvider(channel: channel)
        shared.box.withLock { $0 = provider }
        return provider
    }

    /// No more connections; those that stand are kept.
    func stop() async { try? await channel.close() }

    /// Until so many requests arrived whole.
    func received(_ count: Int) async throws { try await until { $0.requests.count >= count } }

    func until(_ isEnough: @escaping @Sendable (Arrived) -> Bool) async throws {
        try await arrivals.wait(now: { arrived }, until: isEnough)
    }

    private var arrived: Arrived { seen.withLock { Arrived(requests: $0.requests, heads: $0.heads) } }

    private func look() { arrivals.look(arrived) }

    private final class Shared: Sendable {
        let box = Mutex<TestProvider?>(nil)

        var provider: TestProvider? { box.withLock { $0 } }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let shared: Shared
        private let script: Script
        private var connection = 0
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(provider: Shared, script: @escaping Script) {
            shared = provider
            self.script = script
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body.clear()
                guard let provider = shared.provider else { return }
                let isNew = connection == 0
                connection = provider.seen.withLock { seen in
                    seen.heads += 1
                    if isNew { seen.connections += 1 }
                    return isNew ? seen.connections : connection
                }
                provider.look()
            case .body(var piece): body.writeBuffer(&piece)
            case .end: whole(context)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func whole(_ context: ChannelHandlerContext) {
            guard let provider = shared.provider, let head else { return }
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            let body = String(buffer: body)
            let connection = connection
            let request = provider.seen.withLock { seen in
                seen.open += 1
                seen.mostOpen = max(seen.mostOpen, seen.open)
                let request = Request(
                    method: head.method.rawValue, uri: head.uri, headers: headers, body: body, connection: connection,
                    number: seen.requests.count + 1)
                seen.requests.append(request)
                return request
            }
            provider.look()
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let loop = context.eventLoop
            let script = script
            Task {
                let reply = await script(request)
                provider.seen.withLock { $0.open -= 1 }
                loop.execute {
                    let (handler, context) = bound.value
                    if context.channel.isActive { handler.send(reply, context) }
                }
            }
        }

        private func send(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .answer(let status, let fields, let body):
                var headers = HTTPHeaders(fields.map { ($0.key, $0.value) })
                headers.add(name: "Content-Length", value: String(body.utf8.count))
                write(status, headers, body, isWhole: true, context)
            case .unmeasured(let status, let body): write(status, HTTPHeaders(), body, isWhole: true, context)
            case .half(let status, let body):
                let headers = HTTPHeaders([("Content-Length", String(body.utf8.count * 2))])
                write(status, headers, body, isWhole: false, context)
            case .reset:
                if let options = context.channel as? any SocketOptionProvider {
                    options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
                        context.close(promise: nil)
                    }
                } else {
                    context.close(promise: nil)
                }
            case .silence: break
            }
        }

        private func write(
            _ status: Int, _ headers: HTTPHeaders, _ body: String, isWhole: Bool, _ context: ChannelHandlerContext
        ) {
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            if isWhole { context.write(wrapOutboundOut(.end(nil)), promise: nil) }
            context.flush()
        }
    }
}
