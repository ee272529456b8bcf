import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A port of 127.0.0.1 and all that has connected to it.
final class FakeListener: Sendable {
    private struct State {
        var server: (any Channel)?
        var channels: [ObjectIdentifier: any Channel] = [:]
        var count = 0
    }
    private let state = Mutex(State())

    /// Of the port that the system gave; 0 before `start`.
    var port: Int { state.withLock { $0.server?.localAddress?.port ?? 0 } }

    /// - Parameter prepare: sets a connection's pipeline up, on its loop; told the connection's number, from 0.
    func start(_ prepare: @escaping @Sendable (any Channel, Int) throws -> Void) async throws {
        let channel = try await ServerBootstrap(group: FakeLoop.group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel, self.add(channel))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        state.withLock { $0.server = channel }
    }

    private func add(_ channel: any Channel) -> Int {
        let id = ObjectIdentifier(channel)
        channel.closeFuture.whenComplete { _ in self.state.withLock { _ = $0.channels.removeValue(forKey: id) } }
        return state.withLock { state in
            state.channels[id] = channel
            state.count += 1
            return state.count - 1
        }
    }

    /// Nobody can connect any more, and nobody is connected.
    func stop() async {
        let (server, channels) = state.withLock { ($0.server, Array($0.channels.values)) }
        try? await server?.close().get()
        for channel in channels {
            channel.close(promise: nil)
            try? await channel.closeFuture.get()
        }
    }
}

extension Channel {
    /// Ends the connection with a reset.
    func reset() async {
        let lingering = linger(l_onoff: 1, l_linger: 0)
        try? await (self as? any SocketOptionProvider)?.setSoLinger(lingering).get()
        try? await close().get()
    }

    /// - Returns: whether it left.
    func left(_ bytes: ByteBuffer) async -> Bool {
        (try? await writeAndFlush(bytes).get()) != nil
    }
}
