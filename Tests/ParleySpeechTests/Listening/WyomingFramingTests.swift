import Testing

@testable import ParleySpeech

@Suite("Wyoming's framing")
struct WyomingFramingTests {
    private static let example =
        #"{"type":"audio-chunk","version":"1.10.2","data_length":59,"payload_length":4}"# + "\n"
        + #"{"rate": 16000, "width": 2, "channels": 1, "timestamp": 20}"#

    private func events(_ bytes: [UInt8], pieces: Int) throws -> [WyomingEvent] {
        var reader = WyomingReader()
        var events: [WyomingEvent] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            bytes[start..<min(bytes.count, start + pieces)].withUnsafeBytes { reader.receive($0) }
            while let event = try reader.next() { events.append(event) }
        }
        return events
    }

    @Test("Events are the same however the bytes are cut", arguments: [1, 2, 7, 64, 1_000])
    func cuts(pieces: Int) throws {
        var bytes = Array(Self.example.utf8) + [1, 2, 3, 4]
        bytes += Array((#"{"type":"transcript","data":{"text":"book a table","language":"en"}}"# + "\n").utf8)
        bytes += Array((#"{"type":"audio-stop"}"# + "\n").utf8)
        let found = try events(bytes, pieces: pieces)
        #expect(found.map(\.type) == ["audio-chunk", "transcript", "audio-stop"])
        try #require(found.count == 3)
        #expect(found[0].payload == [1, 2, 3, 4])
        #expect(found[0].whole("rate") == 16_000 && found[0].whole("timestamp") == 20)
        #expect(found[1].text("text") == "book a table" && found[1].text("language") == "en")
        #expect(found[2].text("text") == nil && found[2].payload == [])
    }

    @Test("What follows the header wins over the header's own data")
    func merge() throws {
        let data = #"{"text":"after"}"#
        let line = #"{"type":"x","data":{"text":"before","code":"c"},"data_length":\#(data.utf8.count)}"# + "\n"
        let found = try #require(try events(Array((line + data).utf8), pieces: 1_000).first)
        #expect(found.text("text") == "after" && found.text("code") == "c")
    }

    @Test("Data that is no JSON says nothing, and what follows it is read")
    func badData() throws {
        let bytes = Array((#"{"type":"x","data_length":3}"# + "\n{{{" + #"{"type":"y"}"# + "\n").utf8)
        let found = try events(bytes, pieces: 5)
        #expect(found.map(\.type) == ["x", "y"])
        #expect(found.first?.text("text") == nil)
    }

    @Test(
        "Lengths over the limits, lines without an end and headers that are none are faults",
        arguments: [
            (#"{"type":"x","data_length":1048577}"# + "\n", WyomingFault.dataTooLong),
            (#"{"type":"x","payload_length":1048577}"# + "\n", .payloadTooLong),
            (#"{"type":"x","payload_length":-1}"# + "\n", .badHeader),
            (#"{"type":"x","payload_length":1.5}"# + "\n", .badHeader),
            (#"{"type":7}"# + "\n", .badHeader),
            (#"{"data":{}}"# + "\n", .badHeader),
            ("hello\n", .badHeader),
            ("\n", .badHeader),
            (String(repeating: "x", count: 70_000), .lineTooLong),
            (#"{"type":""# + String(repeating: "x", count: 70_000) + "\"}\n", .lineTooLong),
        ])
    func faults(text: String, fault: WyomingFault) {
        #expect(throws: fault) { try events(Array(text.utf8), pieces: 1_000) }
    }

    @Test("What is written is the reference library's form, and is read again")
    func writes() throws {
        var out: [UInt8] = []
        WyomingEvent.append("audio-chunk", data: Array(#"{"rate":8000}"#.utf8), payload: [9, 8], to: &out)
        WyomingEvent.append("describe", to: &out)
        let text = #"{"type":"audio-chunk","data_length":13,"payload_length":2}"# + "\n" + #"{"rate":8000}"#
        #expect(out == Array(text.utf8) + [9, 8] + Array((#"{"type":"describe"}"# + "\n").utf8))
        let found = try events(out, pieces: 3)
        #expect(
            found == [
                WyomingEvent("audio-chunk", data: Array(#"{"rate":8000}"#.utf8), payload: [9, 8]),
                WyomingEvent("describe"),
            ])
    }
}
