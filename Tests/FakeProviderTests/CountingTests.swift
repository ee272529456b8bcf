import FakeProvider
import NIOCore
import NIOPosix
import ParleyMessaging
import Testing

@Suite("What the fake counts", .timeLimit(.minutes(3)))
struct CountingTests {
    @Test("A message asked for twice is told from one that was taken twice")
    func duplicates() async throws {
        let script = ProviderScript(.accept.reporting(.never)).request(1, .refuse(429))
        try await FakeProvider.run(script) { provider in
            try await Carrier.send(try Sample.text("m1", fence: 1, body: "one"), .twilio, at: provider)
            try await Carrier.send(try Sample.text("m1", fence: 2, body: "one"), .twilio, at: provider)
            #expect(provider.duplicates.asked == ["m1": 2])
            #expect(!provider.duplicates.isAnyTakenTwice)

            try await Carrier.send(try Sample.text("m1", fence: 3, body: "one"), .twilio, at: provider)
            #expect(provider.duplicates.asked == ["m1": 3])
            #expect(provider.duplicates.taken == ["m1": 2])
            #expect(provider.duplicates.isAnyTakenTwice)
            #expect(provider.received.map(\.fence) == [1, 2, 3])
            #expect(provider.distinctCorrelations.count == 2)
        }
    }

    @Test("The same words to the same person are a duplicate under another id, to another person they are not")
    func contents() async throws {
        try await FakeProvider.run(ProviderScript(.accept.reporting(.never))) { provider in
            try await Carrier.send(try Sample.text("m1"), .twilio, at: provider)
            try await Carrier.send(try Sample.text("m2", to: "+12125550177"), .twilio, at: provider)
            #expect(!provider.duplicates.isAnyTakenTwice)
            try await Carrier.send(try Sample.text("m3"), .twilio, at: provider)
            #expect(provider.duplicates.taken.isEmpty)
            let content = TextContent(from: Sample.sender, to: Sample.recipient, body: Sample.words)
            #expect(provider.duplicates.contents == [content: 2])
        }
    }

    @Test("One key sends once where the provider keeps keys", arguments: ProviderKind.allCases)
    func keys(kind: ProviderKind) async throws {
        let plan = RequestPlan.acceptAndReset.reporting(.never)
        try await FakeProvider.run(ProviderScript(.accept.reporting(.never)).request(1, plan)) { provider in
            try await Carrier.send(try Sample.text(fence: 1), kind, at: provider)
            let outcome = try await Carrier.send(try Sample.text(fence: 2), kind, at: provider)
            let keepsKeys = kind == .telnyx || kind == .webhook
            #expect(provider.taken.count == (keepsKeys ? 1 : 2))
            #expect(provider.duplicates.isAnyTakenTwice == !keepsKeys)
            let id = try #require(provider.received[keepsKeys ? 0 : 1].providerID)
            #expect(outcome == .accepted(providerID: id))
        }
    }

    @Test("Telnyx keeps no key of an answer that was an error, though the text went out")
    func keyOfAnError() async throws {
        let plan = RequestPlan.acceptButSay(500).reporting(.never)
        for (kind, count) in [(ProviderKind.telnyx, 2), (.webhook, 1)] {
            try await FakeProvider.run(ProviderScript(.accept.reporting(.never)).request(1, plan)) { provider in
                for fence in 1...2 {
                    try await Carrier.send(try Sample.text(fence: Int64(fence)), kind, at: provider)
                }
                #expect(provider.taken.count == count)
            }
        }
    }

    @Test("A key that comes with other words is declined")
    func reusedKey() async throws {
        try await FakeProvider.run(ProviderScript(.accept.reporting(.never))) { provider in
            try await Carrier.send(try Sample.text("m1", key: "k"), .telnyx, at: provider)
            try await Carrier.send(try Sample.text("m2", key: "k", body: "Other words"), .telnyx, at: provider)
            #expect(provider.received.last?.fate == .declined(status: 422, code: "key_of_another_text"))
        }
    }

    @Test("A request that ends half way is no receipt, but it is seen")
    func torn() async throws {
        try await FakeProvider.run { provider in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: provider.port).get()
            let half = "POST /v2/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{\"to\""
            try await channel.writeAndFlush(ByteBuffer(string: half))
            try await provider.wait(for: "a connection") { $0.connections == 1 }
            try await channel.close()
            let books = try await provider.wait(for: "a torn request") { !$0.torn.isEmpty }
            #expect(books.torn == [Array(half.utf8)])
            #expect(books.received.isEmpty)
        }
    }

    @Test("Receipts are waited for, and said to be missing when their time is over")
    func waiting() async throws {
        try await FakeProvider.run(ProviderScript(.accept.reporting(.never))) { provider in
            async let both = provider.receipts(2)
            for number in 1...2 { try await Carrier.send(try Sample.text("m\(number)"), .twilio, at: provider) }
            #expect(try await both.count == 2)
            #expect(try await provider.taken(2).count == 2)
            await #expect(throws: NotInTime.self) { try await provider.receipts(3, within: .milliseconds(10)) }
        }
    }

    @Test("Quiet is quiet: not while an answer is outstanding, and not while texts come")
    func quiet() async throws {
        let plan = RequestPlan.accept.after(.milliseconds(150)).reporting(.never)
        try await FakeProvider.run(ProviderScript(plan)) { provider in
            async let outcome = Carrier.send(try Sample.text(), .twilio, at: provider)
            try await provider.receipts(1)
            let clock = ContinuousClock()
            let spent = try await clock.measure { try await provider.quiet(for: .milliseconds(20)) }
            #expect(spent >= .milliseconds(100))
            _ = try await outcome
            await #expect(throws: NotInTime.self) {
                try await provider.quiet(for: .seconds(5), within: .milliseconds(50))
            }
        }
    }
}
