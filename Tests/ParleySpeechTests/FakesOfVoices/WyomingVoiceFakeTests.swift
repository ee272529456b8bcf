import FakeEngines
import NIOCore
import Testing

@Suite("The fake of a Wyoming voice", .timeLimit(.minutes(2)))
struct WyomingVoiceFakeTests {
    /// The events that have come whole.
    static func events(_ news: [FakeProbe.News]) -> [(type: String, data: FakeJSON, payload: Int)] {
        var events: [(type: String, data: FakeJSON, payload: Int)] = []
        var rest = news.flatMap(\.bytes)[...]
        while let end = rest.firstIndex(of: 10), let head = FakeJSON(bytes: Array(rest[..<end])) {
            let (data, payload) = (head["data_length"]?.whole ?? 0, head["payload_length"]?.whole ?? 0)
            let start = end + 1
            guard rest.endIndex - start >= data + payload else { break }
            let fields = FakeJSON(bytes: Array(rest[start..<start + data])) ?? [:]
            events.append((head["type"]?.string ?? "", fields, payload))
            rest = rest[(start + data + payload)...]
        }
        return events
    }

    private func types(_ probe: FakeProbe) -> [String] { Self.events(probe.news.all).map(\.type) }

    @Test("A right exchange gets the list of voices, and sound between its start and its stop")
    func right() async throws {
        let fake = FakeWyomingVoice()
        try await fake.start()
        let caller = try await WyomingVoiceClient.right.perform(fake.url)
        try await caller.news.wait { news in
            Set(Self.events(news).map(\.type)).isSuperset(of: ["audio-stop", "pong"])
        }
        #expect(fake.book.violations.all == [])
        let events = Self.events(caller.news.all).filter { $0.type != "pong" }
        let types = events.map(\.type)
        #expect(types.prefix(2) == ["info", "audio-start"])
        #expect(types.dropFirst(2).dropLast().allSatisfy { $0 == "audio-chunk" })
        #expect(types.last == "audio-stop")
        #expect(events[1].data["rate"] == 22_050)
        let bytes: Int = events.map(\.payload).reduce(0, +)
        #expect(bytes == 13_230)
        await fake.stop()
    }

    @Test("A stream of text is spoken by sentences, and not once more for the whole text that comes in it")
    func stream() async throws {
        let fake = FakeWyomingVoice()
        try await fake.start()
        var exchange = WyomingVoiceClient.right
        exchange.messages = [
            WyomingVoiceClient.event("synthesize-start"),
            WyomingVoiceClient.event("synthesize-chunk", ["text": "Sure. "]),
            WyomingVoiceClient.event("synthesize-chunk", ["text": "Tuesday"]),
            WyomingVoiceClient.event("synthesize", ["text": "Sure. Tuesday"]),
            WyomingVoiceClient.event("synthesize-stop"),
        ]
        let caller = try await exchange.perform(fake.url)
        try await caller.news.wait { Self.events($0).last?.type == "synthesize-stopped" }
        #expect(fake.book.clauses.all.map(\.text) == ["Sure. ", "Tuesday"])
        #expect(types(caller).count { $0 == "audio-stop" } == 2)
        await fake.stop()
    }

    @Test(
        "A client that breaks the protocol gets an error, or is closed, and no sound",
        arguments: WyomingVoiceClient.wrong)
    func wrong(_ mutation: VoiceMutation) async throws {
        let fake = FakeWyomingVoice()
        try await fake.start()
        let caller = try await mutation.applied(to: WyomingVoiceClient.right).perform(fake.url)
        try await caller.news.wait { news in
            news.last?.isClosed == true || Self.events(news).contains { $0.type == "error" }
        }
        #expect(fake.book.violations.count == 1)
        #expect(fake.book.clauses.count == 0)
        await fake.stop()
    }

    @Test("An event that is not known is passed over, and noted")
    func unknown() async throws {
        let fake = FakeWyomingVoice()
        try await fake.start()
        var exchange = WyomingVoiceClient.right
        exchange.messages.insert(WyomingVoiceClient.event("synthesise", ["text": "Sure."]), at: 1)
        let caller = try await exchange.perform(fake.url)
        try await caller.news.wait { Self.events($0).contains { $0.type == "audio-stop" } }
        #expect(fake.book.violations.all.map(\.what) == ["unknown event synthesise"])
        await fake.stop()
    }

    @Test("Faults: an error in the middle, a rate that is wrong, a reset, a connection refused")
    func faults() async throws {
        let fake = FakeWyomingVoice(
            script: FakeVoiceScript().with(.fails(after: 2), .clause(0)).with(.wrongRate(11_025), .clause(1))
                .with(.drops(after: 1), .clause(2)).with(.refuse(0), .connection(3)))
        try await fake.start()
        let failed = try await WyomingVoiceClient.right.perform(fake.url)
        try await failed.news.wait { Self.events($0).contains { $0.type == "error" } }
        #expect(types(failed).count { $0 == "audio-chunk" } == 2)
        #expect(!types(failed).contains("audio-stop"))
        let slow = try await WyomingVoiceClient.right.perform(fake.url)
        try await slow.news.wait { Self.events($0).contains { $0.type == "audio-stop" } }
        #expect(Self.events(slow.news.all).filter { $0.type == "audio-chunk" }.allSatisfy { $0.data["rate"] == 11_025 })
        let dropped = try await WyomingVoiceClient.right.perform(fake.url)
        try await dropped.news.wait { $0.last?.isClosed == true }
        let refused = try await WyomingVoiceClient.right.perform(fake.url)
        try await refused.news.wait { $0.last?.isClosed == true }
        #expect(refused.bytes == [])
        await fake.stop()
    }
}
