import Foundation
import Logging
import NIOPosix
import ParleyCore
import ParleyMessaging
import Synchronization

@testable import ParleyGateway

/// A sender between a store in memory and a provider on loopback, on a clock that a test moves.
final class SenderBench: Sendable {
    static let key = ProviderSecret("correlation-key")

    let clock = ManualClock()
    let store: MemoryOutbox
    let provider: TestProvider
    let departures: Departures
    let sender: TextSender
    private let client: ProviderClient
    private let told = Collected<OutboxNotice>()
    private let passed = Collected<FaultPoint>()
    private let task = Mutex<Task<Void, Never>?>(nil)

    var notices: [OutboxNotice] { told.all }
    var points: [FaultPoint] { passed.all }
    var now: Int64 { clock.now }

    private init(
        provider: TestProvider, channels: [SendingChannel]?, rules: OutboxRules, maxInFlight: Int, callbackBase: String,
        onPoint: @escaping @Sendable (FaultPoint) -> Void
    ) {
        self.provider = provider
        let clock = clock
        store = MemoryOutbox(rules: rules)
        departures = Departures(now: { clock.now })
        client = ProviderClient(loop: MultiThreadedEventLoopGroup.singleton.next())
        let list = channels ?? [Self.channel(provider)]
        let random = Mutex(SplitMix64(seed: 1))
        let told = told
        let passed = passed
        sender = TextSender(
            owner: "o1", store: store, channels: Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0) }),
            rules: rules, client: client, correlationKey: Self.key, callbackBase: callbackBase,
            departures: departures, clock: { clock.now }, random: { random.withLock { $0.next() } },
            sleep: { try await clock.sleep(until: $0) }, notices: { told.add($0) },
            points: {
                passed.add([$0])
                onPoint($0)
            }, maxInFlight: maxInFlight,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    static func channel(
        _ provider: TestProvider, name: String = "clinic-sms", maxInFlight: Int = 16, breaker: Breaker = Breaker()
    ) -> SendingChannel {
        SendingChannel(
            name: name, address: "+12125550100",
            format: TwilioFormat(
                account: "AC1", secret: ProviderSecret("token"), signingTokens: [], base: provider.base),
            maxInFlight: maxInFlight, breaker: breaker)
    }

    /// Runs one test against a sender that runs as long.
    static func run(
        script: @escaping TestProvider.Script = { .accepted($0) },
        channels: (@Sendable (TestProvider) -> [SendingChannel])? = nil, rules: OutboxRules = OutboxRules(),
        maxInFlight: Int = 64, callbackBase: String = "https://voice.example.org",
        onPoint: @escaping @Sendable (FaultPoint) -> Void = { _ in },
        _ body: (SenderBench) async throws -> Void
    ) async throws {
        let provider = try await TestProvider.start(script: script)
        let bench = SenderBench(
            provider: provider, channels: channels?(provider), rules: rules, maxInFlight: maxInFlight,
            callbackBase: callbackBase, onPoint: onPoint)
        do {
            try await body(bench)
        } catch {
            await bench.end()
            throw error
        }
        await bench.end()
        await provider.stop()
    }

    func start() {
        let sender = sender
        task.withLock { $0 = Task { await sender.run() } }
    }

    /// Tells the sender to end.
    func cancel() { task.withLock { $0 }?.cancel() }

    /// Ends the sender politely.
    func stop() async {
        cancel()
        await task.withLock { $0 }?.value
    }

    private func end() async {
        await stop()
        await client.shutdown()
    }

    func add(_ ids: [String], channel: String = "clinic-sms", to number: String = "+12125550123") async throws {
        for id in ids { try await store.add(id, channel: channel, to: number, now: now) }
    }

    /// Moves the clock from alarm to alarm until the rows are as wanted.
    func pass(_ isEnough: @escaping @Sendable ([OutboxRow]) -> Bool) async throws {
        while !isEnough(await Array(store.rows.values)) { try await step() }
    }

    /// Moves the clock to the next alarm, once nothing is under way that this would make late.
    func step() async throws {
        try await clock.armed()
        // Besides the one alarm somebody may sleep who waits for the store.
        while await sender.underWay > 0, clock.sleepers.count < 2 {
            try Task.checkCancellation()
            await Task.yield()
        }
        try await clock.wakeFirst()
    }
}

/// What closures were given, in order.
final class Collected<Value: Sendable>: Sendable {
    private let list = Mutex<[Value]>([])

    var all: [Value] { list.withLock { $0 } }

    func add(_ values: [Value]) { list.withLock { $0 += values } }
}

extension TestProvider.Reply {
    static func accepted(_ request: TestProvider.Request) -> TestProvider.Reply {
        .answer(201, body: #"{"sid":"SM\#(request.number)"}"#)
    }
}

extension TestProvider.Request {
    var form: [String: String] {
        var fields: [String: String] = [:]
        for piece in body.split(separator: "&") {
            let parts = piece.split(separator: "=", maxSplits: 1).map {
                String($0).replacing("+", with: " ").removingPercentEncoding ?? ""
            }
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        return fields
    }

    /// Out of the callback URL, if we signed it.
    var correlation: CorrelationID? {
        guard let url = form["StatusCallback"].flatMap({ URLComponents(string: $0) }),
            let text = url.queryItems?.first(where: { $0.name == CorrelationID.parameter })?.value
        else { return nil }
        return CorrelationID(verifying: text, keys: [SenderBench.key])
    }
}
