import ParleyCore
import ParleyWire
import Testing

@Suite("Twilio's side")
struct TwilioPeerTests {
    private let peer = TwilioPeer(
        streamID: "MZ1", callID: "CA1", accountID: "AC1", parameters: ["b": "\"2\"", "a": "1"])

    @Test("It writes what Twilio writes")
    func writes() {
        var peer = peer
        #expect(string { _ = peer.appendConnected(to: &$0) } == TwilioVectors.connected)
        #expect(
            string { peer.appendStart(to: &$0) } == """
                {"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"accountSid":"AC1","streamSid":"MZ1",\
                "callSid":"CA1","tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},\
                "customParameters":{"a":"1","b":"\\"2\\""}}}
                """)
        #expect(
            string { peer.appendAudio([0xFF, 0xFF, 0xFF].span, timestamp: 20, to: &$0) } == """
                {"event":"media","sequenceNumber":"2","streamSid":"MZ1","media":{"track":"inbound","chunk":"1",\
                "timestamp":"20","payload":"////"}}
                """)
        #expect(
            string { peer.appendDigit(.pound, to: &$0) } == """
                {"event":"dtmf","sequenceNumber":"3","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"#"}}
                """)
        #expect(
            string { peer.appendMark("x\"y", to: &$0) } == """
                {"event":"mark","sequenceNumber":"4","streamSid":"MZ1","mark":{"name":"x\\"y"}}
                """)
        #expect(
            string { peer.appendStop(to: &$0) } == """
                {"event":"stop","sequenceNumber":"5","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}
                """)
    }

    @Test("The gateway's dialect and its peer understand each other")
    func together() throws {
        var peer = peer
        var dialect = TwilioDialect()
        var leg = Leg()
        var line = Line()
        let frame = (0..<160).map { UInt8($0) }
        var messages: [[UInt8]] = []
        func send(_ body: (inout [UInt8]) -> Void) {
            var out: [UInt8] = []
            body(&out)
            messages.append(out)
        }
        send { _ = peer.appendConnected(to: &$0) }
        send { peer.appendStart(to: &$0) }
        for index in 0..<5 { send { peer.appendAudio(frame.span, timestamp: index * 20, to: &$0) } }
        send { peer.appendDigit(.five, to: &$0) }
        send { peer.appendMark("u7-8", to: &$0) }
        send { peer.appendStop(to: &$0) }
        for message in messages { try dialect.text(message, &leg) }
        #expect(leg.events.count == 5)
        #expect(leg.events[2...] == [.digit(.five), .mark(Mark(generation: Generation(7), index: 8)), .stopped])
        #expect(leg.samples.count == 800)

        messages = []
        send { dialect.appendAudio(frame.span, to: &$0) }
        send { dialect.appendMark(Mark(generation: Generation(7), index: 8), to: &$0) }
        send { dialect.appendClear(to: &$0) }
        for message in messages { try peer.text(message, &line) }
        #expect(line.events == [.audio(frame), .mark("u7-8"), .clear])
    }

    @Test(
        "A gateway's slips are seen",
        arguments: [
            ("{", .malformed(JSONError(.unexpectedEnd, offset: 1))),
            ("{}", .missingField("event", event: "message")),
            (#"{"event":"hello","streamSid":"MZ1"}"#, .unknownEvent("hello")),
            (#"{"event":"clear"}"#, .missingField("streamSid", event: "clear")),
            (#"{"event":"clear","streamSid":"MZ2"}"#, .wrongStream("MZ2")),
            (#"{"event":"media","streamSid":"MZ1"}"#, .missingField("payload", event: "media")),
            (#"{"event":"media","streamSid":"MZ1","media":{"payload":"Zg"}}"#, .badAudio("payload is not base64")),
            (#"{"event":"media","streamSid":"MZ1","media":{"payload":"Zg=*"}}"#, .badAudio("payload is not base64")),
            (#"{"event":"media","streamSid":"MZ1","media":{"payload":""}}"#, .badAudio("payload is empty")),
            (#"{"event":"mark","streamSid":"MZ1"}"#, .missingField("name", event: "mark")),
            (#"{"event":"mark","streamSid":"MZ1","mark":{"name":""}}"#, .markName),
        ] as [(String, PeerViolation)])
    func slips(message: String, violation: PeerViolation) {
        var peer = peer
        var line = Line()
        #expect(throws: violation) { try peer.text(Array(message.utf8), &line) }
        #expect(throws: PeerViolation.unexpectedBinary) { try peer.binary([1], &line) }
        #expect(line.events == [])
    }
}
