import ParleyMessaging
import Synchronization
import Testing

@testable import ParleyGateway

@Suite("From the store to the provider", .timeLimit(.minutes(5)))
struct TextSenderTests {
    @Test("A text goes out once, from its channel's address, with a correlation and a time to live")
    func sent() async throws {
        try await SenderBench.run { bench in
            try await bench.add(["01A"])
            bench.start()
            try await bench.store.until { $0[0].state == .accepted }
            let request = try #require(bench.provider.requests.first)
            #expect(bench.provider.requests.count == 1)
            #expect(request.uri == "/2010-04-01/Accounts/AC1/Messages.json")
            #expect(request.form["From"] == "+12125550100")
            #expect(request.form["To"] == "+12125550123")
            #expect(request.form["Body"] == "Text 01A")
            #expect(request.form["ValidityPeriod"] == "900")
            let callback = try #require(request.form["StatusCallback"])
            #expect(callback.hasPrefix("https://voice.example.org/hooks/twilio/sms-status?correlation="))
            #expect(request.correlation?.message == "01A")
            #expect(request.correlation?.fence == 1)
            #expect(await bench.store.row("01A")?.providerID == "SM1")
            await bench.stop()
            #expect(bench.notices.map(\.effect) == [.tellCall(.accepted)])
            #expect(bench.points == [.afterClaimed, .afterSending, .requestWritten, .answerRead, .afterAccepted])
        }
    }

    @Test("Without a public address no reports are asked for")
    func noCallback() async throws {
        try await SenderBench.run(callbackBase: "") { bench in
            try await bench.add(["01A"])
            bench.start()
            try await bench.store.until { $0[0].state == .accepted }
            #expect(bench.provider.requests.map { $0.form["StatusCallback"] } == [nil])
        }
    }

    @Test("A channel that only records asks nobody")
    func recordOnly() async throws {
        let channels = { @Sendable (_: TestProvider) in [SendingChannel(name: "desk", address: "", format: nil)] }
        try await SenderBench.run(channels: channels) { bench in
            try await bench.add(["01A"], channel: "desk")
            bench.start()
            try await bench.store.until { $0[0].state == .recorded }
            #expect(bench.provider.heads == 0)
        }
    }

    @Test("A text that comes later is taken at the ring of a bell, or within five seconds without one")
    func wake() async throws {
        try await SenderBench.run { bench in
            bench.start()
            let began = bench.now
            try await bench.add(["01A"])
            bench.sender.wake()
            try await bench.store.until { $0[0].state == .accepted }
            #expect(bench.now == began)
            try await bench.add(["01B"])
            try await bench.step()
            try await bench.store.until { $0.allSatisfy { $0.state == .accepted } }
            #expect(bench.now - began <= 5_000)
        }
    }

    @Test("A rate limit is waited for, and the text goes once more under another fence")
    func rateLimit() async throws {
        try await SenderBench.run(script: {
            $0.number == 1 ? .answer(429, headers: ["Retry-After": "7"]) : .accepted($0)
        }) { bench in
            let began = bench.now
            try await bench.add(["01A"])
            bench.start()
            try await bench.store.until { $0[0].notBefore > began }
            let notBefore = try #require(await bench.store.row("01A")?.notBefore)
            #expect((7_000...8_000).contains(notBefore - began))
            try await bench.pass { $0[0].state == .accepted }
            #expect(bench.now >= notBefore)
            #expect(bench.provider.requests.map { $0.correlation?.fence } == [1, 2])
        }
    }

    @Test("A wrong secret pauses the channel and leaves its texts where they are; a probe that goes through ends it")
    func wrongSecret() async throws {
        try await SenderBench.run(
            script: { $0.number == 1 ? .answer(401) : .accepted($0) },
            channels: { [SenderBench.channel($0, maxInFlight: 1)] },
            rules: OutboxRules(expiresInCallMS: 3_600_000)
        ) { bench in
            let began = bench.now
            try await bench.add(["01A", "01B"])
            bench.start()
            try await bench.pass { $0.allSatisfy { $0.state == .accepted } }
            #expect(bench.now - began >= 900_000)
            #expect(bench.provider.requests.count == 3)
            #expect(bench.notices.contains { $0.effect == .alert(.senderPaused) && $0.channel == "clinic-sms" })
            #expect(await bench.store.probes >= 1)
        }
    }

    @Test(
        "An answer that never came, or says too little, leaves the text unknown, and it is not sent again",
        arguments: [TestProvider.Reply.reset, .answer(500), .answer(201, body: "?"), .answer(302)])
    func ambiguous(reply: TestProvider.Reply) async throws {
        try await SenderBench.run(script: { $0.method == "POST" ? reply : .answer(404) }) { bench in
            try await bench.add(["01A"])
            bench.start()
            try await bench.pass { $0[0].doubt == .held }
            #expect(bench.provider.requests.map(\.method) == ["POST", "GET"])
            #expect(bench.notices.contains { $0.effect == .alert(.heldUnknown) })
        }
    }

    @Test("Nobody listens: tried again until it is too late")
    func unreachable() async throws {
        let closed = try await TestProvider.start { .accepted($0) }
        await closed.stop()
        try await SenderBench.run(channels: { _ in [SenderBench.channel(closed)] }) { bench in
            try await bench.add(["01A"])
            bench.start()
            try await bench.pass { $0[0].state == .expired }
            let outcomes = await bench.store.outcomes
            #expect(outcomes.count > 5)
            #expect(outcomes.allSatisfy { $0 == .notSent(.unreachable, retryAfterMS: nil) })
        }
    }

    @Test("A lost answer is asked for, and a text that the provider has is accepted under its id")
    func query() async throws {
        try await SenderBench.run(script: { request in
            if request.method == "POST" { return .reset }
            // The clock of the bench: 15 January 2027.
            return .answer(
                200,
                body: #"{"messages":[{"sid":"SM9","to":"+12125550123","body":"Text 01A","status":"delivered","#
                    + #""direction":"outbound-api","date_created":"Fri, 15 Jan 2027 08:00:00 +0000"}]}"#)
        }) { bench in
            try await bench.add(["01A"])
            bench.start()
            try await bench.pass { $0[0].state == .accepted }
            #expect(await bench.store.row("01A")?.providerID == "SM9")
            #expect(bench.provider.requests.map(\.method) == ["POST", "GET"])
            #expect(bench.provider.requests.last?.uri.contains("To=%2B12125550123&From=%2B12125550100") == true)
        }
    }

    @Test("A question in vain is put again, three times in all, before a person is asked")
    func queryInVain() async throws {
        try await SenderBench.run(script: { $0.method == "POST" ? .reset : .answer(503) }) { bench in
            try await bench.add(["01A"])
            bench.start()
            try await bench.pass { $0[0].doubt == .held }
            #expect(bench.provider.requests.map(\.method) == ["POST", "GET", "GET", "GET"])
            #expect(await bench.store.calls[.answered] == nil)
        }
    }

    // MARK: room

    @Test("No more requests at once than a channel and all of them may have, and all texts go")
    func room() async throws {
        let gate = Gate()
        try await SenderBench.run(
            script: {
                await gate.pass()
                return .accepted($0)
            },
            channels: {
                [
                    SenderBench.channel($0, name: "a", maxInFlight: 3),
                    SenderBench.channel($0, name: "b", maxInFlight: 9),
                ]
            }, maxInFlight: 8
        ) { bench in
            for index in 0..<20 {
                try await bench.add(["A\(index)"], channel: "a")
                try await bench.add(["B\(index)"], channel: "b")
            }
            bench.start()
            try await bench.provider.received(8)
            let sending = await bench.store.rows.values.filter { $0.state == .sending }
            #expect(sending.count == 8)
            #expect(sending.filter { $0.sender == "a" }.count == 3)
            gate.open()
            try await bench.store.until { $0.allSatisfy { $0.state == .accepted } }
            #expect(bench.provider.mostOpen <= 8)
            #expect(bench.provider.requests.count == 40)
        }
    }

    @Test("Texts of a channel that is not configured stay where they are and hold up nobody")
    func stranger() async throws {
        try await SenderBench.run { bench in
            try await bench.add(["01A"], channel: "old-sms")
            try await bench.add(["01B"])
            bench.start()
            try await bench.store.until { $0[1].state == .accepted }
            bench.sender.wake()
            try await bench.add(["01C"])
            bench.sender.wake()
            try await bench.store.until { $0[2].state == .accepted }
            let row = try #require(await bench.store.row("01A"))
            #expect(row.state == .queued)
            #expect(row.fence == 1)
        }
    }

    @Test("A provider that is down is left alone, then tried with one text; when that goes, all go")
    func breaker() async throws {
        let isUp = Atomic<Bool>(false)
        try await SenderBench.run(
            script: { request in
                if request.method == "GET" { return .answer(503) }
                return isUp.load(ordering: .relaxed) ? .accepted(request) : .answer(503, headers: ["Retry-After": "1"])
            },
            channels: { [SenderBench.channel($0, maxInFlight: 1)] }
        ) { bench in
            let began = bench.now
            let ids = (0..<10).map { "0\($0)" }
            try await bench.add(ids)
            bench.start()
            try await bench.provider.received(5)
            try await bench.store.until { $0.filter { $0.tries == 1 && $0.state == .queued }.count == 5 }
            while bench.provider.requests.count < 6 { try await bench.step() }
            try await bench.store.until { $0.allSatisfy { $0.state == .queued } }
            isUp.store(true, ordering: .relaxed)
            try await bench.pass { $0.allSatisfy { $0.state == .accepted } }
            #expect(bench.provider.requests.count == 16)
            // Ten seconds of silence, and one text; then twenty.
            let begun = await bench.store.begun.map { $0 - began }
            #expect(begun[4] == 0)
            #expect((10_000..<20_000).contains(begun[5]))
            #expect(begun[6] >= begun[5] + 20_000)
            // Neither probe cost its text a try.
            #expect(await bench.store.probes == 2)
        }
    }

    // MARK: shutdown

    @Test("At the end what is being sent gets its answer, and what waits is left to others")
    func shutdown() async throws {
        let gate = Gate()
        try await SenderBench.run(
            script: {
                await gate.pass()
                return .accepted($0)
            }, channels: { [SenderBench.channel($0, maxInFlight: 2)] }
        ) { bench in
            try await bench.add(["01A", "01B", "01C"])
            bench.start()
            try await bench.provider.received(2)
            bench.cancel()
            bench.sender.wake()
            gate.open()
            await bench.stop()
            let states = await bench.store.rows.mapValues(\.state)
            #expect(states == ["01A": .accepted, "01B": .accepted, "01C": .queued])
            #expect(bench.provider.requests.count == 2)
        }
    }

    @Test("What was claimed and not begun is given back")
    func givenBack() async throws {
        let bell = Mutex<TextSender?>(nil)
        try await SenderBench.run(
            onPoint: { point in
                // As a signal that comes while the claim is being made.
                if point == .afterClaimed { bell.withLock { $0 }?.bell.end() }
            }
        ) { bench in
            bell.withLock { $0 = bench.sender }
            try await bench.add(["01A", "01B"])
            bench.start()
            try await bench.store.until { $0.allSatisfy { $0.state == .queued && $0.fence == 1 } }
            await bench.stop()
            #expect(bench.provider.heads == 0)
            #expect(await bench.store.calls[.begin] == nil)
            bell.withLock { $0 = nil }
        }
    }
}
