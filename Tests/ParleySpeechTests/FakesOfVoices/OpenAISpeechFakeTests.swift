import FakeEngines
import NIOCore
import ParleyNetwork
import Testing

@Suite("The fake of /v1/audio/speech", .timeLimit(.minutes(2)))
struct OpenAISpeechFakeTests {
    private let client = HTTPStreamClient()

    @Test("A right request gets samples at 24 kHz, each piece by itself")
    func right() async throws {
        let fake = FakeOpenAISpeech()
        try await fake.start()
        let answer = try await OpenAISpeechClient.right.perform(fake.url, client).whole()
        #expect(answer.status == 200)
        #expect(answer.problem == nil)
        #expect(answer.body.count == 46_080)
        #expect(fake.book.violations.all == [])
        #expect(fake.book.endings.all.map(\.ending) == [.ended])
        await fake.stop()
        await client.shutDown()
    }

    @Test("A WAV that is streamed does not know its size", arguments: [0, UInt32.max])
    func wav(size: UInt32) async throws {
        let fake = FakeOpenAISpeech(rate: 22_050, wavSize: size)
        try await fake.start()
        var exchange = OpenAISpeechClient.right
        exchange.body = OpenAISpeechClient.body(["response_format": "wav"])
        let answer = try await exchange.perform(fake.url, client).whole()
        let head = answer.body.prefix(44)
        #expect(String(decoding: head.prefix(4), as: UTF8.self) == "RIFF")
        #expect(Array(head[24..<28]) == [0x22, 0x56, 0, 0])
        #expect(Array(head[40..<44]) == [UInt8](repeating: UInt8(truncatingIfNeeded: size), count: 4))
        #expect(answer.body.count == 42_380)
        await fake.stop()
        await client.shutDown()
    }

    @Test("Sound in events, where it was asked for")
    func events() async throws {
        let fake = FakeOpenAISpeech()
        try await fake.start()
        var exchange = OpenAISpeechClient.right
        exchange.body = OpenAISpeechClient.body(["stream_format": "sse"])
        let answer = try await exchange.perform(fake.url, client).whole()
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n\n")
        let events = lines.compactMap { FakeJSON(text: String($0.dropFirst(6))) }
        #expect(events.compactMap { $0["audio"]?.string.flatMap(FakeBase64.decode) }.flatMap { $0 }.count == 46_080)
        #expect(events.last?["type"] == "speech.audio.done")
        await fake.stop()
        await client.shutDown()
    }

    @Test("A request that is wrong is refused with the vendor's own error", arguments: OpenAISpeechClient.wrong)
    func wrong(_ mutation: RequestMutation) async throws {
        let fake = FakeOpenAISpeech()
        try await fake.start()
        let answer = try await mutation.applied(to: OpenAISpeechClient.right).perform(fake.url, client).whole()
        #expect(answer.status.map { "\($0)" } == String(mutation.name.prefix(3)))
        #expect(answer.json?["error"]?["message"]?.string != nil)
        #expect(fake.book.violations.count == 1)
        await fake.stop()
        await client.shutDown()
    }

    @Test("Faults: a status with Retry-After, pieces that split samples, a cut, a client that goes")
    func faults() async throws {
        let fake = FakeOpenAISpeech(
            script: FakeVoiceScript().with(.refuse(429, retryAfter: 3), .clause(0)).with(.splitsSamples, .clause(1))
                .with(.closes(0, after: 2), .clause(2)).with(.stalls(after: 1), .clause(3)))
        try await fake.start()
        let refused = try await OpenAISpeechClient.right.perform(fake.url, client).whole()
        #expect(refused.status == 429)
        #expect(refused.headers["retry-after"] == "3")
        #expect(fake.book.violations.all == [])
        let split = try await OpenAISpeechClient.right.perform(fake.url, client).whole()
        #expect(split.body.count == 46_080)
        #expect(split.pieces.contains { $0.count % 2 == 1 })
        let cut = try await OpenAISpeechClient.right.perform(fake.url, client).whole()
        #expect(cut.body.count == 5_760)
        #expect(cut.problem != nil)
        let stalled = OpenAISpeechClient.right.perform(fake.url, client)
        try await stalled.news.first(2)
        stalled.cancel()
        let ending = try await fake.book.endings.at(2)
        #expect(ending.ending == .cancelled)
        #expect(try await fake.server.abandoned.first(1) == [3])
        await fake.stop()
        await client.shutDown()
    }
}
