import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Keeps a connection to one request: says `Connection: close`, watches the body's time, and ends TCP after the answer.
final class OneRequest: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let bodyTimeout: TimeAmount
    private let lingerTimeout: TimeAmount
    private let loops: SocketLoops
    private let metrics: GatewayMetrics
    private var deadline: LoopAlarm?
    private var requestEnded = false
    private var answerBegan = false
    private var answerEnded = false

    init(bodyTimeout: TimeAmount, lingerTimeout: TimeAmount, loops: SocketLoops, metrics: GatewayMetrics) {
        self.bodyTimeout = bodyTimeout
        self.lingerTimeout = lingerTimeout
        self.loops = loops
        self.metrics = metrics
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = LoopAlarm(in: loops[context.eventLoop].alarms) { [unowned self, context] in timeout(context) }
        deadline?.set(at: context.eventLoop.now + bodyTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A second request on the connection, or a body that nobody waits for any more.
        guard !requestEnded, !answerEnded else { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            // Tells the server's loop to stop after this one.
            head.headerFields[.connection] = "close"
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let bytes):
            context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .end(let trailers):
            requestEnded = true
            deadline?.set(at: nil)
            context.fireChannelRead(wrapInboundOut(.end(trailers)))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            answerBegan = true
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(bytes)), promise: promise)
        case .end(let trailers):
            answerEnded = true
            context.write(wrapOutboundOut(.end(trailers)), promise: promise)
            deadline?.set(at: context.eventLoop.now + lingerTimeout)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !answerBegan else {
            context.close(promise: nil)
            return
        }
        metrics.refused(.badRequest)
        answer(context, .badRequest)
    }

    private func timeout(_ context: ChannelHandlerContext) {
        guard !answerBegan else {
            context.close(promise: nil)
            return
        }
        metrics.refused(.bodyTimeout)
        answer(context, .requestTimeout)
    }

    private func answer(_ context: ChannelHandlerContext, _ status: HTTPResponse.Status) {
        answerBegan = true
        answerEnded = true
        let head = HTTPResponse(status: status, headerFields: [.connection: "close", .contentLength: "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension OneRequest: Sendable {}
