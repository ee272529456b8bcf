import NIOCore
import NIOPosix
import NIOSSL

/// Why no connection stands, in words for the operator. No secret is in it.
public struct DialFault: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
}

/// Opens TCP and TLS channels.
public enum Dialer {
    /// - Parameters:
    ///   - trust: for TLS; `nil` for none.
    ///   - time: for the TCP handshake alone; what comes after it is the handler's to time.
    ///   - handler: made on the channel's event loop; it ends the pipeline.
    public static func connect(
        _ address: NetworkAddress, trust: TLSTrust?, within time: TimeAmount, on loop: any EventLoop,
        handler: @escaping @Sendable () throws -> any ChannelInboundHandler
    ) async throws(DialFault) -> any Channel {
        do {
            return try await open(address, trust: trust, within: time, on: loop, handler: handler).get()
        } catch {
            throw fault(address, error)
        }
    }

    /// The same without waiting: fails with what `fault` puts into words.
    public static func open(
        _ address: NetworkAddress, trust: TLSTrust?, within time: TimeAmount, on loop: any EventLoop,
        handler: @escaping @Sendable () throws -> any ChannelInboundHandler
    ) -> EventLoopFuture<any Channel> {
        bootstrap(for: address.host, trust: trust, within: time, on: loop) { try $0.addHandler(try handler()) }
            .connect(host: address.host, port: address.port)
    }

    /// A TCP connection without delays, and TLS with whoever is called `host`.
    ///
    /// - Parameter addHandlers: behind TLS's own, on the channel's event loop.
    static func bootstrap(
        for host: String, trust: TLSTrust?, within time: TimeAmount, on loop: any EventLoop,
        addHandlers: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
    ) -> ClientBootstrap {
        ClientBootstrap(group: loop)
            .connectTimeout(time)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let trust {
                        // A certificate for an address is checked against the peer's own address.
                        let name = IPAddress(host) == nil ? host : nil
                        try pipeline.addHandler(NIOSSLClientHandler(context: trust.context, serverHostname: name))
                    }
                    try addHandlers(pipeline)
                }
            }
    }

    public static func fault(_ address: NetworkAddress, _ error: any Error) -> DialFault {
        DialFault(description: "cannot connect to \(address.host) port \(address.port): \(words(error))")
    }

    private static func words(_ error: any Error) -> String {
        if let error = error as? NIOConnectionError {
            if let first = error.connectionErrors.first { return words(first.error) }
            return "the name is not known"
        }
        if let error = error as? IOError { return error.errnoCode == 111 ? "nothing listens there" : error.description }
        if error is ChannelError { return "no answer" }
        return "\(error)"
    }
}
