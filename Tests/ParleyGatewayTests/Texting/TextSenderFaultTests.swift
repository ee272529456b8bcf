import ParleyCore
import ParleyMessaging
import Synchronization
import Testing

@testable import ParleyGateway

@Suite("When the store fails, somebody says stop, or all goes wrong", .timeLimit(.minutes(2)))
struct TextSenderFaultTests {
    @Test("A store that fails is asked again a second later", arguments: [false, true])
    func claim(isCommitted: Bool) async throws {
        try await SenderBench.run { bench in
            let began = bench.now
            await bench.store.fail(.claim, times: 2, isCommitted: isCommitted)
            try await bench.add(["01A"])
            bench.start()
            try await bench.pass { $0[0].state == .accepted }
            #expect(bench.now - began >= 2_000)
            #expect(bench.provider.requests.count == 1)
        }
    }

    @Test(
        "A text whose begin failed is not sent under that claim, whether or not it was committed",
        arguments: [false, true])
    func begin(isCommitted: Bool) async throws {
        try await SenderBench.run { bench in
            await bench.store.fail(.begin, times: 1, isCommitted: isCommitted)
            try await bench.add(["01A"])
            bench.start()
            try await bench.pass { $0[0].state == .accepted }
            #expect(bench.provider.requests.map { $0.correlation?.fence } == [2])
        }
    }

    @Test("A text whose last look failed does not leave, and comes again")
    func lastLook() async throws {
        try await SenderBench.run { bench in
            await bench.store.fail(.lastLook, times: 1)
            try await bench.add(["01A"])
            bench.start()
            try await bench.pass { $0[0].state == .accepted }
            #expect(bench.provider.requests.map { $0.correlation?.fence } == [2])
        }
    }

    @Test("An answer is kept until it is durable: the text is sent once", arguments: [false, true])
    func settle(isCommitted: Bool) async throws {
        try await SenderBench.run { bench in
            await bench.store.fail(.settle, times: 3, isCommitted: isCommitted)
            try await bench.add(["01A"])
            bench.start()
            for _ in 1...3 { try await bench.clock.wake(at: bench.now + 1_000) }
            try await bench.store.until { $0[0].state == .accepted }
            await bench.stop()
            #expect(bench.provider.requests.count == 1)
            #expect(bench.points.filter { $0 == .afterAccepted }.count == 1)
        }
    }

    @Test("An opt-out between begin and the last look: the row says so, and no request arrives")
    func suppressed() async throws {
        try await SenderBench.run { bench in
            let store = bench.store
            await store.beforeLastLook { _ in await store.optOut("+12125550123") }
            try await bench.add(["01A"])
            bench.start()
            try await store.until { $0[0].state == .suppressed }
            await bench.stop()
            #expect(bench.provider.requests.isEmpty)
            #expect(await store.outcomes.isEmpty)
            #expect(bench.notices.map(\.effect) == [.tellCall(.suppressed)])
        }
    }

    @Test("A stop between the last look and the bytes: the text comes again, and finds the opt-out")
    func stopped() async throws {
        try await SenderBench.run { bench in
            bench.departures.stop("+12125550123")
            try await bench.add(["01A"])
            bench.start()
            try await bench.store.until { $0[0].state == .queued && $0[0].fence == 1 && $0[0].lastTry != nil }
            await bench.store.optOut("+12125550123")
            await bench.stop()
            #expect(bench.provider.requests.isEmpty)
            #expect(await bench.store.row("01A")?.state == .suppressed)
        }
    }

    @Test("A STOP while 100 texts go: what arrives had left before it", arguments: [0, 1, 7, 40, 99])
    func race(after count: Int) async throws {
        let written = Atomic<Int>(0)
        try await SenderBench.run(
            channels: { [SenderBench.channel($0, maxInFlight: 100)] }, maxInFlight: 100,
            onPoint: { if $0 == .requestWritten { written.add(1, ordering: .relaxed) } }
        ) { bench in
            let number = "+12125550123"
            try await bench.add((0..<100).map { "T\($0)" }, to: number)
            bench.start()
            if count == 0 {
                try await bench.store.until { $0.contains { $0.state == .claimed } }
            } else {
                try await bench.provider.received(count)
            }
            bench.departures.stop(number)
            await bench.departures.settled(number)
            let left = written.load(ordering: .relaxed)
            // A slow commit: whatever was about to leave has had its chance.
            try await bench.store.until { $0.allSatisfy { [.accepted, .queued].contains($0.state) } }
            await bench.store.optOut(number)
            try await bench.pass { $0.allSatisfy { [.accepted, .suppressed].contains($0.state) } }
            await bench.stop()
            // Bytes that had left by then may be read later; there are none of others.
            let arrived = bench.provider.requests.count
            #expect(arrived == left)
            #expect(await bench.store.rows.values.filter { $0.state == .accepted }.count == arrived)
        }
    }

    @Test("Whatever a provider and a store do: one request for each fence, and no text twice", arguments: 1...20)
    func chaos(seed: UInt64) async throws {
        let random = Mutex(SplitMix64(seed: seed))
        let taken = Mutex<[String: Int]>([:])
        let script: TestProvider.Script = { request in
            let dice = random.withLock { Int.random(in: 0..<100, using: &$0) }
            guard request.method == "POST" else { return .answer(dice < 50 ? 503 : 404) }
            func take() { if let id = request.correlation?.message { taken.withLock { $0[id, default: 0] += 1 } } }
            switch dice {
            case 0..<50:
                take()
                return .accepted(request)
            case 50..<60:
                take()
                return .reset
            case 60..<65:
                take()
                return .answer(500)
            case 65..<75: return .answer(429, headers: ["Retry-After": "2"])
            case 75..<80: return .answer(503, headers: ["Retry-After": "1"])
            case 80..<85: return .answer(400, body: #"{"code":21211}"#)
            case 85..<90: return .answer(502)
            default: return .reset
            }
        }
        try await SenderBench.run(
            script: script, channels: { [SenderBench.channel($0, maxInFlight: 5)] }, maxInFlight: 5
        ) { bench in
            let operations: [MemoryOutbox.Operation] = [.claim, .begin, .lastLook, .settle, .answered, .release]
            for operation in operations {
                let (times, isCommitted) = random.withLock {
                    (Int.random(in: 0..<3, using: &$0), Bool.random(using: &$0))
                }
                if times > 0 { await bench.store.fail(operation, times: times, isCommitted: isCommitted) }
            }
            try await bench.add((0..<20).map { "T\($0)" })
            bench.start()
            try await bench.pass {
                $0.allSatisfy { row in
                    row.doubt == .held || ![.queued, .claimed, .sending, .unknown].contains(row.state)
                }
            }
            await bench.stop()
            let correlations = bench.provider.requests.filter { $0.method == "POST" }.map(\.correlation)
            #expect(!correlations.contains(nil))
            #expect(Set(correlations.compactMap { $0?.id }).count == correlations.count)
            #expect(taken.withLock { $0 }.values.allSatisfy { $0 == 1 })
            let rows = await bench.store.rows
            for (id, row) in rows where row.state == .accepted { #expect(taken.withLock { $0[id] } == 1) }
            #expect(rows.count == 20)
        }
    }
}
