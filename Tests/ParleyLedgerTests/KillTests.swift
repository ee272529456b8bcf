import Foundation
import ParleyCore
import ParleyMessaging
import Synchronization
import Testing

@testable import ParleyLedger

@Suite("A process that is killed with signal 9")
struct KillTests {
    enum Point: String, CaseIterable, Codable {
        /// Rows and the text are in the transaction, which is not committed.
        case beforeCommit
        /// The text's row says that it is being sent, and no answer was heard.
        case whileSending
        /// The receipt has been told.
        case afterReceipt
    }

    @Test(
        "What was acknowledged is there afterwards, the text is sent once or held, the call is closed",
        arguments: Point.allCases)
    func killed(point: Point) async throws {
        let folder = try Folder()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String, point = point as Point] in
            try await KillTests.live(in: path, until: point)
        }
        let ledger = try Ledger.open(folder, messaging: .carrying)
        #expect(ledger.callsClosedAtStart == 1)
        #expect(await ledger.settle())
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(record.call.endReason == "process_lost")
        let acknowledged = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/acknowledged")).count
        #expect(acknowledged == 50)
        #expect(record.consents.count == 1)
        let turns = record.turns.filter { $0.side == "caller" }.count
        let isDurable = point != .beforeCommit
        #expect(turns == (isDurable ? 52 : 51))  // the yes, 50 acknowledged, one with the text
        // What was handed over without an answer is not handed over again.
        let state = point == .whileSending ? "unknown" : "queued"
        #expect(record.messages.map(\.state) == (isDurable ? [state] : []))
        #expect(record.actions.count == (isDurable ? 2 : 1))
        #expect(try await ledger.carry().count == (point == .afterReceipt ? 1 : 0))
    }

    /// The life of the process that dies.
    private static func live(in path: String, until point: Point) async throws {
        let die: @Sendable () -> Void = { kill(getpid(), SIGKILL) }
        let ledger = try Ledger.open(Folder(of: path), messaging: .carrying)
        _ = await ledger.agreeing()
        let log = open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        for turn in UInt32(3)..<53 {
            ledger.say("turn \(turn)", turn: turn)
            guard await ledger.settle() else { return }
            write(log, "x", 1)
        }
        if point == .beforeCommit { ledger.interpose { _ in die() } }
        ledger.say("send it", turn: 53)
        _ = await ledger.run("send_sms", #"{"message":"Booked."}"#, turn: 53)
        if point == .whileSending { try await ledger.carry(nil) }
        die()
    }
}
