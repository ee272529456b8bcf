import Foundation
import Metrics
import NIOCore
import NIOEmbedded
import ParleyWire
import Testing

@testable import ParleyGateway

/// Notes what happens to it.
private final class RecordingSession: MediaSession {
    var socket: (any MediaSocket)?
    var events: [String] = []
    var ends: [MediaSocketEnd] = []
    var onText: ((any MediaSocket, String) -> Void)?

    func opened(_ socket: any MediaSocket) { self.socket = socket }
    func text(_ message: UnsafeRawBufferPointer) {
        let text = String(decoding: message, as: UTF8.self)
        events.append(text)
        if let socket { onText?(socket, text) }
    }
    func binary(_ message: UnsafeRawBufferPointer) { events.append("\(message.count) bytes") }
    func alarm() { events.append("alarm") }
    func drain(until deadline: NIODeadline) { events.append("drain") }
    func closed(_ end: MediaSocketEnd) {
        ends.append(end)
        socket = nil
    }
}

/// One socket on a loop whose time the test moves.
private final class Rig {
    let channel: EmbeddedChannel
    let session = RecordingSession()
    let factory = PrometheusFactory()

    /// How long the loop rested each time, in nanoseconds.
    private(set) var rests: [UInt64] = []

    init(_ settings: [(String, String)] = [], rest: LoopRest? = nil) throws {
        var configuration = Configuration.embedded
        for (path, value) in settings { configuration = try configuration.setting(path, to: value, option: "--set") }
        let metrics = GatewayMetrics(factory: factory, endReasons: [])
        channel = EmbeddedChannel()
        let loop = SocketLoop(channel.embeddedEventLoop, rest: rest, sleep: { [unowned self] in rests.append($0) })
        try channel.pipeline.syncOperations.addHandler(
            WebSocketChannelHandler(
                session: session, limits: WebSocketLimits(configuration),
                loop: loop, metrics: metrics))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    func advance(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    func receive(_ opcode: WebSocketFrame.Opcode, _ payload: String = "", count: Int = 1) throws {
        var bytes: [UInt8] = []
        for _ in 0..<count {
            Array(payload.utf8).withUnsafeBytes { WebSocketFrame.append(opcode, $0, asClientInto: &bytes) }
        }
        try channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    /// What was sent since the last look, as `opcode:payload` or `close:code`.
    func sent() throws -> [String] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
        var frames: [String] = []
        while !bytes.isEmpty {
            let short = Int(bytes[1])
            let (length, start) = short == 126 ? (Int(bytes[2]) << 8 | Int(bytes[3]), 4) : (short, 2)
            let payload = Array(bytes[start..<start + length])
            switch bytes[0] & 15 {
            case 8: frames.append("close:\(payload.count < 2 ? 0 : Int(payload[0]) << 8 | Int(payload[1]))")
            case 9: frames.append("ping")
            case 10: frames.append("pong:" + String(decoding: payload, as: UTF8.self))
            default: frames.append("data:" + String(decoding: payload, as: UTF8.self))
            }
            bytes.removeFirst(start + length)
        }
        return frames
    }
}

extension WebSocketFrame {
    /// A client's frame.
    static func append(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, asClientInto out: inout [UInt8]) {
        append(opcode, payload, maskKey: 0x1234_5678, to: &out)
    }
}

@Suite("A media socket")
struct SocketTests {
    @Test("Messages come in order, answers of one read leave in one write")
    func messages() throws {
        let rig = try Rig()
        rig.session.onText = { socket, text in socket.sendText("re:" + text) }
        try rig.receive(.text, "hello", count: 3)
        #expect(rig.session.events == ["hello", "hello", "hello"])
        let write = try rig.channel.readOutbound(as: ByteBuffer.self)
        #expect(write?.readableBytes == 3 * 10)
        #expect(try rig.channel.readOutbound(as: ByteBuffer.self) == nil)
    }

    @Test("A caller who sends no start message is sent away after ten seconds")
    func startTimeout() throws {
        let rig = try Rig()
        rig.advance(.milliseconds(9_999))
        #expect(try rig.sent() == [])
        rig.advance(.milliseconds(1))
        #expect(try rig.sent() == ["close:1008"])
        #expect(rig.session.ends == [.startTimeout])
    }

    @Test("A socket that falls silent is probed at ten seconds and ended at thirty")
    func mediaTimeout() throws {
        let rig = try Rig([("ws.ping_interval", "600s")])
        rig.session.onText = { socket, _ in socket.admitted() }
        try rig.receive(.text, "start")
        rig.advance(.milliseconds(9_999))
        #expect(try rig.sent() == [])
        rig.advance(.milliseconds(1))
        #expect(try rig.sent() == ["ping"])
        try rig.receive(.pong)
        rig.advance(.milliseconds(19_999))
        #expect(try rig.sent() == [])
        rig.advance(.milliseconds(1))
        #expect(try rig.sent() == ["close:1001"])
        #expect(rig.session.ends == [.mediaTimeout])
    }

    @Test("A message in time keeps the socket; an unanswered ping ends it")
    func pings() throws {
        let rig = try Rig()
        rig.session.onText = { socket, _ in socket.admitted() }
        for second in 1...20 {
            try rig.receive(.text, "\(second)")
            rig.advance(.seconds(1))
        }
        #expect(try rig.sent() == ["ping"])
        for second in 21...39 {
            try rig.receive(.text, "\(second)")
            rig.advance(.seconds(1))
        }
        #expect(try rig.sent() == [])
        rig.advance(.seconds(1))
        #expect(try rig.sent() == ["close:1011"])
        #expect(rig.session.ends == [.peerLost])
    }

    @Test(
        "Too many messages, or too many pings, at once",
        arguments: [(1_000, 0, true), (1_001, 0, false), (0, 100, true), (0, 101, false)])
    func rates(messages: Int, pings: Int, isFine: Bool) throws {
        let rig = try Rig()
        try rig.receive(.text, "x", count: messages)
        try rig.receive(.ping, "", count: pings)
        #expect(try rig.sent().contains("close:1008") == !isFine)
        #expect(rig.session.ends == (isFine ? [] : [.violation(code: 1008)]))
    }

    @Test("Two tracks' worth of messages may go on for ever")
    func sustained() throws {
        let rig = try Rig()
        rig.session.onText = { socket, _ in socket.admitted() }
        for _ in 0..<3_000 {
            try rig.receive(.text, "x", count: 2)
            try rig.receive(.pong)
            rig.advance(.milliseconds(50))
        }
        #expect(rig.session.ends == [])
        #expect(rig.session.events.count == 6_000)
    }

    @Test("A close is answered with the same code, and the session hears of it once")
    func peerCloses() throws {
        let rig = try Rig()
        try rig.receive(.close, "\u{3}\u{68}")  // 0x0368 is not a code; 1002
        #expect(try rig.sent() == ["close:1002"])
        let other = try Rig()
        var bytes: [UInt8] = []
        [0x03, 0xE8].withUnsafeBytes { _ in WebSocketFrame.appendClose(code: 1000, maskKey: 7, to: &bytes) }
        try other.channel.writeInbound(ByteBuffer(bytes: bytes))
        #expect(try other.sent() == ["close:1000"])
        _ = try? other.channel.finish()
        #expect(other.session.ends == [.peerClosed(code: 1000)])
    }

    @Test("A session that says goodbye is released when the peer answers, or after five seconds")
    func weClose() throws {
        let rig = try Rig()
        rig.session.onText = { socket, _ in socket.close(code: 1000, reason: "bye") }
        try rig.receive(.text, "end", count: 2)
        #expect(rig.session.events == ["end"])
        #expect(try rig.sent() == ["close:1000"])
        #expect(rig.session.ends == [])
        rig.advance(.seconds(5))
        #expect(rig.session.ends == [.closed(code: 1000)])
        #expect(!rig.channel.isActive)
    }

    @Test("The alarm rings once at its last time, also when it was moved both ways")
    func alarm() throws {
        let rig = try Rig()
        let socket = try #require(rig.session.socket)
        let start = socket.now
        socket.setAlarm(at: start + .milliseconds(30))
        socket.setAlarm(at: start + .milliseconds(50))
        socket.setAlarm(at: start + .milliseconds(40))
        rig.advance(.milliseconds(39))
        #expect(rig.session.events == [])
        rig.advance(.milliseconds(1))
        #expect(rig.session.events == ["alarm"])
        rig.advance(.seconds(1))
        #expect(rig.session.events == ["alarm"])
        socket.setAlarm(at: socket.now + .milliseconds(10))
        socket.setAlarm(at: nil)
        rig.advance(.seconds(1))
        #expect(rig.session.events == ["alarm"])
    }

    @Test("Draining tells the session, and closes with 1001 at the deadline")
    func drain() throws {
        let rig = try Rig([("drain_timeout", "60s"), ("ws.ping_interval", "600s"), ("ws.media_timeout", "600s")])
        rig.session.onText = { socket, _ in socket.admitted() }
        try rig.receive(.text, "start")
        rig.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(rig.session.events == ["start", "drain"])
        rig.advance(.milliseconds(59_999))
        #expect(try rig.sent() == [])
        rig.channel.pipeline.fireUserInboundEventTriggered(EndCallsEvent(within: .seconds(10)))
        rig.advance(.milliseconds(1))
        #expect(try rig.sent() == ["close:1001"])
        #expect(rig.session.ends == [.shutdown])
    }

    @Test("A loop rests once for all that it served in a round, and in each round")
    func rests() throws {
        let rig = try Rig(rest: LoopRest())
        rig.advance(.seconds(1))
        for _ in 0..<3 { try rig.receive(.text, "x") }
        rig.channel.embeddedEventLoop.run()
        #expect(rig.rests == [], "the round before is long ago")
        rig.advance(.microseconds(400))
        for _ in 0..<3 { try rig.receive(.text, "x") }
        rig.channel.embeddedEventLoop.run()
        #expect(rig.rests == [600_000])
        rig.advance(.microseconds(700))
        try rig.receive(.text, "x")
        rig.channel.embeddedEventLoop.run()
        #expect(rig.rests == [600_000, 900_000])
    }

    @Test("A caller who hangs up at any moment leaves one end, no timer and no session")
    func noLeak() throws {
        for moment in 0..<6 {
            weak var session: RecordingSession?
            weak var handler: WebSocketChannelHandler?
            var ends: [MediaSocketEnd] = []
            do {
                let rig = try Rig()
                session = rig.session
                handler = try rig.channel.pipeline.syncOperations.handler(type: WebSocketChannelHandler.self)
                rig.session.socket?.setAlarm(at: rig.channel.embeddedEventLoop.now + .hours(1))
                rig.session.onText = { socket, _ in if moment == 2 { socket.close(code: 1000, reason: "") } }
                if moment > 0 { try rig.receive(.text, "x") }
                if moment == 3 { rig.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
                if moment == 4 { rig.advance(.seconds(60)) }
                if moment == 5 { rig.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
                _ = try? rig.channel.finish(acceptAlreadyClosed: true)
                ends = rig.session.ends
                // A timer left behind would keep the handler's alarm on the loop.
                rig.advance(.hours(2))
                #expect(!rig.session.events.contains("alarm"))
            }
            #expect(ends.count == 1, "moment \(moment)")
            #expect(session == nil, "moment \(moment)")
            #expect(handler == nil, "moment \(moment)")
        }
    }

    @Test("Closes are counted by code")
    func counted() throws {
        let rig = try Rig()
        rig.advance(.seconds(10))
        #expect(rig.factory.render().contains("parley_ws_closes_total{code=\"1008\"} 1\n"))
    }
}

@Suite("Metrics")
struct MetricsTests {
    @Test("Counters, gauges and histograms are written as Prometheus reads them")
    func text() {
        let factory = PrometheusFactory()
        Counter(label: "a_total", dimensions: [("reason", "x\"\\\n")], factory: factory).increment(by: 2)
        let gauge = Meter(label: "b", factory: factory)
        gauge.increment(by: 2)
        gauge.decrement()
        let timer = Timer(label: "c_seconds", factory: factory)
        timer.recordNanoseconds(3_000_000)
        timer.recordNanoseconds(20_000_000_000)
        let lines = factory.render().split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(4) == ["# TYPE a_total counter", #"a_total{reason="x\"\\\n"} 2"#, "# TYPE b gauge", "b 1"])
        #expect(lines.contains(#"c_seconds_bucket{le="0.0025"} 0"#))
        #expect(lines.contains(#"c_seconds_bucket{le="0.005"} 1"#))
        #expect(lines.contains(#"c_seconds_bucket{le="10"} 1"#))
        #expect(lines.contains(#"c_seconds_bucket{le="+Inf"} 2"#))
        #expect(lines.suffix(2) == ["c_seconds_sum 20.003", "c_seconds_count 2"])
    }

    @Test("The same series from two places is one")
    func shared() {
        let factory = PrometheusFactory()
        for _ in 0..<2 { Counter(label: "a", factory: factory).increment() }
        #expect(factory.render() == "# TYPE a counter\na 2\n")
    }
}
