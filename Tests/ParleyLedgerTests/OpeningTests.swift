import Foundation
import GRDB
import Testing

@testable import ParleyLedger

@Suite("Opening a ledger")
struct OpeningTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func fault(_ path: String? = nil, body: (String) throws -> Void) -> LedgerFault? {
        do {
            try body(path ?? folder.ledger)
            return nil
        } catch {
            return error as? LedgerFault
        }
    }

    private func open() throws { _ = try Ledger.open(folder) }

    @Test("A new file is its owner's alone, and a reader may read it while it is written, and after")
    func new() async throws {
        #expect(fault { _ = try LedgerReader(path: $0) } == .missing(path: folder.ledger))
        let ledger = try Ledger.open(folder)
        ledger.start()
        #expect(await ledger.settle())
        for suffix in ["", "-wal", ".lock"] {
            let facts = try FileManager.default.attributesOfItem(atPath: folder.ledger + suffix)
            #expect(facts[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
        let beside = try LedgerReader(path: folder.ledger)
        #expect(try beside.calls().count == 1)
        ledger.start("CALL2")
        #expect(await ledger.settle())
        #expect(try beside.calls().count == 2)
        ledger.close()
        #expect(try LedgerReader(path: folder.ledger).calls().count == 2)
    }

    @Test("A second writer is told who holds the file; when the first is gone it may have it")
    func locked() throws {
        let first = try Ledger.open(folder)
        let refused = fault { _ in try open() }
        #expect(refused == .inUse(path: folder.ledger, process: String(getpid())))
        #expect(refused?.description.contains("process \(getpid())") == true)
        first.close()
        #expect(fault { _ in try open() } == nil)
    }

    @Test("A reader may not write, even by mistake")
    func readOnlyReader() throws {
        try open()
        let queue = try LedgerFile.openForReading(folder.ledger)
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: "DELETE FROM calls") } }
    }

    @Test("A newer schema is refused, by writer and reader, and left as it is")
    func newer() throws {
        try open()
        var future = Schema.migrator
        future.registerMigration("v999") { try $0.execute(sql: "CREATE TABLE tomorrow (x)") }
        _ = try LedgerFile.openForWriting(folder.ledger, migrator: future)
        #expect(fault { _ in try open() } == .newerSchema(path: folder.ledger))
        #expect(fault { _ = try LedgerReader(path: $0) } == .newerSchema(path: folder.ledger))
        #expect(try folder.sql("SELECT count(*) FROM tomorrow", as: Int.self) == [0])
    }

    @Test("A file of the first version is brought up to date with its rows")
    func upgrade() async throws {
        let ledger = try Ledger.open(folder)
        _ = await ledger.agreeing()
        ledger.close()
        var next = Schema.migrator
        next.registerMigration("future") {
            try $0.execute(sql: "ALTER TABLE calls ADD COLUMN tenant TEXT NOT NULL DEFAULT 'main'")
        }
        #expect(fault { _ = try LedgerFile.openForReading($0, migrator: next) } == .olderSchema(path: folder.ledger))
        try LedgerFile.openForWriting(folder.ledger, migrator: next).close()
        #expect(try folder.sql("SELECT tenant FROM calls", as: String.self) == ["main"])
        #expect(try folder.sql("SELECT count(*) FROM consents", as: Int.self) == [1])
        let queue = try LedgerFile.openForReading(folder.ledger, migrator: next)
        #expect(try LedgerReader { queue }.call("CALL1")?.turns.count == 2)
    }

    @Test("An empty file becomes a ledger; other programs' files do not")
    func foreign() throws {
        try Data().write(to: URL(fileURLWithPath: folder.ledger))
        #expect(fault { _ in try open() } == nil)

        let text = folder.path + "/notes.txt"
        try Data("these are somebody's notes".utf8).write(to: URL(fileURLWithPath: text))
        #expect(fault(text) { _ = try LedgerFile.openForWriting($0) } == .notALedger(path: text))
        #expect(fault(text) { _ = try LedgerReader(path: $0) } == .notALedger(path: text))
        #expect(try Data(contentsOf: URL(fileURLWithPath: text)) == Data("these are somebody's notes".utf8))

        let other = folder.path + "/other.sqlite"
        try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE recipes (x)") }
        let before = try Data(contentsOf: URL(fileURLWithPath: other))
        #expect(fault(other) { _ = try LedgerFile.openForWriting($0) } == .notALedger(path: other))
        #expect(try Data(contentsOf: URL(fileURLWithPath: other)) == before)
        #expect(fault(other) { _ = try LedgerReader(path: $0) } == .notALedger(path: other))
    }

    @Test("A damaged file is refused with one clear line, and not replaced", arguments: [40, 4_096, 8_192, 20_480])
    func corrupt(offset: Int) async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        for turn in UInt32(1)...400 { ledger.say("some words of a caller", turn: turn) }
        #expect(await ledger.settle())
        ledger.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.ledger))
        for index in offset..<(offset + 600) { bytes[index] = UInt8(truncatingIfNeeded: index &* 151 &+ 7) }
        try bytes.write(to: URL(fileURLWithPath: folder.ledger))
        let refused = try #require(fault { _ in try open() })
        #expect(refused == .corrupt(path: folder.ledger))
        #expect(!refused.description.contains("\n"))
        #expect(
            refused.description
                == "ledger \(folder.ledger): is damaged; keep a copy, then restore a backup or name a new file")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.ledger)) == bytes)
    }

    @Test("A log without its database is not taken for a new ledger")
    func halfGone() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        #expect(await ledger.settle())
        let image = try Folder()
        try Data(contentsOf: URL(fileURLWithPath: folder.ledger + "-wal"))
            .write(to: URL(fileURLWithPath: image.ledger + "-wal"))
        #expect(fault { _ in _ = try Ledger.open(image) } == .corrupt(path: image.ledger))
        #expect(!FileManager.default.fileExists(atPath: image.ledger))
    }

    @Test("A folder that is not there")
    func noFolder() {
        let path = folder.path + "/none/ledger.sqlite"
        #expect(fault(path) { _ = try LedgerFile.openForWriting($0) } == .folderMissing(path: path))
        #expect(fault(path) { _ = try LedgerLock(besides: $0) } == .folderMissing(path: path))
    }

    @Test("A file without write permission", .enabled(if: geteuid() != 0, "root may write anything"))
    func readOnly() throws {
        try open()
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder.ledger)
        #expect(fault { _ in try open() } == .notWritable(path: folder.ledger))
    }

    @Test("Ids sort by time and do not repeat")
    func ids() {
        let ids = (0..<1_000).map { ULID.make(at: Int64($0)) }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 1_000)
        #expect(ids.allSatisfy { $0.count == 26 })
        #expect(ULID.make(at: 1_469_918_176_385).hasPrefix("01ARYZ6S41"))
    }
}
