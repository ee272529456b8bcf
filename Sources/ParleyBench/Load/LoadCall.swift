import NIOCore
import ParleyCore
import ParleyWire

/// One call of a load test on its socket: the carrier's half of a Twilio media stream, as cheap as it can be.
///
/// Confined to its event loop, which is the generator's only one. Nobody waits here for the server: frames go out when they are due.
final class LoadCall: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase { case connecting, upgrading, live, closing, over }

    private let url: LoadURL
    private let origin: NIODeadline
    private let key: String
    private let started: NIODeadline
    /// Else it has failed when the server ends it.
    private let mayBeHungUpOn: Bool
    /// Came in the place of another.
    private let isFollower: Bool
    private var phase = Phase.connecting
    private var receiver = WebSocketReceiver(
        role: .client, limits: .init(maxFrameBytes: 1 << 20, maxMessageBytes: 1 << 20))
    private var head: [UInt8] = []
    /// Two copies: what is decoded is answered while it is being decoded.
    private var peer: TwilioPeer
    private var decoder: TwilioPeer
    private var track: CallerTrack
    private var random: SplitMix64
    private var context: ChannelHandlerContext?
    private var out: [UInt8] = []
    private var leaving = ByteBuffer()
    private var octets = [UInt8](repeating: 0xFF, count: 160)
    private var now: Int64 = 0
    var meter: LoadMeter

    /// The server has ended it politely, as an agent does that has nothing more to say.
    private(set) var wasHungUpOn = false

    var isLive: Bool { phase == .live }

    init(
        number: Int, url: LoadURL, lines: CallerLines, seed: UInt64, mayBeHungUpOn: Bool, isFollower: Bool,
        origin: NIODeadline
    ) {
        self.url = url
        self.mayBeHungUpOn = mayBeHungUpOn
        self.isFollower = isFollower
        self.origin = origin
        started = .now()
        var random = SplitMix64(seed: seed, stream: UInt64(number))
        key = WebSocketHandshake.key(random.next(), random.next())
        func name(_ prefix: String) -> String {
            let digits = String(random.next(), radix: 16) + String(random.next(), radix: 16)
            return prefix + String((String(repeating: "0", count: 32) + digits).suffix(32))
        }
        peer = TwilioPeer(
            streamID: name("MZ"), callID: name("CA"), accountID: "AC" + String(repeating: "0", count: 32))
        decoder = peer
        track = CallerTrack(lines, seed: random.next())
        self.random = random
        meter = LoadMeter(call: number)
    }

    // MARK: To the server

    /// Sends the next 20 ms, which were due at `due`, and the marks whose sound has been played.
    func sendFrame(due: Int64, at now: Int64) {
        guard phase == .live else { return }
        for name in meter.reachedMarks(at: now) { append { peer.appendMark(name, to: &$0) } }
        let number = track.frame
        switch track.next(into: &octets) {
        case .first: meter.lineBegan(due: due)
        case .last: meter.lineEnded(due: due)
        case .silence, .speech: break
        }
        let spoken = octets
        append { peer.appendAudio(spoken.span, timestamp: number * 20, to: &$0) }
        meter.log.framesSent += 1
        meter.log.add(.own, now - due, at: now)
        flush()
    }

    func hangUp(at now: Int64) {
        guard phase == .live else {
            // One who came in another's place may have come too late for it.
            if isFollower, phase != .over { phase = .closing }
            return fail("was not up by the end")
        }
        meter.closeTurn(at: now, isHangUp: true)
        append { peer.appendStop(to: &$0) }
        WebSocketFrame.appendClose(code: 1000, maskKey: mask(), to: &out)
        flush()
        phase = .closing
    }

    func fail(_ why: String) {
        guard phase != .over else { return }
        if phase != .closing { meter.log.failure = why }
        phase = .over
        context?.close(promise: nil)
    }

    private func append(_ write: (inout [UInt8]) -> Void) {
        let frame = WebSocketFrame.begin(isMasked: true, in: &out)
        write(&out)
        WebSocketFrame.end(frame, .text, maskKey: mask(), in: &out)
    }

    private func mask() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }

    private func flush() {
        guard !out.isEmpty, let context else { return }
        leaving.clear()
        leaving.writeBytes(out)
        out.removeAll(keepingCapacity: true)
        context.writeAndFlush(wrapOutboundOut(leaving), promise: nil)
    }

    // MARK: From the server

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        phase = .upgrading
        let request =
            "GET \(url.target) HTTP/1.1\r\nHost: \(url.host):\(url.port)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\nUser-Agent: parley-bench\r\n\r\n"
        out += request.utf8
        flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        now = (NIODeadline.now() - origin).nanoseconds
        var buffer = unwrapInboundIn(data)
        if phase == .upgrading {
            head += buffer.readableBytesView
            guard let end = head.firstRange(of: [13, 10, 13, 10])?.upperBound else { return }
            let answer = String(decoding: head[..<end], as: UTF8.self)
            guard answer.hasPrefix("HTTP/1.1 101 ") else {
                return fail("the server answered the upgrade with \(answer.prefix { $0 != "\r\n" })")
            }
            meter.log.add(.connect, (NIODeadline.now() - started).nanoseconds, at: now)
            buffer = ByteBuffer(bytes: head[end...])
            head = []
            phase = .live
            append { _ = peer.appendConnected(to: &$0) }
            append { peer.appendStart(to: &$0) }
            flush()
        }
        guard phase == .live || phase == .closing else { return }
        var sink = Sink(call: self)
        do {
            try buffer.withUnsafeMutableReadableBytes { try receiver.receive($0, into: &sink) }
        } catch {
            meter.log.violations.append("WebSocket: \(error)")
            fail("the server broke the WebSocket protocol")
        }
        flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(phase == .live ? "the server ended the connection" : "the connection was not upgraded")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail("\(error)") }

    private struct Sink: WebSocketSink, PeerEventSink {
        unowned(unsafe) let call: LoadCall

        mutating func text(_ message: UnsafeRawBufferPointer) {
            do { try call.decoder.decodeText(message, into: &self) } catch {
                call.meter.log.violations.append("\(error)")
            }
        }
        mutating func binary(_ message: UnsafeRawBufferPointer) {
            call.meter.log.violations.append("a binary message")
        }
        mutating func ping(_ payload: UnsafeRawBufferPointer) {
            WebSocketFrame.append(.pong, payload, maskKey: call.mask(), to: &call.out)
        }
        mutating func pong(_ payload: UnsafeRawBufferPointer) {}
        mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) {
            if call.phase == .live {
                if code == 1000, call.mayBeHungUpOn {
                    (call.wasHungUpOn, call.phase) = (true, .over)
                    call.meter.closeTurn(at: call.now, isHangUp: true)
                    call.context?.close(promise: nil)
                } else {
                    call.fail("the server closed with \(code ?? 1005)")
                }
            }
            call.phase = .over
        }
        var acceptsMore: Bool { call.phase != .over }

        mutating func audio(_ octets: UnsafeRawBufferPointer) {
            call.meter.log.framesReceived += 1
            call.meter.media(octets: octets.count, at: call.now)
        }
        mutating func mark(_ name: String) { call.meter.mark(name, at: call.now) }
        mutating func clear() {
            for name in call.meter.clear(at: call.now) { call.append { call.peer.appendMark(name, to: &$0) } }
        }
    }
}

/// Where the server listens: `ws://host:port/path`, without TLS.
public struct LoadURL: Sendable {
    let host: String
    let port: Int
    let target: String

    public init(_ text: String) throws(LoadError) {
        let rest = text.dropFirst("ws://".count)
        let authority = rest.prefix { $0 != "/" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard text.hasPrefix("ws://"), parts.count == 2, !parts[0].isEmpty, let port = Int(parts[1]),
            (1...65_535).contains(port), rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw LoadError("`\(text)` is no address of a load test; write ws://HOST:PORT/PATH") }
        host = String(parts[0])
        self.port = port
        target = rest.dropFirst(authority.count).isEmpty ? "/" : String(rest.dropFirst(authority.count))
    }
}
