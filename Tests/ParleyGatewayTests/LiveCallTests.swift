import Foundation
import Logging
import ParleyCore
import ParleyLedger
import ParleySpeech
import ParleyWire
import Synchronization
import Testing

@testable import ParleyGateway

@Suite("A live call on a real port", .serialized, .timeLimit(.minutes(2)))
struct LiveCallTests {
    @Test("No token, a forged one, another call's, a used one: refused before any engine is opened")
    func tokens() async throws {
        try await LiveRig.run(try LiveRig.secured()) { rig in
            let token = try await rig.token(for: "CA1")
            let header = "X-Twilio-Signature: iDjiHOkqa59UL3ToVgE7isfK1ss=\r\n"
            func start(_ parameters: String, call: String) async throws -> Int? {
                let peer = try await RawPeer.open(rig.port, "/media/twilio", header)
                return try await peer.closeCode(LiveRig.start(call: call, parameters: parameters))
            }
            #expect(try await start("{}", call: "CA1") == 1008)
            #expect(try await start(#"{"token":"\#(token)"}"#, call: "CA2") == 1008)
            let flipped = String(token.dropLast()) + (token.last == "A" ? "B" : "A")
            #expect(try await start(#"{"token":"\#(flipped)"}"#, call: "CA1") == 1008)
            #expect(rig.opened.count == 0)
            #expect(try rig.calls().isEmpty)

            // The right call is let in, and its token is then used up.
            let caller = try await RawPeer.open(rig.port, "/media/twilio", header)
            try await caller.send(LiveRig.start(call: "CA1", parameters: #"{"token":"\#(token)"}"#))
            try await caller.send(RawPeer.frame(.text, LiveRig.stop))
            _ = try await caller.receivedAll()
            #expect(rig.opened.count == 1)
            #expect(try await start(#"{"token":"\#(token)"}"#, call: "CA1") == 1008)
            #expect(rig.opened.count == 1)
        }
    }

    @Test("One flipped bit of the handshake's signature: 401 or 403, and no engine is opened")
    func signature() async throws {
        try await LiveRig.run(try LiveRig.secured()) { rig in
            for signature in ["", "X-Twilio-Signature: iDjiHOkqa59UL3ToVgE7isfK1sr=\r\n"] {
                let peer = try await RawPeer.connect(rig.port)
                let status = try await peer.status(RawPeer.handshake("/media/twilio", signature))
                #expect(status == (signature.isEmpty ? 401 : 403))
            }
            #expect(rig.opened.count == 0)
        }
    }

    @Test("A caller who hangs up at any moment leaves one record with one reason", arguments: 0..<8)
    func hangsUp(after messages: Int) async throws {
        let isPolite = messages % 2 == 0
        try await LiveRig.run(.embedded) { rig in
            let peer = try await RawPeer.open(rig.port)
            var script = [LiveRig.start(call: "CA1", parameters: #"{"from":"+15550100001"}"#)]
            script += (1...6).map { LiveRig.media(chunk: $0) }
            for message in script.prefix(messages + 1) { try await peer.send(message) }
            if isPolite {
                try await peer.send(RawPeer.frame(.text, LiveRig.stop))
                _ = try await peer.receivedAll()
            } else {
                await peer.close()
            }
        } afterwards: { record in
            let reasons = try record.calls().map(\.endReason)
            #expect(reasons == [isPolite ? "caller_hung_up" : "peer_lost"])
        }
    }

    @Test("However it ends, nothing of a call is left when it is over")
    func released() async throws {
        let opened = Mutex<OpenedEngines?>(nil)
        try await LiveRig.run(.embedded) { rig in
            opened.withLock { $0 = rig.opened }
            for moment in 0..<4 {
                let peer = try await RawPeer.open(rig.port)
                try await peer.send(LiveRig.start(call: "CA\(moment)", parameters: "{}"))
                try await peer.send(LiveRig.media(chunk: 1))
                switch moment {
                case 0: await peer.close()
                case 1: try await peer.send(RawPeer.frame(.text, LiveRig.stop))
                case 2: try await peer.send(RawPeer.frame(.close, ""))
                default: try await peer.send([0xFF, 0xFF])
                }
                if moment > 0 { _ = try await peer.receivedAll() }
            }
        }
        let engines = try #require(opened.withLock { $0 })
        #expect(engines.count == 4)
        #expect(engines.kept == 0)
    }

    @Test("A second stream for a call that is up is refused and the first kept; after its end the call may come again")
    func secondStream() async throws {
        try await LiveRig.run(.embedded) { rig in
            let first = try await RawPeer.open(rig.port)
            try await first.send(LiveRig.start(call: "CA1", parameters: #"{"parley.notes":"1"}"#))
            // The gateway's note that the call is up.
            _ = try await first.received { bytes, _ in !bytes.isEmpty }
            let other = try await RawPeer.open(rig.port)
            #expect(
                try await other.closeCode(
                    LiveRig.start(call: "CA2", parameters: "{}") + RawPeer.frame(.text, LiveRig.stop)) == 1000)
            let second = try await RawPeer.open(rig.port)
            #expect(try await second.closeCode(LiveRig.start(call: "CA1", parameters: "{}")) == 1008)
            try await first.send(RawPeer.frame(.text, LiveRig.stop))
            _ = try await first.receivedAll()
            let again = try await RawPeer.open(rig.port)
            #expect(
                try await again.closeCode(
                    LiveRig.start(call: "CA1", parameters: "{}") + RawPeer.frame(.text, LiveRig.stop)) == 1000)
        } afterwards: { record in
            let reasons = try record.calls().map(\.endReason)
            #expect(reasons == Array(repeating: "caller_hung_up", count: 3))
        }
    }

    @Test("The list of calls is as long as asked for, within bounds")
    func listedCalls() async throws {
        try await LiveRig.run(.embedded) { rig in
            for call in ["CA1", "CA2", "CA3"] {
                let peer = try await RawPeer.open(rig.port)
                try await peer.send(LiveRig.start(call: call, parameters: "{}"))
                try await peer.send(RawPeer.frame(.text, LiveRig.stop))
                _ = try await peer.receivedAll()
            }
            await withCheckedContinuation { done in rig.process.services.ledger.flush { _ in done.resume() } }
            for (query, status, calls) in [
                ("", 200, 3), ("?limit=2", 200, 2), ("?limit=0", 400, 0), ("?limit=many", 400, 0),
                ("?limit=1001", 400, 0),
            ] {
                let peer = try await RawPeer.connect(rig.port)
                try await peer.send(
                    "GET /api/calls\(query) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                let answer = String(decoding: try await peer.receivedAll(), as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                #expect(answer.split(separator: #""stream" :"#).count - 1 == calls)
            }
        }
    }

    @Test("What a peer says of itself is recorded as one short line without control characters")
    func hostileNames() async throws {
        try await LiveRig.run(.embedded) { rig in
            let peer = try await RawPeer.open(rig.port)
            let from = #"+1555\u001b[2J\u202e0100\n"# + String(repeating: "9", count: 5_000)
            try await peer.send(LiveRig.start(call: "CA1", parameters: #"{"from":"\#(from)","to":"\#(from)"}"#))
            try await peer.send(RawPeer.frame(.text, LiveRig.stop))
            _ = try await peer.receivedAll()
        } afterwards: { record in
            let call = try #require(try record.calls().first)
            #expect(call.caller == "+1555[2J0100" + String(repeating: "9", count: PeerText.longest - 12))
            #expect(call.called == call.caller)
        }
    }

    @Test("Wrong messages are counted and refused as the limits say, and the next call is not disturbed")
    func badInput() async throws {
        try await LiveRig.run(.embedded) { rig in
            // Media before start; two starts; a binary message; ten that are not JSON; a frame with a reserved bit.
            let start = LiveRig.start(call: "CA1", parameters: "{}")
            let cases: [([UInt8], Int)] = [
                (LiveRig.media(chunk: 1), 1008), (start + start, 1008),
                (start + RawPeer.frame(.binary, "audio"), 1003),
                (start + Array(repeatElement(RawPeer.frame(.text, "{oops"), count: 10).joined()), 1008),
                (start + [0xC1, 0x80, 0, 0, 0, 0], 1002),
            ]
            for (bytes, code) in cases {
                let peer = try await RawPeer.open(rig.port)
                #expect(try await peer.closeCode(bytes) == code)
            }
            let peer = try await RawPeer.open(rig.port)
            #expect(try await peer.closeCode(start + RawPeer.frame(.text, LiveRig.stop)) == 1000)
        }
    }
}

/// A whole gateway on a free port, with engines that count how often they are opened.
struct LiveRig: Sendable {
    let port: Int
    let process: GatewayProcess
    let opened: OpenedEngines
    let ledger: String

    static func run(
        _ configuration: Configuration, _ body: @escaping @Sendable (LiveRig) async throws -> Void,
        afterwards: (LedgerReader) throws -> Void = { _ in }
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ledger = folder.appending(path: "ledger.sqlite").path
        let configuration = try configuration.setting("server.port", to: "0", option: "--port")
            .setting("ledger.path", to: ledger, option: "--ledger")
            // The raw peer never answers a close frame.
            .setting("ws.close_timeout", to: "100ms", option: "--set")
        let (ports, portTold) = AsyncStream.makeStream(of: Int.self)
        let process = try GatewayProcess(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: { portTold.yield($0) })
        let opened = OpenedEngines()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await process.runUntilStopped(
                    recognizer: CountedRecognizer(opened: opened), synthesizer: InstantSynthesizer())
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return }
            try await body(LiveRig(port: port, process: process, opened: opened, ledger: ledger))
            // It lets its calls come to their end, writes the rest down and returns.
            await process.gateway.stop()
            try await group.waitForAll()
        }
        try afterwards(try LedgerReader(path: ledger))
    }

    static func secured() throws -> Configuration {
        let text = """
            server: {public_url: "https://voice.example.org"}
            twilio: {auth_token_env: TOKEN}
            agent: {flow: instant}
            """
        return try Configuration.parse(text, file: "test", environment: ["TOKEN": "parley-test-auth-token"])
    }

    func calls() throws -> [CallSummary] { try process.services.ledger.reader.calls() }

    /// As Twilio gets it: from the signed webhook that answers the call.
    func token(for call: String) async throws -> String {
        let form = "CallSid=\(call)"
        let signature = testSignature("https://voice.example.org/hooks/twilio/voiceCallSid\(call)")
        let peer = try await RawPeer.connect(port)
        try await peer.send(
            "POST /hooks/twilio/voice HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twilio-Signature: \(signature)\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n\(form)"
        )
        let answer = String(decoding: try await peer.receivedAll(), as: UTF8.self)
        return try #require(
            answer.firstMatch(of: #/name="token" value="([A-Za-z0-9_-]+)"/#).map { String($0.1) })
    }

    // MARK: What Twilio sends

    static let stream = "MZ5f0c1d2e3b4a59687766554433221100"
    static let stop = #"{"event":"stop","sequenceNumber":"9","streamSid":"\#(stream)","stop":{}}"#

    static func start(call: String, parameters: String) -> [UInt8] {
        RawPeer.frame(.text, #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)
            + RawPeer.frame(
                .text,
                #"{"event":"start","sequenceNumber":"1","streamSid":"\#(stream)","start":{"streamSid":"\#(stream)","#
                    + #""accountSid":"AC1","callSid":"\#(call)","tracks":["inbound"],"mediaFormat":"#
                    + #"{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":\#(parameters)}}"#
            )
    }

    static func media(chunk: Int) -> [UInt8] {
        let payload = Data(repeating: 0xFF, count: 160).base64EncodedString()
        return RawPeer.frame(
            .text,
            #"{"event":"media","sequenceNumber":"\#(chunk + 1)","streamSid":"\#(stream)","media":{"track":"inbound","#
                + #""chunk":"\#(chunk)","timestamp":"\#(chunk * 20)","payload":"\#(payload)"}}"#)
    }
}

final class OpenedEngines: Sendable {
    private struct Held: Sendable { weak let session: (any RecognizerSession)? }
    private let sessions = Mutex<[Held]>([])
    var count: Int { sessions.withLock { $0.count } }
    /// Whose calls are still there.
    var kept: Int { sessions.withLock { $0.count { $0.session != nil } } }
    func add(_ session: any RecognizerSession) { sessions.withLock { $0.append(Held(session: session)) } }
}

struct CountedRecognizer: SpeechRecognizer {
    let name = "counted"
    let opened: OpenedEngines

    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        let session = try InstantRecognizer().start(sampleRate: sampleRate, answer: answer)
        opened.add(session)
        return session
    }
}
