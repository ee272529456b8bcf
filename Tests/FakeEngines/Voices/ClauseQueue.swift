import Synchronization

/// What one connection speaks: one clause after another, while its handler goes on reading.
final class ClauseQueue: Sendable {
    private let jobs = FakeMailbox<@Sendable () async -> Void>()
    /// Of all jobs that are not over, the oldest first.
    private let tickets = Mutex<[ClauseTicket]>([])

    init() {
        FakeLoop.run { [jobs] in
            while let job = await jobs.next() { await job() }
        }
    }

    /// - Parameter job: given the ticket that `cancel` tears.
    func add(_ job: @escaping @Sendable (ClauseTicket) async -> Void) {
        let ticket = ClauseTicket()
        tickets.withLock { $0.append(ticket) }
        jobs.put { [self] in
            await job(ticket)
            tickets.withLock { $0.removeAll { $0 === ticket } }
        }
    }

    /// Nothing that was added by now is wanted any more.
    func cancel() {
        for ticket in tickets.withLock({ $0 }) { ticket.cancel() }
    }

    /// The connection is over: nothing is wanted, and nothing is done that was not begun.
    func end() {
        cancel()
        jobs.end()
    }
}
