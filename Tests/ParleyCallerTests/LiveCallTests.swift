import FoundationEssentials
import NIOCore
import NIOPosix
import ParleyCore
import ParleyWire
import Synchronization
import Testing

@testable import ParleyCaller

/// A media-stream server of a few lines: greets with 100 ms of tone and a mark, and when the mark is back, says
/// goodbye.
private final class TinyServer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let status: Int
    private var head = ""
    private var isOpen = false
    private var receiver = WebSocketReceiver(role: .server)
    private var dialect = TwilioDialect()
    let seen: Lines
    /// Every message, as it was sent.
    let sent: Lines

    init(status: Int, seen: Lines, sent: Lines) {
        self.status = status
        self.seen = seen
        self.sent = sent
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if !isOpen {
            head += buffer.readString(length: buffer.readableBytes) ?? ""
            guard head.hasSuffix("\r\n\r\n") else { return }
            let key = head.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }?.dropFirst(19) ?? ""
            let answer =
                status == 101
                ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: \(WebSocketHandshake.accept(for: String(key)))\r\n\r\n"
                : "HTTP/1.1 \(status) No\r\nContent-Length: 9\r\n\r\nno ticket"
            isOpen = status == 101
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            return
        }
        var sink = Sink()
        try? buffer.withUnsafeMutableReadableBytes { try receiver.receive($0, into: &sink) }
        for message in sink.messages {
            var events = Events()
            try? message.withUnsafeBytes { try dialect.decodeText($0, into: &events) }
            for event in events.list { react(to: event, context) }
        }
        if sink.isClosed { context.close(promise: nil) }
    }

    private func react(to event: LegEvent, _ context: ChannelHandlerContext) {
        var out: [UInt8] = []
        func write(_ text: [UInt8]) {
            sent.append(String(decoding: text, as: UTF8.self))
            text.withUnsafeBytes { WebSocketFrame.append(.text, $0, to: &out) }
        }
        switch event {
        case .started(let start):
            seen.append("notes=\(start.parameters["parley.notes"] ?? "") from=\(start.parameters["from"] ?? "")")
            write(Array(#"{"event":"parley","streamSid":"x","note":{"kind":"call","id":"01J"}}"#.utf8))
            var media: [UInt8] = []
            for _ in 0..<5 {
                media.removeAll()
                dialect.appendAudio([UInt8](repeating: 0x80, count: 160).span, to: &media)
                write(media)
            }
            var mark: [UInt8] = []
            dialect.appendMark(Mark(generation: Generation(1), index: 1), to: &mark)
            write(mark)
        case .mark(let mark):
            seen.append("mark u\(mark.generation.number)-\(mark.index)")
            write(Array(#"{"event":"parley","streamSid":"x","note":{"kind":"ended","reason":"agent_ended"}}"#.utf8))
            WebSocketFrame.appendClose(code: 1000, to: &out)
        default: return
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: out)), promise: nil)
    }

    private struct Sink: WebSocketSink {
        var messages: [[UInt8]] = []
        var isClosed = false
        mutating func text(_ message: UnsafeRawBufferPointer) { messages.append(Array(message)) }
        mutating func binary(_ message: UnsafeRawBufferPointer) {}
        mutating func ping(_ payload: UnsafeRawBufferPointer) {}
        mutating func pong(_ payload: UnsafeRawBufferPointer) {}
        mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) { isClosed = true }
    }

    private struct Events: LegEventSink {
        var list: [LegEvent] = []
        mutating func audio(_ samples: Span<Int16>, timestamp: Int) {}
        mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {}
        mutating func receive(_ event: LegEvent) { list.append(event) }
    }
}

/// A list of lines that a server's loop writes and a test reads.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    func append(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

@Suite("A call over a real socket")
struct LiveCallTests {
    private func serve(
        status: Int = 101, sent: Lines = Lines(), _ body: (String, Lines) async throws -> Void
    ) async throws {
        let seen = Lines()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TinyServer(status: status, seen: seen, sent: sent))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await body("ws://127.0.0.1:\(port)/media/twilio", seen)
        try await server.close()
    }

    private func options(_ url: String) -> CallOptions {
        var options = CallOptions(url: url)
        options.audio = RecordedCalls.folder + "/books-a-cleaning/agreed.wav"
        options.say = .at(.milliseconds(60_000))
        return options
    }

    @Test("The caller starts the stream, hears the greeting, returns its mark, and takes the end")
    func greeting() async throws {
        try await serve { url, seen in
            var options = options(url)
            options.from = "+15550100001"
            let lines = Lines()
            let outcome = try await ParleyCall.run(options) { lines.append($0) }
            let report = try #require(outcome.runs.first?.report)
            #expect(seen.all == ["notes=1 from=+15550100001", "mark u1-1"])
            #expect(report.callID == "01J")
            #expect(report.endReason == "agent_ended")
            #expect(report.mediaReceived == 5)
            #expect(report.agentAudioMS == 100)
            #expect(report.marksReturned == 1)
            // The mark is back when the 100 ms have been heard, not before.
            #expect(report.framesSent >= 5)
            #expect(outcome.exitCode == 0)
            #expect(lines.all.contains { $0.hasSuffix("event       ended: agent_ended") })
        }
    }

    @Test("A quiet call leaves out the conversation, and says what it came to")
    func quiet() async throws {
        try await serve { url, _ in
            var options = options(url)
            options.isQuiet = true
            let lines = Lines()
            _ = try await ParleyCall.run(options) { lines.append($0) }
            #expect(lines.all == ["=== 1 call, 0 not as expected", "edge  n 0", "ear   n 0", "barge-in  n 0"])
        }
    }

    @Test("The recorded wire is what the server sent, message by message, byte for byte, also of the last of two calls")
    func recordedWire() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "wire-\(UInt64.random(in: 0 ... .max))").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sent = Lines()
        try await serve(sent: sent) { url, _ in
            var options = options(url)
            options.recordWire = path
            options.repeats = 2
            _ = try await ParleyCall.run(options) { _ in }
        }
        let recording = try WireRecording(Array(try #require(FileManager.default.contents(atPath: path))))
        #expect(recording.bytesCutOff == 0)
        #expect(recording.messages.map { String(decoding: $0.payload, as: UTF8.self) } == Array(sent.all.suffix(8)))
        #expect(sent.all.count == 16)
        #expect(recording.messages.allSatisfy { $0.isText })
        // The last message answers the mark, which came back when the greeting's 100 ms had been heard.
        let (first, last) = (try #require(recording.messages.first), try #require(recording.messages.last))
        #expect(last.at - first.at >= .milliseconds(100))
    }

    @Test("A wire that cannot be recorded is refused by its path, before a call is made")
    func unwritableWire() async throws {
        try await serve { url, seen in
            var options = options(url)
            options.recordWire = "/nowhere/wire"
            await #expect(
                throws: CallError.usage("--record-wire /nowhere/wire: cannot be written; is its folder there?")
            ) {
                try await ParleyCall.run(options) { _ in }
            }
            #expect(seen.all == [])
        }
    }

    @Test("What went wrong is in the report with its seed, and on the last line but the verdict")
    func faults() async throws {
        try await serve { url, seen in
            var options = options(url)
            options.faults = try FaultFile.parse(
                "seed: 9\nfaults:\n  - {fault: marks_twice}\n  - {fault: loss, chance: 0, way: to_caller}",
                file: "f.yaml")
            let lines = Lines()
            let outcome = try await ParleyCall.run(options) { lines.append($0) }
            // The server says goodbye at the first of them.
            #expect(seen.all.filter { $0 == "mark u1-1" }.count >= 1)
            let faults = try #require(outcome.runs.first?.report.faults)
            #expect(faults.seed == 9)
            #expect(
                faults.entries == [
                    .init(fault: "marks_twice", line: 3, fired: 1), .init(fault: "loss", line: 4, fired: 0),
                ])
            #expect(lines.all.contains("faults with seed 9: marks_twice 1, loss 0"))
            let saved = try ParleyCall.reports(json: ParleyCall.json(outcome))
            #expect(saved.first?.faults == faults)
        }
    }

    @Test("A refused upgrade is one line with the status and the server's words")
    func refused() async throws {
        try await serve(status: 403) { url, _ in
            await #expect(
                throws: CallError.connection("\(url): the server answered the upgrade with 403 No: no ticket")
            ) {
                try await ParleyCall.run(options(url)) { _ in }
            }
        }
    }

    @Test("Nobody there is one line with the address")
    func nobody() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
            host: "127.0.0.1", port: 0
        ).get()
        let port = try #require(server.localAddress?.port)
        try await server.close()
        await #expect(throws: CallError.connection("cannot connect to 127.0.0.1 port \(port): nothing listens there")) {
            try await ParleyCall.run(options("ws://127.0.0.1:\(port)/")) { _ in }
        }
    }
}
