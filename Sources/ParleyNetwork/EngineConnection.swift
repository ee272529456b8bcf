import NIOCore
import ParleyWire

/// Takes what happens on an engine's connection. All on the connection's event loop.
public protocol EngineConnectionUser: AnyObject {
    /// It stands: what is sent from now on leaves.
    func opened()
    /// A text message of a WebSocket, whole. Lent.
    func text(_ message: UnsafeRawBufferPointer)
    /// A binary message of a WebSocket, whole; or what has come over TCP, in pieces of any size. Lent.
    func binary(_ message: UnsafeRawBufferPointer)
    /// Once, last. Not after `drop`.
    func closed(_ reason: String)
}

/// One connection of an engine or of the user's own application: a WebSocket, or plain TCP (`tcp://`), with TLS or without.
///
/// Confined to its event loop, as everything that it tells its user.
public final class EngineConnection {
    public let address: NetworkAddress
    private let loop: any EventLoop
    private var user: (any EngineConnectionUser)?
    private var socket: WebSocketClient?
    private var bytes: ByteLine?
    private var channel: (any Channel)?
    private var isOver = false
    /// Closed before it stood.
    private var alarm: Scheduled<Void>?

    /// Begins to connect; `opened` or `closed` follows, never from within this.
    ///
    /// - Parameters:
    ///   - headers: of a WebSocket's upgrade. They may hold credentials.
    ///   - trust: for `wss`; `nil` for none.
    ///   - time: until it stands, all handshakes included.
    ///   - maxMessageBytes: a WebSocket message over it is a violation.
    ///   - watch: how a peer that is gone without a word is found; `nil`: it is not.
    public init(
        _ address: NetworkAddress, headers: [(name: String, value: String)] = [], trust: TLSTrust?,
        within time: TimeAmount = .seconds(2), maxMessageBytes: Int = 1 << 20, watch: WebSocketClient.Watch? = nil,
        on loop: any EventLoop, user: any EngineConnectionUser
    ) {
        loop.preconditionInEventLoop()
        self.address = address
        self.loop = loop
        self.user = user
        alarm = loop.assumeIsolated().scheduleTask(in: time) { [self] in
            end("no connection to \(address.host) port \(address.port) within \(time.nanoseconds / 1_000_000) ms")
        }
        let trust = address.isSecure ? trust : nil
        let me = NIOLoopBound(self, eventLoop: loop)
        let fields = headers.map { Header(name: $0.name, value: $0.value) }
        Dialer.open(address, trust: trust, within: time, on: loop) {
            let connection = me.value
            if address.scheme == .tcp {
                let line = ByteLine(connection, watch: watch)
                connection.bytes = line
                return line
            }
            var limits = WebSocketReceiver.Limits()
            limits.maxMessageBytes = maxMessageBytes
            limits.maxFrameBytes = maxMessageBytes
            return WebSocketClient(
                address, headers: fields.map { ($0.name, $0.value) }, limits: limits, handshakeTime: time, watch: watch,
                user: SocketUser(connection))
        }.whenComplete { result in
            switch result {
            case .success(let channel): me.value.channel = channel
            case .failure(let error): me.value.end(Dialer.fault(address, error).description)
            }
        }
    }

    public private(set) var isOpen = false

    /// Bytes that the connection has not taken yet; a peer that does not read lets them grow.
    public var unsentBytes: Int {
        guard let options = channel?.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }

    public func sendText(_ message: [UInt8]) { message.withUnsafeBytes { socket?.send(.text, $0) } }

    /// One binary message; over TCP, bytes.
    public func sendBinary(_ message: [UInt8]) {
        if let bytes {
            bytes.send(message)
        } else {
            message.withUnsafeBytes { socket?.send(.binary, $0) }
        }
    }

    /// Shows a WebSocket's peer, and whoever forwards it, that this side is there; nothing over TCP.
    public func ping() { socket?.send(.ping, []) }

    /// Says goodbye where the protocol has a way to, and lets what still comes be heard: `closed` follows.
    public func close(code: UInt16 = 1000, reason: String = "") {
        guard !isOver else { return }
        if let socket {
            socket.close(code: code, reason: reason)
        } else if let bytes {
            bytes.close()
        } else {
            drop()
        }
    }

    /// Ends it at once; nothing is told any more.
    public func drop() {
        guard !isOver else { return }
        isOver = true
        isOpen = false
        alarm?.cancel()
        user = nil
        socket?.drop()
        bytes?.close()
        socket = nil
        bytes = nil
        channel = nil
    }

    fileprivate func opened(_ socket: WebSocketClient?) {
        guard !isOver else {
            socket?.drop()
            bytes?.close()
            return
        }
        alarm?.cancel()
        self.socket = socket
        isOpen = true
        user?.opened()
    }

    fileprivate func end(_ reason: String) {
        guard !isOver else { return }
        let user = user
        drop()
        user?.closed(reason)
    }

    private struct Header: Sendable {
        var name: String
        var value: String
    }

    private final class SocketUser: WebSocketClientUser {
        private let connection: EngineConnection

        init(_ connection: EngineConnection) { self.connection = connection }

        func opened(_ socket: WebSocketClient) { connection.opened(socket) }
        func text(_ message: UnsafeRawBufferPointer) { connection.user?.text(message) }
        func binary(_ message: UnsafeRawBufferPointer) { connection.user?.binary(message) }
        /// A call does not wait for the goodbye of a peer that is not believed any more.
        func broken(_ violation: WebSocketViolation) { connection.end(WebSocketEnding.violation(violation).words) }
        func closed(_ ending: WebSocketEnding) { connection.end(ending.words) }
    }

    /// Bytes over TCP.
    private final class ByteLine: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let connection: EngineConnection
        private let watch: WebSocketClient.Watch?
        private var context: ChannelHandlerContext?

        init(_ connection: EngineConnection, watch: WebSocketClient.Watch?) {
            self.connection = connection
            self.watch = watch
        }

        func send(_ bytes: [UInt8]) {
            guard let context else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        }

        func close() { context?.close(promise: nil) }

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }
        func channelActive(context: ChannelHandlerContext) {
            if let watch { context.channel.askWhenSilent(watch) }
            connection.opened(nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            unwrapInboundIn(data).withUnsafeReadableBytes { connection.user?.binary($0) }
        }

        func channelInactive(context: ChannelHandlerContext) { connection.end("the peer closed the connection") }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { connection.end("\(error)") }
    }
}

extension WebSocketEnding {
    /// For the operator.
    public var words: String {
        switch self {
        case .refused(let why): why
        case .closed(let code): "the peer closed the WebSocket\(code.map { " with \($0)" } ?? "")"
        case .violation(let violation): "the peer broke the WebSocket protocol: \(violation.reason)"
        case .lost(let why): why
        case .dropped: "it was dropped"
        }
    }
}
