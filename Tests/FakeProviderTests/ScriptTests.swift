import FakeProvider
import ParleyMessaging
import Synchronization
import Testing

@Suite("What the fake does on script", .timeLimit(.minutes(3)))
struct ScriptTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let plan: RequestPlan
        let isTaken: Bool
        /// `nil`: accepted, under the provider's id.
        let outcome: SendOutcome?
    }

    static let cases = [
        Case(testDescription: "accept", plan: .accept, isTaken: true, outcome: nil),
        Case(testDescription: "accept late", plan: .accept.after(.milliseconds(20)), isTaken: true, outcome: nil),
        Case(
            testDescription: "accept, then close", plan: .acceptAndClose, isTaken: true,
            outcome: .ambiguous(code: "http_0")),
        Case(
            testDescription: "accept, then reset", plan: .acceptAndReset, isTaken: true,
            outcome: .ambiguous(code: "http_0")),
        Case(
            testDescription: "accept, then silence", plan: .acceptAndStaySilent, isTaken: true,
            outcome: .ambiguous(code: "http_0")),
        Case(
            testDescription: "accept, cut short", plan: .acceptAndCutShort, isTaken: true,
            outcome: .ambiguous(code: "http_0")),
        Case(
            testDescription: "a 2xx without an id", plan: .acceptWithoutID, isTaken: true,
            outcome: .ambiguous(code: "unreadable_answer")),
        Case(
            testDescription: "a 2xx with garbage", plan: .acceptWithGarbage, isTaken: true,
            outcome: .ambiguous(code: "unreadable_answer")),
        Case(
            testDescription: "a 500, but taken", plan: .acceptButSay(500), isTaken: true,
            outcome: .ambiguous(code: "http_500")),
        Case(testDescription: "close", plan: .close, isTaken: false, outcome: .ambiguous(code: "http_0")),
        Case(testDescription: "reset", plan: .reset, isTaken: false, outcome: .ambiguous(code: "http_0")),
        Case(testDescription: "silence", plan: .staySilent, isTaken: false, outcome: .ambiguous(code: "http_0")),
        Case(
            testDescription: "429 with Retry-After", plan: .refuse(429, retryAfter: 7), isTaken: false,
            outcome: .retry(after: 7, code: "http_429")),
        Case(
            testDescription: "503", plan: .refuse(503), isTaken: false, outcome: .ambiguous(code: "http_503")),
    ]

    @Test("Each plan does what it says, with every provider", arguments: ScriptTests.cases, ProviderKind.allCases)
    func plans(plan: Case, kind: ProviderKind) async throws {
        try await FakeProvider.run(ProviderScript(plan.plan.reporting(.never))) { provider in
            async let answered = Carrier.send(try Sample.text(), kind, at: provider)
            if plan.plan.answer == .never {
                try await provider.receipts(1)
                try await provider.settled()
                #expect(provider.books.openConnections == 1)
                await provider.goOffline()
            }
            let outcome = try await answered
            try await provider.settled()
            let text = try #require(provider.received.first)
            #expect(text.isTaken == plan.isTaken)
            #expect(outcome == plan.outcome ?? .accepted(providerID: text.providerID ?? ""))
            #expect(provider.lost(expected: ["01KDVXN700PARLEYTEXT00000A"]).isEmpty == plan.isTaken)
        }
    }

    @Test(
        "A vendor's code is refused in the vendor's shape",
        arguments: [
            (ProviderKind.twilio, "21610"), (.telnyx, "40300"), (.vonage, "1240"), (.webhook, "opted_out"),
        ])
    func code(kind: ProviderKind, code: String) async throws {
        try await FakeProvider.run(ProviderScript(.refuse(400, code: code))) { provider in
            let outcome = try await Carrier.send(try Sample.text(), kind, at: provider)
            #expect(outcome == .refused(code: code, reason: .optedOut))
        }
    }

    @Test("The first rule that fits decides, as often as it may; then what follows")
    func rules() async throws {
        let script = ProviderScript(.accept)
            .request(2, .refuse(503))
            .when(times: 2, { $0.to == "+12125550101" }, .refuse(429))
            .when({ $0.body == "no" }, .refuse(400))
        try await FakeProvider.run(script) { provider in
            var statuses: [Int] = []
            for (to, body) in [
                ("+12125550101", "a"), ("+12125550102", "a"), ("+12125550101", "no"), ("+12125550101", "no"),
                ("+12125550101", "a"), ("+12125550102", "b"),
            ] {
                let text = try Sample.text(to: to, body: body)
                let call = try Sample.format(.twilio, at: provider).request(for: text, at: 0)
                statuses.append(try await Carrier.send(call).status)
            }
            #expect(statuses == [429, 503, 429, 400, 201, 201])
        }
    }

    @Test("One seed draws the same plans, in whatever order the requests come")
    func seed() async throws {
        @Sendable func taken(_ seed: UInt64, _ ids: [Int]) async throws -> Set<String> {
            let script = ProviderScript(
                seed: seed,
                [
                    ProviderScript.Draw(3, .accept.reporting(.never)), ProviderScript.Draw(1, .refuse(503)),
                ])
            return try await FakeProvider.run(script) { provider in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in ids {
                        group.addTask { try await Carrier.send(try Sample.text("m\(id)"), .twilio, at: provider) }
                    }
                    try await group.waitForAll()
                }
                return Set(provider.taken.compactMap(\.message))
            }
        }
        let first = try await taken(1, Array(0..<40))
        #expect(first == (try await taken(1, (0..<40).reversed())))
        #expect((20...38).contains(first.count))
        #expect(first != (try await taken(2, Array(0..<40))))
    }

    @Test("A receipt can be acted upon before it is answered")
    func receipt() async throws {
        let order = Mutex<[String]>([])
        let script = ProviderScript(.accept).onReceipt { text in
            order.withLock { $0.append("received \(text.number), taken: \(text.isTaken)") }
        }
        try await FakeProvider.run(script) { provider in
            try await Carrier.send(try Sample.text(), .twilio, at: provider)
            order.withLock { $0.append("answered") }
        }
        #expect(order.withLock { $0 } == ["received 1, taken: true", "answered"])
    }

    @Test("A provider that is offline refuses connections, and is the same when it is back")
    func offline() async throws {
        try await FakeProvider.run { provider in
            try await Carrier.send(try Sample.text("m1"), .twilio, at: provider)
            await provider.goOffline()
            let outcome = try await Carrier.send(try Sample.text("m2"), .twilio, at: provider)
            #expect(outcome == .ambiguous(code: "http_0"))
            #expect(provider.books.connections == 1)
            try await provider.goOnline()
            try await Carrier.send(try Sample.text("m3"), .twilio, at: provider)
            #expect(provider.taken.map(\.message) == ["m1", "m3"])
        }
    }

    @Test("A new script holds for what comes from now on")
    func follow() async throws {
        try await FakeProvider.run { provider in
            try await Carrier.send(try Sample.text("m1"), .twilio, at: provider)
            provider.follow(ProviderScript(.refuse(400)))
            try await Carrier.send(try Sample.text("m2"), .twilio, at: provider)
            #expect(provider.taken.map(\.message) == ["m1"])
        }
    }
}
