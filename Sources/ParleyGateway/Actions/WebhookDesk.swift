import Logging
import ParleyActions
import ParleyCore
import ParleyLedger
import ParleyNetwork
import Synchronization

/// The webhooks of one process that are under way: each is sent by one task, and whoever asks for the same one meanwhile waits
/// for its end.
///
/// A request leaves when its action stands in the ledger as `pending`, and what came of it is told when that is durable too.
final class WebhookDesk: Sendable {
    typealias Completion = @Sendable (WebhookEnding) -> Void

    private struct Flight {
        var call: String
        var isAbandonable: Bool
        var waiting: [Completion]
        var task: Task<Void, Never>?
    }
    private struct State {
        var flights: [InvocationKey: Flight] = [:]
        /// Whose callers have not hung up.
        var calls: Set<String> = []
    }
    /// Under way at once; above it they fail.
    private static let mostFlights = 512

    private let ledger: Ledger
    private let access: [String: WebhookAccess]
    private let carrier: WebhookCarrier
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter access: by action.
    init(ledger: Ledger, access: [String: WebhookAccess], carrier: WebhookCarrier, logger: Logger) {
        self.ledger = ledger
        self.access = access
        self.carrier = carrier
        self.logger = logger
    }

    // MARK: Calls

    func began(_ call: String) { state.withLock { _ = $0.calls.insert(call) } }

    /// The caller has hung up: what nobody needs any more is given up, the rest goes on to its end.
    func ended(_ call: String) {
        let tasks = state.withLock { state in
            state.calls.remove(call)
            return state.flights.values.filter { $0.call == call && $0.isAbandonable }.compactMap(\.task)
        }
        for task in tasks { task.cancel() }
    }

    // MARK: Requests

    /// Takes an order on; never waits. `completion` is called once, on another thread, when the end is durable.
    func carry(_ order: WebhookOrder, of call: String, _ completion: @escaping Completion) {
        guard let request = order.request else { return join(order.key, completion) }
        let action = ledger.messaging.registry.webhook(named: request.name)
        let isAbandonable = action?.isAbandonable ?? false
        let isFull = state.withLock { state in
            let isFull = state.flights.count >= Self.mostFlights
            state.flights[order.key] = Flight(call: call, isAbandonable: isAbandonable, waiting: [completion])
            return isFull
        }
        let task = Task {
            var ending = WebhookEnding.failed("too_many_webhooks")
            if !isFull, let action, let access = access[request.name] {
                ending = await carrier.carry(request, of: action, by: access)
            }
            await finish(order.key, request.name, ending)
        }
        let isUnwanted = state.withLock { state in
            state.flights[order.key]?.task = task
            return isAbandonable && !state.calls.contains(call)
        }
        if isUnwanted { task.cancel() }
    }

    /// The same action again: its end is that of the first.
    private func join(_ key: InvocationKey, _ completion: @escaping Completion) {
        let isUnderWay = state.withLock { state in
            guard state.flights[key] != nil else { return false }
            state.flights[key]?.waiting.append(completion)
            return true
        }
        // Its end could not be written down: nobody knows it any more.
        if !isUnderWay { completion(.unknown("outcome_unknown")) }
    }

    private func finish(_ key: InvocationKey, _ name: String, _ ending: WebhookEnding) async {
        var told = ending
        do {
            try await ledger.settle(key, as: ending)
        } catch {
            logger.error(
                "a webhook's end could not be written down", metadata: ["action": "\(name)", "fault": "\(error)"])
            told = .failed("ledger_unavailable")
        }
        logger.info("a webhook ended", metadata: ["action": "\(name)", "outcome": "\(ending.summary)"])
        let waiting = state.withLock { $0.flights.removeValue(forKey: key)?.waiting ?? [] }
        for completion in waiting { completion(told) }
    }

    /// Returns when everything that is under way has come to its end: at most what a webhook may take.
    func drain() async {
        for task in state.withLock({ $0.flights.values.compactMap(\.task) }) { await task.value }
    }
}

extension WebhookEnding {
    /// For the log: no value is in it.
    fileprivate var summary: String {
        switch self {
        case .answered(_, let note): "answered, \(note)"
        case .refused(let rule): "refused, \(rule)"
        case .failed(let fault): "failed, \(fault)"
        case .unknown(let fault): "unknown, \(fault)"
        }
    }
}
