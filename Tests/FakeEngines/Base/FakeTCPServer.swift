import NIOCore

/// A TCP server on a port of 127.0.0.1, which does to each client what a closure says.
public final class FakeTCPServer: Sendable {
    /// Every connection.
    public let connections = FakeRecord<FakeTCPConnection>()

    private let listener = FakeListener()
    private let handle: @Sendable (FakeTCPConnection) async -> Void

    /// - Parameter handler: runs for each connection; when it returns the connection is closed, where it is still open.
    public init(handler: @escaping @Sendable (FakeTCPConnection) async -> Void) { handle = handler }

    public var port: Int { listener.port }

    public func start() async throws {
        try await listener.start { channel, number in
            let connection = FakeTCPConnection(channel, number: number)
            try channel.pipeline.syncOperations.addHandler(FakeBytes(connection))
            self.connections.append(connection)
            FakeLoop.run {
                await self.handle(connection)
                await connection.close()
            }
        }
    }

    public func stop() async { await listener.stop() }
}

/// The server's end of a TCP connection.
public final class FakeTCPConnection: Sendable {
    /// Of the server, from 0.
    public let number: Int
    /// All that came, in pieces as they came.
    public let received = FakeRecord<[UInt8]>()
    /// One element, once the client has ended it.
    public let ended = FakeRecord<FakeEnding>()

    fileprivate let mailbox = FakeMailbox<[UInt8]>()
    private let channel: any Channel

    init(_ channel: any Channel, number: Int) {
        self.channel = channel
        self.number = number
    }

    /// The next piece, of any size; `nil` once the connection has ended.
    public func next() async -> [UInt8]? { await mailbox.next() }

    /// - Returns: whether it left, which waits for a client that reads slowly.
    @discardableResult
    public func send(_ bytes: [UInt8]) async -> Bool { await channel.left(ByteBuffer(bytes: bytes)) }

    public func close() async { try? await channel.close().get() }

    /// Ends the connection with a reset.
    public func drop() async { await channel.reset() }

    /// Reads nothing more, and stays connected until the test ends. Does not return before.
    public func stall() async {
        _ = try? await channel.setOption(.autoRead, value: false).get()
        try? await channel.closeFuture.get()
    }

    fileprivate func take(_ bytes: [UInt8]) {
        received.append(bytes)
        mailbox.put(bytes)
    }

    fileprivate func end() {
        if ended.count == 0 { ended.append(.lost) }
        mailbox.end()
    }
}

/// Takes a connection's bytes to pieces that a protocol has: lines, and so many bytes.
public struct FakeByteReader: Sendable {
    private let connection: FakeTCPConnection
    private var bytes: [UInt8] = []

    public init(_ connection: FakeTCPConnection) { self.connection = connection }

    /// Without its line feed; `nil` where the connection ends first.
    public mutating func line() async -> [UInt8]? {
        while true {
            if let end = bytes.firstIndex(of: 10) {
                defer { bytes.removeFirst(end + 1) }
                return Array(bytes[..<end])
            }
            guard let more = await connection.next() else { return nil }
            bytes += more
        }
    }

    /// So many; `nil` where the connection ends first.
    public mutating func take(_ count: Int) async -> [UInt8]? {
        while bytes.count < count {
            guard let more = await connection.next() else { return nil }
            bytes += more
        }
        defer { bytes.removeFirst(count) }
        return Array(bytes.prefix(count))
    }
}

private final class FakeBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: FakeTCPConnection

    init(_ connection: FakeTCPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.take(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
