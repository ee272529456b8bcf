import ParleyWire
import Testing

@Suite("WebSocket frames")
struct WebSocketFrameTests {
    @Test(
        "A frame whose payload is written first gets the header it needs",
        arguments: [0, 1, 125, 126, 65_535, 65_536, 70_000])
    func deferredHeader(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for key in [nil, testKey] as [UInt32?] {
            var expected: [UInt8] = [1, 2, 3]
            payload.withUnsafeBytes { WebSocketFrame.append(.binary, $0, maskKey: key, to: &expected) }
            var written: [UInt8] = [1, 2, 3]
            let open = WebSocketFrame.begin(isMasked: key != nil, in: &written)
            written += payload
            WebSocketFrame.end(open, .binary, maskKey: key, in: &written)
            #expect(written == expected)
            #expect(
                outcome(
                    of: Array(written[3...]), role: key == nil ? .client : .server,
                    limits: .init(maxFrameBytes: 1 << 20, maxMessageBytes: 1 << 20))
                    == Outcome(messages: [.binary(payload)]))
        }
    }

    @Test("A frame that was begun can be taken back")
    func cancelled() {
        var out: [UInt8] = [9]
        let open = WebSocketFrame.begin(in: &out)
        out += [1, 2]
        WebSocketFrame.cancel(open, in: &out)
        #expect(out == [9])
    }

    @Test("A header can go ahead of a payload that is masked where it lies")
    func headerFirst() {
        var out: [UInt8] = []
        WebSocketFrame.appendHeader(.text, payloadBytes: 5, maskKey: testKey, to: &out)
        let start = out.count
        out += Array("Hello".utf8)
        WebSocketFrame.mask(&out, from: start, with: testKey)
        #expect(outcome(of: out) == Outcome(messages: [.text(Array("Hello".utf8))]))
    }

    @Test("The reason of a close is cut between characters, to fit")
    func closeReason() {
        var out: [UInt8] = []
        WebSocketFrame.appendClose(code: 1000, reason: String(repeating: "ü", count: 100), to: &out)
        #expect(outcome(of: out, role: .client) == Outcome(messages: [.close(1000, String(repeating: "ü", count: 61))]))
        out = []
        WebSocketFrame.appendClose(code: nil, to: &out)
        #expect(out == [0x88, 0x00])
    }
}
