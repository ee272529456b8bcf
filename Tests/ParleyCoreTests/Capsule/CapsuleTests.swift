import Testing

@testable import ParleyCore

@Suite("A capsule holds all that a call was told, and what it did about it")
struct CapsuleTests {
    // MARK: Round trips

    static let events: [CallEvent] = [
        .started, .digit(.pound), .digit(.d), .mark(Mark(generation: Generation(3), index: 70_000)), .stopped,
        .lost(.peerLost), .recognizer(.partial(TurnID(1), "I need\na \"cleaning\"")),
        .recognizer(.final(TurnID(2), "")), .recognizer(.failed(TurnID(.max))),
        .reply(Generation(4), .text("Zahnärztin, 👋")), .reply(Generation(4), .done), .reply(Generation(4), .failed),
        .reply(Generation(4), .end), .reply(Generation(4), .transfer("front desk")),
        .reply(Generation(5), .action(ActionRequest(name: "send_sms", arguments: "{}"))),
        .reply(Generation(5), .set("day", "2026-03-02")),
        .reply(Generation(5), .expect(Expectation())),
        .reply(
            Generation(5),
            .expect(
                Expectation(
                    digits: 10, interruption: .after(.milliseconds(800)), hangover: .seconds(1),
                    answer: .choice(["a check-up", "cleaning"])))),
        .reply(Generation(5), .expect(Expectation(interruption: .never, answer: .digits(4...6)))),
        .reply(Generation(5), .expect(Expectation(answer: .phone(10)))),
        .reply(Generation(5), .expect(Expectation(takesEachKey: true, interruption: .after(.milliseconds(700))))),
        .reply(Generation(5), .drop),
        .synthesizer(.audio(Generation(6), clause: 2, speech)), .synthesizer(.audio(Generation(6), clause: 2, packets)),
        .synthesizer(.done(Generation(6), clause: 2)), .synthesizer(.failed(Generation(6), clause: 3)),
        .action(ActionResult(number: 1, outcome: .committed)),
        .action(ActionResult(number: 2, outcome: .refused("no consent"))),
        .action(ActionResult(number: 3, outcome: .failed("disk"))),
        .action(ActionResult(number: 4, outcome: .answered(#"{"first_free":"9:00"}"#))), .opinions(true),
        .opinions(false),
        .opinion(frame: 123_456, odds: -3.25), .deadline,
    ]
    static let speech = SpeechAudio(
        payload: [UInt8](repeating: 0xFE, count: 320), frameBytes: 160,
        words: [WordEnd(textEnd: 4, audioEnd: 200, phoneEnds: [60, 200])])
    static let packets = SpeechAudio(
        packets: [[1, 2, 3], [4]], reference: [UInt8](repeating: 0xFF, count: 320))

    @Test("Whatever happened is read as it was written", arguments: events)
    func eventRoundTrip(event: CallEvent) throws {
        var octets: [UInt8] = []
        event.append(to: &octets)
        var cursor = CapsuleCursor(octets[...])
        #expect(try CallEvent(from: &cursor) == event)
        #expect(cursor.isAtEnd)
        for length in 0..<octets.count {
            var cut = CapsuleCursor(octets[..<length])
            #expect(throws: CapsuleError.self) { try CallEvent(from: &cut) }
        }
    }

    @Test(
        "Every answer that a question can have is read as it was written",
        arguments: [
            AnswerKind.open, .yesNo, .confirmation, .choice([]), .digits(0...0), .phone(7), .date, .time, .dateTime,
            .freeText,
        ])
    func answerRoundTrip(kind: AnswerKind) throws {
        let event = CallEvent.reply(Generation(1), .expect(Expectation(answer: kind)))
        var octets: [UInt8] = []
        event.append(to: &octets)
        var cursor = CapsuleCursor(octets[...])
        #expect(try CallEvent(from: &cursor) == event)
    }

    @Test("Numbers of any size come back", arguments: [0, 1, -1, 63, 64, -64, -65, 1 << 40, .max, .min] as [Int64])
    func numbers(value: Int64) throws {
        var octets: [UInt8] = []
        octets.append(signed: value)
        #expect(UInt64(zigzag: value).varintCount == octets.count)
        octets.append(varint: UInt64(bitPattern: value))
        var cursor = CapsuleCursor(octets[...])
        #expect(try cursor.signed() == value)
        #expect(try cursor.varint() == UInt64(bitPattern: value))
    }

    @Test("A call's behaviour comes back, each number under its name")
    func settings() throws {
        var settings = CallSettings(format: .telephone)
        var header = CapsuleHeader()
        for (index, setting) in CallSettings.Setting.all.enumerated() {
            let text =
                ["true", "false"].contains(setting.read(settings))
                ? "false" : setting.read(settings).hasSuffix("s") ? "\(index + 40)ms" : "\(index)"
            #expect(settings.set(setting.name, to: text) == nil)
        }
        header.describe(settings)
        let read = try header.settings()
        for setting in CallSettings.Setting.all { #expect(setting.read(read) == setting.read(settings)) }
        #expect(read.endpoint == settings.endpoint)
    }

    @Test("A setting that is none, or has no such value, is refused with the mend")
    func wrongSetting() throws {
        var settings = CallSettings(format: .telephone)
        #expect(settings.set("turn.hangove", to: "1s")?.contains("turn.hangover") == true)
        #expect(
            settings.set("turn.hangover", to: "1 s") == "`1 s` is no value for turn.hangover; write one like `500ms`")
        #expect(settings.set("turn.hangover", to: "350ms") == nil)
        #expect(settings.endpoint.usual == .milliseconds(350))
    }

    // MARK: Files

    /// A call with a turn in it, recorded.
    static func recordedCall(ending isEnded: Bool = true) -> [UInt8] {
        var harness = CallHarness()
        harness.record()
        harness.words = ["I need a cleaning"]
        harness.start()
        harness.wait(1_500)
        harness.speak(900)
        harness.wait(3_000)
        return harness.recording(ending: isEnded)
    }

    static func records(_ octets: [UInt8]) throws -> (records: [CapsuleRecord], damage: CapsuleError?) {
        var reader = try CapsuleReader(octets)
        var records: [CapsuleRecord] = []
        while let record = reader.next() { records.append(record) }
        return (records, reader.damage?.error)
    }

    @Test("Cut off at any octet, a capsule is read up to its last whole record, and no further")
    func cutAnywhere() throws {
        let whole = Self.recordedCall()
        let (records, damage) = try Self.records(whole)
        #expect(damage == nil)
        guard case .end(_, let inputs, let frames) = records.last else {
            Issue.record("the capsule has no end")
            return
        }
        #expect(
            inputs == records.count { if case .heard = $0 { true } else if case .event = $0 { true } else { false } })
        #expect(frames == 30)

        var longest = 0
        var readable = 0
        for length in stride(from: 0, to: whole.count, by: 7) {
            guard let cut = try? Self.records(Array(whole[..<length])) else {
                // Only while the header is not whole.
                #expect(readable == 0)
                continue
            }
            readable += 1
            #expect(cut.records.count >= longest)
            #expect(cut.records == Array(records.prefix(cut.records.count)))
            longest = cut.records.count
        }
        #expect(longest > 300)
    }

    @Test("An octet that was changed ends the capsule there")
    func damaged() throws {
        let whole = Self.recordedCall()
        let (records, _) = try Self.records(whole)
        var ended = 0
        for place in stride(from: 2_000, to: whole.count - 100, by: 4_001) {
            var octets = whole
            octets[place] ^= 0x10
            guard let (read, damage) = try? Self.records(octets) else { continue }
            #expect(read.count < records.count)
            #expect(read == Array(records.prefix(read.count)))
            #expect(damage != nil)
            ended += 1
        }
        #expect(ended > 5)
    }

    @Test(
        "What is no capsule is refused, with a reason",
        arguments: [
            ([] as [UInt8], CapsuleError.notACapsule), (Array("PARLEYCAP".utf8), .notACapsule),
            (Array("RIFFxxxxWAVE".utf8), .notACapsule), (Array("PARLEYCAP".utf8) + [9, 0], .version(9)),
            (Array("PARLEYCAP".utf8) + [1], .cutShort),
        ])
    func refused(octets: [UInt8], error: CapsuleError) {
        #expect(throws: error) { try CapsuleReader(octets) }
    }

    @Test("A number that is none ends the capsule there", arguments: [Float.nan, .infinity, -.infinity, .signalingNaN])
    func noNumbers(value: Float) throws {
        var recorder = CapsuleRecorder(header: CapsuleHeader(), settings: .test)
        recorder.handle(.opinion(frame: 1, odds: value), at: .zero)
        recorder.finish()
        #expect(try Self.records(recorder.take()).damage == .number)
        recorder = CapsuleRecorder(header: CapsuleHeader(), settings: .test)
        var activity = VoiceActivity.silence
        activity.score = value
        recorder.hear(activity, isNoisy: false, at: .zero)
        recorder.finish()
        #expect(try Self.records(recorder.take()).damage == .number)
    }

    @Test("The hash tells outputs apart by their content, their order and where one ends")
    func hash() {
        func value(_ pieces: [[UInt8]]) -> UInt64 {
            var hash = OutputHash()
            for piece in pieces { hash.add(frame: piece.span) }
            return hash.value
        }
        let some: [UInt8] = [1, 2, 3]
        #expect(value([some]) == value([some]))
        let others = [
            value([[1, 2]]), value([[1, 2], [3]]), value([[1, 2, 3, 0]]), value([[3, 2, 1]]), value([]), value([[]]),
        ]
        #expect(!others.contains(value([some])))
        #expect(Set(others).count == others.count)
        var line = OutputHash()
        line.add(line: "\u{1}\u{2}\u{3}")
        #expect(line.value != value([some]))
        // The format's own: whoever reads capsules in another language needs it.
        #expect(String(value([Array("0123456789".utf8)]), radix: 16) == Self.knownHash)
    }
    static let knownHash = "145e214a2a9060dd"

    @Test("The same call gives the same capsule")
    func deterministic() { #expect(Self.recordedCall() == Self.recordedCall()) }
}
