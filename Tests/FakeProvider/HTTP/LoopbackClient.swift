import NIOCore
import NIOHTTP1
import NIOPosix

/// One request on a connection of its own, to this machine and nowhere else.
struct LoopbackClient: Sendable {
    /// The connection was refused, or ended, or the time was over, before there was a whole answer.
    struct NoAnswer: Error {}

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    private static let patience = TimeAmount.seconds(30)

    let port: Int

    func send(
        _ method: String, _ target: String, headers: HTTPHeaders, body: [UInt8]
    ) async throws(NoAnswer) -> Answer {
        do { return try await exchange(method, target, headers, body) } catch { throw NoAnswer() }
    }

    private func exchange(
        _ method: String, _ target: String, _ headers: HTTPHeaders, _ body: [UInt8]
    ) async throws -> Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: Answer.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop)
                .connectTimeout(Self.patience)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: 1 << 20))
                        try pipeline.addHandler(AnswerReader(promise))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        } catch {
            promise.fail(NoAnswer())
            throw error
        }
        let timeout = loop.scheduleTask(in: Self.patience) { promise.fail(NoAnswer()) }
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: target)
        head.headers = headers
        head.headers.replaceOrAdd(name: "Content-Length", value: String(body.count))
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        defer {
            timeout.cancel()
            channel.close(promise: nil)
        }
        return try await promise.futureResult.get()
    }
}

private final class AnswerReader: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull

    private let promise: EventLoopPromise<LoopbackClient.Answer>

    init(_ promise: EventLoopPromise<LoopbackClient.Answer>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let answer = unwrapInboundIn(data)
        promise.succeed(
            LoopbackClient.Answer(
                status: Int(answer.head.status.code), headers: answer.head.headers,
                body: answer.body.map { Array($0.readableBytesView) } ?? []))
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(LoopbackClient.NoAnswer()) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(LoopbackClient.NoAnswer())
        context.close(promise: nil)
    }
}
