import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyLedger

@Suite("Webhooks in the record")
struct WebhookTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private static func messaging(isAbandonable: Bool = false) throws -> Ledger.Messaging {
        let schema = #"{"type":"object","properties":{"day":{"type":"string"}},"required":["day"]}"#
        let action = try WebhookAction(
            name: "free_times", description: "Looks up the free times.",
            parameters: try JSONSchema(try JSON(parsing: schema, maxBytes: 1_000, maxDepth: 8)), method: .post,
            target: try WebhookTarget(
                "https://api.example.org/{{ .parameters.day }}/{{ .call.reference }}", name: "url"),
            body: try WebhookBody(.object(["who": .string("{{ .contact.number }}")]), name: "body"),
            idempotencyHeader: "Idempotency-Key",
            result: ResultMapping([try .init(name: "first_free", path: "a"), try .init(name: "is_open", path: "b")]),
            isAbandonable: isAbandonable)
        return Ledger.Messaging(plan: .recordOnly("Desk"), registry: ActionRegistry(webhooks: [action]))
    }

    private let tuesday = #"{"day":"2026-12-01"}"#
    private static let values = JSON.object(["first_free": .string("9:00"), "is_open": .boolean(true)])

    private func outcome() throws -> [String] {
        try folder.sql("SELECT outcome || ' ' || rule FROM actions", as: String.self)
    }

    @Test("It stands there as pending before anything leaves, with what is to be sent told once")
    func pending() async throws {
        let ledger = try Ledger.open(folder, messaging: try Self.messaging())
        ledger.start()
        let receipt = await ledger.run("free_times", tuesday, turn: 1)
        let order = try #require(receipt.order)
        #expect(receipt.outcome == .committed && !receipt.isRepeat)
        let request = try #require(order.request)
        #expect(request.url == "https://api.example.org/2026-12-01/\(CallReference.make(callID: "CALL1"))")
        #expect(request.headers == [.init(name: "Idempotency-Key", value: order.key.text)])
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"who":"+12125550123"}"#)
        #expect(try outcome() == ["pending "])

        let again = await ledger.run("free_times", #"{ "day": "2026\u002d12-01" }"#, turn: 1, number: 2)
        #expect(again.isRepeat && again.order == WebhookOrder(key: order.key, request: nil))
        // Another turn, another action.
        #expect(await ledger.run("free_times", tuesday, turn: 2).order?.request != nil)
    }

    @Test("Its answer is durable with the call's variables, and is what a repeat gets")
    func answered() async throws {
        let clock = WallClock()
        let ledger = try Ledger.open(folder, clock: clock, messaging: try Self.messaging())
        ledger.start()
        let order = try #require(await ledger.run("free_times", tuesday, turn: 1).order)
        clock.advance(750)
        try await ledger.settle(order.key, as: .answered(values: Self.values, note: "http_200"))
        #expect(try outcome() == ["answered http_200"])
        let again = await ledger.run("free_times", tuesday, turn: 1)
        #expect(again == ActionReceipt(.answered(#"{"first_free":"9:00","is_open":true}"#), isRepeat: true))
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(
            record.variables.map { "\($0.name)=\($0.value) \($0.atMs)" } == [
                "first_free=9:00 9750", "is_open=yes 9750",
            ])
        #expect(LedgerReport.call(record).contains("(free_times: answered, http_200)"))

        // An end is an end.
        try await ledger.settle(order.key, as: .failed("http_500"))
        #expect(try outcome() == ["answered http_200"])
    }

    @Test("A value that a later answer lacks is no variable any more")
    func lacking() async throws {
        let ledger = try Ledger.open(folder, messaging: try Self.messaging())
        ledger.start()
        let first = try #require(await ledger.run("free_times", tuesday, turn: 1).order)
        try await ledger.settle(first.key, as: .answered(values: Self.values, note: "http_200"))
        let second = try #require(await ledger.run("free_times", tuesday, turn: 2).order)
        let none = JSON.object(["first_free": .null, "is_open": .boolean(false)])
        try await ledger.settle(second.key, as: .answered(values: none, note: "http_200"))
        let record = try #require(try ledger.reader.call("CALL1"))
        #expect(record.variables.map { "\($0.name)=\($0.value)" } == ["is_open=no"])
    }

    @Test(
        "Whatever else became of it is told alike, however often it is asked for",
        arguments: [
            (WebhookEnding.refused("http_409"), "refused http_409", ActionResult.Outcome.refused("http_409")),
            (.failed("http_500"), "failed http_500", .failed("http_500")),
            (.unknown("no_answer_in_time"), "unknown no_answer_in_time", .failed("no_answer_in_time")),
        ])
    func endings(ending: WebhookEnding, row: String, outcome: ActionResult.Outcome) async throws {
        let ledger = try Ledger.open(folder, messaging: try Self.messaging())
        ledger.start()
        let order = try #require(await ledger.run("free_times", tuesday, turn: 1).order)
        try await ledger.settle(order.key, as: ending)
        #expect(try self.outcome() == [row])
        #expect(ending.outcome == outcome)
        #expect(await ledger.run("free_times", tuesday, turn: 1) == ActionReceipt(outcome, isRepeat: true))
    }

    @Test("A process that dies with one under way leaves it unknown, and nobody sends it again")
    func crash() async throws {
        let first = try Ledger.open(folder, messaging: try Self.messaging())
        first.start()
        #expect(await first.run("free_times", tuesday, turn: 1).order?.request != nil)
        first.close()
        let second = try Ledger.open(folder, messaging: try Self.messaging())
        #expect(try outcome() == ["unknown process_lost"])
        let again = await second.run("free_times", tuesday, turn: 1)
        #expect(again == ActionReceipt(.failed("process_lost"), isRepeat: true))
    }

    @Test("What cannot be made into a request is refused, in the same row")
    func refused() async throws {
        let ledger = try Ledger.open(folder, messaging: try Self.messaging())
        ledger.start()
        let receipt = await ledger.run("free_times", #"{"day":"../admin"}"#, turn: 1)
        #expect(receipt.outcome == .refused("url: a part of the path would be empty or lead elsewhere"))
        #expect(receipt.order == nil)
        #expect(await ledger.run("free_times", "{}", turn: 2).outcome == .refused("arguments_invalid: day is missing"))
    }

    @Test("Of a call that is over only what may be abandoned is refused", arguments: [true, false])
    func over(isAbandonable: Bool) async throws {
        let ledger = try Ledger.open(folder, messaging: try Self.messaging(isAbandonable: isAbandonable))
        ledger.start()
        ledger.record(.callEnded(call: "CALL1", at: 1_773_500_970_000, .callerHungUp))
        let receipt = await ledger.run("free_times", tuesday, turn: 1)
        #expect((receipt.order == nil) == isAbandonable)
        if isAbandonable { #expect(receipt.outcome == .refused("call_is_over")) }
    }

    @Test("Decided again it is the same, whatever the server made of it")
    func audit() async throws {
        let ledger = try Ledger.open(folder, messaging: try Self.messaging())
        ledger.start()
        for (turn, ending) in [WebhookEnding.failed("x"), .refused("y"), .answered(values: Self.values, note: "z")]
            .enumerated()
        {
            let order = try #require(await ledger.run("free_times", tuesday, turn: UInt32(turn + 1)).order)
            try await ledger.settle(order.key, as: ending)
        }
        _ = await ledger.run("free_times", tuesday, turn: 9)
        _ = await ledger.run("free_times", #"{"day":".."}"#, turn: 10)
        let audits = try ledger.reader.audit(calls: ["CALL1"], messaging: try Self.messaging())
        #expect(audits.count == 5)
        #expect(audits.filter { !$0.isSame } == [])
        #expect(audits.count { $0.recorded == "taken on" } == 4)
    }

    @Test("Erasure takes what the answer said, and leaves that there was one")
    func erased() async throws {
        let ledger = try Ledger.open(folder, messaging: try Self.messaging())
        ledger.start()
        let order = try #require(await ledger.run("free_times", tuesday, turn: 1).order)
        try await ledger.settle(order.key, as: .answered(values: Self.values, note: "http_200"))
        _ = try Erasure.erase("+12125550123", in: folder.ledger, now: 0)
        #expect(try folder.sql("SELECT arguments || inputs || result FROM actions", as: String.self) == [""])
        #expect(try outcome() == ["answered http_200"])
    }

    @Test("A file of the version before keeps its actions")
    func migrated() throws {
        let queue = try DatabaseQueue(path: folder.ledger)
        try Schema.migrator.migrate(queue, upTo: "v2")
        try queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO calls (id, provider, provider_call, stream, caller, called, agent, process, started_at)
                        VALUES ('CALL1', 'twilio', 'CA1', 'MZ1', '+12125550123', '', 'flow', 'P', 1);
                    INSERT INTO actions (key, call, turn, number, generation, name, arguments, outcome, rule, at_ms,
                        decided_at, inputs) VALUES ('K', 'CALL1', 1, 1, 1, 'send_sms', '{}', 'refused', 'no_consent', 5, 6, '[]')
                    """)
        }
        try Schema.migrator.migrate(queue)
        let sql = "SELECT key || ' ' || call || ' ' || outcome || ' ' || rule || ' ' || at_ms || inputs FROM actions"
        let rows = try queue.read { try String.fetchAll($0, sql: sql) }
        #expect(rows == ["K CALL1 refused no_consent 5[]"])
        #expect(throws: DatabaseError.self) {
            try queue.write { try $0.execute(sql: "UPDATE actions SET outcome = 'sent'") }
        }
    }
}
