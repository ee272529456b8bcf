import ParleyCore
import Synchronization
import Testing

@testable import ParleyGateway
@testable import ParleyLedger

@Suite("A webhook's end, and those who wait for it", .timeLimit(.minutes(2)))
struct WebhookSettleTests {
    /// A desk whose one request is answered while the disk takes nothing.
    private func unsettled(
        _ body: (WebhookBench, ManualClock, TestProvider) async throws -> Void
    ) async throws {
        let gate = Gate()
        let server = try await TestProvider.start { _ in
            await gate.pass()
            return .answer(200, body: "{}")
        }
        let clock = ManualClock()
        let bench = try WebhookBench(
            "url: \"\(server.base)/look\"\nallow_private: [127.0.0.1]\nallow_http: true\n", clock: clock)
        async let first = bench.run()
        try await server.received(1)
        bench.breakDisk()
        gate.open()
        // Whoever asked does not wait for the disk, and is told the truth.
        #expect(await first == .answered("{}"))
        #expect(try bench.rows() == ["pending "])
        do {
            try await body(bench, clock, server)
        } catch {
            bench.close()
            throw error
        }
        bench.close()
        await server.stop()
    }

    @Test("An end that the disk does not take is written later, after longer waits, and the request is not sent again")
    func later() async throws {
        try await unsettled { bench, clock, server in
            try await clock.wake(at: ManualClock.start + 1_000)
            // It was tried once more, in vain.
            try await clock.wake(at: ManualClock.start + 3_000)
            try await clock.armed()
            await bench.mendDisk()
            #expect(try bench.rows() == ["pending "])
            // Its row is there, its end is not: nobody is left waiting.
            #expect(await bench.run() == .answered("{}"))
            try await clock.wake(at: ManualClock.start + 7_000)
            await bench.desk.drain()
            #expect(try bench.rows() == ["answered http_200"])
            #expect(await bench.run() == .answered("{}"))
            #expect(server.requests.count == 1)
        }
    }

    @Test("At the process's end it is tried a last time, without a wait")
    func drained() async throws {
        try await unsettled { bench, clock, _ in
            try await clock.armed()
            await bench.mendDisk()
            await bench.desk.drain()
            #expect(try bench.rows() == ["answered http_200"])
        }
    }

    @Test("A disk that takes nothing holds nobody up at the process's end; who asks then is told that nobody knows")
    func lost() async throws {
        try await unsettled { bench, _, _ in
            await bench.desk.drain()
            await bench.mendDisk()
            let rows = try bench.rows()
            #expect(rows == ["pending "])
            #expect(await bench.run() == .failed("outcome_unknown"))
        }
    }

    @Test("It is tried for about an hour, each wait at least as long as the one before")
    func waits() {
        var retries = SettleRetries()
        var waits: [Int64] = []
        while let wait = retries.next() { waits.append(wait) }
        #expect(waits.count == SettleRetries.mostTries)
        #expect(waits.prefix(4) == [1_000, 2_000, 4_000, 8_000])
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(waits.last == 300_000)
        #expect((3_000_000...4_200_000).contains(waits.reduce(0, +)))
    }

    @Test("Everybody who asks for what is under way is told its end, each once")
    func joined() async throws {
        let gate = Gate()
        let server = try await TestProvider.start { _ in
            await gate.pass()
            return .answer(409)
        }
        let bench = try WebhookBench(
            "url: \"\(server.base)/look\"\nallow_private: [127.0.0.1]\nallow_http: true\n")
        let told = Mutex<[String]>([])
        let tellings = Conditions<Int>()
        let tell: @Sendable (String, WebhookEnding) -> Void = { who, ending in
            let count = told.withLock {
                $0.append("\(who) \(ending.outcome)")
                return $0.count
            }
            tellings.look(count)
        }
        let invocation = ActionInvocation(
            number: 1, generation: Generation(1), turn: TurnID(1),
            request: ActionRequest(name: "look_up", arguments: "{}"))
        let order: WebhookOrder? = await withCheckedContinuation { continuation in
            bench.ledger.commit(invocation, call: "CALL1", at: .zero) { continuation.resume(returning: $0.order) }
        }
        let key = try #require(order).key
        bench.desk.carry(try #require(order), of: "CALL1") { tell("first", $0) }
        try await server.received(1)
        // While the server still thinks: these are in time for its answer.
        for who in ["second", "third"] {
            bench.desk.carry(WebhookOrder(key: key, request: nil), of: "CALL1") { tell(who, $0) }
        }
        #expect(told.withLock { $0 } == [])
        gate.open()
        try await tellings.wait(now: { told.withLock { $0.count } }, until: { $0 >= 3 })
        await bench.desk.drain()
        let outcome = ActionResult.Outcome.refused("http_409")
        #expect(told.withLock { $0 } == ["first \(outcome)", "second \(outcome)", "third \(outcome)"])
        #expect(server.requests.count == 1)
        bench.close()
        await server.stop()
    }
}
