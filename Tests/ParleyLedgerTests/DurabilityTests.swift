import Foundation
import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging
import Synchronization
import Testing

@testable import ParleyLedger

@Suite("What a ledger survives")
struct DurabilityTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func copy(_ from: Folder, to: Folder) throws {
        // As a dead process leaves them: the log first, so that a checkpoint between the two copies takes nothing away.
        for suffix in ["-wal", ""] {
            let source = from.ledger + suffix
            guard FileManager.default.fileExists(atPath: source) else { continue }
            try Data(contentsOf: URL(fileURLWithPath: source)).write(to: URL(fileURLWithPath: to.ledger + suffix))
        }
    }

    @Test("A process that dies at any commit loses nothing of it: copies of the files hold every acknowledged row")
    func killed() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        let ledger = try Ledger.open(folder)
        _ = await ledger.agreeing()
        var turns = 1
        var texts = 0
        for round in 0..<20 {
            for _ in 0..<(1 + random.next() % 120) {
                turns += 1
                ledger.say("turn \(turns)", turn: UInt32(turns + 1))
            }
            if round % 10 == 7 {
                texts += 1
                let receipt = await ledger.run(
                    "send_sms", #"{"message":"Booked, \#(texts)."}"#, turn: UInt32(turns + 1))
                #expect(receipt.outcome == .committed)
            } else {
                #expect(await ledger.settle())
            }
            // No checkpoint runs now: the writer is idle. Rows that follow are not waited for.
            let image = try Folder()
            try copy(folder, to: image)
            let after = try Ledger.open(image)
            #expect(after.callsClosedAtStart == 1)
            let record = try #require(try after.reader.call("CALL1"))
            #expect(record.turns.filter { $0.side == "caller" }.count == turns, "seed \(seed), round \(round)")
            #expect(record.messages.count == texts, "seed \(seed), round \(round)")
            #expect(record.call.endReason == "process_lost")
        }
    }

    @Test("A torn log loses the transactions behind the tear and nothing before it")
    func torn() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        #expect(await ledger.settle())
        var sizes: [Int] = []
        for turn in 1...20 {
            ledger.say("turn \(turn)", turn: UInt32(turn))
            #expect(await ledger.settle())
            sizes.append(try Data(contentsOf: URL(fileURLWithPath: folder.ledger + "-wal")).count)
        }
        let database = try Data(contentsOf: URL(fileURLWithPath: folder.ledger))
        let log = try Data(contentsOf: URL(fileURLWithPath: folder.ledger + "-wal"))
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        for _ in 0..<30 {
            let cut = sizes[0] + Int(random.next() % UInt64(log.count - sizes[0] + 1))
            let image = try Folder()
            try database.write(to: URL(fileURLWithPath: image.ledger))
            try log.prefix(cut).write(to: URL(fileURLWithPath: image.ledger + "-wal"))
            let after = try Ledger.open(image)
            let survived = try #require(try after.reader.call("CALL1")).turns.count
            #expect(survived == sizes.filter { $0 <= cut }.count, "seed \(seed), cut at \(cut)")
        }
    }

    @Test("Calls that a dead process left open end as process_lost, when they were last heard of")
    func lostCalls() async throws {
        let first = try Ledger.open(folder)
        first.start("QUIET")
        first.start("TALKED")
        first.say("hello", turn: 3, call: "TALKED")
        first.record(.note(call: "TALKED", at: .milliseconds(7_100), .bridged(.oneMoment)))
        first.start("ENDED")
        first.record(.callEnded(call: "ENDED", at: 1_773_500_970_000, .agentEnded))
        #expect(await first.settle())
        first.close()
        let second = try Ledger.open(folder)
        #expect(second.callsClosedAtStart == 2)
        let calls = try second.reader.calls()
        #expect(calls.map(\.id) == ["TALKED", "QUIET", "ENDED"])
        #expect(calls.map(\.endReason) == ["process_lost", "process_lost", "agent_ended"])
        #expect(calls.map(\.durationMs) == [7_100, 0, 4_000])
        second.close()
        #expect(try Ledger.open(folder).callsClosedAtStart == 0)
    }

    @Test("The disk is full: rows wait, actions are refused, and all is well when there is room again")
    func full() async throws {
        let ledger = try Ledger.open(folder)
        _ = await ledger.agreeing()
        ledger.interpose { _ in throw DatabaseError(resultCode: .SQLITE_FULL) }
        ledger.say("said while full", turn: 3)
        let text = #"{"message":"Booked."}"#
        #expect(await ledger.run("send_sms", text, turn: 3).outcome == .failed("ledger_unavailable"))
        #expect(!ledger.status.isHealthy)
        #expect(ledger.status.fault.hasSuffix("the disk is full; make room and try again"))
        #expect(await ledger.run("send_sms", text, turn: 3).outcome == .failed("ledger_unavailable"))
        #expect(await !ledger.settle())
        ledger.interpose(nil)
        await ledger.healthy()
        #expect(await ledger.run("send_sms", text, turn: 3).outcome == .committed)
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(record.turns.map(\.text).contains("said while full"))
        #expect(record.messages.count == 1)
        #expect(ledger.status.fault.isEmpty)
        #expect(ledger.status.rowsDropped == 0)
    }

    @Test("A file that may not grow is a full disk to SQLite itself")
    func reallyFull() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        #expect(await ledger.settle())
        ledger.interpose { try $0.execute(sql: "PRAGMA max_page_count = 1") }  // takes hold from the next batch on
        #expect(await ledger.settle())
        ledger.interpose(nil)
        for turn in UInt32(1)...200 { ledger.say(String(repeating: "word ", count: 400), turn: turn) }
        #expect(await !ledger.settle())
        #expect(!ledger.status.isHealthy)
        ledger.interpose { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        await ledger.raise()
        await ledger.healthy()
        #expect(await ledger.settle())
        #expect(try #require(try ledger.reader.call("CALL1")).turns.count == 200)
    }

    @Test("The file is moved away: nothing is written to it any more, and all is well when it is back")
    func vanished() async throws {
        let faults = Mutex<[String]>([])
        let ledger = try Ledger.open(folder) { status in faults.withLock { $0.append(status.fault) } }
        _ = await ledger.agreeing()
        let file = folder.ledger
        try FileManager.default.moveItem(atPath: file, toPath: file + ".away")
        ledger.say("said while away", turn: 3)
        let text = #"{"message":"Booked."}"#
        #expect(await ledger.run("send_sms", text, turn: 3).outcome == .failed("ledger_unavailable"))
        #expect(!ledger.status.isHealthy)
        // Another file in its place is not it.
        try Data().write(to: URL(fileURLWithPath: file))
        #expect(await !ledger.settle())
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.moveItem(atPath: file + ".away", toPath: file)
        await ledger.healthy()
        #expect(await ledger.run("send_sms", text, turn: 3).outcome == .committed)
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(record.turns.map(\.text).contains("said while away"))
        #expect(record.messages.count == 1)
        #expect(faults.withLock { $0 } == [LedgerFault.vanished(path: file).description, ""])
    }

    @Test("An error of the device: the file is opened anew, and the batch is written once")
    func device() async throws {
        let ledger = try Ledger.open(folder)
        _ = await ledger.agreeing()
        let left = Mutex(1)
        ledger.interpose { _ in
            let fails = left.withLock { count in
                defer { count -= 1 }
                return count > 0
            }
            if fails { throw DatabaseError(resultCode: .SQLITE_IOERR) }
        }
        ledger.say("before the error", turn: 3)
        #expect(await ledger.run("send_sms", #"{"message":"Booked."}"#, turn: 3).outcome == .committed)
        #expect(ledger.status.isHealthy)
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(record.turns.filter { $0.text == "before the error" }.count == 1)
        #expect(record.messages.count == 1)
        let mode = try ledger.synchronous()
        #expect(mode == 2)
    }

    @Test("The queue is full: rows are dropped and counted, but a call's first and last row find room")
    func bounded() async throws {
        var limits = Ledger.Limits.forTests
        limits.maxQueuedBytes = 4_096
        limits.maxQueuedActions = 2
        limits.batch = 1_000
        let ledger = try Ledger.open(folder, limits: limits)
        ledger.start()
        #expect(await ledger.settle())
        let gate = DispatchSemaphore(value: 0)
        let arrived = DispatchSemaphore(value: 0)
        ledger.interpose { _ in
            arrived.signal()
            gate.wait()
        }
        // The writer is held inside a transaction; what follows stays in the queue.
        let held = Mutex<[ActionResult.Outcome]>([])
        ledger.flush { _ in }
        await arrived.received()
        for turn in UInt32(1)...50 { ledger.say("0123456789", turn: turn) }
        let kept = 4_096 / 202
        #expect(ledger.status.rowsDropped == 50 - kept)
        #expect(ledger.status.queued == kept)
        ledger.record(.callEnded(call: "CALL1", at: 1_773_500_970_000, .agentEnded))
        let invocation = ActionInvocation(
            number: 1, generation: Generation(1), turn: TurnID(1), request: ActionRequest(name: "x", arguments: "{}"))
        let answered = DispatchSemaphore(value: 0)
        for _ in 0..<3 {
            ledger.commit(invocation, call: "CALL1", at: .zero) { receipt in
                held.withLock { $0.append(receipt.outcome) }
                answered.signal()
            }
        }
        await answered.received()
        #expect(held.withLock { $0 } == [.failed("ledger_queue_full")])
        ledger.interpose(nil)
        gate.signal()
        await answered.received()
        await answered.received()
        #expect(held.withLock { $0 }.filter { $0 == .refused("unknown_action") }.count == 2)
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(record.turns.count == kept)
        #expect(record.call.endReason == "agent_ended")
    }

    @Test("A closed ledger answers, and takes nothing")
    func closed() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        for turn in UInt32(1)...250 { ledger.say("hi", turn: turn) }
        ledger.close()
        ledger.close()
        ledger.say("late", turn: 251)
        #expect(ledger.status.rowsDropped == 1)
        #expect(await ledger.run("send_sms", "{}", turn: 1).outcome == .failed("ledger_unavailable"))
        #expect(await !ledger.settle())
        #expect(try LedgerReader(path: folder.ledger).call("CALL1")?.turns.count == 250)
    }

    @Test("Too little room on the disk: texts are refused, the transcript goes on")
    func nearlyFull() async throws {
        var limits = Ledger.Limits.forTests
        limits.minFreeBytes = .max
        let ledger = try Ledger.open(folder, limits: limits)
        #expect(!ledger.status.isHealthy)
        ledger.start()
        ledger.say("hello", turn: 1)
        #expect(await ledger.run("send_sms", "{}", turn: 1).outcome == .failed("ledger_unavailable"))
        #expect(await ledger.settle())
        #expect(try ledger.reader.call("CALL1")?.turns.count == 1)
        #expect(ledger.status.fault.contains("nearly full"))
    }

    @Test("The log is synced at every commit")
    func fullSync() throws {
        let ledger = try Ledger.open(folder)
        #expect(try ledger.journal() == "wal")
        #expect(try ledger.synchronous() == 2)
    }
}

extension Ledger {
    func synchronous() throws -> Int? {
        try writerPool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }

    func journal() throws -> String? { try writerPool.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } }

    private func allowPages() throws {
        try writerPool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    }

    /// Resolves when the writer has found the disk in order again.
    func healthy() async {
        while !status.isHealthy { await Task.yield() }
    }

    /// Lets the page limit be raised: the transaction that raises it cannot be the one that fails.
    func raise() async {
        while !status.isHealthy {
            try? allowPages()
            await Task.yield()
        }
    }
}

extension DispatchSemaphore {
    /// Waits beside the cooperative threads.
    func received() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.wait()
                continuation.resume()
            }
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
