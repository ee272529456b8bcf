import NIOCore
import NIOPosix

/// One request to a server that is not believed.
public struct CheckedRequest: Sendable {
    public var method: String
    /// `http` or `https`.
    public var address: NetworkAddress
    /// Besides `Host`, `Content-Length` and `Connection`, which are put to them.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(method: String, address: NetworkAddress, headers: [(name: String, value: String)], body: [UInt8] = []) {
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
    }
}

/// An answer that came whole.
public struct CheckedAnswer: Equatable, Sendable {
    public struct Header: Equatable, Sendable {
        public var name: String
        public var value: String
    }
    public var status: Int
    public var headers: [Header]
    /// At most `CheckedHTTP.maxBodyBytes`.
    public var body: [UInt8]

    /// The first of this name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why there is no answer. Nothing of the request is in it.
public enum CheckedFault: Error, Equatable, Sendable {
    /// The host is written so that it can be read in two ways.
    case ambiguousHost
    /// An address of the host is one that nothing is sent to.
    case address(AddressRules.Refusal)
    case unknownName
    case noConnection
    /// No TLS, or a certificate that is not believed or is another name's.
    case untrusted
    /// - Parameter isSent: all of the request was out: what it asks for may have happened.
    case late(isSent: Bool)
    case lost(isSent: Bool)
    case cancelled(isSent: Bool)
    /// The head or the body is larger than is taken.
    case tooLarge
    case notHTTP

    /// Whether the other side may have done what it was asked.
    public var mayBeDone: Bool {
        switch self {
        case .late(let isSent), .lost(let isSent), .cancelled(let isSent): isSent
        case .tooLarge, .notHTTP: true
        case .ambiguousHost, .address, .unknownName, .noConnection, .untrusted: false
        }
    }
}

/// Carries single requests to addresses that were checked: the name is looked up once, every address of it must be allowed,
/// and the connection goes to one of those. TLS still asks for the name. Nothing is followed, and nothing is sent twice.
public struct CheckedHTTP: Sendable {
    /// Longest body of an answer.
    public static let maxBodyBytes = 1 << 20
    /// Addresses of one host that are tried, one after the other.
    private static let mostAddresses = 4

    private let trust: TLSTrust
    private let resolver: HostResolver
    private let connectTime: TimeAmount

    /// - Parameter connectTime: for the TCP handshake with one address.
    public init(trust: TLSTrust, resolver: HostResolver = .system, connectTime: TimeAmount = .seconds(2)) {
        self.trust = trust
        self.resolver = resolver
        self.connectTime = connectTime
    }

    /// Looks a host up and checks what is found.
    ///
    /// - Parameter time: how long may be looked for.
    /// - Returns: addresses to connect to, one at least.
    public func addresses(
        of host: String, by rules: AddressRules, within time: TimeAmount, on loop: any EventLoop
    ) async throws(CheckedFault) -> [IPAddress] {
        guard let host = PlainHost(host) else { throw .ambiguousHost }
        let found: [IPAddress]
        switch host {
        case .address(let address): found = [address]
        case .name(let name): found = try await lookUp(name, within: time, on: loop)
        }
        for address in found {
            if let refusal = rules.refusal(of: address) { throw .address(refusal) }
        }
        guard !found.isEmpty else { throw .unknownName }
        return Array(found.prefix(Self.mostAddresses))
    }

    private func lookUp(
        _ name: String, within time: TimeAmount, on loop: any EventLoop
    ) async throws(CheckedFault) -> [IPAddress] {
        // The first to be told counts: a name server may take longer than anybody waits.
        let answer = loop.makePromise(of: [IPAddress].self)
        let alarm = loop.scheduleTask(in: time) { answer.fail(CheckedFault.late(isSent: false)) }
        loop.execute { resolver.addresses(name, loop).cascade(to: answer) }
        defer { alarm.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await answer.futureResult.get()
            } onCancel: {
                answer.fail(CheckedFault.cancelled(isSent: false))
            }
        } catch {
            throw error as? CheckedFault ?? .unknownName
        }
    }

    /// Sends one request and waits for its answer.
    ///
    /// - Parameters:
    ///   - addresses: as `addresses` found them.
    ///   - time: for all of it, the last byte of the answer included.
    public func send(
        _ request: CheckedRequest, to addresses: [IPAddress], within time: TimeAmount, on loop: any EventLoop
    ) async throws(CheckedFault) -> CheckedAnswer {
        let stop = loop.makePromise(of: Void.self)
        let (trust, connectTime) = (request.address.isSecure ? trust : nil, connectTime)
        let answer = loop.flatSubmit {
            let exchange = CheckedExchange(request, trust: trust, connectTime: connectTime, on: loop)
            return exchange.run(addresses, within: time, stop: stop.futureResult)
        }
        defer { stop.succeed() }
        do {
            return try await withTaskCancellationHandler {
                try await answer.get()
            } onCancel: {
                stop.fail(CheckedFault.cancelled(isSent: false))
            }
        } catch {
            throw error as? CheckedFault ?? .noConnection
        }
    }
}
