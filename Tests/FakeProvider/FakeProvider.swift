import Foundation
import NIOCore
import Synchronization

/// A server on 127.0.0.1 that speaks the messaging APIs of Twilio, Telnyx and Vonage and takes the generic webhook, all at
/// once: it does with each text what its script says, reports on it as the provider would, and counts what came.
///
/// It never connects to another machine: a webhook whose URL is not of this one goes where `route` says, or nowhere.
public final class FakeProvider: Sendable {
    struct State {
        var books = Books()
        var script: ProviderScript
        /// Ports of 127.0.0.1 by public origin.
        var routes: [String: Int] = [:]
        var listener: Listener?
        var channels: [ObjectIdentifier: any Channel] = [:]
        var waiters: [Int: Waiter] = [:]
        var tasks: [Int: Task<Void, Never>] = [:]
        var isStopped = false
        private var names = 0

        init(_ script: ProviderScript) { self.script = script }

        mutating func name() -> Int {
            names += 1
            return names
        }
    }

    public let accounts: ProviderAccounts
    public let port: Int
    /// What webhooks are signed for: UTC milliseconds since 1970.
    public let now: @Sendable () -> Int64
    let state: Mutex<State>
    private let desks: [any ProviderDesk]

    /// - Parameter now: the provider's clock.
    public static func start(
        script: ProviderScript = ProviderScript(), accounts: ProviderAccounts = ProviderAccounts(),
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1_000) }
    ) async throws -> FakeProvider {
        let taker = LateTaker()
        let listener = try await Listener.open(taker)
        let provider = FakeProvider(script, accounts, listener, now)
        taker.use(provider)
        return provider
    }

    private init(
        _ script: ProviderScript, _ accounts: ProviderAccounts, _ listener: Listener,
        _ now: @escaping @Sendable () -> Int64
    ) {
        self.accounts = accounts
        self.now = now
        port = listener.port
        state = Mutex(State(script))
        desks = [
            TwilioDesk(accounts: accounts), TelnyxDesk(accounts: accounts), VonageDesk(accounts: accounts),
            WebhookDesk(accounts: accounts),
        ]
        state.withLock { $0.listener = listener }
    }

    /// Where the APIs of Twilio, Telnyx and Vonage are: the `base` of their formats.
    public var baseURL: String { "http://127.0.0.1:\(port)" }
    /// Where the generic webhook posts to.
    public var webhookURL: String { baseURL + WebhookDesk.path }

    // MARK: what came

    /// A copy of all that is known so far.
    public var books: Books { state.withLock { $0.books } }
    /// Requests to send, in the order of arrival.
    public var received: [ReceivedText] { books.received }
    /// Those that reached their recipients.
    public var taken: [ReceivedText] { books.taken }
    /// Of the texts that reached their recipients.
    public var distinctCorrelations: Set<String> { Set(taken.compactMap(\.correlation)) }
    public var duplicates: Duplicates { Duplicates(received) }

    /// Those of these messages that reached nobody.
    ///
    /// - Parameter expected: ids of messages, as in a correlation before `~`.
    public func lost(expected: some Sequence<String>) -> Set<String> {
        Set(expected).subtracting(taken.compactMap(\.message))
    }

    // MARK: how it behaves

    /// For requests that come from now on; how often a rule of the old one was used is forgotten.
    public func follow(_ script: ProviderScript) { state.withLock { $0.script = script } }

    /// Webhooks for a public origin go to a port of this machine from now on; they stay signed for the public URL.
    ///
    /// - Parameter origin: scheme, host and port as in the callback URLs: `https://voice.example.org`.
    public func route(_ origin: String, toPort port: Int) { state.withLock { $0.routes[origin] = port } }

    /// Drops all connections and refuses new ones, as a provider that is down. What was taken is reported all the same.
    public func goOffline() async {
        let (listener, channels) = state.withLock { state in
            defer { state.listener = nil }
            return (state.listener, Array(state.channels.values))
        }
        await listener?.close()
        for channel in channels { try? await channel.close() }
    }

    /// Listens again, on the same port.
    public func goOnline() async throws {
        if state.withLock({ $0.listener != nil || $0.isStopped }) { return }
        let listener = try await Listener.open(port: port, self)
        let isStopped = state.withLock { state in
            if !state.isStopped { state.listener = listener }
            return state.isStopped
        }
        if isStopped { await listener.close() }
    }

    /// Ends all that is going on: connections, answers and reports that are still to come.
    public func stop() async {
        let tasks = state.withLock { state in
            state.isStopped = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
        await goOffline()
        for task in tasks { await task.value }
    }

    func desk(of kind: ProviderKind) -> any ProviderDesk {
        desks.first { $0.kind == kind } ?? WebhookDesk(accounts: accounts)
    }

    func desk(for request: ProviderRequest) -> (any ProviderDesk)? { desks.first { $0.serves(request) } }
}

/// Takes requests for a provider that is not made yet: its port has to be known first.
private final class LateTaker: RequestTaker {
    private let provider = Mutex<FakeProvider?>(nil)

    func use(_ provider: FakeProvider) { self.provider.withLock { $0 = provider } }

    func opened(_ channel: any Channel) -> Int { provider.withLock { $0 }?.opened(channel) ?? 0 }

    func take(_ request: ProviderRequest, from channel: any Channel) {
        provider.withLock { $0 }?.take(request, from: channel)
    }

    func closed(_ channel: any Channel, torn: [UInt8]) { provider.withLock { $0 }?.closed(channel, torn: torn) }
}
