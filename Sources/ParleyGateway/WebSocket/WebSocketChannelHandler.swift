import NIOCore
import ParleyWire

/// Ends every media socket of the gateway in an orderly way, soon. Fired by the second signal to stop.
struct EndCallsEvent: Sendable {
    var within: TimeAmount
}

/// The server's end of one WebSocket, in one handler: bytes in, messages to the session, frames out, and every limit.
///
/// Confined to its channel's event loop. Its times come from that loop, so that a test can move them.
final class WebSocketChannelHandler: ChannelInboundHandler {
    public typealias InboundIn = ByteBuffer
    public typealias OutboundOut = ByteBuffer

    private enum State {
        case open
        /// Our close frame is out; we wait for the peer's.
        case closing
        /// Both are out, or the connection has failed: what still comes is read and forgotten until TCP ends.
        case lingering
        case over
    }

    private let limits: WebSocketLimits
    private let loop: SocketLoop
    private let metrics: GatewayMetrics
    /// The peer has proved who it is, or the socket is over: it no longer counts as unauthenticated.
    var onAdmitted: () -> Void = {}
    private var session: (any MediaSession)?
    private var context: ChannelHandlerContext?
    private var receiver: WebSocketReceiver
    private var state = State.open
    private var end: MediaSocketEnd?
    private var outgoing: [UInt8] = []
    private var needsFlush = false
    /// As the channel told last: asking it takes longer.
    public private(set) var isWritable = true
    private var latePong: [UInt8]?
    private var readTime: NIODeadline?
    private var depth = 0

    private var controlRate: RateLimit?
    private var messageRate: RateLimit?
    private var housekeeping: LoopAlarm?
    private var sessionAlarm: LoopAlarm?
    private var startDeadline: NIODeadline?
    private var closeDeadline: NIODeadline?
    private var drainDeadline: NIODeadline?
    private var slowDeadline: NIODeadline?
    private var pongDeadline: NIODeadline?
    private var nextPing: NIODeadline?
    private var lastMessage: NIODeadline?
    private var hasProbed = false

    /// - Parameter session: gets `opened` when the handler is added.
    init(session: any MediaSession, limits: WebSocketLimits, loop: SocketLoop, metrics: GatewayMetrics) {
        self.session = session
        self.limits = limits
        self.loop = loop
        self.metrics = metrics
        receiver = WebSocketReceiver(role: .server, limits: limits.receiver)
    }

    // MARK: The channel's events

    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isWritable = context.channel.isWritable
        let now = context.eventLoop.now
        let water = ChannelOptions.Types.WriteBufferWaterMark(low: limits.outHighWater / 2, high: limits.outHighWater)
        try? context.channel.syncOptions?.setOption(.writeBufferWaterMark, value: water)
        controlRate = limits.controlRate.map { RateLimit(perSecond: $0.perSecond, burst: $0.burst, now: now) }
        messageRate = limits.messageRate.map { RateLimit(perSecond: $0.perSecond, burst: $0.burst, now: now) }
        housekeeping = LoopAlarm(in: loop.alarms) { [unowned self] in housekeep() }
        sessionAlarm = LoopAlarm(in: loop.alarms) { [unowned self] in
            inSession { $0.alarm() }
            flush()
        }
        startDeadline = limits.startTimeout.map { now + $0 }
        nextPing = limits.pingInterval.map { now + $0 }
        rearm()
        inSession { $0.opened(self) }
        flush()
    }

    public func handlerRemoved(context: ChannelHandlerContext) {
        finish(.peerLost)
        self.context = nil
    }

    public func channelInactive(context: ChannelHandlerContext) {
        finish(.peerLost)
        context.fireChannelInactive()
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // State first: a write that fails has the channel read from within, while the receiver is at work.
        guard state == .open || state == .closing, !receiver.isClosed else { return }
        readTime = context.eventLoop.now
        var sink = Inbound(handler: self)
        do throws(WebSocketViolation) {
            let result = loop.withCopy(of: unwrapInboundIn(data)) { bytes -> Result<Void, WebSocketViolation> in
                Result { () throws(WebSocketViolation) in try receiver.receive(bytes, into: &sink) }
            }
            try result.get()
        } catch {
            fail(code: error.closeCode, reason: error.reason, as: .violation(code: error.closeCode))
        }
    }

    public func channelReadComplete(context: ChannelHandlerContext) {
        if state == .open { inSession { $0.readCompleted() } }
        readTime = nil
        flush()
        loop.served()
        // Nobody is behind this handler.
    }

    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        slowDeadline = isWritable ? nil : context.eventLoop.now + limits.slowPeerTimeout
        rearm()
        if isWritable, let pong = latePong {
            latePong = nil
            pong.withUnsafeBytes { append(.pong, $0) }
        }
        inSession { $0.writabilityChanged(isWritable) }
        flush()
        context.fireChannelWritabilityChanged()
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: drain(within: limits.drainTimeout)
        case let event as EndCallsEvent: drain(within: event.within)
        case ChannelEvent.inputClosed:
            // Half-closed connections are of no use to a call.
            finish(.peerLost)
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.peerLost)
        context.close(promise: nil)
    }

    // MARK: What the peer sends

    /// Where the receiver reports to. Lives for one read.
    private struct Inbound: WebSocketSink {
        unowned(unsafe) let handler: WebSocketChannelHandler

        var acceptsMore: Bool { handler.state == .open || handler.state == .closing }
        func text(_ message: UnsafeRawBufferPointer) { handler.received(message, isText: true) }
        func binary(_ message: UnsafeRawBufferPointer) { handler.received(message, isText: false) }
        func ping(_ payload: UnsafeRawBufferPointer) { handler.receivedPing(payload) }
        func pong(_ payload: UnsafeRawBufferPointer) { handler.receivedPong() }
        func close(code: UInt16?, reason: UnsafeRawBufferPointer) { handler.receivedClose(code) }
    }

    private func received(_ message: UnsafeRawBufferPointer, isText: Bool) {
        guard state == .open, let session else { return }
        let now = self.now
        lastMessage = now
        hasProbed = false
        if messageRate?.take(at: now) == false { return fail(code: 1008, reason: "too many messages") }
        depth += 1
        if isText { session.text(message) } else { session.binary(message) }
        leaveSession()
    }

    private func receivedPing(_ payload: UnsafeRawBufferPointer) {
        guard takeControl(), state == .open else { return }
        guard isWritable else {
            if latePong != nil { metrics.dropped(.pong) }
            latePong = Array(payload)
            return
        }
        append(.pong, payload)
    }

    private func receivedPong() {
        guard takeControl() else { return }
        pongDeadline = nil
    }

    private func receivedClose(_ code: UInt16?) {
        if state == .open {
            WebSocketFrame.appendClose(code: code, to: &outgoing)
            needsFlush = true
            metrics.closed(code: code ?? 1005)
        }
        report(.peerClosed(code: code))
        linger()
    }

    private func takeControl() -> Bool {
        guard controlRate?.take(at: now) == false else { return true }
        fail(code: 1008, reason: "too many control messages")
        return false
    }

    // MARK: Time

    private func rearm() {
        let probe = startDeadline == nil ? mediaDeadline : nil
        let deadlines = [
            startDeadline, closeDeadline, drainDeadline, slowDeadline, pongDeadline, nextPing, probe,
        ]
        housekeeping?.set(at: deadlines.lazy.compactMap { $0 }.min())
    }

    /// The probe, and after it the end.
    private var mediaDeadline: NIODeadline? {
        guard let timeout = limits.mediaTimeout, let lastMessage else { return nil }
        return lastMessage + (hasProbed ? .nanoseconds(timeout.nanoseconds * 3) : timeout)
    }

    private func housekeep() {
        defer {
            rearm()
            flush()
        }
        let now = self.now
        func isDue(_ deadline: NIODeadline?) -> Bool { deadline.map { now >= $0 } ?? false }

        if isDue(closeDeadline) {
            finish(end ?? .peerLost)
            context?.close(promise: nil)
            return
        }
        guard state == .open else { return }
        if isDue(slowDeadline) { return drop(.slowPeer) }
        if isDue(drainDeadline) { return fail(code: 1001, reason: "going away", as: .shutdown) }
        if isDue(startDeadline) { return fail(code: 1008, reason: "no start message", as: .startTimeout) }
        if isDue(pongDeadline) { return fail(code: 1011, reason: "ping not answered", as: .peerLost) }
        if startDeadline == nil, isDue(mediaDeadline) {
            if hasProbed { return fail(code: 1001, reason: "no media", as: .mediaTimeout) }
            hasProbed = true
            metrics.dropped(.mediaProbe)
            ping(at: now)
        }
        if isDue(nextPing) {
            nextPing = limits.pingInterval.map { now + $0 }
            ping(at: now)
        }
    }

    private func ping(at now: NIODeadline) {
        guard pongDeadline == nil else { return }
        pongDeadline = now + limits.pongTimeout
        append(.ping, UnsafeRawBufferPointer(start: nil, count: 0))
    }

    private func drain(within time: TimeAmount) {
        guard state == .open else { return }
        let deadline = min(drainDeadline ?? .distantFuture, now + time)
        drainDeadline = deadline
        rearm()
        inSession { $0.drain(until: deadline) }
        flush()
    }

    // MARK: The end

    /// Closes with our code and forgets what else comes.
    private func fail(code: UInt16, reason: String, as end: MediaSocketEnd? = nil) {
        guard state == .open || state == .closing else { return }
        if state == .open {
            WebSocketFrame.appendClose(code: code, reason: reason, to: &outgoing)
            needsFlush = true
            metrics.closed(code: code)
            // Before the session hears of it: nothing may follow a close frame, nor a second one (RFC 6455 section 5.5.1).
            state = .closing
        }
        report(end ?? .violation(code: code))
        linger()
    }

    /// The peer takes nothing any more: a close frame would only wait behind the rest.
    private func drop(_ end: MediaSocketEnd) {
        metrics.closed(code: 1006)
        report(end)
        finish(end)
        context?.close(promise: nil)
    }

    /// Sends what is left, ends our half of TCP, and reads on until the peer ends its own: closing with unread bytes would
    /// reset the connection, and the peer might never see our close frame.
    private func linger() {
        guard state != .over, state != .lingering else { return }
        state = .lingering
        sessionAlarm?.set(at: nil)
        startDeadline = nil
        drainDeadline = nil
        slowDeadline = nil
        pongDeadline = nil
        nextPing = nil
        lastMessage = nil
        closeDeadline = now + limits.closeTimeout
        rearm()
        flush()
        context?.close(mode: .output, promise: nil)
    }

    /// Nothing more can be sent or received.
    private func finish(_ end: MediaSocketEnd) {
        guard state != .over else { return }
        if state == .open, self.end == nil { metrics.closed(code: 1006) }
        state = .over
        report(end)
        housekeeping?.cancel()
        sessionAlarm?.cancel()
        outgoing = []
        isWritable = false
        onAdmitted()
    }

    /// Tells the session, once; later where it is in the middle of something.
    private func report(_ end: MediaSocketEnd) {
        if self.end == nil { self.end = end }
        guard depth == 0, let session, let end = self.end else { return }
        self.session = nil
        session.closed(end)
    }

    private func inSession(_ body: (any MediaSession) -> Void) {
        guard let session, state == .open else { return }
        depth += 1
        body(session)
        leaveSession()
    }

    private func leaveSession() {
        depth -= 1
        if depth == 0, state == .lingering || state == .over, let end { report(end) }
    }

    // MARK: Sending

    private func append(_ opcode: WebSocketFrame.Opcode, _ payload: UnsafeRawBufferPointer) {
        guard state == .open else { return }
        WebSocketFrame.append(opcode, payload, to: &outgoing)
        needsFlush = true
    }
}

extension WebSocketChannelHandler: MediaSocket {
    public var eventLoop: any EventLoop {
        guard let context else { preconditionFailure("a socket is used after it was closed") }
        return context.eventLoop
    }
    public var now: NIODeadline { readTime ?? context?.eventLoop.now ?? .now() }

    public func sendText(_ message: UnsafeRawBufferPointer) { append(.text, message) }
    public func sendBinary(_ message: UnsafeRawBufferPointer) { append(.binary, message) }

    public func send(_ write: (inout [UInt8]) -> Void) {
        guard state == .open else { return }
        write(&outgoing)
        needsFlush = true
    }

    public func flush() {
        guard needsFlush, !outgoing.isEmpty, let context, state != .over else { return }
        needsFlush = false
        let bytes = outgoing.count
        context.writeAndFlush(wrapOutboundOut(loop.buffer(of: outgoing)), promise: nil)
        // A frame and a mark are 450 octets; what a reply's first burst needs is not kept by a thousand calls.
        if outgoing.capacity > 1_024 { outgoing = [] } else { outgoing.removeAll(keepingCapacity: true) }
        guard state == .open, bytes > limits.outHard || !isWritable else { return }
        let unsent = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if unsent > limits.outHard { drop(.slowPeer) }
    }

    public func close(code: UInt16, reason: String) {
        guard state == .open else { return }
        WebSocketFrame.appendClose(code: code, reason: reason, to: &outgoing)
        needsFlush = true
        metrics.closed(code: code)
        state = .closing
        end = .closed(code: code)
        sessionAlarm?.set(at: nil)
        startDeadline = nil
        drainDeadline = nil
        pongDeadline = nil
        nextPing = nil
        lastMessage = nil
        closeDeadline = now + limits.closeTimeout
        rearm()
        if depth == 0 { flush() }
    }

    public func setAlarm(at deadline: NIODeadline?) { sessionAlarm?.set(at: state == .open ? deadline : nil) }

    public func admitted() {
        guard startDeadline != nil || lastMessage == nil else { return }
        startDeadline = nil
        if lastMessage == nil { lastMessage = now }
        rearm()
        onAdmitted()
    }

    public func countControl() {
        guard state == .open else { return }
        _ = takeControl()
    }
}

@available(*, unavailable)
extension WebSocketChannelHandler: Sendable {}
