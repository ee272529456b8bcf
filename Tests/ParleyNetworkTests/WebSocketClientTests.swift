import NIOCore
import NIOEmbedded
import ParleyWire
import Testing

@testable import ParleyNetwork

/// Answers every message with the same one, and keeps what it got.
private final class Answering: WebSocketClientUser {
    var texts: [String] = []
    var ending: WebSocketEnding?
    var violation: WebSocketViolation?
    private var socket: WebSocketClient?

    func opened(_ socket: WebSocketClient) { self.socket = socket }
    func text(_ message: UnsafeRawBufferPointer) {
        texts.append(String(decoding: message, as: UTF8.self))
        socket?.send(.text, message)
    }
    func binary(_ message: UnsafeRawBufferPointer) {}
    func broken(_ violation: WebSocketViolation) { self.violation = violation }
    func closed(_ ending: WebSocketEnding) { self.ending = ending }
}

/// A channel whose next write fails as a real one's does: it reads what is left, and closes, before the write returns.
private final class BrokenPipe: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    var left: ByteBuffer?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard let left else { return context.write(data, promise: promise) }
        self.left = nil
        context.fireChannelRead(wrapInboundOut(left))
        context.fireChannelInactive()
    }
}

@Suite("The caller's end of a socket")
struct WebSocketClientTests {
    private func frames(_ texts: String...) -> ByteBuffer {
        var bytes: [UInt8] = []
        for text in texts { Array(text.utf8).withUnsafeBytes { WebSocketFrame.append(.text, $0, to: &bytes) } }
        return ByteBuffer(bytes: bytes)
    }

    /// A client whose handshake is done.
    private func open(
        _ user: Answering, _ pipe: BrokenPipe = BrokenPipe(), watch: WebSocketClient.Watch? = nil
    ) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([
            pipe,
            WebSocketClient(
                try NetworkAddress("ws://h/", schemes: [.ws]), headers: [], limits: .init(), watch: watch, user: user),
        ])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let request = String(buffer: try #require(try channel.readOutbound(as: ByteBuffer.self)))
        let key = try #require(request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") })
        let accept = WebSocketHandshake.accept(for: String(key.dropFirst(19)))
        try channel.writeInbound(
            ByteBuffer(
                string: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: \(accept)\r\n\r\n"))
        return channel
    }

    @Test("When an answer cannot be written, what the server had still sent is taken in its order, and then the end")
    func brokenPipe() throws {
        let (user, pipe) = (Answering(), BrokenPipe())
        let channel = try open(user, pipe)
        pipe.left = frames("three", "four")
        try channel.writeInbound(frames("one", "two"))
        #expect(user.texts == ["one", "two", "three", "four"])
        #expect(user.ending == .lost("the connection went without a close"))
    }

    @Test("A socket that fell silent sends nothing more, its close neither, and takes nothing")
    func silence() throws {
        let (user, pipe) = (Answering(), BrokenPipe())
        let channel = try open(user, pipe)
        let client = try channel.pipeline.syncOperations.handler(type: WebSocketClient.self)
        client.fallSilent()
        try channel.writeInbound(frames("one"))
        client.send(.text, [0x31])
        client.close(code: 1000)
        #expect(user.texts == [])
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        (channel.eventLoop as? EmbeddedEventLoop)?.advanceTime(by: WebSocketClient.closeTime)
        #expect(user.ending == .lost("the peer did not finish the close"))
    }

    @Test("A dropped connection ends without a close frame, and says so once")
    func drop() throws {
        let (user, pipe) = (Answering(), BrokenPipe())
        let channel = try open(user, pipe)
        try channel.pipeline.syncOperations.handler(type: WebSocketClient.self).drop()
        #expect(user.ending == .dropped)
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
    }

    @Test("A peer that breaks the protocol is told so at once, and so is the user; the end of the connection follows")
    func violation() throws {
        let user = Answering()
        let channel = try open(user)
        // A masked frame, which no server sends.
        try channel.writeInbound(ByteBuffer(bytes: [0x81, 0x81, 0, 0, 0, 0, 0x31]))
        let violation = try #require(user.violation)
        #expect(violation.closeCode == 1002)
        #expect(user.ending == nil)
        #expect(try frame(channel) == (8, true))
        channel.embeddedEventLoop.advanceTime(by: WebSocketClient.closeTime)
        #expect(user.ending == .violation(violation))
    }

    // MARK: A peer that is gone without a word

    /// The opcode of the next frame that was sent, and whether there was one.
    private func frame(_ channel: EmbeddedChannel) throws -> (opcode: UInt8, isThere: Bool) {
        let bytes = try channel.readOutbound(as: ByteBuffer.self)?.readableBytesView.first
        return (bytes.map { $0 & 15 } ?? 0, bytes != nil)
    }

    @Test("A silent peer is asked after 5 s, and gone 4 s after that: a connection that died is found within 10 s")
    func gone() throws {
        let user = Answering()
        let channel = try open(user, watch: .engine)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(4_999))
        #expect(try frame(channel) == (0, false))
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(try frame(channel) == (9, true))
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(3_999))
        #expect(user.ending == nil)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(user.ending == .lost("no sign of the peer for 9000 ms"))
        #expect(!channel.isActive)
    }

    @Test("A peer that answers, or says anything, is there, for however long; one that talks is not asked")
    func there() throws {
        let user = Answering()
        let channel = try open(user, watch: .engine)
        let loop = channel.embeddedEventLoop
        for _ in 0..<20 {
            loop.advanceTime(by: .seconds(5))
            #expect(try frame(channel) == (9, true))
            loop.advanceTime(by: .milliseconds(3_999))
            try channel.writeInbound(ByteBuffer(bytes: [0x8A, 0]))
        }
        for _ in 0..<20 {
            loop.advanceTime(by: .milliseconds(4_999))
            try channel.writeInbound(frames("one"))
            // Its answer, and no ping.
            #expect(try frame(channel) == (1, true))
        }
        #expect(try frame(channel) == (0, false))
        #expect(user.ending == nil)
    }

    @Test("Where nobody watches, a peer may be silent for an hour")
    func unwatched() throws {
        let user = Answering()
        let channel = try open(user)
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(try frame(channel) == (0, false))
        #expect(user.ending == nil)
    }
}
