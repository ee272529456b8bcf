import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import ParleyMessaging
import Synchronization

/// Carries requests to providers over connections that are kept.
///
/// One request is one attempt: nothing is followed, and nothing is sent twice. Certificates are always checked. All of its
/// connections belong to one event loop, so that it can tell when bytes are out.
final class ProviderClient: Sendable {
    /// What became of a request.
    enum Outcome: Equatable, Sendable {
        /// A body of more than `HTTPAnswer.maxBytes` is empty here.
        case answer(HTTPAnswer)
        /// The last look said no, and nothing that could be taken for a text has left.
        case withheld
        /// No address, no connection, no TLS, or a connection that was lost before the body began.
        case notSent
        /// The body had begun.
        case lost(RequestOutcome.Ambiguity)
    }

    /// What is asked before the body's first byte, and told after it.
    struct Departure: Sendable {
        /// Whether the body may leave. Asked once at most, when the connection stands.
        let mayLeave: @Sendable () async -> Bool
        /// The body is in the system's hands. Not told where it never left.
        let written: @Sendable () async -> Void
    }

    private let loop: any EventLoop
    private let client: HTTPClient

    /// - Parameters:
    ///   - loop: of a group that outlives the client.
    ///   - roots: who may sign certificates; `nil` for the system's own.
    init(loop: any EventLoop, roots: [NIOSSLCertificate]? = nil) {
        self.loop = loop
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(2)), decompression: .disabled)
        // Shorter than what servers keep: a request that meets a closing connection is one that nobody knows of.
        configuration.connectionPool = .init(
            idleTimeout: .seconds(20), concurrentHTTP1ConnectionsPerHostSoftLimit: Self.mostConnections)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .fullVerification
        if let roots { tls.trustRoots = .certificates(roots) }
        configuration.tlsConfiguration = tls
        client = HTTPClient(eventLoopGroupProvider: .shared(loop), configuration: configuration)
    }

    /// To one host: as many as texts are in flight, so that none waits for another's answer.
    private static let mostConnections = 64

    /// Sends one request and waits for its answer.
    ///
    /// - Parameters:
    ///   - within: for all of it, the last byte of the answer included.
    ///   - departure: for a request that sends a text; without one the body leaves unasked.
    func carry(_ call: HTTPCall, within time: Duration, departure: Departure? = nil) async -> Outcome {
        let leave = Leave()
        let request = request(call, leave: leave, departure: departure)
        let read = await firstOf(
            { await self.read(request) },
            or: {
                try? await Task.sleep(for: time)
                return .failed(.timeout)
            })
        let state = leave.end()
        // What was given to the connection is out, or never will be.
        if state == .given, departure != nil { await passed() }
        switch (read, state) {
        case (.answer(let answer), _): return .answer(answer)
        case (.failed, .withheld): return .withheld
        case (.failed, .waiting), (.failed, .ended): return .notSent
        case (.failed(let why), .given): return .lost(why)
        }
    }

    /// Closes every connection, also those in use.
    func shutdown() async {
        try? await client.shutdown()
    }

    private enum Reading: Sendable {
        case answer(HTTPAnswer)
        case failed(RequestOutcome.Ambiguity)
    }

    private func request(_ call: HTTPCall, leave: Leave, departure: Departure?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: call.url)
        request.method = HTTPMethod(rawValue: call.method)
        for header in call.headers { request.headers.add(name: header.name, value: header.value) }
        guard departure != nil || !call.body.isEmpty else { return request }
        let body = GuardedBody(
            bytes: call.body, leave: leave, departure: departure, passed: { await self.passed() })
        request.body = .stream(body, length: .known(Int64(call.body.count)))
        return request
    }

    /// Returns when what the loop had before it is done: bytes that were given to a connection are written.
    private func passed() async {
        try? await loop.submit {}.get()
    }

    private func read(_ request: HTTPClientRequest) async -> Reading {
        do {
            let response = try await client.execute(request, deadline: .distantFuture)
            var bytes: [UInt8] = []
            let promised = response.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            if promised <= HTTPAnswer.maxBytes {
                for try await piece in response.body {
                    bytes += piece.readableBytesView
                    guard bytes.count <= HTTPAnswer.maxBytes else { break }
                }
            }
            // A body that was cut off by us is no body.
            if Task.isCancelled { return .failed(.timeout) }
            let headers = response.headers.map { HTTPHeader($0.name, $0.value) }
            let isWhole = promised <= HTTPAnswer.maxBytes && bytes.count <= HTTPAnswer.maxBytes
            return .answer(
                HTTPAnswer(status: Int(response.status.code), headers: headers, body: isWhole ? bytes : []))
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            return .failed(.timeout)
        } catch {
            return .failed(.reset)
        }
    }

    /// The first of two; the other is told to stop and waited for.
    private func firstOf(
        _ one: @escaping @Sendable () async -> Reading, or other: @escaping @Sendable () async -> Reading
    ) async -> Reading {
        await withTaskGroup(of: Reading.self) { group in
            group.addTask(operation: one)
            group.addTask(operation: other)
            let first = await group.next() ?? .failed(.timeout)
            group.cancelAll()
            return first
        }
    }
}
