import Foundation
import GRDB

/// Opens the database file, for the one that writes it and for those that only read.
enum LedgerFile {
    /// Up to this size a file is checked at every start, above it only after an unclean stop.
    private static let alwaysCheckedBytes: Int64 = 64 * 1_024 * 1_024

    /// Makes the file where there is none, and brings its schema up to date.
    static func openForWriting(
        _ path: String, migrator: DatabaseMigrator = Schema.migrator
    ) throws(LedgerFault) -> DatabasePool {
        let size = try inspect(path)
        if size == nil {
            guard !exists(path + "-wal") else { throw .corrupt(path: path) }
            // Made here, so that it is its owner's alone; SQLite gives its log the same permissions.
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw errno == ENOENT ? .folderMissing(path: path) : .notWritable(path: path)
            }
            close(descriptor)
        } else if access(path, W_OK) != 0 {
            throw .notWritable(path: path)
        }
        let wasUnclean = (fileSize(path + "-wal") ?? 0) > 0
        if let size, size > 0 {
            try examine(path, everyPage: wasUnclean || size <= alwaysCheckedBytes, migrator: migrator)
        }
        return try translating(path) {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.label = "ledger"
            // KiB a connection. Rows are added at the end and read back once: SQLite's usual 2 MiB would only fill up.
            // Deleted rows are overwritten, so that an erasure finds no copy of them between others.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -512; PRAGMA secure_delete = ON") }
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA application_id = \(Schema.applicationID)") }
            try migrator.migrate(pool)
            // The pool lowers this to NORMAL when it turns WAL on, so it is raised afterwards, and looked at again.
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
                    throw LedgerFault.other(path: path, code: 0)
                }
            }
            return pool
        }
    }

    /// For `parley ledger`: reads beside a running gateway, writes nothing.
    static func openForReading(
        _ path: String, migrator: DatabaseMigrator = Schema.migrator
    ) throws(LedgerFault) -> DatabaseQueue {
        guard let size = try inspect(path), size > 0 else { throw .missing(path: path) }
        return try translating(path) {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            configuration.label = "ledger-reader"
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { db in
                guard try isOurs(db) else { throw LedgerFault.notALedger(path: path) }
                guard try !migrator.hasBeenSuperseded(db) else { throw LedgerFault.newerSchema(path: path) }
                guard try migrator.hasCompletedMigrations(db) else { throw LedgerFault.olderSchema(path: path) }
            }
            return queue
        }
    }

    /// For `parley erase` and `parley sms`: writes beside a gateway that may be running. Makes nothing and brings nothing
    /// up to date; what is deleted is overwritten.
    static func openBeside(_ path: String, migrator: DatabaseMigrator = Schema.migrator) throws(LedgerFault)
        -> DatabaseQueue
    {
        let reader = try openForReading(path)
        try? reader.close()
        return try translating(path) {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(5)
            configuration.label = "ledger-operator"
            configuration.prepareDatabase {
                try $0.execute(sql: "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL")
            }
            return try DatabaseQueue(path: path, configuration: configuration)
        }
    }

    /// Which file this path names now; `nil` where there is none.
    static func identity(_ path: String) -> FileIdentity? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return FileIdentity(device: UInt64(facts.st_dev), number: UInt64(facts.st_ino))
    }

    struct FileIdentity: Equatable, Sendable {
        var device: UInt64
        var number: UInt64
    }

    /// Bytes left where the file is, for people without privileges; `nil` if the system does not say.
    static func freeBytes(besides path: String) -> Int64? {
        var facts = statvfs()
        let folder = (path as NSString).deletingLastPathComponent
        guard statvfs(folder.isEmpty ? "." : folder, &facts) == 0 else { return nil }
        return Int64(clamping: UInt64(facts.f_bavail) &* UInt64(facts.f_frsize))
    }

    /// Looks before anything is written: opening for writing turns WAL on and adds pages, also to a file that is not ours.
    private static func examine(_ path: String, everyPage: Bool, migrator: DatabaseMigrator) throws(LedgerFault) {
        try translating(path) {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            try queue.read { db in
                if try !isOurs(db) {
                    // A database with nothing in it may become ours: an interrupted first start leaves one.
                    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
                    let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
                    guard tables == 0, id == 0 else { throw LedgerFault.notALedger(path: path) }
                }
                if everyPage, try String.fetchOne(db, sql: "PRAGMA quick_check(1)") != "ok" {
                    throw LedgerFault.corrupt(path: path)
                }
                guard try !migrator.hasBeenSuperseded(db) else { throw LedgerFault.newerSchema(path: path) }
            }
        }
    }

    private static func isOurs(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID
    }

    /// The file's size, `nil` where there is none; looks at its first bytes before SQLite does.
    private static func inspect(_ path: String) throws(LedgerFault) -> Int64? {
        guard let size = fileSize(path) else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .notReadable(path: path) }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 16)
        let count = read(descriptor, &head, head.count)
        guard count == 0 || (count == 16 && head == Array("SQLite format 3\0".utf8)) else {
            throw .notALedger(path: path)
        }
        return size
    }

    private static func exists(_ path: String) -> Bool { fileSize(path) != nil }

    private static func fileSize(_ path: String) -> Int64? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int64(facts.st_size) : nil
    }

    private static func translating<T>(_ path: String, _ body: () throws -> T) throws(LedgerFault) -> T {
        do {
            return try body()
        } catch let fault as LedgerFault {
            throw fault
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            // Our own statements are right, so what they name is not there as it should be.
            throw .corrupt(path: path)
        } catch let error as DatabaseError {
            throw fault(of: error, path: path)
        } catch {
            throw .other(path: path, code: 1)
        }
    }

    static func fault(of error: DatabaseError, path: String) -> LedgerFault {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: .corrupt(path: path)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: .notWritable(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
        case .SQLITE_FULL: .diskFull(path: path)
        default: .other(path: path, code: Int(error.extendedResultCode.rawValue))
        }
    }
}
