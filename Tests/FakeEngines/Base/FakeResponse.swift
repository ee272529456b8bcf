import NIOCore
import Synchronization

/// The answer to one request, written in pieces.
public final class FakeResponse: Sendable {
    /// How its end is marked (RFC 9112, 6).
    public enum Framing: Equatable, Sendable {
        case chunked
        /// So many bytes are announced; whether they come is the handler's to say.
        case length(Int)
        /// The end of the connection.
        case untilClose
    }
    private enum Phase {
        case waiting, open(Framing), ended
        /// The client went before its end: what is done about that does not make it one that was ended.
        case gone
    }

    private let phase = Mutex(Phase.waiting)
    private let channel: any Channel

    init(_ channel: any Channel) { self.channel = channel }

    /// Nothing more comes of it: it was ended, cut or dropped.
    public var isEnded: Bool { phase.withLock { if case .ended = $0 { true } else { false } } }
    /// The client is still there.
    public var isConnected: Bool { channel.isActive }

    /// A whole response.
    public func answer(
        _ status: Int, headers: [(name: String, value: String)] = [], type: String = "application/json", _ body: String
    ) async {
        await head(status, headers: headers + [("Content-Type", type)], .length(body.utf8.count))
        await write(body)
        await end()
    }

    @discardableResult
    public func head(
        _ status: Int, headers: [(name: String, value: String)] = [], _ framing: Framing = .chunked
    ) async -> Bool {
        phase.withLock { $0 = .open(framing) }
        var text = "HTTP/1.1 \(status) Scripted\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        switch framing {
        case .chunked: text += "Transfer-Encoding: chunked\r\n"
        case .length(let length): text += "Content-Length: \(length)\r\n"
        case .untilClose: text += "Connection: close\r\n"
        }
        return await writeRaw(Array((text + "\r\n").utf8))
    }

    /// Part of the body; one chunk where it is chunked.
    ///
    /// - Returns: whether it left, which waits for a client that reads slowly.
    @discardableResult
    public func write(_ bytes: [UInt8]) async -> Bool {
        guard case .open(let framing) = phase.withLock({ $0 }) else { return false }
        guard !bytes.isEmpty else { return channel.isActive }
        guard framing == .chunked else { return await writeRaw(bytes) }
        return await writeRaw(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10])
    }

    @discardableResult
    public func write(_ text: String) async -> Bool { await write(Array(text.utf8)) }

    /// As it is, whatever HTTP says to it.
    @discardableResult
    public func writeRaw(_ bytes: [UInt8]) async -> Bool {
        let hasLeft = await channel.left(ByteBuffer(bytes: bytes))
        if !hasLeft {
            phase.withLock { phase in
                if case .open = phase { phase = .gone }
            }
        }
        return hasLeft
    }

    /// The connection stays for the next request, unless the end of it is the end of the body.
    public func end() async {
        let before = phase.withLock { phase in
            let before = phase
            if case .gone = before { return before }
            phase = .ended
            return before
        }
        switch before {
        case .open(.chunked): await writeRaw(Array("0\r\n\r\n".utf8))
        case .open(.length), .ended, .gone: break
        case .open(.untilClose), .waiting: try? await channel.close().get()
        }
    }

    /// The connection ends here, in the middle.
    public func cut() async {
        phase.withLock { $0 = .ended }
        try? await channel.close().get()
    }

    /// The same with a reset.
    public func drop() async {
        phase.withLock { $0 = .ended }
        await channel.reset()
    }

    /// Nothing more is written; returns when the client, or the test, has had enough.
    public func hang() async { try? await channel.closeFuture.get() }
}
