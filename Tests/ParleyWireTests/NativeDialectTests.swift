import ParleyCore
import ParleyWire
import Testing

@Suite("Native dialect")
struct NativeDialectTests {
    private func started(_ format: LegFormat) throws -> NativeDialect {
        var dialect = NativeDialect()
        var peer = NativePeer(format: format, from: "+15550100001", parameters: ["agent": "front-desk"])
        var leg = Leg()
        var out: [UInt8] = []
        peer.appendStart(to: &out)
        try dialect.text(out, &leg)
        #expect(
            leg.events == [
                .started(LegStart(from: "+15550100001", format: format, parameters: ["agent": "front-desk"]))
            ])
        #expect(dialect.format == format)
        return dialect
    }

    @Test("The messages are as documented")
    func vectors() throws {
        var dialect = try started(LegFormat(codec: .linear16, sampleRate: 16_000))
        var peer = NativePeer(format: dialect.format, from: "+1", parameters: ["a": "b"])
        #expect(
            string { peer.appendStart(to: &$0) }
                == #"{"event":"start","format":{"codec":"linear16","sample_rate":16000},"from":"+1","parameters":{"a":"b"}}"#
        )
        #expect(string { peer.appendDigit(.five, to: &$0) } == #"{"event":"dtmf","digit":"5"}"#)
        #expect(string { peer.appendMark("u1-1", to: &$0) } == #"{"event":"mark","name":"u1-1"}"#)
        #expect(string { peer.appendStop(to: &$0) } == #"{"event":"stop"}"#)
        #expect(
            string { dialect.appendMark(Mark(generation: Generation(1), index: 1), to: &$0) }
                == #"{"event":"mark","name":"u1-1"}"#)
        #expect(string { dialect.appendClear(to: &$0) } == #"{"event":"clear"}"#)
        #expect(string { _ = dialect.appendStarted(call: "01J", to: &$0) } == #"{"event":"started","call":"01J"}"#)
        #expect(dialect.outboundAudioIsBinary && dialect.takesNotes)
        let frame: [UInt8] = [1, 2, 3, 4]
        var out: [UInt8] = []
        dialect.appendAudio(frame.span, to: &out)
        #expect(out == frame)
    }

    @Test("Linear samples are little-endian and lent 20 ms at a time", arguments: [(8_000, 160), (16_000, 320)])
    func linear(rate: Int, perFrame: Int) throws {
        var dialect = try started(LegFormat(codec: .linear16, sampleRate: rate))
        var leg = Leg()
        try dialect.binary([0x01, 0x00, 0xFF, 0x7F, 0x00, 0x80], &leg)
        #expect(leg.samples == [1, 32_767, -32_768])
        #expect(leg.stretches == [[3, -1]])
        leg = Leg()
        try dialect.binary([UInt8](repeating: 1, count: 16_000), &leg)
        #expect(leg.samples == [Int16](repeating: 257, count: 8_000))
        #expect(leg.stretches == [[Int]](repeating: [perFrame, -1], count: 8_000 / perFrame))
        #expect(throws: WireError.badMedia(.oddBytes)) { try dialect.binary([1, 2, 3], &leg) }
        #expect(throws: WireError.badMedia(.size)) { try dialect.binary([], &leg) }
        #expect(throws: WireError.badMedia(.size)) { try dialect.binary([UInt8](repeating: 0, count: 16_002), &leg) }
    }

    @Test("Each Opus packet carries its number, which wraps")
    func opus() throws {
        let format = LegFormat(codec: .opus, sampleRate: 16_000)
        var dialect = try started(format)
        var peer = NativePeer(format: format)
        var leg = Leg()
        var line = Line()
        for number in 0..<65_538 {
            var out: [UInt8] = []
            peer.appendAudio([7, 8, 9].span, timestamp: number * 20, to: &out)
            if number == 258 { #expect(out == [1, 2, 7, 8, 9]) }
            try dialect.binary(out, &leg)
        }
        #expect(leg.packets.count == 65_538)
        #expect(leg.packets.allSatisfy { $0 == [7, 8, 9] })
        #expect(leg.sequences.suffix(3) == [65_535, 0, 1])
        var out: [UInt8] = []
        dialect.appendAudio([1].span, to: &out)
        dialect.appendAudio([1].span, to: &out)
        #expect(out == [0, 0, 1, 0, 1, 1])
        try peer.binary([0, 1, 5], &line)
        #expect(line.events == [.audio([5])])
        for bad in [[], [0], [0, 1], [UInt8](repeating: 0, count: 4_003)] {
            #expect(throws: WireError.badMedia(.size)) { try dialect.binary(bad, &leg) }
            #expect(throws: PeerViolation.self) { try peer.binary(bad, &line) }
        }
    }

    @Test(
        "A start asks for a format that we speak",
        arguments: [
            (#"{"event":"start"}"#, .missingField("format.codec", event: "start")),
            (#"{"event":"start","format":"opus"}"#, .missingField("format.codec", event: "start")),
            (#"{"event":"start","format":{"codec":"opus"}}"#, .unsupportedFormat("opus 0 Hz")),
            (
                #"{"event":"start","format":{"codec":"linear16","sample_rate":44100}}"#,
                .unsupportedFormat("linear16 44100 Hz")
            ),
            (#"{"event":"start","format":{"codec":"mulaw","sample_rate":8000}}"#, .unsupportedFormat("mulaw 8000 Hz")),
        ] as [(String, WireError)])
    func badStarts(message: String, error: WireError) {
        var dialect = NativeDialect()
        var leg = Leg()
        #expect(throws: error) { try dialect.text(message, &leg) }
        #expect(leg.events == [])
    }

    @Test("Control goes both ways, and what is out of place is refused")
    func control() throws {
        var fresh = NativeDialect()
        var leg = Leg()
        for message in [#"{"event":"mark","name":"u1-1"}"#, #"{"event":"dtmf","digit":"1"}"#] {
            let error = #expect(throws: WireError.self) { try fresh.text(message, &leg) }
            #expect(error?.handling == .close(1008))
        }
        #expect(throws: WireError.outOfOrder("audio before start")) { try fresh.binary([0, 0], &leg) }

        var dialect = try started(LegFormat(codec: .linear16, sampleRate: 8_000))
        for message in [
            #"{"name":"u1-1","event":"mark"}"#, #"{"event":"mark","name":"mine"}"#, #"{"event":"dtmf","digit":"*"}"#,
            #"{"event":"wave","at":"all"}"#, #"{"event":"stop"}"#, #"{"event":"stop"}"#,
            #"{"event":"dtmf","digit":"1"}"#,
        ] {
            try dialect.text(message, &leg)
        }
        try dialect.binary([0, 0], &leg)
        #expect(
            leg.events == [
                .mark(Mark(generation: Generation(1), index: 1)), .unknownMark, .digit(.star), .unknown, .stopped,
            ])
        #expect(leg.samples == [])
        #expect(throws: WireError.outOfOrder("a second start")) {
            try dialect.text(#"{"event":"start","format":{"codec":"opus","sample_rate":8000}}"#, &leg)
        }
    }

    @Test("The client's side takes what the gateway sends, and sees its slips")
    func peer() throws {
        var peer = NativePeer(format: LegFormat(codec: .linear16, sampleRate: 8_000))
        var line = Line()
        let note = #"{"event":"note","kind":"partial","text":"hello"}"#
        for message in [
            #"{"event":"started","call":"01J"}"#, #"{"event":"mark","name":"u1-1"}"#, #"{"event":"clear"}"#, note,
        ] {
            try peer.text(Array(message.utf8), &line)
        }
        try peer.binary([1, 2], &line)
        #expect(line.events == [.started("01J"), .mark("u1-1"), .clear, .note(note), .audio([1, 2])])
        for (message, violation) in [
            (#"{"event":"note"}"#, .missingField("kind", event: "note")),
            (#"{"event":"mark"}"#, .missingField("name", event: "mark")),
            (#"{"event":"started"}"#, .missingField("call", event: "started")),
            (#"{"event":"media"}"#, .unknownEvent("media")),
        ] as [(String, PeerViolation)] {
            #expect(throws: violation) { try peer.text(Array(message.utf8), &line) }
        }
        #expect(throws: PeerViolation.badAudio("not whole samples")) { try peer.binary([1], &line) }
    }
}
