import Testing

@testable import ParleyAgents

@Suite struct EventStreamParserTests {
    private static let body =
        "\u{FEFF}: keep-alive\r\ndata: {\"a\":\"é🙂\"}\r\n\r\ndata:{\"b\":1}\n\nevent: note\nid: 7\ndata: one\rdata: two\r\r"
        + ": still there\n\n\ndata\n\ndata: [DONE]"

    private func read(_ pieces: [[UInt8]]) throws -> [String] {
        var parser = EventStreamParser()
        var events: [String] = []
        for piece in pieces {
            try piece.withUnsafeBytes { try parser.feed($0) { events.append(String(decoding: $0, as: UTF8.self)) } }
        }
        try parser.finish { events.append(String(decoding: $0, as: UTF8.self)) }
        return events
    }

    @Test("Comments, line ends of three kinds, fields without a space, and an event that the body's end cuts short")
    func kinds() throws {
        #expect(try read([Array(Self.body.utf8)]) == ["{\"a\":\"é🙂\"}", "{\"b\":1}", "one\ntwo", "", "[DONE]"])
    }

    @Test("Wherever the network cuts it, the events are the same")
    func cuts() throws {
        let bytes = Array(Self.body.utf8)
        let whole = try read([bytes])
        for cut in 0...bytes.count {
            #expect(try read([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at byte \(cut)")
        }
        #expect(try read(bytes.map { [$0] }) == whole)
    }

    @Test("A line of 64 KiB is read, one of a byte more is not")
    func bounds() throws {
        let room = EventStreamParser.maxBytes - "data: ".utf8.count
        #expect(try read([Array(("data: " + String(repeating: "x", count: room)).utf8)]).first?.count == room)
        #expect(throws: EventStreamParser.TooLong.self) {
            try read([Array(("data: " + String(repeating: "x", count: room + 1)).utf8)])
        }
        let half = "data: " + String(repeating: "x", count: 40_000) + "\n"
        #expect(throws: EventStreamParser.TooLong.self) { try read([Array((half + half).utf8)]) }
        #expect(throws: EventStreamParser.TooLong.self) {
            try read(Array(repeating: Array(String(repeating: ":", count: 1_000).utf8), count: 66))
        }
    }
}
