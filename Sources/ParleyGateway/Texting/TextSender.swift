import Logging
import ParleyMessaging

/// Takes texts out of their store and hands them to their providers. Decides nothing about a text: `OutboxRules` do, inside
/// the store. Breakers are its own.
///
/// Runs once. What a text comes to is durable before its claim counts as over; a store that fails is asked again a second
/// later. Times are UTC milliseconds since 1970.
actor TextSender {
    /// Looks at the store at least this often: rows that another process wrote ring no bell here.
    static let longestRestMS: Int64 = 5_000
    /// And no oftener without a reason, so that a store that always says "now" costs no processor.
    static let shortestRestMS: Int64 = 50
    static let storeRetryMS: Int64 = 1_000
    static let settlePatienceMS: Int64 = 600_000
    /// Questions to providers at once, and those that wait their turn. A question that is dropped comes again.
    static let mostAsking = 8
    static let mostQueries = 1_000

    let store: any OutboxStore
    let channels: [String: SendingChannel]
    let rules: OutboxRules
    let client: ProviderClient
    let correlationKey: ProviderSecret
    let callbackBase: String
    let departures: Departures
    let now: @Sendable () -> Int64
    let random: @Sendable () -> UInt64
    let sleep: @Sendable (_ until: Int64) async throws -> Void
    let notices: @Sendable ([OutboxNotice]) -> Void
    let points: @Sendable (FaultPoint) -> Void
    let logger: Logger
    private let owner: String
    private let maxInFlight: Int
    nonisolated let bell = Bell()

    private var breakers: [String: Breaker]
    private var inFlight: [String: Int] = [:]
    /// Channels of rows that are not configured here.
    private var strangers: Set<String> = []
    private var queries: [OutboxQuery] = []
    private var asking = 0
    /// After an error of the store.
    private var looksAgainAt: Int64 = .min

    /// - Parameters:
    ///   - owner: names this process in its leases.
    ///   - channels: by name.
    ///   - correlationKey: signs what settles a lost answer.
    ///   - callbackBase: where providers reach us, without a slash at its end; empty asks for no reports.
    ///   - clock: the time now.
    ///   - sleep: until a time; for tests. Ends early when its task is cancelled.
    ///   - notices: what the store wants done, after it is durable. Must not block.
    ///   - points: where a test may kill the process.
    ///   - maxInFlight: requests at once over all channels.
    init(
        owner: String, store: any OutboxStore, channels: [String: SendingChannel], rules: OutboxRules,
        client: ProviderClient, correlationKey: ProviderSecret, callbackBase: String, departures: Departures,
        clock: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> UInt64,
        sleep: (@Sendable (_ until: Int64) async throws -> Void)? = nil,
        notices: @escaping @Sendable ([OutboxNotice]) -> Void,
        points: @escaping @Sendable (FaultPoint) -> Void = { _ in },
        maxInFlight: Int = 64, logger: Logger = Logger(label: "parley.texts")
    ) {
        self.owner = owner
        self.store = store
        self.channels = channels
        self.rules = rules
        self.client = client
        self.correlationKey = correlationKey
        self.callbackBase = callbackBase
        self.departures = departures
        now = clock
        self.random = random
        self.sleep =
            sleep ?? { until in
                try await Task.sleep(for: .milliseconds(min(max(until &- clock(), 0), TextSender.longestRestMS)))
            }
        self.notices = notices
        self.points = points
        self.maxInFlight = max(maxInFlight, 1)
        self.logger = logger
        breakers = channels.mapValues(\.breaker)
    }

    /// Something may wait in the store. From any thread.
    nonisolated func wake() { bell.ring() }

    /// Sends until it is cancelled: then no more is claimed, what is claimed is given back, and what is being sent is let
    /// end, which takes as long as an attempt at most.
    func run() async {
        let bell = bell
        await withTaskCancellationHandler {
            // A task of its own, so that the cancellation does not reach the requests that are under way.
            await Task { await serve() }.value
        } onCancel: {
            bell.end()
        }
    }

    private func serve() async {
        await withDiscardingTaskGroup { group in
            var alarm: Task<Void, Never>?
            bell.ring()
            for await _ in bell.rings {
                alarm?.cancel()
                if bell.isOver { break }
                let round = await look()
                if bell.isOver {
                    await giveBack(round.claims.map(\.claim))
                    break
                }
                for (claim, channel) in round.claims { group.addTask { await self.send(claim, through: channel) } }
                for query in takeQueries() { group.addTask { await self.ask(query) } }
                alarm = Task {
                    try? await self.sleep(round.next)
                    if !Task.isCancelled { self.bell.ring() }
                }
            }
            alarm?.cancel()
        }
    }

    /// Texts and questions on their way to providers, and answers that are not durable yet.
    var underWay: Int { inFlight.values.reduce(0, +) + asking }

    // MARK: claiming

    private struct Round {
        var claims: [(claim: Claim, channel: SendingChannel)] = []
        var next: Int64
    }

    private func look() async -> Round {
        let time = now()
        // A clock that was set back must not make the wait long.
        guard time >= looksAgainAt || looksAgainAt &- time > Self.storeRetryMS else { return Round(next: looksAgainAt) }
        let room = room(at: time)
        let round: ClaimRound
        do {
            round = try await store.claim(room, now: time)
        } catch {
            report(error, "claim")
            looksAgainAt = time &+ Self.storeRetryMS
            return Round(next: looksAgainAt)
        }
        tell(round.notices)
        queries += round.queries.prefix(max(Self.mostQueries - queries.count, 0))
        var claimed: [(claim: Claim, channel: SendingChannel)] = []
        for claim in round.claims {
            guard let channel = channels[claim.channel] else {
                await refuse(claim)
                continue
            }
            inFlight[channel.name, default: 0] += 1
            let isProbe = breakers[channel.name]?.claimed(now: time) ?? false
            claimed.append(
                (
                    Claim(id: claim.id, fence: claim.fence, channel: claim.channel, isProbe: claim.isProbe || isProbe),
                    channel
                ))
        }
        if !claimed.isEmpty { points(.afterClaimed) }
        // There may be more where these came from.
        if room.limit > 0, round.claims.count >= room.limit { bell.ring() }
        let next = min(max(round.nextLook ?? .max, time &+ Self.shortestRestMS), time &+ Self.longestRestMS)
        return Round(claims: claimed, next: next)
    }

    /// No more than the fullest of the open channels has room for: whatever comes back, no channel goes over its own.
    private func room(at time: Int64) -> ClaimRoom {
        var limit = maxInFlight - inFlight.values.reduce(0, +)
        var doors: [String: SenderDoor] = [:]
        for name in strangers { doors[name] = .shut(until: nil) }
        for (name, channel) in channels {
            let breaker = breakers[name] ?? channel.breaker
            var free = channel.maxInFlight - inFlight[name, default: 0]
            if case .closed = breaker.state {} else { free = min(free, 1) }
            // One that ends rings the bell.
            let door = free > 0 ? breaker.door(now: time) : .shut(until: nil)
            if door == .open { limit = min(limit, free) }
            doors[name] = door
        }
        return ClaimRoom(owner: owner, limit: max(limit, 0), doors: doors)
    }

    /// Of a channel that is not in the configuration: nobody here can send it.
    private func refuse(_ claim: Claim) async {
        if strangers.insert(claim.channel).inserted {
            logger.warning("texts wait for a channel that is not configured", metadata: ["channel": "\(claim.channel)"])
        }
        await giveBack([claim])
    }

    private func takeQueries() -> [OutboxQuery] {
        let taken = Array(queries.prefix(max(Self.mostAsking - asking, 0)))
        queries.removeFirst(taken.count)
        asking += taken.count
        return taken
    }

    // MARK: what its parts come back with

    func ended(_ claim: Claim) {
        inFlight[claim.channel, default: 1] -= 1
        bell.ring()
    }

    func asked() {
        asking -= 1
        bell.ring()
    }

    func providerSaid(_ outcome: RequestOutcome, of claim: Claim) {
        breakers[claim.channel]?.ended(outcome, now: now())
    }

    func tell(_ list: [OutboxNotice]) {
        if !list.isEmpty { notices(list) }
    }

    /// Claims that are not given back come free when their leases end.
    func giveBack(_ claims: [Claim]) async {
        guard !claims.isEmpty else { return }
        do {
            try await store.release(claims, now: now())
        } catch {
            report(error, "release")
        }
    }

    /// Errors of a store may quote a row: their type is all that is logged.
    func report(_ error: any Error, _ what: String) {
        logger.error("the outbox failed", metadata: ["during": "\(what)", "error": "\(type(of: error))"])
    }
}
