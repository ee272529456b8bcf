import NIOCore
import NIOPosix
import NIOSSL
import ParleyWire

/// Opens the TCP or TLS channel of a client's WebSocket.
enum Dialing {
    /// - Throws: `CallError.connection`, with what to look at.
    static func connect(
        _ url: MediaURL, headers: [(name: String, value: String)] = [], ca: String?, limits: WebSocketReceiver.Limits,
        on loop: any EventLoop, user: @escaping @Sendable () throws -> any WebSocketClientUser
    ) async throws -> any Channel {
        let tls = try url.isSecure ? context(ca: ca) : nil
        let fields = headers.map { Header(name: $0.name, value: $0.value) }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        // A certificate for an address is checked against the peer's own address.
                        let isAddress = (try? SocketAddress(ipAddress: url.host, port: 0)) != nil
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : url.host))
                    }
                    let client = WebSocketClient(
                        url: url, headers: fields.map { ($0.name, $0.value) }, limits: limits, user: try user())
                    try pipeline.addHandler(client)
                }
            }
        do {
            return try await bootstrap.connect(host: url.host, port: url.port).get()
        } catch {
            throw CallError.connection("cannot connect to \(url.host) port \(url.port): \(Self.words(error))")
        }
    }

    private struct Header: Sendable {
        var name: String
        var value: String
    }

    private static func context(ca: String?) throws(CallError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let ca { configuration.trustRoots = .file(ca) }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .usage("--ca \(ca ?? ""): no certificates can be read from it (\(error))")
        }
    }

    private static func words(_ error: any Error) -> String {
        if let error = error as? NIOConnectionError {
            if let first = error.connectionErrors.first { return words(first.error) }
            return "the name is not known"
        }
        if let error = error as? IOError { return error.errnoCode == 111 ? "nothing listens there" : error.description }
        return "\(error)"
    }
}
