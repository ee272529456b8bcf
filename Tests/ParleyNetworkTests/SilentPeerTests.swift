import NIOCore
import NIOPosix
import Testing

@testable import ParleyNetwork

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("A TCP peer that is gone without a word")
struct SilentPeerTests {
    @Test("The system asks it after 5 s, and ends the connection 4 s later; what is not acknowledged does the same")
    func options() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let channel = try await ClientBootstrap(group: group).connect(to: try #require(server.localAddress)).get()
        channel.askWhenSilent(.engine)
        #expect(try await channel.getOption(.socketOption(.so_keepalive)).get() != 0)
        let expected: [(CInt, SocketOptionValue)] = [
            (TCP_KEEPIDLE, 5), (TCP_KEEPINTVL, 2), (TCP_KEEPCNT, 2), (TCP_USER_TIMEOUT, 9_000),
        ]
        for (option, value) in expected {
            let found = try await channel.getOption(.tcpOption(NIOBSDSocket.Option(rawValue: option))).get()
            #expect(found == value, "option \(option)")
        }
        try await channel.close().get()
        try await server.close().get()
    }
}
