import NIOCore
import NIOWebSocket
import Synchronization

/// One whole message.
public enum FakeMessage: Equatable, Sendable, CustomStringConvertible {
    case text(String)
    case binary([UInt8])

    public var text: String? { if case .text(let text) = self { text } else { nil } }
    public var binary: [UInt8]? { if case .binary(let bytes) = self { bytes } else { nil } }

    public var description: String {
        switch self {
        case .text(let text): text.count > 300 ? "\(text.prefix(300))…" : text
        case .binary(let bytes): "\(bytes.count) bytes"
        }
    }
}

/// A message and the connection, from 0, that it came over.
public struct FakeReceived: Equatable, Sendable {
    public let connection: Int
    public let message: FakeMessage
}

/// How the client ended a connection.
public enum FakeEnding: Equatable, Sendable {
    /// With a close frame, and this code where it had one.
    case closed(UInt16?)
    /// Without.
    case lost
}

/// The server's end of a WebSocket.
public final class FakeWebSocket: Sendable {
    /// Of the server, from 0; refused requests count.
    public var number: Int { upgrade.connection }
    public let upgrade: FakeUpgrade
    /// All messages of this connection, read by the handler or not.
    public let received = FakeRecord<FakeMessage>()
    /// One element, once the client has ended it.
    public let ended = FakeRecord<FakeEnding>()

    let mailbox = FakeMailbox<FakeMessage>()
    private let ofAll: FakeRecord<FakeReceived>
    private let channel: any Channel
    private let isClosing = Mutex(false)

    init(_ channel: any Channel, upgrade: FakeUpgrade, received: FakeRecord<FakeReceived>) {
        self.channel = channel
        self.upgrade = upgrade
        ofAll = received
    }

    /// The next message; `nil` once the connection has ended.
    public func next() async -> FakeMessage? { await mailbox.next() }

    /// Sends a text message. What is sent by one task leaves in order.
    ///
    /// - Returns: whether it left, which waits for a client that reads slowly.
    @discardableResult
    public func send(_ text: String) async -> Bool { await send(.text, ByteBuffer(string: text)) }

    /// Sends a binary message.
    @discardableResult
    public func send(_ bytes: [UInt8]) async -> Bool { await send(.binary, ByteBuffer(bytes: bytes)) }

    /// Sends one frame as it is: a message that is never finished, say.
    @discardableResult
    public func sendFrame(_ opcode: WebSocketOpcode, isLast: Bool, _ bytes: [UInt8]) async -> Bool {
        let frame = WebSocketFrame(fin: isLast, opcode: opcode, data: ByteBuffer(bytes: bytes))
        return (try? await channel.writeAndFlush(frame).get()) != nil
    }

    /// Begins the closing handshake and waits, for a second at most, until the connection has ended.
    public func close(code: UInt16, reason: String = "") async {
        let isFirst = isClosing.withLock { isClosing in
            defer { isClosing = true }
            return !isClosing
        }
        guard isFirst, channel.isActive else { return }
        var data = channel.allocator.buffer(capacity: 2 + reason.utf8.count)
        data.writeInteger(code)
        data.writeString(reason)
        _ = try? await channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .connectionClose, data: data)).get()
        let patience = channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
        try? await channel.closeFuture.get()
        patience.cancel()
    }

    /// Ends the TCP connection with a reset.
    public func drop() async { await channel.reset() }

    /// Reads nothing more, and stays connected until the test ends. Does not return before.
    public func stall() async {
        _ = try? await channel.setOption(.autoRead, value: false).get()
        try? await channel.closeFuture.get()
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) async -> Bool {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: data)
        return (try? await channel.writeAndFlush(frame).get()) != nil
    }

    fileprivate func take(_ message: FakeMessage) {
        received.append(message)
        ofAll.append(FakeReceived(connection: number, message: message))
        mailbox.put(message)
    }

    fileprivate func end(_ ending: FakeEnding) {
        if ended.count == 0 { ended.append(ending) }
        mailbox.end()
    }

    /// A close frame was answered, or answers ours.
    fileprivate func closes() -> Bool {
        isClosing.withLock { isClosing in
            defer { isClosing = true }
            return !isClosing
        }
    }
}

/// Frames of a client into messages.
final class FakeFrames: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let socket: FakeWebSocket
    private var opcode: WebSocketOpcode?
    private var message: [UInt8] = []

    init(_ socket: FakeWebSocket) { self.socket = socket }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        // RFC 6455, 5.1: a client masks what it sends.
        guard frame.maskKey != nil else { return close(context, .protocolError) }
        switch frame.opcode {
        case .text, .binary:
            guard opcode == nil else { return close(context, .protocolError) }
            opcode = frame.opcode
            take(frame, context)
        case .continuation:
            guard opcode != nil else { return close(context, .protocolError) }
            take(frame, context)
        case .ping:
            context.writeAndFlush(
                wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)), promise: nil)
        case .connectionClose:
            var data = frame.unmaskedData
            let code = data.readInteger(as: UInt16.self)
            socket.end(.closed(code))
            guard socket.closes() else { return context.close(promise: nil) }
            let echo = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(echo)).whenComplete { _ in channel.close(promise: nil) }
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        socket.end(.lost)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func take(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        message += frame.unmaskedData.readableBytesView
        guard frame.fin, let opcode else { return }
        self.opcode = nil
        defer { message = [] }
        guard opcode == .text else { return socket.take(.binary(message)) }
        guard let text = String(validating: message, as: UTF8.self) else {
            return close(context, .dataInconsistentWithMessage)
        }
        socket.take(.text(text))
    }

    private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        var data = context.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(frame)).whenComplete { _ in channel.close(promise: nil) }
    }
}
