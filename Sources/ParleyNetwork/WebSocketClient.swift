import NIOCore
import NIOSSL
import ParleyWire

/// Takes what happens on a client's WebSocket. All on the socket's event loop.
public protocol WebSocketClientUser: AnyObject {
    func opened(_ socket: WebSocketClient)
    func text(_ message: UnsafeRawBufferPointer)
    func binary(_ message: UnsafeRawBufferPointer)
    /// The peer broke RFC 6455 and is told so; nothing more is heard. `closed` follows when the connection has ended.
    func broken(_ violation: WebSocketViolation)
    /// Once, last.
    func closed(_ ending: WebSocketEnding)
}

extension WebSocketClientUser {
    public func broken(_ violation: WebSocketViolation) {}
}

/// How a client's WebSocket came to its end.
public enum WebSocketEnding: Equatable, Sendable {
    /// It never opened, and why.
    case refused(String)
    /// The peer closed, with this code where it gave one.
    case closed(UInt16?)
    /// The peer broke RFC 6455.
    case violation(WebSocketViolation)
    /// The connection went without a close.
    case lost(String)
    /// This side let the connection go without a close, on purpose.
    case dropped
}

/// The client's end of one WebSocket on a TCP (or TLS) channel: handshake, framing, pongs, close.
///
/// Confined to its event loop.
public final class WebSocketClient: ChannelInboundHandler {
    public typealias InboundIn = ByteBuffer
    public typealias OutboundOut = ByteBuffer

    /// For the whole of the opening handshake.
    public static let handshakeTime = TimeAmount.seconds(10)
    /// For the peer to end the connection after the closing handshake.
    public static let closeTime = TimeAmount.seconds(2)
    /// Unsent bytes beyond which the peer is too slow to go on.
    public static let unsentLimit = 64 << 20

    /// How long the peer may be silent before it is taken for gone.
    public struct Watch: Equatable, Sendable {
        /// Nothing came for so long: a ping asks whether the peer is there.
        public var pingAfter: TimeAmount
        /// From the ping to anything that comes.
        public var answerWithin: TimeAmount

        public init(pingAfter: TimeAmount, answerWithin: TimeAmount) {
            self.pingAfter = pingAfter
            self.answerWithin = answerWithin
        }

        /// A connection that died without a word is found within 9 s.
        public static let engine = Watch(pingAfter: .seconds(5), answerWithin: .seconds(4))
    }

    private enum Phase { case handshake, open, closing, closed }

    private let address: NetworkAddress
    private let headers: [(name: String, value: String)]
    private let user: any WebSocketClientUser
    private let key: String
    private let handshakeTime: TimeAmount
    private let watch: Watch?
    private var phase = Phase.handshake
    private var receiver: WebSocketReceiver
    private var head: [UInt8] = []
    private var ending: WebSocketEnding?
    private var context: ChannelHandlerContext?
    private var alarm: Scheduled<Void>?
    private var watchAlarm: Scheduled<Void>?
    /// When the last bytes came.
    private var heardAt = NIODeadline.uptimeNanoseconds(0)
    /// A ping was sent, and nothing came since.
    private var isAsked = false
    private var random = SystemRandomNumberGenerator()
    private var out: [UInt8] = []
    /// A write that fails has the channel read what is left, and close, from within: that waits for what is being read.
    private var isReceiving = false
    private var waiting = ByteBuffer()
    private var endingAfterwards: WebSocketEnding?
    /// Nothing leaves any more, a close or a pong neither, and nothing is read.
    private var isSilent = false

    /// - Parameters:
    ///   - headers: of the upgrade, besides those of RFC 6455. They may hold credentials: no error repeats them.
    ///   - handshakeTime: for the whole of the opening handshake.
    ///   - watch: `nil`: the peer may be silent for ever.
    public init(
        _ address: NetworkAddress, headers: [(name: String, value: String)], limits: WebSocketReceiver.Limits,
        handshakeTime: TimeAmount = WebSocketClient.handshakeTime, watch: Watch? = nil, user: any WebSocketClientUser
    ) {
        self.address = address
        self.handshakeTime = handshakeTime
        self.watch = watch
        self.headers = headers
        self.user = user
        var random = SystemRandomNumberGenerator()
        key = WebSocketHandshake.key(random.next(), random.next())
        receiver = WebSocketReceiver(role: .client, limits: limits)
    }

    // MARK: Out

    public func send(_ opcode: WebSocketFrame.Opcode, _ payload: UnsafeRawBufferPointer) {
        guard phase == .open, !isSilent, let context else { return }
        out.removeAll(keepingCapacity: true)
        WebSocketFrame.append(opcode, payload, maskKey: random.next(), to: &out)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: out)), promise: nil)
    }

    public func send(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8]) {
        payload.withUnsafeBytes { send(opcode, $0) }
    }

    /// Begins the closing handshake; what still comes is read until the peer has closed too, for `closeTime` at most.
    public func close(code: UInt16?, reason: String = "") {
        guard phase == .open, let context else { return }
        if !isSilent {
            out.removeAll(keepingCapacity: true)
            WebSocketFrame.appendClose(code: code, reason: reason, maskKey: random.next(), to: &out)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: out)), promise: nil)
        }
        phase = .closing
        setAlarm(Self.closeTime)
    }

    /// Ends the TCP connection without a close frame.
    public func drop() { finish(.dropped) }

    /// Stays connected, and neither sends nor reads any more: half of the connection is gone, and nobody says so.
    public func fallSilent() {
        setReading(false)
        isSilent = true
    }

    /// Stops reading from the connection, or goes on: what the peer sends meanwhile piles up on the way.
    public func setReading(_ isReading: Bool) {
        guard !isSilent, let context else { return }
        context.channel.setOption(.autoRead, value: isReading).whenComplete { _ in }
    }

    // MARK: In

    public func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    public func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    public func channelActive(context: ChannelHandlerContext) {
        var request =
            "GET \(address.target) HTTP/1.1\r\nHost: \(address.authority)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        request += "Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
            request += "User-Agent: parley\r\n"
        }
        for header in headers { request += "\(header.name): \(header.value)\r\n" }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request + "\r\n")), promise: nil)
        setAlarm(handshakeTime)
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        hear(context)
        guard phase == .handshake else { return receive(&buffer) }
        let before = head.count
        head += buffer.readableBytesView
        guard let end = endOfHead(from: max(0, before - 3)) else {
            if head.count > 16_384 { finish(.refused("the answer to the upgrade has no end within 16 KiB")) }
            return
        }
        alarm?.cancel()
        let text = String(decoding: head[..<end], as: UTF8.self)
        let rest = ByteBuffer(bytes: head[end...])
        head = []
        if let problem = answerProblem(text, body: rest) { return finish(.refused(problem)) }
        phase = .open
        lookAfterPeer()
        user.opened(self)
        buffer = rest
        receive(&buffer)
    }

    public func channelInactive(context: ChannelHandlerContext) {
        let unfinished: WebSocketEnding =
            phase == .handshake
            ? .refused("the connection was closed before the upgrade was answered")
            : .lost("the connection went without a close")
        finishAfterReceiving(unfinished)
        context.fireChannelInactive()
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finishAfterReceiving(phase == .handshake ? .refused(Self.words(error)) : .lost("\(error)"))
    }

    private func finishAfterReceiving(_ found: WebSocketEnding) {
        if isReceiving { endingAfterwards = endingAfterwards ?? found } else { finish(found) }
    }

    private static func words(_ error: any Error) -> String {
        let isCertificate = "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
        if isCertificate || error is NIOSSLExtraError {
            return "the server's certificate is not trusted for this name; --ca FILE names certificates to trust"
        }
        return error is NIOSSLError ? "the TLS handshake failed; is this a wss:// port?" : "\(error)"
    }

    private func receive(_ buffer: inout ByteBuffer) {
        guard !isSilent else { return }
        waiting.writeBuffer(&buffer)
        guard !isReceiving else { return }
        isReceiving = true
        while waiting.readableBytes > 0, phase == .open || phase == .closing {
            var next = waiting
            waiting = ByteBuffer()
            receiveNow(&next)
        }
        isReceiving = false
        if let ending = endingAfterwards { finish(ending) }
    }

    private func receiveNow(_ buffer: inout ByteBuffer) {
        var sink = Sink(client: self)
        do {
            try buffer.withUnsafeMutableReadableBytes { bytes in try receiver.receive(bytes, into: &sink) }
        } catch let violation as WebSocketViolation {
            ending = ending ?? .violation(violation)
            if phase == .open { close(code: violation.closeCode, reason: violation.reason) }
            user.broken(violation)
        } catch {
            finish(.lost("\(error)"))
        }
    }

    private struct Sink: WebSocketSink {
        let client: WebSocketClient

        mutating func text(_ message: UnsafeRawBufferPointer) { client.user.text(message) }
        mutating func binary(_ message: UnsafeRawBufferPointer) { client.user.binary(message) }
        mutating func ping(_ payload: UnsafeRawBufferPointer) { client.send(.pong, payload) }
        mutating func pong(_ payload: UnsafeRawBufferPointer) {}
        mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) {
            client.ending = client.ending ?? .closed(code)
            if client.phase == .open {
                client.close(code: code)
            } else {
                client.finish(.closed(code))
            }
        }
    }

    // MARK: Handshake

    private func endOfHead(from start: Int) -> Int? {
        var index = start
        while index + 4 <= head.count {
            if head[index] == 13, head[index + 1] == 10, head[index + 2] == 13, head[index + 3] == 10 {
                return index + 4
            }
            index += 1
        }
        return nil
    }

    /// Why the answer opens no WebSocket; `nil` when it does.
    private func answerProblem(_ head: String, body: ByteBuffer) -> String? {
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            return "the server does not speak HTTP/1.1 here: \(lines.first?.prefix(80) ?? "")"
        }
        var fields: [WebSocketHandshake.Header] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return "the answer to the upgrade has a broken header" }
            fields.append((String(line[..<colon]), String(line[line.index(after: colon)...])))
        }
        do {
            _ = try WebSocketHandshake.checkResponse(status: status, headers: fields, key: key)
            return nil
        } catch {
            switch error {
            case .status(let status):
                let reason = words.count > 2 ? " \(words[2])" : ""
                let printable = body.readableBytesView.prefix(200).filter { (0x20...0x7E).contains($0) }
                let detail = String(decoding: printable, as: UTF8.self)
                return "the server answered the upgrade with \(status)\(reason)\(detail.isEmpty ? "" : ": \(detail)")"
            case .badHeader(let name): return "the server's answer to the upgrade has a wrong \(name)"
            }
        }
    }

    // MARK: The peer's life

    private func hear(_ context: ChannelHandlerContext) {
        guard watch != nil else { return }
        heardAt = context.eventLoop.now
        isAsked = false
    }

    /// Asks a silent peer whether it is there, and takes one that does not answer for gone.
    private func lookAfterPeer() {
        guard let watch, let context, phase == .open else { return }
        let now = context.eventLoop.now
        guard !isAsked else {
            let silence = (now - heardAt).nanoseconds / 1_000_000
            return finish(.lost("no sign of the peer for \(silence) ms"))
        }
        var due = heardAt + watch.pingAfter
        if now >= due {
            isAsked = true
            send(.ping, [])
            due = now + watch.answerWithin
        }
        watchAlarm = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.lookAfterPeer() }
    }

    // MARK: End

    private func setAlarm(_ time: TimeAmount) {
        alarm?.cancel()
        guard let context else { return }
        alarm = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.timeIsUp() }
    }

    private func timeIsUp() {
        if phase == .handshake {
            finish(.refused("the upgrade was not answered within \(handshakeTime.nanoseconds / 1_000_000) ms"))
        } else {
            finish(.lost("the peer did not finish the close"))
        }
    }

    /// Ends the connection and says so once. What was noted first wins over how the connection went afterwards.
    private func finish(_ found: WebSocketEnding) {
        guard phase != .closed else { return }
        phase = .closed
        alarm?.cancel()
        watchAlarm?.cancel()
        user.closed(ending ?? found)
        context?.close(promise: nil)
    }
}
