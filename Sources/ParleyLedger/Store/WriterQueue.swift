import GRDB
import ParleyCore
import ParleyMessaging

/// One thing for the writer to do.
enum WriterWork: Sendable {
    case row(LedgerRow, sequence: Int64)
    case action(PendingAction)
    case transaction(PendingTransaction)
    /// Called with whether everything recorded before is durable.
    case flush(@Sendable (Bool) -> Void)

    var cost: Int {
        switch self {
        case .row(let row, _): row.cost
        case .action(let action): 256 + min(action.invocation.request.arguments.utf8.count, 16 * 1_024)
        case .transaction, .flush: 128
        }
    }

    /// Somebody waits for the commit: no waiting for company.
    var isUrgent: Bool {
        switch self {
        case .row: false
        case .action, .transaction, .flush: true
        }
    }
}

/// An action, and who wants to know.
struct PendingAction: Sendable {
    var call: String
    var at: CallTime
    var invocation: ActionInvocation
    var completion: @Sendable (ActionReceipt) -> Void
}

/// Work of its own on the rows, with others in one commit.
struct PendingTransaction: Sendable {
    /// Run once more if what it wrote did not reach the disk; what it returns is called after the commit.
    var body: @Sendable (Database) throws -> @Sendable () -> Void
    var failed: @Sendable (any Error) -> Void
    /// It may take on texts that somebody has to carry.
    var takesOnTexts: Bool
}

/// What waits for the writer: bounded in bytes, in order, taken in batches.
///
/// `@unchecked Sendable`: every stored property is touched under the condition's lock alone.
final class WriterQueue: @unchecked Sendable {
    enum Admission {
        case taken, full, closed
    }

    private let condition = MonotonicCondition()
    private let limits: Ledger.Limits
    // In chunks of one batch, so that taking from a long queue moves pointers and no rows.
    private var chunks: [[WriterWork]] = []
    private var count = 0
    private var bytes = 0
    private var urgent = 0
    private var oldest: Int64 = 0
    private var sequence: Int64 = 0
    private var hasClosed = false

    init(limits: Ledger.Limits) { self.limits = limits }

    /// Rows waiting, for a gauge.
    var depth: Int { condition.withLock { count } }

    func append(_ row: LedgerRow) -> Admission {
        condition.withLock {
            guard !hasClosed else { return .closed }
            let reserve = row.isSkeleton ? limits.reserveBytes : 0
            guard bytes + row.cost <= limits.maxQueuedBytes + reserve else { return .full }
            sequence += 1
            enqueue(.row(row, sequence: sequence))
            return .taken
        }
    }

    /// Whatever is not a row, bounded by number.
    func append(_ work: WriterWork) -> Admission {
        condition.withLock {
            guard !hasClosed else { return .closed }
            guard !work.isUrgent || urgent < limits.maxQueuedActions else { return .full }
            enqueue(work)
            return .taken
        }
    }

    /// Waits for work: a full batch, an urgent one at once, else what came within the batching time.
    ///
    /// - Parameters:
    ///   - pause: when set, waits that long first (the disk refused the last batch) and takes what there is then.
    ///   - idle: when set, waits for work no longer than that.
    /// - Returns: `nil` when the queue is closed and empty; an empty batch when there was nothing in time.
    func take(pause: Int64?, idle: Int64?) -> [WriterWork]? {
        condition.withLock {
            if let pause {
                let until = MonotonicCondition.now + pause
                while !hasClosed, condition.wait(until: until) {}
            } else if let idle {
                let until = MonotonicCondition.now + idle
                while count == 0, !hasClosed, condition.wait(until: until) {}
            } else {
                while count == 0, !hasClosed { condition.wait() }
            }
            if count == 0 { return hasClosed ? nil : [] }
            let due = oldest + limits.maxBatchDelay
            while !hasClosed, urgent == 0, count < limits.batch, condition.wait(until: due) {}
            let batch = chunks.removeFirst()
            count -= batch.count
            for work in batch {
                if case .row = work { continue }  // keeps its bytes until it is durable
                bytes -= work.cost
                if work.isUrgent { urgent -= 1 }
            }
            return batch
        }
    }

    /// The batch's rows are durable, or given up: their bytes are free again.
    func release(_ batch: [WriterWork]) {
        condition.withLock {
            for case .row(let row, _) in batch { bytes -= row.cost }
        }
    }

    /// What could not be written waits at the front. Rows kept their bytes.
    func putBack(_ works: [WriterWork]) {
        guard !works.isEmpty else { return }
        condition.withLock {
            chunks.insert(works, at: 0)
            count += works.count
            for work in works {
                if case .row = work { continue }
                bytes += work.cost
            }
        }
    }

    /// Takes out everything that somebody waits for: the disk refuses, and they are told now.
    func takeUrgent() -> [WriterWork] {
        condition.withLock {
            guard urgent > 0 else { return [] }
            let waiting = chunks.joined().filter(\.isUrgent)
            chunks = chunks.compactMap { chunk in
                let rest = chunk.filter { !$0.isUrgent }
                return rest.isEmpty ? nil : rest
            }
            count -= waiting.count
            bytes -= waiting.reduce(0) { $0 + $1.cost }
            urgent = 0
            return waiting
        }
    }

    var isClosed: Bool { condition.withLock { hasClosed } }

    func close() {
        condition.withLock {
            hasClosed = true
            condition.signal()
        }
    }

    private func enqueue(_ work: WriterWork) {
        if let last = chunks.indices.last, chunks[last].count < limits.batch {
            chunks[last].append(work)
        } else {
            chunks.append([work])
        }
        let wasEmpty = count == 0
        count += 1
        bytes += work.cost
        if wasEmpty { oldest = MonotonicCondition.now }
        if work.isUrgent { urgent += 1 }
        if wasEmpty || work.isUrgent || count == limits.batch { condition.signal() }
    }
}
