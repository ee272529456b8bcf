import Foundation
import GRDB
import ParleyCore
import ParleyMessaging
import Synchronization

/// The one thread that writes: takes batches, commits each as one transaction, then tells those who wait.
final class LedgerWriter: Sendable {
    typealias Interposer = @Sendable (Database) throws -> Void

    private struct State {
        var pool: DatabasePool
        /// The file that the pool has open, which its path may name no longer.
        var file: LedgerFile.FileIdentity?
        var status = Ledger.Status()
        var interposer: Interposer?
        var spaceCheckedAt: Int64 = 0
        var hasSpace = true
        var lock: LedgerLock?
        var thread: ObjectIdentifier?
    }

    private let state: Mutex<State>
    private let path: String
    private let queue: WriterQueue
    private let limits: Ledger.Limits
    private let decisions: ActionDecisions
    private let process: String
    private let healthChanged: @Sendable (Ledger.Status) -> Void
    /// Called after a commit that took on texts.
    private let textsWait: @Sendable () -> Void
    private let points: @Sendable (FaultPoint) -> Void
    private let done = DispatchSemaphore(value: 0)

    init(
        pool: DatabasePool, lock: LedgerLock, path: String, queue: WriterQueue, limits: Ledger.Limits,
        decisions: ActionDecisions, process: String, healthChanged: @escaping @Sendable (Ledger.Status) -> Void,
        textsWait: @escaping @Sendable () -> Void, points: @escaping @Sendable (FaultPoint) -> Void
    ) {
        state = Mutex(State(pool: pool, file: LedgerFile.identity(path), lock: lock))
        self.path = path
        self.queue = queue
        self.limits = limits
        self.decisions = decisions
        self.process = process
        self.healthChanged = healthChanged
        self.textsWait = textsWait
        self.points = points
    }

    var pool: DatabasePool { state.withLock { $0.pool } }
    var status: Ledger.Status { state.withLock { $0.status } }
    var isHealthy: Bool { state.withLock { $0.status.isHealthy } }

    func countDropped(_ rows: Int) { state.withLock { $0.status.rowsDropped += rows } }
    func countFailedAction() { state.withLock { $0.status.actionsFailed += 1 } }
    func interpose(_ interposer: Interposer?) { state.withLock { $0.interposer = interposer } }

    /// Before the first work: what a process before this one left behind.
    func recover() throws(LedgerFault) -> Int {
        do {
            let closed = try pool.write { db in
                var outbox = OutboxTransaction(db, decisions.messaging, now: decisions.now())
                try outbox.recover()
                try WebhookTable(db).recover(now: decisions.now())
                return try Recovery.closeLostCalls(db)
            }
            checkSpace()
            return closed
        } catch {
            throw fault(of: error)
        }
    }

    func start() {
        let thread = Thread { [self] in
            run()
            done.signal()
        }
        thread.name = "parley-ledger"
        let identity = ObjectIdentifier(thread)
        state.withLock { $0.thread = identity }
        thread.start()
    }

    /// Returns when the file is closed and its lock dropped; at once when called by the writer itself (from a completion
    /// that let go of the ledger).
    func waitUntilDone() {
        let current = ObjectIdentifier(Thread.current)
        if state.withLock({ $0.thread == current }) { return }
        done.wait()
        done.signal()
    }

    private func run() {
        var pause: Int64?
        while let batch = queue.take(pause: pause, idle: limits.retryDelay) {
            checkSpace()
            if let fault = isInPlace ? write(batch) : .vanished(path: path) {
                deferBatch(batch, after: fault)
                pause = limits.retryDelay
                if queue.isClosed { giveUp() }
            } else {
                pause = nil
            }
        }
        // The pool's readers close last and may not write, so the log is emptied here: an empty log is what tells the next
        // start of a clean stop. If that fails, the next start checks the file, no more.
        if isInPlace { _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
        try? pool.close()
        state.withLock { state in
            state.lock = nil
            state.thread = nil
        }
    }

    /// What is written to a file that was deleted is gone when the process is.
    private var isInPlace: Bool {
        let file = LedgerFile.identity(path)
        return file != nil && file == state.withLock { $0.file }
    }

    /// - Returns: why the batch was not committed.
    private func write(_ batch: [WriterWork]) -> LedgerFault? {
        if batch.isEmpty, isHealthy { return nil }
        do {
            settle(batch, try commit(batch))
            return nil
        } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
            // What reached the disk is not known. The file is opened anew and looked at; writing the batch again is
            // harmless, as rows and actions carry their keys.
            do {
                try? pool.close()
                let fresh = try LedgerFile.openForWriting(path)
                state.withLock { state in
                    state.pool = fresh
                    state.file = LedgerFile.identity(path)
                }
                settle(batch, try commit(batch))
                return nil
            } catch {
                return fault(of: error)
            }
        } catch {
            return fault(of: error)
        }
    }

    private func fault(of error: any Error) -> LedgerFault {
        switch error {
        case let fault as LedgerFault: fault
        case let error as DatabaseError: LedgerFile.fault(of: error, path: path)
        default: .other(path: path, code: 1)
        }
    }

    /// What a transaction brought about, to be told after its commit.
    private struct Outcome {
        var receipts: [Int: ActionReceipt] = [:]
        var done: [Int: @Sendable () -> Void] = [:]
        var failed: [Int: any Error] = [:]
        /// A text was taken on that somebody has to carry.
        var hasTexts = false
        var rows = 0
        var rejected = 0
    }

    private func commit(_ batch: [WriterWork]) throws -> Outcome {
        let interposer = state.withLock { $0.interposer }
        return try pool.write { db in
            var outcome = Outcome()
            for (index, work) in batch.enumerated() {
                switch work {
                case .row(let row, let sequence):
                    do {
                        try row.write(to: db, sequence: sequence, process: process)
                        try row.tellThread(db, decisions.messaging, now: decisions.now())
                        outcome.rows += 1
                    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                        outcome.rejected += 1  // its statement alone is undone
                    }
                case .action(let action):
                    try db.inSavepoint {
                        var store = DatabaseStore(db)
                        let (receipt, text) = try decisions.run(
                            action.invocation, call: action.call, at: action.at, in: &store)
                        outcome.receipts[index] = receipt
                        if text != nil { outcome.hasTexts = true }
                        return .commit
                    }
                case .transaction(let transaction):
                    do {
                        try db.inSavepoint {
                            outcome.done[index] = try transaction.body(db)
                            if transaction.takesOnTexts { outcome.hasTexts = true }
                            return .commit
                        }
                    } catch let error as DatabaseError where error.resultCode != .SQLITE_CONSTRAINT {
                        throw error  // the disk's, as a rule: nothing of the batch is true
                    } catch {
                        outcome.failed[index] = error  // its own: undone alone
                    }
                case .flush:
                    break
                }
            }
            // An empty batch asks whether the disk takes anything again: this writes a page and means nothing.
            if batch.isEmpty { try db.execute(sql: "PRAGMA user_version = 0") }
            try interposer?(db)
            if outcome.hasTexts { points(.beforeQueuedCommit) }
            return outcome
        }
    }

    private func settle(_ batch: [WriterWork], _ outcome: Outcome) {
        queue.release(batch)
        report(state.withLock { $0.hasSpace } ? "" : Self.noSpace)
        state.withLock { state in
            state.status.batchesCommitted += 1
            state.status.rowsCommitted += outcome.rows
            state.status.rowsRejected += outcome.rejected
            for receipt in outcome.receipts.values where !receipt.isRepeat {
                if case .committed = receipt.outcome {
                    state.status.actionsCommitted += 1
                } else {
                    state.status.actionsRefused += 1
                }
            }
        }
        if outcome.hasTexts {
            points(.afterQueuedCommit)
            textsWait()
        }
        for (index, work) in batch.enumerated() {
            switch work {
            case .action(let action): action.completion(outcome.receipts[index] ?? .unavailable)
            case .transaction(let transaction):
                if let error = outcome.failed[index] { transaction.failed(error) } else { outcome.done[index]?() }
            case .flush(let completion): completion(true)
            case .row: break
            }
        }
    }

    /// The disk refused: rows wait for it, whoever waits for a commit is told that there is none.
    private func deferBatch(_ batch: [WriterWork], after fault: LedgerFault) {
        report(fault.description)
        state.withLock { $0.status.batchesDeferred += 1 }
        queue.putBack(batch.filter { !$0.isUrgent })
        refuse(batch + queue.takeUrgent())
    }

    /// Closing, and the disk still refuses: what waits is lost, and counted.
    private func giveUp() {
        while let batch = queue.take(pause: nil, idle: nil) {
            queue.release(batch)
            countDropped(batch.count { !$0.isUrgent })
            refuse(batch)
        }
    }

    /// Tells everybody in a batch who waits that nothing was done.
    private func refuse(_ batch: [WriterWork]) {
        for work in batch {
            switch work {
            case .row: break
            case .action(let action):
                countFailedAction()
                action.completion(.unavailable)
            case .transaction(let transaction): transaction.failed(LedgerFault.unavailable(path: path))
            case .flush(let completion): completion(false)
            }
        }
    }

    private static let noSpace = "the ledger's disk is nearly full: actions are refused until there is room"

    private func checkSpace() {
        let now = MonotonicCondition.now
        let isDue = state.withLock { state in
            guard now - state.spaceCheckedAt >= 1_000_000_000 else { return false }
            state.spaceCheckedAt = now
            return true
        }
        guard isDue, let free = LedgerFile.freeBytes(besides: path) else { return }
        let isOut = state.withLock { state in
            let hadSpace = state.hasSpace
            state.hasSpace = free >= limits.minFreeBytes
            return hadSpace && !state.hasSpace
        }
        if isOut { report(Self.noSpace) }
    }

    /// - Parameter fault: empty when all is well.
    private func report(_ fault: String) {
        let changed: Ledger.Status? = state.withLock { state in
            guard state.status.fault != fault else { return nil }
            state.status.fault = fault
            state.status.isHealthy = fault.isEmpty
            return state.status
        }
        if let changed { healthChanged(changed) }
    }
}
