import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ParleyCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Takes an answer as it comes. All on the request's event loop.
public protocol HTTPStreamUser: AnyObject {
    func head(status: Int, headers: [(name: String, value: String)])
    /// A piece of the body, cut anywhere. Lent.
    func body(_ piece: UnsafeRawBufferPointer)
    /// Once, last: `nil` when the answer came whole. Not after `cancel`.
    func ended(_ problem: String?)
}

/// Requests whose answers are taken as they come, over connections that are kept. Nothing is followed or sent twice.
public final class HTTPStreamClient: Sendable {
    private let client: HTTPClient

    /// - Parameters:
    ///   - caFile: PEM, with the certificates to trust in place of the system's, which are always checked.
    ///   - connectTime: for TCP and TLS.
    public init(caFile: String? = nil, connectTime: TimeAmount = .seconds(2)) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: connectTime), decompression: .disabled)
        configuration.connectionPool = .init(
            idleTimeout: .seconds(50), concurrentHTTP1ConnectionsPerHostSoftLimit: 512)
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.certificateVerification = .fullVerification
        if let caFile { tls.trustRoots = .file(caFile) }
        configuration.tlsConfiguration = tls
        client = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
    }

    /// Sends a request from an event loop; its answer comes there.
    ///
    /// - Parameter time: for all of the answer; its end is told as a problem.
    public func send(
        _ method: String, _ url: String, headers: [(name: String, value: String)], body: [UInt8],
        within time: CallTime, on loop: any EventLoop, user: any HTTPStreamUser
    ) -> HTTPStreamTask {
        loop.preconditionInEventLoop()
        let task = HTTPStreamTask(user)
        do {
            var request = try HTTPClient.Request(url: url, method: HTTPMethod(rawValue: method))
            for header in headers { request.headers.add(name: header.name, value: header.value) }
            if !body.isEmpty { request.body = .bytes(body) }
            let delegate = Delegate(NIOLoopBound(task, eventLoop: loop), loop)
            let running = client.execute(
                request: request, delegate: delegate, eventLoop: .delegateAndChannel(on: loop),
                deadline: .now() + .nanoseconds(time.nanoseconds))
            task.cancelRequest = { running.cancel() }
        } catch {
            // Told later, as everything else: nobody is called back from within their own call.
            let bound = NIOLoopBound(task, eventLoop: loop)
            loop.execute { bound.value.end("\(url) is no URL") }
        }
        return task
    }

    /// Closes every connection. For the process's end.
    public func shutDown() async { try? await client.shutdown() }

    private final class Delegate: HTTPClientResponseDelegate {
        private let task: NIOLoopBound<HTTPStreamTask>
        private let loop: any EventLoop

        init(_ task: NIOLoopBound<HTTPStreamTask>, _ loop: any EventLoop) {
            self.task = task
            self.loop = loop
        }

        func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
            self.task.value.user?.head(
                status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) })
            return loop.makeSucceededVoidFuture()
        }

        func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
            buffer.withUnsafeReadableBytes { self.task.value.user?.body($0) }
            return loop.makeSucceededVoidFuture()
        }

        func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) { self.task.value.end(Self.words(error)) }

        func didFinishRequest(task: HTTPClient.Task<Void>) throws { self.task.value.end(nil) }

        private static func words(_ error: any Error) -> String {
            switch error {
            case let error as HTTPClientError where error == .deadlineExceeded: "the answer took too long"
            case let error as HTTPClientError where error == .connectTimeout: "no connection in time"
            case let error as HTTPClientError where error == .remoteConnectionClosed: "the peer closed the connection"
            case is NIOConnectionError: "nothing answers there"
            case is NIOSSLError, is NIOSSLExtraError: "the server's certificate is not trusted, or it speaks no TLS"
            case let error as IOError where error.errnoCode == ECONNREFUSED: "nothing listens there"
            case let error as IOError where error.errnoCode == ECONNRESET: "the peer reset the connection"
            case let error as IOError: "the connection failed, errno \(error.errnoCode)"
            // No more of it: some errors hold the request's headers, and with them a key.
            default: "the request failed: \(type(of: error))"
            }
        }
    }
}

/// A request under way. Confined to its event loop.
public final class HTTPStreamTask {
    fileprivate var user: (any HTTPStreamUser)?
    fileprivate var cancelRequest: () -> Void = {}

    fileprivate init(_ user: any HTTPStreamUser) { self.user = user }

    /// Ends it; nothing is told any more.
    public func cancel() {
        guard user != nil else { return }
        user = nil
        cancelRequest()
    }

    fileprivate func end(_ problem: String?) {
        let user = user
        self.user = nil
        user?.ended(problem)
    }
}
