import FakeEngines
import Testing

@Suite("Fakes of recognisers fail as their script says")
struct FakeFaultTests {
    private let line = "Book a table for two."

    /// One of the five, with the exchange that it takes.
    enum Kind: CaseIterable, Sendable {
        case deepgram, assemblyAI, openAI, vosk, wyoming

        func fake(_ script: FakeScript) -> FakeRecognizer {
            switch self {
            case .deepgram: .deepgram(script)
            case .assemblyAI: .assemblyAI(script)
            case .openAI: .openAITranscription(script)
            case .vosk: .vosk(script)
            case .wyoming: .wyoming(script, streams: true)
            }
        }

        var exchange: FakeExchange {
            switch self {
            case .deepgram: DeepgramMutationTests.exchange
            case .assemblyAI: AssemblyAIMutationTests.exchange
            case .openAI: OpenAIMutationTests.exchange
            case .vosk: VoskMutationTests.exchange
            case .wyoming: WyomingMutationTests.exchange
            }
        }

        /// Whether a message ends the turn.
        func isFinal(_ message: FakeMessage) -> Bool {
            switch self {
            case .deepgram: DeepgramMutationTests.isFinal(message)
            case .assemblyAI: AssemblyAIMutationTests.isFinal(message)
            case .openAI: OpenAIMutationTests.isFinal(message)
            case .vosk: VoskMutationTests.isFinal(message)
            case .wyoming: String(decoding: message.binary ?? [], as: UTF8.self).contains("transcript-stop")
            }
        }
    }

    private func run(
        _ kind: Kind, _ fault: FakeFault.Kind, wordsPerSegment: Int? = 4,
        until isEnough: (@Sendable (FakeMessage) -> Bool)? = nil
    ) async throws -> (probe: FakeProbe, fake: FakeRecognizer) {
        // Aimed at the first turn of the first connection: the next goes well.
        let isOfConnection =
            switch fault {
            case .refuse, .slowToConnect, .neverConnects: true
            default: false
            }
        var script = FakeScript(
            lines: [line], faults: [FakeFault(fault, connection: 0, turn: isOfConnection ? nil : 0)])
        script.wordsPerSegment = wordsPerSegment
        let fake = kind.fake(script)
        try await fake.start()
        let probe = try await kind.exchange.run(fake, until: isEnough ?? { kind.isFinal($0) })
        return (probe, fake)
    }

    @Test("Refused once, the second connection is taken", arguments: Kind.allCases)
    func refuses(_ kind: Kind) async throws {
        let (probe, fake) = try await run(kind, .refuse(status: 429, retryAfter: 7))
        #expect(probe.closed != nil)
        if kind != .wyoming { #expect(probe.closed?.contains("429") == true, "\(probe.closed ?? "")") }
        #expect(!probe.heard.contains(where: kind.isFinal))
        let second = try await kind.exchange.run(fake) { kind.isFinal($0) }
        #expect(second.heard.contains(where: kind.isFinal))
        #expect(fake.violations.all == [])
        await fake.stop()
    }

    @Test("A refusal names the seconds to wait")
    func retryAfter() async throws {
        let fake = FakeRecognizer.deepgram(
            FakeScript(lines: [], faults: [FakeFault(.refuse(status: 429, retryAfter: 7))]))
        try await fake.start()
        let request =
            "GET /v1/listen HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        let probe = try FakeProbe("tcp://127.0.0.1:\(fake.port)")
        #expect(try await probe.isOpen())
        probe.send(.binary(Array(request.utf8)))
        _ = try await probe.news.first { if case .closed = $0 { true } else { false } }
        let answer = String(decoding: probe.heard.flatMap { $0.binary ?? [] }, as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 429 "))
        #expect(answer.contains("Retry-After: 7\r\n"))
        await fake.stop()
    }

    @Test(
        "Closed, or dropped, in the middle of a turn: no final, and the line is still there", arguments: Kind.allCases)
    func endsMidTurn(_ kind: Kind) async throws {
        for fault in [FakeFault.Kind.closesMidTurn(code: 1011), .dropsMidTurn] {
            let (probe, fake) = try await run(kind, fault)
            #expect(probe.closed != nil)
            #expect(!probe.heard.contains(where: kind.isFinal))
            let second = try await kind.exchange.run(fake) { kind.isFinal($0) }
            #expect(second.heard.contains(where: kind.isFinal))
            #expect(fake.finals.all.map(\.text) == [line])
            await fake.stop()
        }
    }

    @Test("What never answers reads on, and has had its final to tell", arguments: Kind.allCases)
    func neverAnswers(_ kind: Kind) async throws {
        let fake = kind.fake(FakeScript(lines: [line], faults: [FakeFault(.neverAnswers, turn: 0)]))
        try await fake.start()
        let exchange = kind.exchange
        let base = kind == .wyoming ? "tcp" : "ws"
        let probe = try FakeProbe(
            "\(base)://127.0.0.1:\(fake.port)\(exchange.target)", headers: exchange.headers.map { ($0.key, $0.value) })
        #expect(try await probe.isOpen())
        for message in exchange.messages { probe.send(message) }
        try await fake.finals.at(0)
        #expect(!probe.heard.contains(where: kind.isFinal))
        #expect(probe.closed == nil)
        await fake.stop()
    }

    @Test("What stalls keeps the connection and reads no more")
    func stalls() async throws {
        let fake = FakeRecognizer.vosk(FakeScript(lines: [line], faults: [FakeFault(.stallsAfter(messages: 5))]))
        try await fake.start()
        let exchange = VoskMutationTests.exchange
        // Four of the five are audio.
        let probe = try await exchange.run(fake) { [count = FakeRecord<Bool>()] _ in
            count.append(true)
            return count.count == 4
        }
        #expect(probe.heard.count == 4)
        #expect(probe.closed == nil)
        #expect(fake.finals.count == 0)
        await fake.stop()
    }

    @Test("Garbage comes ten times, then the final", arguments: Kind.allCases, FakeFault.Garbage.allCases)
    func garbage(_ kind: Kind, _ garbage: FakeFault.Garbage) async throws {
        let (clean, cleanFake) = try await run(kind, .late(.zero))
        let (probe, fake) = try await run(kind, .garbage(garbage, times: 10))
        #expect(probe.heard.contains(where: kind.isFinal))
        if kind != .wyoming { #expect(probe.heard.count == clean.heard.count + 10) }
        await cleanFake.stop()
        await fake.stop()
    }

    @Test("A final is repeated", arguments: [Kind.deepgram, .assemblyAI, .openAI, .vosk])
    func repeats(_ kind: Kind) async throws {
        let seen = FakeRecord<Bool>()
        let (probe, fake) = try await run(kind, .repeatedFinals(times: 3)) { message in
            if kind.isFinal(message) { seen.append(true) }
            return seen.count == 3
        }
        #expect(probe.closed == nil)
        #expect(fake.finals.count == 1)
        await fake.stop()
    }

    @Test("Settled words come before those that precede them", arguments: [Kind.deepgram, .assemblyAI, .openAI])
    func outOfOrder(_ kind: Kind) async throws {
        let isOver = FakeRecord<Bool>()
        let (probe, fake) = try await run(kind, .outOfOrder, wordsPerSegment: nil) { message in
            defer { if kind.isFinal(message) { isOver.append(true) } }
            return isOver.count > 0
        }
        // Something of the same turn comes after its final.
        #expect(!(probe.heard.last.map(kind.isFinal) ?? true))
        await fake.stop()
    }

    @Test("Partials come for ever, and the fake goes when its client goes", arguments: [Kind.deepgram, .assemblyAI])
    func endlessPartials(_ kind: Kind) async throws {
        let count = FakeRecord<Bool>()
        let (probe, fake) = try await run(kind, .endlessPartials) { _ in
            count.append(true)
            return count.count == 1_000
        }
        #expect(!probe.heard.contains(where: kind.isFinal))
        probe.drop()
        try await fake.webSocket?.connections.at(0).ended.at(0)
        await fake.stop()
    }

    @Test("A message without end is sent until its client gives up", arguments: [Kind.deepgram, .openAI, .vosk])
    func endlessMessage(_ kind: Kind) async throws {
        let (probe, fake) = try await run(kind, .endlessMessage)
        #expect(probe.closed != nil)
        await fake.stop()
    }

    @Test("A message is as large as asked for", arguments: Kind.allCases)
    func huge(_ kind: Kind) async throws {
        let (probe, fake) = try await run(kind, .hugeMessage(bytes: 100_000))
        // TCP has no messages, only bytes.
        let sizes = probe.heard.map { ($0.text?.utf8.count ?? 0) + ($0.binary?.count ?? 0) }
        #expect((kind == .wyoming ? sizes.reduce(0, +) : sizes.max() ?? 0) > 100_000)
        await fake.stop()
    }

    @Test("The protocol's own error comes in the middle of a turn", arguments: [Kind.deepgram, .assemblyAI, .openAI])
    func reportsError(_ kind: Kind) async throws {
        let (probe, fake) = try await run(kind, .reportsError)
        #expect(probe.heard.contains { $0.text?.contains("rror\"") ?? false })
        await fake.stop()
    }

    @Test("A silent client of Deepgram's is sent away")
    func impatient() async throws {
        let fake = FakeRecognizer.deepgram(FakeScript(lines: []), patience: .milliseconds(50))
        try await fake.start()
        var exchange = DeepgramMutationTests.exchange
        exchange.messages = []
        let probe = try await exchange.run(fake) { _ in false }
        #expect(probe.closed?.contains("1011") == true, "\(probe.closed ?? "")")
        #expect(fake.violations.all.map(\.what) == ["no audio and no KeepAlive for too long"])
        await fake.stop()
    }
}
