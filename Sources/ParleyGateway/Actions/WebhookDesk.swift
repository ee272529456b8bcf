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
/// Where the ledger does not take an end, it is told all the same, as it is: whoever hears that it failed asks again, and it would
/// happen twice. It is written again later.
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
        /// Over, and not written down yet.
        var unsettled: [InvocationKey: (ending: WebhookEnding, task: Task<Void, Never>)] = [:]
        /// Whose callers have not hung up.
        var calls: Set<String> = []
    }
    /// Under way at once; above it they fail.
    private static let mostFlights = 512

    private let ledger: Ledger
    private let access: [String: WebhookAccess]
    private let carrier: WebhookCarrier
    private let logger: Logger
    private let pause: @Sendable (_ milliseconds: Int64) async throws -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - access: by action.
    ///   - pause: waits; throws when its task is cancelled.
    init(
        ledger: Ledger, access: [String: WebhookAccess], carrier: WebhookCarrier, logger: Logger,
        pause: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void = {
            try await Task.sleep(for: .milliseconds($0))
        }
    ) {
        self.ledger = ledger
        self.access = access
        self.carrier = carrier
        self.logger = logger
        self.pause = pause
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
            let isFull = state.flights.count + state.unsettled.count >= Self.mostFlights
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
        let known: WebhookEnding? = state.withLock { state in
            if state.flights[key] != nil {
                state.flights[key]?.waiting.append(completion)
                return nil
            }
            // Where its end could not be written down at all, nobody knows it any more.
            return state.unsettled[key]?.ending ?? .unknown("outcome_unknown")
        }
        if let known { completion(known) }
    }

    private func finish(_ key: InvocationKey, _ name: String, _ ending: WebhookEnding) async {
        do {
            try await ledger.settle(key, as: ending)
        } catch {
            logger.error(
                "a webhook's end could not be written down; it is tried again",
                metadata: ["action": "\(name)", "fault": "\(error)"])
            settleLater(key, name, ending)
        }
        logger.info("a webhook ended", metadata: ["action": "\(name)", "outcome": "\(ending.summary)"])
        let waiting = state.withLock { $0.flights.removeValue(forKey: key)?.waiting ?? [] }
        for completion in waiting { completion(ending) }
    }

    // MARK: Ends that the ledger did not take

    private func settleLater(_ key: InvocationKey, _ name: String, _ ending: WebhookEnding) {
        state.withLock { state in
            let task = Task {
                let isWritten = await settleAgain(key, ending)
                self.state.withLock { _ = $0.unsettled.removeValue(forKey: key) }
                if isWritten {
                    logger.notice("a webhook's end is written down after all", metadata: ["action": "\(name)"])
                } else {
                    logger.error(
                        "a webhook's end is given up: its action stays pending until the next start",
                        metadata: ["action": "\(name)", "outcome": "\(ending.summary)"])
                }
            }
            state.unsettled[key] = (ending, task)
        }
    }

    /// - Returns: whether it is durable. A task that is cancelled waits no longer, and tries a last time.
    private func settleAgain(_ key: InvocationKey, _ ending: WebhookEnding) async -> Bool {
        var retries = SettleRetries()
        var isLast = false
        while !isLast, let wait = retries.next() {
            do { try await pause(wait) } catch { isLast = true }
            if (try? await ledger.settle(key, as: ending)) != nil { return true }
        }
        return false
    }

    /// Returns when everything that is under way has come to its end: at most what a webhook may take. What the ledger did
    /// not take until then is offered a last time.
    func drain() async {
        for task in state.withLock({ $0.flights.values.compactMap(\.task) }) { await task.value }
        let unsettled = state.withLock { $0.unsettled.values.map(\.task) }
        for task in unsettled { task.cancel() }
        for task in unsettled { await task.value }
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
