import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One request and its answer, over a connection of their own. Confined to its event loop.
final class CheckedExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: CheckedRequest
    private let trust: TLSTrust?
    private let connectTime: TimeAmount
    private let loop: any EventLoop
    private let answer: EventLoopPromise<CheckedAnswer>
    private var addresses: ArraySlice<IPAddress> = []
    private var channel: (any Channel)?
    private var alarm: Scheduled<Void>?
    /// All of the request is in the system's hands.
    private var isSent = false
    private var isOver = false
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []

    init(_ request: CheckedRequest, trust: TLSTrust?, connectTime: TimeAmount, on loop: any EventLoop) {
        self.request = request
        self.trust = trust
        self.connectTime = connectTime
        self.loop = loop
        answer = loop.makePromise()
    }

    /// - Parameter stop: when it fails, the request is not wanted any more.
    func run(
        _ addresses: [IPAddress], within time: TimeAmount, stop: EventLoopFuture<Void>
    ) -> EventLoopFuture<CheckedAnswer> {
        self.addresses = addresses[...]
        let bound = NIOLoopBound(self, eventLoop: loop)
        alarm = loop.scheduleTask(in: time) { bound.value.fail { .late(isSent: $0) } }
        stop.whenFailure { _ in bound.value.fail { .cancelled(isSent: $0) } }
        connect()
        return answer.futureResult
    }

    // MARK: The connection

    private func connect() {
        guard !isOver else { return }
        guard let address = addresses.popFirst(),
            let place = try? SocketAddress(ipAddress: address.description, port: request.address.port)
        else { return fail { _ in .noConnection } }
        let bound = NIOLoopBound(self, eventLoop: loop)
        Dialer.bootstrap(for: request.address.host, trust: trust, within: connectTime, on: loop) { pipeline in
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandler(bound.value)
        }
        .connect(to: place)
        .whenComplete { result in
            let exchange = bound.value
            switch result {
            case .success(let channel): exchange.write(on: channel)
            // Nobody there has heard anything: the next address is as good.
            case .failure: exchange.connect()
            }
        }
    }

    private func write(on channel: any Channel) {
        guard !isOver else { return channel.close(promise: nil) }
        self.channel = channel
        var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Host", value: request.address.authority)
        headers.replaceOrAdd(name: "Connection", value: "close")
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            headers.replaceOrAdd(name: "Content-Length", value: String(request.body.count))
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.address.target,
            headers: headers)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if !request.body.isEmpty {
            channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: request.body))), promise: nil)
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil)).whenSuccess { bound.value.isSent = true }
    }

    // MARK: The answer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }),
                length > CheckedHTTP.maxBodyBytes
            {
                return fail { _ in .tooLarge }
            }
            self.head = head
        case .body(let piece):
            guard body.count + piece.readableBytes <= CheckedHTTP.maxBodyBytes else { return fail { _ in .tooLarge } }
            body.append(contentsOf: piece.readableBytesView)
        case .end:
            guard let head else { return fail { .lost(isSent: $0) } }
            finish(
                .success(
                    CheckedAnswer(
                        status: Int(head.status.code),
                        headers: head.headers.map { CheckedAnswer.Header(name: $0.name, value: $0.value) }, body: body))
            )
        }
    }

    func channelInactive(context: ChannelHandlerContext) { fail { .lost(isSent: $0) } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        // Cut short: what the server did with the request nobody knows.
        case let error as HTTPParserError where error == .invalidEOFState: fail { .lost(isSent: $0) }
        case is HTTPParserError: fail { _ in .notHTTP }
        // Before the request is out, TLS has not come to stand.
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            fail { isSent in isSent ? .lost(isSent: true) : .untrusted }
        default: fail { .lost(isSent: $0) }
        }
    }

    private func fail(_ fault: (_ isSent: Bool) -> CheckedFault) { finish(.failure(fault(isSent))) }

    private func finish(_ result: Result<CheckedAnswer, CheckedFault>) {
        guard !isOver else { return }
        isOver = true
        alarm?.cancel()
        switch result {
        case .success(let whole): answer.succeed(whole)
        case .failure(let fault): answer.fail(fault)
        }
        channel?.close(promise: nil)
        channel = nil
    }
}
