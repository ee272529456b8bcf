import FakeEngines
import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleySpeech

@Suite("Turns that are posted, one by one", .timeLimit(.minutes(2)))
struct TranscriptionsTests {
    private static let line = "Book a table for two."

    private static func call(
        _ fake: FakeTranscriptions, key: String = "openai-key", rate: Int = 8_000
    ) throws -> EngineCall {
        let values = ["url": fake.url + "/v1/audio/transcriptions", "language": "en", "prompt": "Names: Ayşe."]
        let settings = EngineSettings(
            name: "mine", options: TranscriptionsRecognizer.options, values: values, key: Secret(key))
        return try EngineCall(try TranscriptionsRecognizer.make(settings), sampleRate: rate)
    }

    // MARK: Over sockets

    @Test("Turns that follow each other without waiting have their answers in order", arguments: [8_000, 16_000])
    func turns(rate: Int) async throws {
        let lines = [Self.line, "Yes.", "At seven."]
        let fake = FakeTranscriptions(lines: lines)
        try await fake.start()
        let call = try Self.call(fake, rate: rate)
        for turn in 1...3 {
            call.speak(milliseconds: 1_000 * turn)
            call.session.pause(TurnID(UInt32(turn)))
            call.session.finish(TurnID(UInt32(turn)))
        }
        let answers = try await call.answers.first(3)
        #expect(Set(answers.map { if case .final(_, let words) = $0 { words } else { "" } }) == Set(lines))
        #expect(answers.map { if case .final(let turn, _) = $0 { Int(turn.number) } else { 0 } } == [1, 2, 3])
        #expect(fake.violations.all == [] && call.news.all == [])
        #expect(Set(fake.turns.all.map(\.milliseconds)) == [1_000, 2_000, 3_000])
        #expect(fake.turns.all[0].fields["language"] == "en" && fake.turns.all[0].fields["prompt"] == "Names: Ayşe.")
        call.session.close()
        await fake.stop()
    }

    struct Trouble: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let faults: [Int: FakeTranscriptions.Fault]
        /// `nil`: the turn has its words.
        var detail: String?
    }

    @Test(
        "What goes wrong is mended by one more attempt, or the turn fails at once and says why",
        arguments: [
            Trouble(testDescription: "429 for no time", faults: [0: .refuse(429, retryAfter: 0)]),
            Trouble(testDescription: "429 for a minute", faults: [0: .refuse(429, retryAfter: 60)], detail: "429"),
            Trouble(testDescription: "500", faults: [0: .refuse(500)]),
            Trouble(testDescription: "500 twice", faults: [0: .refuse(500), 1: .refuse(500)], detail: "500"),
            Trouble(testDescription: "400", faults: [0: .refuse(400)], detail: "400: The request is not right."),
            Trouble(testDescription: "late", faults: [0: .late(.milliseconds(200))]),
            Trouble(testDescription: "cut", faults: [0: .cut]),
            Trouble(testDescription: "cut twice", faults: [0: .cut, 1: .cut], detail: ""),
            Trouble(
                testDescription: "no JSON", faults: [0: .answers("{\"text\": "), 1: .answers("")],
                detail: "no transcript"),
            Trouble(
                testDescription: "no text", faults: [0: .answers(#"{"text": 7}"#), 1: .answers("[]")],
                detail: "no transcript"),
            Trouble(testDescription: "endless", faults: [0: .endless, 1: .endless], detail: "more than 64 KiB"),
        ])
    func faults(_ trouble: Trouble) async throws {
        let fake = FakeTranscriptions(lines: [Self.line, Self.line], faults: trouble.faults)
        try await fake.start()
        let call = try Self.call(fake)
        call.speak(milliseconds: 1_000)
        call.session.finish(TurnID(1))
        let end = try await call.end(of: 1)
        if let detail = trouble.detail {
            #expect(end == .failed(TurnID(1)))
            let news = try await call.news.first { $0.kind == .failed }
            #expect(detail.isEmpty || news.detail.contains(detail), "\(news)")
        } else {
            #expect(end == .final(TurnID(1), Self.line))
            #expect(call.news.all == [])
        }
        // The next turn goes well.
        call.speak(milliseconds: 1_000)
        call.session.finish(TurnID(2))
        #expect(try await call.end(of: 2) == .final(TurnID(2), Self.line))
        #expect(call.ends(of: 1) == 1 && fake.violations.all == [])
        call.session.close()
        await fake.stop()
    }

    @Test("A key that is wrong is told as such, and never shown")
    func wrongKey() async throws {
        let fake = FakeTranscriptions(lines: [Self.line])
        try await fake.start()
        let call = try Self.call(fake, key: "canary-7")
        call.speak(milliseconds: 400)
        call.session.finish(TurnID(1))
        #expect(try await call.end(of: 1) == .failed(TurnID(1)))
        let news = try await call.news.first { $0.kind == .failed }
        #expect(news.detail.contains("401"))
        #expect(!"\(call.news.all) \(call.session)".contains("canary-7"))
        call.session.close()
        await fake.stop()
    }

    @Test("A turn that is cancelled while its words are awaited: the request ends, and nothing is told")
    func cancelled() async throws {
        let fake = FakeTranscriptions(lines: ["Yes."], faults: [0: .neverAnswers])
        try await fake.start()
        let call = try Self.call(fake)
        call.speak(milliseconds: 1_000)
        call.session.finish(TurnID(1))
        try await fake.server.requests.first(1)
        call.session.cancel(TurnID(1))
        try await fake.server.abandoned.first(1)
        call.speak(milliseconds: 1_000)
        call.session.finish(TurnID(2))
        #expect(try await call.end(of: 2) == .final(TurnID(2), "Yes."))
        #expect(call.ends(of: 1) == 0 && call.news.all == [])
        call.session.close()
        await fake.stop()
    }

    // MARK: As a value

    private func speak(_ seconds: Double, to turns: inout PostedTurns) {
        let frame = [Int16](repeating: 500, count: 320)
        for _ in 0..<Int(seconds * 50) { turns.feed(frame.span) }
    }

    @Test("Answers keep the order of the turns; a long turn is asked of with its last minute, a tiny one not at all")
    func value() {
        var turns = PostedTurns(legRate: 16_000)
        var effects: [PostedTurns.Effect] = []
        speak(70, to: &turns)
        turns.finish(TurnID(1), into: &effects)
        guard case .news(.gap, let gap) = effects.first, case .ask(TurnID(1), let sound) = effects.last else {
            Issue.record("\(effects.count) effects")
            return
        }
        #expect(gap == "10000 ms of audio dropped" && sound.count == 960_000)
        effects = []
        speak(0.08, to: &turns)
        turns.finish(TurnID(2), into: &effects)
        speak(1, to: &turns)
        turns.finish(TurnID(3), into: &effects)
        turns.answered(TurnID(3), "  Yes.\n", into: &effects)
        #expect(effects.count == 1)
        turns.answered(TurnID(1), " [BLANK_AUDIO]\n", into: &effects)
        turns.answered(TurnID(1), "Twice.", into: &effects)
        let told: [RecognizerAnswer] = [.final(TurnID(1), ""), .final(TurnID(2), ""), .final(TurnID(3), "Yes.")]
        #expect(Array(effects.dropFirst()) == told.map { PostedTurns.Effect.answer($0) })
    }

    @Test("What waits is bounded, and a turn before the last is none")
    func bounds() {
        var turns = PostedTurns(legRate: 16_000)
        var effects: [PostedTurns.Effect] = []
        for turn in 1...9 {
            speak(0.2, to: &turns)
            turns.finish(TurnID(UInt32(turn)), into: &effects)
        }
        #expect(effects.count == 9)
        #expect(effects.last == .news(.failed, "8 turns wait for its answers"))
        effects = []
        turns.finish(TurnID(9), into: &effects)
        for turn in 1...8 { turns.cancel(TurnID(UInt32(turn)), into: &effects) }
        let stops = (1...8).map { PostedTurns.Effect.stop(TurnID(UInt32($0))) }
        #expect(effects == stops + [.answer(.failed(TurnID(9)))])
        effects = []
        turns.failed(TurnID(8), "late", isRetryable: true, wait: nil, into: &effects)
        turns.close(into: &effects)
        #expect(effects == [])
    }

    // MARK: The fake

    /// A right request; its body's octets are the first 256 characters of Unicode.
    private static func exchange(
        sound: [Int16] = [Int16](repeating: 5, count: 16_000), fields: [String: String] = [:]
    ) throws -> HTTPExchange {
        let values = ["url": "http://127.0.0.1/v1/audio/transcriptions"].merging(fields) { $1 }
        let settings = EngineSettings(
            name: "mine", options: TranscriptionsRecognizer.options, values: values, key: Secret("openai-key"))
        let request = try TranscriptionForm(settings).request(sound, boundary: "mark")
        return HTTPExchange(
            target: "/v1/audio/transcriptions", headers: request.headers,
            body: String(String.UnicodeScalarView(request.body.map { Unicode.Scalar($0) })))
    }

    private static func post(_ exchange: HTTPExchange, to fake: FakeTranscriptions) async throws -> HTTPProbe {
        let client = HTTPStreamClient()
        var exchange = exchange
        exchange.octets = exchange.body.unicodeScalars.map { UInt8($0.value) }
        let answer = try await exchange.perform(fake.url, client).whole()
        await client.shutDown()
        return answer
    }

    static let mutations: [RequestMutation] = [
        RequestMutation("401: no key") { $0.headers.removeLast() },
        RequestMutation("401: another key") { $0.headers[2].value = "Bearer other" },
        RequestMutation("404: another path") { $0.target = "/v1/audio/transcription" },
        RequestMutation("405: another method") { $0.method = "PUT" },
        RequestMutation("415: no form") { $0.headers[0].value = "application/json" },
        RequestMutation("415: no boundary") { $0.headers[0].value = "multipart/form-data" },
        RequestMutation("400: another boundary") { $0.headers[0].value = "multipart/form-data; boundary=other" },
        RequestMutation("400: no end") { $0.body = $0.body.replacing("--mark--", with: "--mark") },
        RequestMutation("400: no file") { $0.body = $0.body.replacing("name=\"file\"", with: "name=\"audio\"") },
        RequestMutation("400: a file without a name") {
            $0.body = $0.body.replacing("; filename=\"turn.wav\"", with: "")
        },
        RequestMutation("400: a file of another kind") { $0.body = $0.body.replacing("turn.wav", with: "turn.raw") },
        RequestMutation("400: no WAV") { $0.body = $0.body.replacing("RIFF", with: "RAFF") },
        RequestMutation("400: no model") { $0.body = $0.body.replacing("\"model\"", with: "\"modell\"") },
        RequestMutation("400: an unknown model") { $0.body = $0.body.replacing("gpt-4o", with: "gpt-9") },
        RequestMutation("400: a format that is none") {
            $0.body = $0.body.replacing("\r\n\r\njson", with: "\r\n\r\nwords")
        },
        RequestMutation("400: an unknown field") {
            $0.body = $0.body.replacing("\"response_format\"", with: "\"format\"")
        },
        RequestMutation("400: too short") { $0.body = (try? exchange(sound: [1, 2, 3]).body) ?? "" },
        RequestMutation("400: a language that is a word") {
            $0.body = (try? exchange(fields: ["language": "english"]).body) ?? ""
        },
        RequestMutation("400: too hot") { $0.body = (try? exchange(fields: ["temperature": "1.5"]).body) ?? "" },
        RequestMutation("400: longer than it says") {
            $0.body = $0.body.replacing("\r\n--mark--", with: "!\r\n--mark--")
        },
    ]

    @Test("The fake takes a right request")
    func right() async throws {
        let fake = FakeTranscriptions(lines: [Self.line])
        try await fake.start()
        let answer = try await Self.post(try Self.exchange(), to: fake)
        #expect(answer.status == 200 && answer.json?["text"]?.string == Self.line)
        #expect(fake.violations.all == [])
        await fake.stop()
    }

    @Test("The fake refuses", arguments: mutations)
    func refuses(_ mutation: RequestMutation) async throws {
        let fake = FakeTranscriptions(lines: [Self.line])
        try await fake.start()
        let answer = try await Self.post(mutation.applied(to: try Self.exchange()), to: fake)
        #expect(answer.status.map { "\($0)" } == String(mutation.name.prefix(3)))
        #expect(answer.json?["error"]?["message"]?.string != nil)
        #expect(fake.violations.count == 1)
        await fake.stop()
    }

    @Test(
        "OpenAI's own client posts two turns, and reads four refusals",
        .enabled(
            if: VendorClient.interpreter != nil,
            "SKIPPED: PARLEY_ENGINE_PYTHON is not set, so no vendor's client has checked the fake"))
    func vendor() async throws {
        let fake = FakeTranscriptions(lines: [Self.line, "Yes."], faults: [5: .refuse(429, retryAfter: 2)])
        try await fake.start()
        let said = try await VendorClient.run("openai_transcriptions.py", ["\(fake.server.port)", "openai-key"])
        #expect(
            said == [
                [
                    "texts": [.string(Self.line), "Yes."], "short": 400,
                    "language": "language is no code of ISO 639-1", "unknown": "invalid_api_key", "busy": "2",
                ]
            ])
        #expect(fake.turns.all.map(\.milliseconds) == [2_000, 1_000])
        #expect(fake.turns.all.last?.fields["prompt"] == "Names: Ayşe.")
        await fake.stop()
    }
}
