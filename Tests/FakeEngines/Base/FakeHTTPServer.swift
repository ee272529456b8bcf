import NIOCore
import NIOHTTP1

/// A whole request.
public struct FakeRequest: Sendable {
    /// Of the server, from 0, in the order in which they were complete.
    public let number: Int
    /// The connection that it came over, from 0.
    public let connection: Int
    public let method: String
    public let target: FakeTarget
    public let headers: FakeHeaders
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// An HTTP/1.1 server on a port of 127.0.0.1, which answers each request as a closure says, byte by byte where it likes.
public final class FakeHTTPServer: Sendable {
    public let requests = FakeRecord<FakeRequest>()
    /// The numbers of requests whose client went before their response had ended.
    public let abandoned = FakeRecord<Int>()
    /// The numbers of connections that have ended.
    public let closed = FakeRecord<Int>()

    private let listener = FakeListener()
    private let handle: @Sendable (FakeRequest, FakeResponse) async -> Void

    /// - Parameter handler: runs for each request; of one connection one after another. When it returns the response is
    ///   ended, where it is still open.
    public init(handler: @escaping @Sendable (FakeRequest, FakeResponse) async -> Void) { handle = handler }

    public var port: Int { listener.port }

    public func start() async throws {
        try await listener.start { channel, number in
            let mailbox = FakeMailbox<FakeRequest>()
            channel.closeFuture.whenComplete { _ in self.closed.append(number) }
            try channel.pipeline.syncOperations.addHandlers(
                ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
                FakeRequests(connection: number, mailbox: mailbox))
            FakeLoop.run {
                while let request = await mailbox.next() {
                    let request = self.numbered(request)
                    let response = FakeResponse(channel)
                    channel.closeFuture.whenComplete { _ in
                        if !response.isEnded { self.abandoned.append(request.number) }
                    }
                    await self.handle(request, response)
                    await response.end()
                }
            }
        }
    }

    public func stop() async { await listener.stop() }

    /// All requests are handled on the fakes' one thread.
    private func numbered(_ request: FakeRequest) -> FakeRequest {
        let numbered = FakeRequest(
            number: requests.count, connection: request.connection, method: request.method, target: request.target,
            headers: request.headers, body: request.body)
        requests.append(numbered)
        return numbered
    }
}

private final class FakeRequests: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let connection: Int
    private let mailbox: FakeMailbox<FakeRequest>
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(connection: Int, mailbox: FakeMailbox<FakeRequest>) {
        self.connection = connection
        self.mailbox = mailbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes): body += bytes.readableBytesView
        case .end:
            guard let head else { return }
            let headers = FakeHeaders(head.headers.map { ($0.name, $0.value) })
            mailbox.put(
                FakeRequest(
                    number: 0, connection: connection, method: head.method.rawValue, target: FakeTarget(head.uri),
                    headers: headers, body: body))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        mailbox.end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
