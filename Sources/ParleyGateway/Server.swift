import Dispatch
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import Metrics
import NIOCore
import NIOPosix
import NIOSSL
import ParleyCore
import ParleyWire
import ServiceLifecycle
import Synchronization

/// Why the gateway could not start: one line that names the thing and the mend.
public struct StartError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// The HTTP and WebSocket server, its limits, its health and its end. One for the process.
public final class Gateway: Service {
    public let configuration: Configuration
    public let metrics: GatewayMetrics
    private let factory: PrometheusFactory
    private let routes: Routes
    private let makeSession: @Sendable (MediaRequest) -> any MediaSession
    private let logger: Logger
    private let group: any EventLoopGroup
    private let loops: SocketLoops
    private let admission: Admission
    let pressure: Pressure
    private let tokens = CallTokens()
    private let onListening: @Sendable (_ port: Int) -> Void
    private let running = Mutex<ServiceGroup?>(nil)
    private let signature: TwilioSignature
    private let conformance: (host: String, port: Int)?
    private let providers: Set<String>

    /// - Parameters:
    ///   - providers: the media paths that are served, `/media/{provider}`.
    ///   - conformance: a second listener that echoes, for WebSocket test suites; loopback only.
    ///   - factory: where metrics are kept; also to be bootstrapped by the process if others count too.
    ///   - makeSession: called on the event loop of each new media socket, before it is opened.
    ///   - onListening: told the port when connections are accepted; also the conformance listener's, where that is all.
    public init(
        configuration: Configuration, providers: Set<String> = ["twilio", "native"],
        conformance: (host: String, port: Int)? = nil, routes: Routes = Routes(),
        factory: PrometheusFactory = PrometheusFactory(), logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in },
        makeSession: @escaping @Sendable (MediaRequest) -> any MediaSession
    ) {
        self.configuration = configuration
        self.providers = providers
        self.conformance = conformance
        self.routes = routes
        self.factory = factory
        self.logger = logger
        self.group = group
        self.onListening = onListening
        self.makeSession = makeSession
        pressure = Pressure(configuration)
        metrics = GatewayMetrics(factory: factory, endReasons: EndReason.allCases.map(\.rawValue))
        admission = Admission(limits: Admission.Limits(configuration), metrics: metrics)
        loops = SocketLoops(group) { [metrics, pressure] lag in
            metrics.loopLag.recordNanoseconds(lag)
            pressure.loops.add(lag, at: Pressure.now)
        }
        signature = TwilioSignature(tokens: configuration.twilioAuthTokens)
    }

    /// Calls that are up.
    public var activeCalls: Int { admission.calls }

    // MARK: Running

    /// Serves until it is told to stop: a graceful shutdown lets calls go on to their end, at most `drain_timeout`.
    ///
    /// - Throws: `StartError` where it cannot start.
    public func run() async throws {
        let application = try makeApplication()
        let services: [any Service] = [application] + (try conformanceApplication().map { [$0] } ?? [])
        let group = ServiceGroup(
            configuration: .init(services: services.map { .init(service: $0) }, logger: quietLogger))
        running.withLock { $0 = group }
        do {
            // Detached: else the inner group would stop with the outer one, and not when `drain` says so.
            let serving = Task.detached { try await group.run() }
            try await withGracefulShutdownHandler {
                try await withTaskCancellationHandler {
                    try await serving.value
                } onCancel: {
                    serving.cancel()
                }
            } onGracefulShutdown: {
                Task { await self.drain() }
            }
        } catch let error as IOError {
            throw StartError(listenProblem(error))
        } catch let error as NIOConnectionError {
            throw StartError("\(configuration[Keys.host]): \(error); check server.host")
        } catch let error as SocketAddressError {
            throw StartError(
                "server.host: \(configuration[Keys.host]) is not an address here (\(error)); check its spelling")
        }
    }

    /// The same, stopped by SIGTERM, SIGINT or SIGHUP; a second one ends the calls politely within ten seconds.
    public func runUntilSignalled(alongside services: [any Service] = []) async throws {
        let whole = ServiceGroup(
            configuration: .init(
                services: (services + [self]).map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                },
                logger: quietLogger))
        let signals = SignalWatch { [admission] count in
            if count == 1 {
                Task { await whole.triggerGracefulShutdown() }
            } else {
                admission.endCalls(within: .seconds(10))
            }
        }
        defer { signals.stop() }
        try await whole.run()
    }

    /// Asks it to stop as SIGTERM does; `run` returns when the last call has ended.
    public func stop() async { await drain() }

    /// Ends every call politely, soon, as a second signal does.
    public func endCalls(within time: Duration) { admission.endCalls(within: TimeAmount(time)) }

    /// Not ready, then (where calls are up) time for balancers to see it, then nobody new, then the calls to their end.
    private func drain() async {
        admission.beginDraining()
        logger.notice("stopping", metadata: ["calls": "\(admission.calls)"])
        if admission.calls > 0 {
            // Cut short when the last call ends: then nobody is left to be sent elsewhere for.
            let deadline = ContinuousClock.now + configuration[Keys.drainDelay]
            while admission.calls > 0, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(50)) }
        }
        await running.withLock { $0 }?.triggerGracefulShutdown()
    }

    /// The server libraries' own lines name nothing that ours do not.
    private var quietLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    // MARK: Composition

    private func makeApplication() throws -> some Service {
        let router = HTTPRoutes(
            configuration: configuration, routes: routes, admission: admission, pressure: pressure, metrics: metrics,
            renderMetrics: { [factory] in factory.render() }, tokens: tokens, signature: signature, logger: logger
        ).router()
        let policy = doorPolicy()
        var server = HTTPServerBuilder { GatewayChannel(responder: $0, policy: policy) }
        if !configuration[Keys.certificate].isEmpty {
            server = try .tls(server, tlsConfiguration: try tlsConfiguration())
        }
        return Application(
            router: router, server: server,
            configuration: .init(
                address: .hostname(configuration[Keys.host], port: configuration.port), serverName: nil, backlog: 1_024),
            onServerRunning: { [logger, onListening, configuration] channel in
                let port = channel.localAddress?.port ?? configuration.port
                onListening(port)
                logger.info("listening", metadata: ["host": "\(configuration[Keys.host])", "port": "\(port)"])
            },
            eventLoopGroupProvider: .shared(group), logger: quietLogger)
    }

    private func doorPolicy() -> DoorPolicy {
        let gate = MediaGate(
            providers: providers, isInsecure: configuration[Keys.insecure], publicURL: configuration[Keys.publicURL],
            direct: DirectPeer(configuration), signature: signature)
        let limits = WebSocketLimits(configuration)
        return basePolicy(
            isSocketPath: { [providers] path in provider(of: path).map(providers.contains) ?? false },
            open: { [admission, loops, metrics, pressure, tokens, routes, makeSession] head, address, channel in
                guard let provider = provider(of: head.path) else {
                    return .failure(DoorRefusal(status: 404, text: "no WebSocket is served at this path"))
                }
                if admission.isDraining {
                    metrics.refused(.draining)
                    return .failure(.stopping)
                }
                if let (status, reason) = gate.refusal(provider: provider, head: head, peerAddress: address) {
                    metrics.refused(reason)
                    return .failure(DoorRefusal(status: status, text: "this socket is not for you"))
                }
                guard routes.notReady().isEmpty else {
                    metrics.refused(.notReady)
                    return .failure(.notReady)
                }
                if let (reason, _) = pressure.refusal(at: Pressure.now) {
                    metrics.refused(reason)
                    return .failure(.full)
                }
                guard admission.beginCall(on: channel) else {
                    metrics.refused(.calls)
                    return .failure(.full)
                }
                channel.closeFuture.whenComplete { _ in admission.endCall(on: channel) }
                let request = MediaRequest(
                    provider: provider, head: head, peerAddress: address, isInsecure: gate.isInsecure, tokens: tokens,
                    metrics: metrics)
                return .success(
                    WebSocketChannelHandler(
                        session: makeSession(request), limits: limits, loop: loops[channel.eventLoop],
                        metrics: metrics))
            })
    }

    private func basePolicy(
        isPlain: Bool = false,
        isSocketPath: @escaping @Sendable (String) -> Bool,
        open: @escaping @Sendable (RequestHead, String, any Channel) -> Result<WebSocketChannelHandler, DoorRefusal>
    ) -> DoorPolicy {
        DoorPolicy(
            head: .init(
                bytes: configuration[Keys.headerBytes], fields: configuration[Keys.headerFields],
                line: configuration[Keys.headerLine]),
            tlsHandshakeTimeout: configuration[Keys.certificate].isEmpty || isPlain
                ? nil : TimeAmount(configuration[Keys.tlsHandshakeTimeout]),
            headTimeout: TimeAmount(configuration[Keys.headerTimeout]),
            bodyTimeout: TimeAmount(configuration[Keys.bodyTimeout]),
            closeTimeout: TimeAmount(configuration[Keys.closeTimeout]),
            trustedProxies: configuration[Keys.trustedProxies], loops: loops, admission: admission, metrics: metrics,
            isSocketPath: isSocketPath, open: open)
    }

    private func conformanceApplication() throws -> (any Service)? {
        guard let conformance else { return nil }
        guard Network.isLoopback(host: conformance.host) else {
            throw StartError("--conformance: \(conformance.host) is not a loopback address; use 127.0.0.1:PORT")
        }
        let limits = WebSocketLimits.conformance(configuration)
        let policy = basePolicy(
            isPlain: true, isSocketPath: { _ in true },
            open: { [loops, metrics] _, _, channel in
                .success(
                    WebSocketChannelHandler(
                        session: EchoSession(), limits: limits, loop: loops[channel.eventLoop], metrics: metrics))
            })
        return Application(
            router: Router(context: PeerContext.self),
            server: HTTPServerBuilder { GatewayChannel(responder: $0, policy: policy) },
            configuration: .init(address: .hostname(conformance.host, port: conformance.port), serverName: nil),
            onServerRunning: { [logger] channel in
                logger.notice(
                    "echoing for conformance suites", metadata: ["port": "\(channel.localAddress?.port ?? 0)"])
            },
            eventLoopGroupProvider: .shared(group), logger: quietLogger)
    }

    private func tlsConfiguration() throws -> TLSConfiguration {
        func mend(_ key: ConfigurationKey<String>, _ error: any Error) -> StartError {
            StartError("\(key.path): \(configuration[key]) cannot be used (\(error)); give a readable PEM file")
        }
        let chain: [NIOSSLCertificateSource]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(configuration[Keys.certificate]).map { .certificate($0) }
        } catch {
            throw mend(Keys.certificate, error)
        }
        guard !chain.isEmpty else {
            throw StartError("\(Keys.certificate.path): \(configuration[Keys.certificate]) holds no certificate")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: configuration[Keys.certificateKey], format: .pem)
        } catch {
            throw mend(Keys.certificateKey, error)
        }
        var tls = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        tls.minimumTLSVersion = .tlsv12
        // AEAD and ECDHE only; TLS 1.3 has nothing else.
        tls.cipherSuites =
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
            + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
        do {
            _ = try NIOSSLContext(configuration: tls)
        } catch {
            throw StartError(
                "\(Keys.certificateKey.path): does not belong to \(configuration[Keys.certificate]) (\(error))")
        }
        return tls
    }

    private func listenProblem(_ error: IOError) -> String {
        let place = "\(configuration[Keys.host]):\(configuration.port)"
        switch error.errnoCode {
        case EADDRINUSE: return "server.port: \(place) is in use; stop what listens there or choose another --port"
        case EACCES: return "server.port: \(place) needs a privilege; choose a port above 1023"
        case EADDRNOTAVAIL: return "server.host: \(place) is not an address of this machine; check server.host"
        default: return "server.host: cannot listen on \(place) (\(error)); check server.host and server.port"
        }
    }
}

/// `/media/{provider}`: the provider.
private func provider(of path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, parts[1] == "media", !parts[2].isEmpty else { return nil }
    return String(parts[2])
}

extension DoorRefusal {
    static let stopping = DoorRefusal(
        status: 503, text: "the gateway is being stopped", headers: [("Retry-After", "5")])
    static let full = DoorRefusal(status: 503, text: "too many calls, try again", headers: [("Retry-After", "5")])
    static let notReady = DoorRefusal(status: 503, text: "not ready yet, try again", headers: [("Retry-After", "5")])
}

/// Counts SIGTERM, SIGINT and SIGHUP (the terminal is gone) while it lives.
private final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ onSignal: @escaping @Sendable (_ count: Int) -> Void) {
        let counter = Counted()
        sources = [SIGTERM, SIGINT, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { onSignal(counter.next()) }
            source.resume()
            return source
        }
    }

    func stop() { for source in sources { source.cancel() } }

    private final class Counted: Sendable {
        private let count = Atomic<Int>(0)
        func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
    }
}
