import NIOCore
import NIOEmbedded
import ParleyWire
import Testing

@testable import ParleyBench

@Suite("A call of a load test on its socket")
struct LoadCallTests {
    /// A call that is being connected.
    private func dial(mayBeHungUpOn: Bool, isFollower: Bool = false) throws -> (
        call: LoadCall, channel: EmbeddedChannel
    ) {
        let line = try #require(CallerLines.line(of: (0..<6_400).map { Int16($0 % 8 < 4 ? 8_000 : -8_000) }))
        let call = LoadCall(
            number: 0, url: try LoadURL("ws://127.0.0.1:1/media/twilio"), lines: CallerLines(lines: [line, line]),
            seed: 1,
            mayBeHungUpOn: mayBeHungUpOn, isFollower: isFollower, origin: .now())
        let channel = EmbeddedChannel(handler: call)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (call, channel)
    }

    private func answer(_ head: String, _ channel: EmbeddedChannel) throws {
        try channel.writeInbound(ByteBuffer(string: "HTTP/1.1 \(head)\r\n\r\n"))
    }

    private func close(with code: UInt16, _ channel: EmbeddedChannel) throws {
        var frame: [UInt8] = []
        WebSocketFrame.appendClose(code: code, to: &frame)
        try channel.writeInbound(ByteBuffer(bytes: frame))
    }

    @Test("The agent's goodbye ends a call that another may follow, and is a failure else; any other end always is one")
    func goodbye() throws {
        for (mayBe, code, hungUpOn) in [(true, 1_000, true), (false, 1_000, false), (true, 1_011, false)]
            as [(Bool, UInt16, Bool)]
        {
            let (call, channel) = try dial(mayBeHungUpOn: mayBe)
            try answer("101 Switching Protocols", channel)
            #expect(call.isLive)
            try close(with: code, channel)
            #expect(!call.isLive && call.wasHungUpOn == hungUpOn)
            #expect(call.meter.log.failure == (hungUpOn ? nil : "the server closed with \(code)"))
            call.fail("did not end")
            #expect(call.meter.log.failure == (hungUpOn ? nil : "the server closed with \(code)"))
        }
    }

    @Test("Who is refused has failed, follower or not")
    func refused() throws {
        let (call, channel) = try dial(mayBeHungUpOn: true, isFollower: true)
        try answer("503 Service Unavailable", channel)
        #expect(!call.wasHungUpOn)
        #expect(call.meter.log.failure == "the server answered the upgrade with HTTP/1.1 503 Service Unavailable")
        call.hangUp(at: 0)
        #expect(call.meter.log.failure?.contains("503") == true)
    }

    @Test("Who is still being connected at the end has failed, but not who came in another's place")
    func late() throws {
        for isFollower in [false, true] {
            let call = try dial(mayBeHungUpOn: true, isFollower: isFollower).call
            call.hangUp(at: 0)
            #expect(call.meter.log.failure == (isFollower ? nil : "was not up by the end"))
        }
    }
}
