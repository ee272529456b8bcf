import Foundation
import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging

/// The record of conversations, and the one place where a side effect becomes true.
///
/// One file, one process that writes it, one thread that does the writing. Nothing here waits for the disk but `open`,
/// `close` and the reader; the rest may be called from an event loop.
public final class Ledger: Sendable {
    /// Bounds of the queue before the disk, and when the disk counts as full.
    public struct Limits: Equatable, Sendable {
        /// Rows waiting for the disk; above it transcript rows are dropped and counted.
        public var maxQueuedBytes = 64 * 1_024 * 1_024
        /// On top of that, for the first and last rows of calls.
        public var reserveBytes = 1_024 * 1_024
        /// Actions waiting for their commit; above it they are refused.
        public var maxQueuedActions = 1_000
        /// Works in one transaction.
        public var batch = 100
        /// Longest wait of a row for company, in nanoseconds. An action takes along what waits, and does not wait.
        public var maxBatchDelay: Int64 = 20_000_000
        /// Time between tries when the disk refuses, in nanoseconds.
        public var retryDelay: Int64 = 1_000_000_000
        /// With less than this free, actions are refused and the ledger is not healthy.
        public var minFreeBytes: Int64 = 500 * 1_024 * 1_024

        public init() {}
    }

    /// How the ledger is. Counts are since it was opened.
    public struct Status: Equatable, Sendable {
        /// False: nothing that must be durable can be; the gateway is not ready.
        public var isHealthy = true
        /// One line without names or numbers of callers; empty while healthy.
        public var fault = ""
        public var rowsCommitted = 0
        /// Lost, as the queue was full or the ledger was closed.
        public var rowsDropped = 0
        /// Refused by the schema, for instance a row of a call that was never started.
        public var rowsRejected = 0
        /// Batches that went back to wait for the disk.
        public var batchesDeferred = 0
        public var batchesCommitted = 0
        public var actionsCommitted = 0
        public var actionsRefused = 0
        public var actionsFailed = 0
        /// Waiting now.
        public var queued = 0
    }

    /// Bytes free on the disk that this path is on; `nil` if the system does not say.
    public static func freeBytes(besides path: String) -> Int64? { LedgerFile.freeBytes(besides: path) }

    public let path: String
    /// Our own id of this run of the process, on every call it takes.
    public let process: String
    /// Calls that a process before this one left open, closed at start as `process_lost`.
    public let callsClosedAtStart: Int

    public let messaging: Messaging
    /// UTC milliseconds since 1970.
    let now: @Sendable () -> Int64
    private let queue: WriterQueue
    private let writer: LedgerWriter
    // Completions of what was never queued: never on the caller's stack, which may be inside the call's own handling.
    private let refusals = DispatchQueue(label: "parley.ledger.refusals")

    /// Opens the file for writing, making it where there is none; takes the lock of the one writer, brings the schema up
    /// to date, closes the calls that a process before left open, and moves on the texts it left waiting.
    ///
    /// - Parameters:
    ///   - path: the database; `path`.lock, `path`-wal and `path`-shm come to be beside it.
    ///   - now: UTC milliseconds since 1970.
    ///   - healthChanged: called on the writer's thread, and not to wait there, when the ledger's `fault` begins, changes or is over.
    ///   - points: where a test may kill the process.
    ///   - textsWait: called likewise, when texts were taken on that somebody has to carry.
    /// - Throws: `LedgerFault`, one line with the mend. Blocks on the disk.
    public init(
        path: String, messaging: Messaging, limits: Limits = Limits(),
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1_000) },
        healthChanged: @escaping @Sendable (Status) -> Void = { _ in },
        textsWait: @escaping @Sendable () -> Void = {}, points: @escaping @Sendable (FaultPoint) -> Void = { _ in }
    ) throws(LedgerFault) {
        let lock = try LedgerLock(besides: path)
        let pool = try LedgerFile.openForWriting(path)
        self.path = path
        self.messaging = messaging
        self.now = now
        process = ULID.make(at: now())
        queue = WriterQueue(limits: limits)
        writer = LedgerWriter(
            pool: pool, lock: lock, path: path, queue: queue, limits: limits,
            decisions: ActionDecisions(messaging: messaging, now: now), process: process,
            healthChanged: healthChanged, textsWait: textsWait, points: points)
        callsClosedAtStart = try writer.recover()
        writer.start()
    }

    /// Writes a row down, soon. Never waits; when the queue is full the row is dropped and counted.
    public func record(_ row: LedgerRow) {
        guard row.isKept else { return }
        if queue.append(row) != .taken { writer.countDropped(1) }
    }

    /// Decides an action and makes it durable: gate check, action row and consent or message row in one transaction,
    /// after all rows recorded before. The same action in the same turn is done once and answered alike.
    ///
    /// Never waits. `completion` is called once, after the commit, on another thread; what it answers may be spoken of.
    public func commit(
        _ invocation: ActionInvocation, call: String, at time: CallTime,
        completion: @escaping @Sendable (ActionReceipt) -> Void
    ) {
        let isHealthy = writer.isHealthy
        let action = PendingAction(call: call, at: time, invocation: invocation, completion: completion)
        let admission = isHealthy ? queue.append(.action(action)) : .closed
        guard admission != .taken else { return }
        writer.countFailedAction()
        refusals.async { completion(admission == .full ? .busy : .unavailable) }
    }

    /// Runs work on the rows, after all that was recorded before, and returns when it is durable.
    ///
    /// - Throws: what the work threw, and nothing of it is true; or `LedgerFault`.
    ///
    /// - Parameter takesOnTexts: there may be something to carry then.
    func transact<Value: Sendable>(
        takesOnTexts: Bool = false, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let transaction = PendingTransaction(
                body: { db in
                    let value = try work(db)
                    return { continuation.resume(returning: value) }
                }, failed: { continuation.resume(throwing: $0) }, takesOnTexts: takesOnTexts)
            let admission = writer.isHealthy ? queue.append(.transaction(transaction)) : .closed
            if admission != .taken { continuation.resume(throwing: LedgerFault.unavailable(path: path)) }
        }
    }

    /// Calls back, on another thread, when everything recorded before is durable (true) or was refused by the disk.
    public func flush(completion: @escaping @Sendable (Bool) -> Void) {
        guard queue.append(.flush(completion)) != .taken else { return }
        refusals.async { completion(false) }
    }

    public var status: Status {
        var status = writer.status
        status.queued = queue.depth
        return status
    }

    func readOnly<Value>(_ work: (Database) throws -> Value) throws -> Value { try writer.pool.read(work) }

    /// Reads beside the writer; blocks on the disk, so not from an event loop.
    public var reader: LedgerReader { LedgerReader { [writer] in writer.pool } }

    /// Writes what is queued, closes the file and lets go of its lock. Blocks; a second time does nothing.
    public func close() {
        queue.close()
        writer.waitUntilDone()
    }

    deinit { close() }

    /// For tests: what the writer writes through.
    var writerPool: DatabasePool { writer.pool }

    /// For tests: runs at the end of every transaction, before its commit.
    func interpose(_ fault: LedgerWriter.Interposer?) { writer.interpose(fault) }
}
