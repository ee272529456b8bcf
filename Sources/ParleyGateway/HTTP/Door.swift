import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOTLS
import ParleyWire

/// What a connection turned out to be.
enum Entered: Sendable {
    case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
    /// Its handler does the work.
    case socket
    case refused
}

/// What the door needs to know; one for the listener.
struct DoorPolicy: Sendable {
    var head: RequestHeadReader.Limits
    /// nil where the listener has no TLS.
    var tlsHandshakeTimeout: TimeAmount?
    var headTimeout: TimeAmount
    var bodyTimeout: TimeAmount
    var closeTimeout: TimeAmount
    var trustedProxies: [Network]
    var loops: SocketLoops
    var admission: Admission
    var metrics: GatewayMetrics
    /// Whether a WebSocket is served at this path.
    var isSocketPath: @Sendable (String) -> Bool
    /// Decides on a well-formed handshake, and makes what runs on the socket.
    var open:
        @Sendable (RequestHead, _ peerAddress: String, any Channel) -> Result<WebSocketChannelHandler, DoorRefusal>
}

/// An answer given before there is an HTTP pipeline.
struct DoorRefusal: Error {
    var status: Int
    var text: String
    var headers: [(name: String, value: String)] = []
}

/// The first and only handler of a new connection: reads one request's head and decides what the connection becomes.
///
/// Nothing else is built, and nothing is believed, before a whole, well-formed head has come in time. One connection
/// carries one request: a WebSocket is always the first request of its connection, also behind proxies that share them.
final class Door: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let policy: DoorPolicy
    private let entered: EventLoopPromise<Entered>
    private var reader: RequestHeadReader
    private var received = ByteBuffer()
    private var place: Admission.Place?
    private var isDecided = false
    private var isLingering = false
    private var deadline: LoopAlarm?
    private var tlsDeadline: LoopAlarm?
    private var address = ""

    init(policy: DoorPolicy, entered: EventLoopPromise<Entered>) {
        self.policy = policy
        self.entered = entered
        reader = RequestHeadReader(limits: policy.head)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        address = context.channel.remoteAddress?.ipAddress ?? "unknown"
        deadline = LoopAlarm(in: policy.loops[context.eventLoop].alarms) { [unowned self, context] in timeout(context) }
        switch policy.admission.enter(address: address) {
        case .success(let place):
            self.place = place
            let place = NIOLoopBound(place, eventLoop: context.eventLoop)
            context.channel.closeFuture.whenComplete { _ in place.value.leave() }
            deadline?.set(at: context.eventLoop.now + policy.headTimeout)
            if let timeout = policy.tlsHandshakeTimeout {
                tlsDeadline = LoopAlarm(in: policy.loops[context.eventLoop].alarms) { [context] in
                    context.close(promise: nil)
                }
                tlsDeadline?.set(at: context.eventLoop.now + timeout)
            }
        case .failure:
            // Written when the channel is active; until then nothing can be.
            if context.channel.isActive { refuseCrowd(context) }
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        if place == nil { refuseCrowd(context) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLingering, place != nil, !isDecided else { return }
        var buffer = unwrapInboundIn(data)
        do throws(RequestHeadReader.Refusal) {
            let scanned = buffer.withUnsafeReadableBytes { bytes -> Result<Int?, RequestHeadReader.Refusal> in
                Result { () throws(RequestHeadReader.Refusal) in try reader.scan(bytes) }
            }
            let end = try scanned.get()
            guard let end, let last = buffer.readSlice(length: end) else {
                received.writeBuffer(&buffer)
                return
            }
            received.writeImmutableBuffer(last)
            let head = try received.withUnsafeReadableBytes { bytes -> Result<RequestHead, RequestHeadReader.Refusal> in
                Result { () throws(RequestHeadReader.Refusal) in try RequestHeadReader.read(bytes) }
            }.get()
            decide(context, head, rest: buffer)
        } catch {
            policy.metrics.refused(error == .tooLarge ? .headTooLarge : .badRequest)
            refuse(
                context,
                DoorRefusal(
                    status: error.status,
                    text: error == .tooLarge ? "the head of the request is too large" : "this is not HTTP/1.1"))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(negotiatedProtocol: _):
            tlsDeadline?.cancel()
            context.fireUserInboundEventTriggered(event)
        case ChannelEvent.inputClosed:
            context.close(promise: nil)
        case is ChannelShouldQuiesceEvent where !isDecided && reader.byteCount == 0:
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        tlsDeadline?.cancel()
        if !isDecided { entered.succeed(.refused) }
        isDecided = true
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        tlsDeadline?.cancel()
        if !isDecided { entered.succeed(.refused) }
        isDecided = true
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: The decision

    private func decide(_ context: ChannelHandlerContext, _ head: RequestHead, rest: ByteBuffer) {
        if let client = forwardedAddress(head), place?.settle(address: client) == false {
            return refuse(context, .busy)
        }
        let wantsSocket = policy.isSocketPath(head.path) || head.names("websocket", in: "Upgrade")
        do {
            if wantsSocket {
                try enterSocket(context, head, rest: rest)
            } else {
                guard head.version == (1, 1) || head.version == (1, 0) else {
                    throw DoorRefusal(status: 505, text: "HTTP/1.1 is spoken here")
                }
                if head.version == (1, 1), head["Host"] == nil {
                    throw DoorRefusal(status: 400, text: "header Host is missing or repeated")
                }
                try enterHTTP(context, rest: rest)
            }
        } catch let refusal as DoorRefusal {
            refuse(context, refusal)
        } catch {
            context.close(promise: nil)
        }
    }

    private func enterSocket(_ context: ChannelHandlerContext, _ head: RequestHead, rest: ByteBuffer) throws {
        let handshake: WebSocketHandshake.Request
        do throws(WebSocketHandshake.Refusal) {
            handshake = try WebSocketHandshake.validate(
                method: head.method, version: head.version, headers: head.fields.map { ($0.name, $0.value) },
                isServed: policy.isSocketPath(head.path))
        } catch {
            policy.metrics.refused(error == .unknownPath ? .unknownPath : .handshake)
            throw DoorRefusal(status: error.status, text: error.reason, headers: error.headers)
        }
        let handler = try policy.open(head, address, context.channel).get()
        isDecided = true
        deadline?.cancel()
        var answer = context.channel.allocator.buffer(capacity: 160)
        answer.writeString(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(handshake.accept)\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        let place = place
        handler.onAdmitted = { place?.proved() }
        try context.pipeline.syncOperations.addHandler(handler, position: .last)
        entered.succeed(.socket)
        leave(context, passing: rest)
    }

    private func enterHTTP(_ context: ChannelHandlerContext, rest: ByteBuffer) throws {
        place?.proved()
        isDecided = true
        deadline?.cancel()
        let pipeline = context.pipeline.syncOperations
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = policy.head.line
        limits.maxHeaderListSize = policy.head.bytes
        limits.maxHeaderFieldCount = policy.head.fields
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try pipeline.addHandler(
            OneRequest(
                bodyTimeout: policy.bodyTimeout, lingerTimeout: policy.closeTimeout, loops: policy.loops,
                metrics: policy.metrics))
        let channel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
            wrappingChannelSynchronously: context.channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        entered.succeed(.http(channel))
        received.writeImmutableBuffer(rest)
        leave(context, passing: received)
    }

    private func leave(_ context: ChannelHandlerContext, passing bytes: ByteBuffer) {
        received = ByteBuffer()
        if bytes.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
        }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    /// The client that a trusted proxy speaks for: the last address that is not such a proxy itself.
    private func forwardedAddress(_ head: RequestHead) -> String? {
        guard isTrusted(address) else { return nil }
        let hops = head.values("X-Forwarded-For").joined(separator: ",").split(separator: ",")
            .map { String($0.filter { $0 != " " }) }
        guard let client = hops.last(where: { !isTrusted($0) }), Network.octets(of: client) != nil else { return nil }
        return client
    }

    private func isTrusted(_ address: String) -> Bool { policy.trustedProxies.contains { $0.contains(address) } }

    // MARK: Turning away

    private func timeout(_ context: ChannelHandlerContext) {
        guard !isDecided else { return }
        guard !isLingering else {
            context.close(promise: nil)
            return
        }
        policy.metrics.refused(.headTimeout)
        refuse(context, DoorRefusal(status: 408, text: "the request took too long"))
    }

    private func refuseCrowd(_ context: ChannelHandlerContext) {
        guard !isLingering else { return }
        refuse(context, .busy)
    }

    /// Answers, ends our half, and reads on for a little so that the answer is not lost to a reset.
    private func refuse(_ context: ChannelHandlerContext, _ refusal: DoorRefusal) {
        isLingering = true
        received = ByteBuffer()
        let body = refusal.text + "\n"
        var head = "HTTP/1.1 \(refusal.status) \(HTTPResponseStatus(statusCode: refusal.status).reasonPhrase)\r\n"
        head += "Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
        for (name, value) in refusal.headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(body.utf8.count)\r\n\r\n"
        var answer = context.channel.allocator.buffer(capacity: 256)
        answer.writeString(head + body)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        context.close(mode: .output, promise: nil)
        deadline?.set(at: context.eventLoop.now + .seconds(1))
    }
}

extension DoorRefusal {
    static let busy = DoorRefusal(
        status: 503, text: "too many connections, try again", headers: [("Retry-After", "5")])
}

@available(*, unavailable)
extension Door: Sendable {}
