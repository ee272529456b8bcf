import Foundation
import GRDB
import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyLedger

@Suite("The record of a call")
struct RecordTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    /// One call with everything in it.
    private func fill(_ ledger: Ledger) async {
        ledger.record(.note(call: "CALL1", at: .zero, .floor(.agent)))
        _ = await ledger.agreeing()
        ledger.reply("We have Tuesday at", unheard: "three or Wednesday.", generation: 5)
        ledger.record(.note(call: "CALL1", at: .milliseconds(9_400), .bargeIn(.confirmed)))
        ledger.say("mhm", turn: 6, isBackchannel: true)
        ledger.record(.note(call: "CALL1", at: .milliseconds(9_500), .partial(TurnID(6), "mh")))
        ledger.record(.note(call: "CALL1", at: .milliseconds(9_600), .variable("day", "Monday")))
        ledger.record(.note(call: "CALL1", at: .milliseconds(9_700), .variable("day", "Tuesday")))
        ledger.record(.note(call: "CALL1", at: .milliseconds(9_800), .bridged(.oneMoment)))
        for late in [9_900, 9_950, 9_990] {
            ledger.record(.note(call: "CALL1", at: .milliseconds(late), .dropped(.lateMark)))
        }
        ledger.record(.note(call: "CALL1", at: .milliseconds(9_991), .dropped(.lateAudio)))
        var waterfall = Waterfall(turn: TurnID(2), generation: Generation(3))
        waterfall.lastVoiced = .milliseconds(4_800)
        waterfall.endpoint = .milliseconds(5_300)
        waterfall.firstFrame = CallTime(nanoseconds: 5_441_234_567)
        ledger.record(.note(call: "CALL1", at: .milliseconds(5_442), .answered(waterfall)))
        _ = await ledger.run("send_sms", #"{"message":"You are booked for Tuesday."}"#, turn: 6)
        ledger.record(.callEnded(call: "CALL1", at: 1_773_500_978_500, .callerHungUp))
        ledger.record(.callEnded(call: "CALL1", at: 1_773_500_999_000, .peerLost))
    }

    @Test("Everything a call noted is there once, in order; the first end stands")
    func whole() async throws {
        let ledger = try Ledger.open(folder)
        await fill(ledger)
        #expect(await ledger.settle())
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(record.call.endReason == "caller_hung_up")
        #expect(record.call.durationMs == 12_500)
        #expect(record.call.turns == 1)
        #expect(record.call.messages == 1)
        #expect(record.call.process == ledger.process)
        #expect(
            record.turns.map { "\($0.side) \($0.n) \($0.text)|\($0.unheard)" } == [
                "agent 2 May we text you the confirmation?|", "caller 2 Yes, please.|",
                "agent 5 We have Tuesday at|three or Wednesday.", "caller 6 mhm|",
            ])
        #expect(record.turns.map(\.isBackchannel) == [false, false, false, true])
        #expect(record.variables == [VariableRecord(name: "day", value: "Tuesday", atMs: 9_700)])
        #expect(
            record.events.map { "\($0.kind) \($0.detail) \($0.count) \($0.atMs)-\($0.lastMs)" } == [
                "barge_in confirmed 1 9400-9400", "bridged one_moment 1 9800-9800", "dropped late_mark 3 9900-9990",
                "dropped late_audio 1 9991-9991",
            ])
        #expect(record.waterfalls.map(\.edgeUs) == [641_234])
        #expect(record.waterfalls[0].finalUs == nil)
        #expect(ledger.status.rowsRejected == 0)
        #expect(ledger.status.rowsDropped == 0)
    }

    @Test(
        "Each rung of the ladder is a row: which stage was late, and what became of it", arguments: EngineRole.allCases)
    func ladder(role: EngineRole) async throws {
        let ledger = try Ledger.open(folder)
        ledger.start("CALL1")
        let rungs: [(Int, CallNote)] = [
            (1_500, .late(role)), (1_500, .bridged(.oneMoment)), (5_000, .late(role)), (5_000, .bridged(.sayAgain)),
            (5_000, .engine(EngineNews(role, "first", .switched, detail: "second"))), (13_500, .late(role)),
            (13_500, .bridged(.oneMoment)), (17_000, .late(role)), (17_000, .bridged(.transferring)),
        ]
        for (time, note) in rungs { ledger.record(.note(call: "CALL1", at: .milliseconds(time), note)) }
        ledger.record(.callEnded(call: "CALL1", at: 1_773_500_999_000, .transferred))
        #expect(await ledger.settle())
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(
            record.events.map { "\($0.atMs) \($0.kind) \($0.detail)" } == [
                "1500 late \(role.rawValue)", "1500 bridged one_moment", "5000 late \(role.rawValue)",
                "5000 bridged say_again", "5000 engine \(role.rawValue) first switched second",
                "13500 late \(role.rawValue)", "13500 bridged one_moment", "17000 late \(role.rawValue)",
                "17000 bridged transferring",
            ])
        #expect(record.call.endReason == "transferred")
    }

    @Test("A call is found by the beginning of its id, if that is no other's")
    func byPrefix() async throws {
        let ledger = try Ledger.open(folder)
        for id in ["AB1", "AB12", "AC9"] { ledger.start(id) }
        #expect(await ledger.settle())
        let reader = ledger.reader
        #expect(try reader.call("AC")?.call.id == "AC9")
        #expect(try reader.call("AB") == nil)
        #expect(try reader.call("AB1")?.call.id == "AB1")
        #expect(try reader.call("") == nil)
        #expect(try reader.call("ZZ") == nil)
        #expect(try reader.call("' OR 1=1 --") == nil)
        #expect(try reader.calls(limit: 2).count == 2)
        #expect(try reader.calls(limit: -1).isEmpty)
    }

    @Test("A row of a call that was never started is counted, and takes no other row with it")
    func orphan() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        ledger.say("hello", turn: 1)
        ledger.say("nobody", turn: 1, call: "NEVER")
        ledger.say("world", turn: 2)
        #expect(await ledger.settle())
        #expect(try ledger.reader.call("CALL1")?.turns.map(\.text) == ["hello", "world"])
        #expect(ledger.status.rowsRejected == 1)
        #expect(ledger.status.rowsCommitted == 3)
        #expect(ledger.status.isHealthy)
    }

    @Test("NULs do not cut a text short, and an endless text ends")
    func hostileText() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        ledger.say("be\0fore'); DROP TABLE turns; --", turn: 1)
        ledger.say(String(repeating: "é", count: 100_000), turn: 2)
        #expect(await ledger.settle())
        let turns = try #require(try ledger.reader.call("CALL1")).turns
        #expect(turns[0].text == "be\u{FFFD}fore'); DROP TABLE turns; --")
        #expect(turns[1].text == String(repeating: "é", count: 32_768))
    }

    @Test("The table of calls, and of texts, in a plain terminal")
    func tables() async throws {
        let ledger = try Ledger.open(folder)
        await fill(ledger)
        ledger.start("CALL2", caller: "anonymous")
        #expect(await ledger.settle())
        let calls = try ledger.reader.calls()
        #expect(
            LedgerReport.calls(calls) == """
                started (UTC)        call   caller      length  end             turns  texts
                2026-03-14 15:09:26  CALL2  ***                 (open)              0      0
                2026-03-14 15:09:26  CALL1  +1***0123  +12.500  caller_hung_up      1      1

                """)
        #expect(LedgerReport.calls(calls, reveal: true).contains("+12125550123"))
        #expect(LedgerReport.calls([]) == "No calls yet.\n")
        let texts = LedgerReport.messages(try ledger.reader.messages())
        #expect(texts.hasPrefix("  2026-03-14 15:09:26 UTC  recorded  to +1***0123, 1 part gsm7\n"))
        #expect(texts.contains("\"Riverside Dental: You are booked for Tuesday. Reply STOP to opt out\""))
        #expect(LedgerReport.messages([]) == "No text messages yet.\n")
    }

    @Test("One call as it is read: what was heard, where it was cut, how long each stage took")
    func oneCall() async throws {
        let ledger = try Ledger.open(folder)
        await fill(ledger)
        #expect(await ledger.settle())
        let record = try #require(try ledger.reader.call("CALL1"))
        let report = LedgerReport.call(record)
        let expected = """
            conversation
                 +3.000  agent   May we text you the confirmation?
                 +4.000  caller  Yes, please.
                 +9.000  agent   We have Tuesday at [cut]
                 +9.000          (record_consent: committed)
                 +9.000          (send_sms: committed)
                 +9.400          (barge_in: confirmed)
                 +9.700          (day = Tuesday)
                 +9.800          (bridged: one_moment)
                +12.000  caller  mhm [backchannel]

            waterfall, in ms from the caller's last voiced frame
              turn  reply  paused  endpoint  final  asked  text  clause  audio  frame   edge
                 2      3       -     500.0      -      -     -       -      -  641.2  641.2

            """
        #expect(report.contains(expected), "\(report)")
        #expect(report.contains("late_mark 3 (+9.900 to +9.990)"))
        #expect(report.contains("answer: \"Yes, please.\" at +4.000 to +4.800"))
        #expect(!report.contains("5555550123"))
        #expect(LedgerReport.call(record, reveal: true).contains("+12125550123"))
        #expect(report.split(separator: "\n").allSatisfy { $0.count <= LedgerReport.width })
    }

    @Test("JSON for programs has the same, masked too unless asked")
    func json() async throws {
        let ledger = try Ledger.open(folder)
        await fill(ledger)
        #expect(await ledger.settle())
        let record = try #require(try ledger.reader.call("CALL1"))
        for text in [
            try LedgerReport.callJSON(record), try LedgerReport.callsJSON([record.call]),
            try LedgerReport.messagesJSON(record.messages),
        ] {
            #expect(!text.contains("5555550123"))
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let back = try decoder.decode(
            CallRecord.self, from: Data(try LedgerReport.callJSON(record, reveal: true).utf8))
        #expect(back == record)
    }

    @Test("Words that would move a terminal's cursor do not")
    func terminal() async throws {
        let ledger = try Ledger.open(folder)
        ledger.start()
        ledger.say("a\u{1B}[2J\u{9B}1m\r\nb\u{202E}c", turn: 1)
        #expect(await ledger.settle())
        let report = LedgerReport.call(try #require(try ledger.reader.call("CALL1")))
        #expect(report.contains("caller  a [2J 1m b c"))
        #expect(report.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    }

    @Test(
        "Dates are right at the calendar's corners",
        arguments: [
            (0, "1970-01-01 00:00:00"), (951_782_399_999, "2000-02-28 23:59:59"),
            (951_782_400_000, "2000-02-29 00:00:00"),
            (1_709_251_199_000, "2024-02-29 23:59:59"), (4_107_542_400_000, "2100-03-01 00:00:00"),
            (-1_000, "1969-12-31 23:59:59"), (1_773_500_966_123, "2026-03-14 15:09:26"),
        ] as [(Int64, String)])
    func dates(time: Int64, text: String) {
        #expect(date(time) == text)
    }
}
