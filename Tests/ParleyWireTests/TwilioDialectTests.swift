import ParleyCore
import ParleyWire
import Testing

/// The messages of Twilio's own side, as its documentation shows them.
enum TwilioVectors {
    static let stream = "MZ5f0c1d2e3b4a59687766554433221100"
    static let connected = #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#
    static let start = """
        {"event":"start","sequenceNumber":"1","streamSid":"MZ5f0c1d2e3b4a59687766554433221100",
         "start":{"streamSid":"MZ5f0c1d2e3b4a59687766554433221100","accountSid":"AC0a1b2c3d4e5f60718293a4b5c6d7e8f9",
                  "callSid":"CA99aabbccddeeff00112233445566778899","tracks":["inbound"],
                  "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},
                  "customParameters":{"agent":"front-desk","token":"eyJhbGciOi.invented.sig"}}}
        """
    static let dtmf = """
        {"event":"dtmf","sequenceNumber":"212","streamSid":"MZ5f0c1d2e3b4a59687766554433221100",\
        "dtmf":{"track":"inbound_track","digit":"7"}}
        """
    static let mark = """
        {"event":"mark","sequenceNumber":"240","streamSid":"MZ5f0c1d2e3b4a59687766554433221100","mark":{"name":"u3-2"}}
        """
    static let stop = """
        {"event":"stop","sequenceNumber":"907","streamSid":"MZ5f0c1d2e3b4a59687766554433221100",
         "stop":{"accountSid":"AC0a1b2c3d4e5f60718293a4b5c6d7e8f9","callSid":"CA99aabbccddeeff00112233445566778899"}}
        """
    static func media(_ octets: [UInt8], chunk: Int = 3, timestamp: Int = 45) -> String {
        """
        {"event":"media","sequenceNumber":"4","streamSid":"MZ5f0c1d2e3b4a59687766554433221100",
         "media":{"track":"inbound","chunk":"\(chunk)","timestamp":"\(timestamp)","payload":"\(base64(octets))"}}
        """
    }
    static func payload(_ json: String) -> String {
        #"{"event":"media","streamSid":"MZ","media":{"track":"inbound","payload":\#(json)}}"#
    }
}

@Suite("Twilio dialect")
struct TwilioDialectTests {
    private func started() throws -> TwilioDialect {
        var dialect = TwilioDialect()
        var leg = Leg()
        try dialect.text(TwilioVectors.connected, &leg)
        try dialect.text(TwilioVectors.start, &leg)
        return dialect
    }

    @Test("A call as Twilio tells it")
    func wholeCall() throws {
        var dialect = TwilioDialect()
        var leg = Leg()
        let octets = (0..<160).map { UInt8($0) }
        for message in [
            TwilioVectors.connected, TwilioVectors.start, TwilioVectors.media(octets), TwilioVectors.dtmf,
            TwilioVectors.mark,
            TwilioVectors.stop,
        ] {
            try dialect.text(message, &leg)
        }
        #expect(
            leg.events == [
                .connected,
                .started(
                    LegStart(
                        streamID: TwilioVectors.stream, callID: "CA99aabbccddeeff00112233445566778899",
                        accountID: "AC0a1b2c3d4e5f60718293a4b5c6d7e8f9", format: .telephone, tracks: [.inbound],
                        parameters: ["agent": "front-desk", "token": "eyJhbGciOi.invented.sig"])),
                .digit(.seven), .mark(Mark(generation: Generation(3), index: 2)), .stopped,
            ])
        #expect(leg.samples == octets.map { MuLaw.decode($0) })
        #expect(leg.stretches == [[160, 45]])
    }

    @Test("What goes to Twilio is as it documents it")
    func outbound() throws {
        var dialect = try started()
        let frame: [UInt8] = [0x7E, 0x7E, 0x7F, 0x9F, 0xFA]
        #expect(
            string { dialect.appendAudio(frame.span, to: &$0) }
                == #"{"event":"media","streamSid":"\#(TwilioVectors.stream)","media":{"payload":"fn5/n/o="}}"#)
        #expect(
            string { dialect.appendMark(Mark(generation: Generation(3), index: 2), to: &$0) }
                == #"{"event":"mark","streamSid":"\#(TwilioVectors.stream)","mark":{"name":"u3-2"}}"#)
        #expect(
            string { dialect.appendClear(to: &$0) } == #"{"event":"clear","streamSid":"\#(TwilioVectors.stream)"}"#)
        #expect(!dialect.outboundAudioIsBinary)
        var out: [UInt8] = []
        #expect(!dialect.appendStarted(call: "x", to: &out))
        #expect(out == [])
    }

    @Test("Order, white space, unknown fields and the kind of counters do not matter")
    func leniency() throws {
        let payload = base64([0x00, 0x80, 0xFF])
        for message in [
            #"{"media":{"payload":"\#(payload)","timestamp":45,"chunk":3},"event":"media"}"#,
            " {\t\"x\":[{\"event\":\"stop\"}],\r\n\"media\" : { \"new\":{\"payload\":\"!\"}, \"payload\" : \"\(payload)\",\"timestamp\":\"45\"} , \"event\":\"media\" } ",
            #"{"\u0065vent":"m\u0065dia","media":{"timestamp":"45","payload":"\#(payload)","track":"inbound"},"streamSid":null}"#,
        ] {
            var dialect = try started()
            var leg = Leg()
            try dialect.text(message, &leg)
            #expect(leg.samples == [-32_124, 32_124, 0], "\(message)")
            #expect(leg.stretches == [[3, 45]], "\(message)")
        }
        // Without any counters the time is unknown.
        var dialect = try started()
        var leg = Leg()
        try dialect.text(#"{"event":"media","media":{"payload":"\#(payload)","timestamp":"soon"}}"#, &leg)
        #expect(leg.stretches == [[3, -1]])
    }

    @Test("A time that nothing can be reckoned from is unknown", arguments: [Int.max, Int.max - 7, 1 << 53 + 1])
    func latestTimestamp(timestamp: Int) throws {
        var dialect = try started()
        var leg = Leg()
        try dialect.text(TwilioVectors.media([UInt8](repeating: 0, count: 490), timestamp: timestamp), &leg)
        #expect(leg.stretches == [[160, -1], [160, -1], [160, -1], [10, -1]])
        try dialect.text(TwilioVectors.media([0], chunk: 4, timestamp: 1 << 53), &leg)
        #expect(leg.stretches.last == [1, 1 << 53])
    }

    @Test("A start may leave out what never changes")
    func shortStart() throws {
        var dialect = TwilioDialect()
        var leg = Leg()
        try dialect.text(
            #"{"event":"start","start":{"streamSid":"MZ1","customParameters":{"n":1,"x":null,"t":true}}}"#, &leg)
        #expect(
            leg.events == [.started(LegStart(streamID: "MZ1", callID: "MZ1", parameters: ["n": "1", "t": "true"]))])
        #expect(string { dialect.appendClear(to: &$0) } == #"{"event":"clear","streamSid":"MZ1"}"#)

        var quoted = TwilioDialect()
        try quoted.text(#"{"event":"start","streamSid":"M\"Z\u0001","start":{"callSid":"CA1"}}"#, &leg)
        #expect(string { quoted.appendClear(to: &$0) } == #"{"event":"clear","streamSid":"M\"Z\u0001"}"#)
    }

    @Test("A start that we cannot use is refused, and the next one may be good")
    func badStarts() throws {
        var dialect = TwilioDialect()
        var leg = Leg()
        func error(_ message: String) -> WireError? {
            do { try dialect.text(message, &leg); return nil } catch { return error }
        }
        #expect(error(#"{"event":"start"}"#) == .missingField("start", event: "start"))
        #expect(error(#"{"event":"start","start":7}"#) == .missingField("start", event: "start"))
        #expect(error(#"{"event":"start","start":{}}"#) == .missingField("streamSid", event: "start"))
        #expect(error(#"{"event":"start","start":{"streamSid":""}}"#) == .missingField("streamSid", event: "start"))
        let long = String(repeating: "x", count: 257)
        #expect(
            error(#"{"event":"start","start":{"streamSid":"\#(long)"}}"#) == .missingField("streamSid", event: "start"))
        #expect(
            error(#"{"event":"start","start":{"streamSid":"a","callSid":"\#(long)"}}"#)
                == .missingField("callSid", event: "start"))
        #expect(
            error(
                #"{"event":"start","start":{"streamSid":"a","mediaFormat":{"encoding":"audio/x-l16","sampleRate":16000}}}"#
            )
                == .unsupportedFormat("audio/x-l16 16000 Hz x1"))
        #expect(error(#"{"event":"start","start":{"streamSid":"a","streamSid":"b"}}"#)?.handling == .countMalformed)
        #expect(leg.events == [])
        #expect(error(TwilioVectors.start) == nil)
        #expect(leg.events.count == 1)
    }

    @Test("Events out of place end the call with 1008; after stop nothing counts")
    func order() throws {
        for message in [TwilioVectors.media([1]), TwilioVectors.dtmf, TwilioVectors.mark] {
            var dialect = TwilioDialect()
            var leg = Leg()
            let error = #expect(throws: WireError.self) { try dialect.text(message, &leg) }
            #expect(error?.handling == .close(1008))
            #expect(leg.events == [] && leg.samples == [])
        }
        var dialect = try started()
        var leg = Leg()
        #expect(throws: WireError.outOfOrder("a second start")) { try dialect.text(TwilioVectors.start, &leg) }
        try dialect.text(TwilioVectors.connected, &leg)
        #expect(leg.events == [.unknown])
        for message in [
            TwilioVectors.stop, TwilioVectors.stop, TwilioVectors.media([1]), TwilioVectors.dtmf, TwilioVectors.mark,
        ] {
            try dialect.text(message, &leg)
        }
        #expect(leg.events == [.unknown, .stopped])
        #expect(leg.samples == [])
        #expect(throws: WireError.outOfOrder("a second start")) { try dialect.text(TwilioVectors.start, &leg) }
        #expect(throws: WireError.unexpectedBinary) { try dialect.binary([1, 2], &leg) }
        #expect(WireError.unexpectedBinary.handling == .close(1003))
    }

    @Test("Bad media is dropped whole, and says why")
    func badMedia() throws {
        var dialect = try started()
        var leg = Leg()
        let long = base64([UInt8](repeating: 0, count: 16_000))
        for (payload, problem) in [
            (#""""#, .size), (#""Zg=""#, .notBase64), (#""Zg==Zg==""#, .notBase64), (#""Z g=""#, .notBase64),
            (#""Zm9\/""#, .escapedPayload),
            ("7", .noPayload), ("null", .noPayload), (#""\#(base64([UInt8](repeating: 0, count: 16_001)))""#, .size),
            (#""\#(long.dropLast(3))*==""#, .notBase64), (#""\#(long.dropLast(3))B==""#, .notBase64),
        ] as [(String, WireError.BadMedia)] {
            #expect(throws: WireError.badMedia(problem), "\(payload.prefix(20))") {
                try dialect.text(TwilioVectors.payload(payload), &leg)
            }
        }
        #expect(throws: WireError.badMedia(.noPayload)) { try dialect.text(#"{"event":"media"}"#, &leg) }
        #expect(throws: WireError.badMedia(.noPayload)) { try dialect.text(#"{"event":"media","media":"x"}"#, &leg) }
        #expect(leg.samples == [])
        try dialect.text(TwilioVectors.payload("\"\(long)\""), &leg)
        #expect(leg.samples.count == 16_000)
    }

    @Test(
        "Malformed messages are counted as such",
        arguments: [
            "", "{", "[]", "7", "\"event\"", "{}", #"{"event":7}"#,
            #"{"event":"media","media":{"payload":"Zg==","payload":"Zg=="}}"#,
            #"{"event":"media","event":"media"}"#, #"{"event":"mark","mark":{}}"#, #"{"event":"dtmf"}"#,
            #"{"event":"media"} x"#,
            #"{"event":"x","a":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}"#,
        ])
    func malformed(message: String) throws {
        var dialect = try started()
        var leg = Leg()
        let error = #expect(throws: WireError.self) { try dialect.text(message, &leg) }
        #expect(error?.handling == .countMalformed)
        #expect(leg.events == [] && leg.samples == [])
    }

    @Test("Unknown events are counted, unknown marks and keys too, and our own audio is not the caller's")
    func unknown() throws {
        var dialect = try started()
        var leg = Leg()
        try dialect.text(#"{"event":"telemetry","x":{"y":[1]}}"#, &leg)
        for name in [
            "", "u", "u1", "u1-", "u-1", "u01-1", "u1-01", "u1-1x", "u4294967296-0", "x1-1", "u1--1", "U1-1",
            #"\u0075 1-1"#,
        ] {
            try dialect.text(#"{"event":"mark","mark":{"name":"\#(name)"}}"#, &leg)
        }
        for key in ["E", "10", "", "é", "\\n"] {
            try dialect.text(#"{"event":"dtmf","dtmf":{"digit":"\#(key)"}}"#, &leg)
        }
        let expected: [LegEvent] =
            [.unknown] + Array(repeating: .unknownMark, count: 13) + Array(repeating: .unknown, count: 5)
        #expect(leg.events == expected)
        try dialect.text(#"{"event":"media","media":{"track":"outbound","payload":"!"}}"#, &leg)
        #expect(leg.samples == [])
    }

    @Test("Every key of the telephone is heard", arguments: Digit.allCases)
    func digits(digit: Digit) throws {
        var dialect = try started()
        var leg = Leg()
        try dialect.text(#"{"event":"dtmf","dtmf":{"digit":"\#(digit.character)"}}"#, &leg)
        try dialect.text(#"{"event":"dtmf","dtmf":{"digit":"\#(digit.character.lowercased())"}}"#, &leg)
        #expect(leg.events == [.digit(digit), .digit(digit)])
    }

    @Test("Marks come back as they went", arguments: [0, 1, 9, 10, 4_294_967_295] as [UInt32])
    func marks(number: UInt32) throws {
        var dialect = try started()
        var leg = Leg()
        let mark = Mark(generation: Generation(number), index: number / 2)
        var name: [UInt8] = []
        mark.appendName(to: &name)
        #expect(String(decoding: name, as: UTF8.self) == "u\(number)-\(number / 2)")
        try dialect.text(#"{"event":"mark","mark":{"name":"\#(String(decoding: name, as: UTF8.self))"}}"#, &leg)
        #expect(leg.events == [.mark(mark)])
    }

    @Test(
        "Long messages are lent in stretches of 20 ms at most, each with its time",
        arguments: [1, 159, 160, 161, 320, 479, 480, 481, 500, 16_000])
    func stretches(length: Int) throws {
        var dialect = try started()
        var leg = Leg()
        let octets = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try dialect.text(TwilioVectors.media(octets, timestamp: 1_000), &leg)
        #expect(leg.samples == octets.map { MuLaw.decode($0) })
        #expect(leg.stretches.map { $0[0] }.allSatisfy { $0 > 0 && $0 <= 160 })
        var done = 0
        for stretch in leg.stretches {
            #expect(stretch[1] == 1_000 + done / 8)
            done += stretch[0]
        }
    }

    @Test("A lost message is filled with silence, a doubled one dropped, a long hole left open")
    func losses() throws {
        var dialect = try started()
        var leg = Leg()
        let voice = [UInt8](repeating: 0x80, count: 160)
        func send(_ chunk: Int, _ timestamp: Int) throws {
            try dialect.text(TwilioVectors.media(voice, chunk: chunk, timestamp: timestamp), &leg)
        }
        try send(1, 5)
        try send(2, 25)
        try send(5, 85)
        #expect(leg.events == [.gap(milliseconds: 40)])
        #expect(leg.stretches == [[160, 5], [160, 25], [160, 45], [160, 65], [160, 85]])
        let loud = [Int16](repeating: 32_124, count: 160)
        let heard = loud + loud + [Int16](repeating: 0, count: 320) + loud
        #expect(leg.samples == heard)
        try send(5, 85)
        try send(4, 65)
        #expect(leg.events == [.gap(milliseconds: 40), .duplicate, .duplicate])
        #expect(leg.stretches.count == 5)
        try send(200, 5_005)
        #expect(leg.events.last == .gap(milliseconds: 4_900))
        #expect(leg.stretches.count == 6)
    }

    @Test("A whole call, damaged anywhere, never traps and is never half reported", arguments: 0..<300 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var dialect = TwilioDialect()
        var leg = Leg()
        for message in [
            TwilioVectors.connected, TwilioVectors.start, TwilioVectors.media(random.bytes(160)), TwilioVectors.dtmf,
            TwilioVectors.media(random.bytes(700)), TwilioVectors.mark, TwilioVectors.stop,
        ] {
            var bytes = Array(message.utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[at] = UInt8.random(in: 0...255, using: &random)
                } else {
                    bytes.remove(at: at)
                }
            }
            let before = (leg.events.count, leg.samples.count)
            do { try dialect.text(bytes, &leg) } catch {
                #expect(before == (leg.events.count, leg.samples.count), "seed \(seed)")
            }
        }
    }
}
