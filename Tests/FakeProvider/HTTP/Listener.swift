import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP/1.1 server on a port of 127.0.0.1.
struct Listener: Sendable {
    let channel: any Channel
    let port: Int

    /// - Parameter port: 0 for any that is free.
    static func open(port: Int = 0, _ taker: any RequestTaker) async throws -> Listener {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let raw = RawBytes()
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(raw)
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(NIOHTTPServerRequestAggregator(maxContentLength: 1 << 20))
                    try pipeline.addHandler(RequestReader(raw, taker))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        guard let port = channel.localAddress?.port else {
            try? await channel.close()
            throw ChannelError.unknownLocalAddress
        }
        return Listener(channel: channel, port: port)
    }

    func close() async { try? await channel.close() }
}

extension Channel {
    /// Writes an answer, or its head and half of its body; closes where nothing may follow.
    func write(_ reply: Reply, keepAlive: Bool, isCutShort: Bool = false) async {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status))
        for header in reply.headers { head.headers.add(name: header.name, value: header.value) }
        head.headers.replaceOrAdd(name: "Content-Length", value: String(reply.body.count))
        if !keepAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        let body = isCutShort ? Array(reply.body.prefix(reply.body.count / 2)) : reply.body
        write(HTTPServerResponsePart.head(head), promise: nil)
        let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: body)))
        if isCutShort {
            try? await writeAndFlush(part)
        } else {
            write(part, promise: nil)
            try? await writeAndFlush(HTTPServerResponsePart.end(nil))
        }
        if isCutShort || !keepAlive { try? await close() }
    }

    /// Ends the connection by a TCP reset.
    func reset() async {
        if let options = self as? any SocketOptionProvider {
            try? await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await close()
    }
}
