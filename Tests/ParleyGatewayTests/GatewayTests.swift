import Foundation
import NIOCore
import ParleyWire
import Testing

@testable import ParleyGateway

private func request(
    _ method: String = "GET", _ path: String = "/media/twilio", version: String = "1.1", without: String = "",
    with: String = ""
) -> String {
    var lines = [
        "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    lines.removeAll { !without.isEmpty && $0.hasPrefix(without + ":") }
    if !with.isEmpty { lines.append(with) }
    return "\(method) \(path) HTTP/\(version)\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
}

@Suite("The gateway on a real port", .serialized, .timeLimit(.minutes(2)))
struct GatewayTests {
    @Test("A handshake that is wrong gets the status that says so, and the next one opens")
    func handshakes() async throws {
        try await GatewayRig.run { rig in
            let cases: [(String, Int)] = [
                (request("POST"), 405),
                (request(version: "1.0"), 505),
                (request(version: "2.0"), 505),
                (request(without: "Host"), 400),
                (request(without: "Sec-WebSocket-Key"), 400),
                (request(without: "Sec-WebSocket-Key", with: "Sec-WebSocket-Key: c2hvcnQ="), 400),
                (request(without: "Sec-WebSocket-Version"), 426),
                (request(without: "Sec-WebSocket-Version", with: "Sec-WebSocket-Version: 8"), 426),
                (request(without: "Upgrade"), 400),
                (request(without: "Connection"), 400),
                (request("GET", "/media/nobody"), 404),
                (request("GET", "/health/live"), 404),
                (request(with: "Origin: https://evil.example"), 403),
                (request(with: "X-Forwarded-For: 10.1.1.1"), 403),
                (request(with: "X: " + String(repeating: "a", count: 9_000)), 431),
                (request(with: String(repeating: "X: \(String(repeating: "a", count: 4_000))\r\n", count: 5)), 431),
                (request(with: String(repeating: "X: a\r\n", count: 65)), 431),
                (request(with: " folded: line"), 400),
                (request(with: "Bad Name: x"), 400),
                (request().replacing("\r\n", with: "\n"), 400),
                ("\u{16}\u{3}\u{1} nonsense\r\n\r\n", 400),
                ("GET / HTTP/1.1\r\n\r\n", 400),
                ("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
                ("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n", 403),
                ("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200),
                ("GET /health/live HTTP/1.0\r\n\r\n", 200),
            ]
            for (text, status) in cases {
                let peer = try await RawPeer.connect(rig.port)
                #expect(try await peer.status(text) == status, "\(text.prefix(300))")
            }
            let peer = try await RawPeer.connect(rig.port)
            try await peer.send(request(without: "Sec-WebSocket-Version"))
            let answer = String(decoding: try await peer.receivedAll(), as: UTF8.self)
            #expect(answer.contains("Sec-WebSocket-Version: 13\r\n"))
            try await rig.opensAsBefore()
        }
    }

    @Test("A handshake cut into single bytes opens, and the first frame may ride along")
    func pieces() async throws {
        try await GatewayRig.run { rig in
            let peer = try await RawPeer.connect(rig.port)
            for byte in Array(RawPeer.handshake().utf8) { try await peer.send([byte]) }
            let eager = try await RawPeer.connect(rig.port)
            try await eager.send(Array(RawPeer.handshake().utf8) + RawPeer.frame(.text, "hello"))
            for peer in [peer, eager] {
                if peer === eager {
                    _ = try await peer.received { bytes, _ in bytes.suffix(7) == [0x81, 5] + Array("hello".utf8) }
                } else {
                    _ = try await peer.received { bytes, _ in bytes.suffix(4) == Array("\r\n\r\n".utf8) }
                }
                await peer.close()
            }
        }
    }

    @Test("One who sends a byte now and then is told off, and does not hold the door")
    func slowHead() async throws {
        try await GatewayRig.run(settings: [("http.header_timeout", "300ms")]) { rig in
            let silent = try await RawPeer.connect(rig.port)
            let slow = try await RawPeer.connect(rig.port)
            let dripping = Task {
                for byte in Array(RawPeer.handshake().utf8) {
                    try await slow.send([byte])
                    try await Task.sleep(for: .milliseconds(30))
                }
            }
            for peer in [silent, slow] {
                let answer = String(decoding: try await peer.received { !$0.isEmpty && $1 }, as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 408 "))
            }
            dripping.cancel()
            try await rig.opensAsBefore()
        }
    }

    @Test("Frames that break the protocol or a limit close with the right code")
    func frames() async throws {
        try await GatewayRig.run { rig in
            let cases: [(String, [UInt8], Int)] = [
                ("unmasked", [0x81, 1, 0x61], 1002),
                ("reserved bit", [0xC1, 0x80, 0, 0, 0, 0], 1002),
                ("reserved opcode, payload not yet sent", [0x83, 0xFE, 0x01], 1002),
                ("long ping", [0x89, 0xFE, 0, 126], 1002),
                ("frame of 64 KiB and a byte, header alone", [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1], 1009),
                ("length with its top bit", [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002),
                (
                    "65 empty fragments",
                    RawPeer.frame(.text, "", isFinal: false)
                        + (0..<64).flatMap { _ in RawPeer.frame(.continuation, "", isFinal: false) }, 1009
                ),
                ("not UTF-8", [0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
                ("close with one byte", [0x88, 0x81, 0, 0, 0, 0, 3], 1002),
                ("101 pings", (0..<101).flatMap { _ in RawPeer.frame(.ping, "") }, 1008),
                ("1,001 messages", (0..<1_001).flatMap { _ in RawPeer.frame(.text, "x") }, 1008),
            ]
            for (name, bytes, code) in cases {
                let peer = try await RawPeer.open(rig.port)
                #expect(try await peer.closeCode(bytes) == code, "\(name)")
            }
            try await rig.opensAsBefore()
        }
    }

    @Test("A silent socket is closed with 1008 when its time to start is over")
    func silent() async throws {
        try await GatewayRig.run(settings: [("ws.start_timeout", "200ms")]) { rig in
            let peer = try await RawPeer.open(rig.port)
            #expect(try await peer.closeCode([]) == 1008)
            #expect(await rig.firstEnd() == .startTimeout)
            try await rig.opensAsBefore()
        }
    }

    @Test(
        "One who does not read is dropped, by bytes or by time", arguments: [("4000000", "slow"), ("600000", "stuck")])
    func slowPeer(bytes: String, kind: String) async throws {
        let settings = [("ws.slow_peer_timeout", "300ms"), ("ws.out_high_water", "16KiB"), ("ws.message_rate", "2000")]
        try await GatewayRig.run(settings: settings) { rig in
            let peer = try await RawPeer.open(rig.port, reads: false)
            // As often as it takes to fill the kernel's buffers as well.
            for _ in 0..<20 { try await peer.send(RawPeer.frame(.text, "go \(bytes)")) }
            #expect(await rig.firstEnd() == .slowPeer)
            await peer.close()
            try await rig.opensAsBefore()
        }
    }

    @Test("A body that is too large or too slow is refused before it is read on")
    func bodies() async throws {
        try await GatewayRig.run(settings: [("http.body_timeout", "300ms")]) { rig in
            let head =
                "POST /hooks/twilio/voice HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            let declared = try await RawPeer.connect(rig.port)
            #expect(try await declared.status(head + "Content-Length: 262145\r\n\r\n") == 413)
            let chunked = try await RawPeer.connect(rig.port)
            let chunk = "10000\r\n" + String(repeating: "a", count: 65_536) + "\r\n"
            #expect(
                try await chunked.status(
                    head + "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 5))
                    == 413)
            let slow = try await RawPeer.connect(rig.port)
            #expect(try await slow.status(head + "Content-Length: 10\r\n\r\nCallSid") == 408)
            let broken = try await RawPeer.connect(rig.port)
            #expect(try await broken.status(head + "Content-Length: 4\r\n\r\na=%z") == 400)
            let json = try await RawPeer.connect(rig.port)
            #expect(
                try await json.status(
                    head.replacing("x-www-form-urlencoded", with: "json") + "Content-Length: 2\r\n\r\n{}")
                    == 415)
            try await rig.opensAsBefore()
        }
    }

    @Test("Connections over a limit get 503 with Retry-After, and a place again when one leaves")
    func crowd() async throws {
        try await GatewayRig.run(settings: [("conn.per_ip", "3")]) { rig in
            var peers: [RawPeer] = []
            for _ in 0..<3 { peers.append(try await RawPeer.open(rig.port)) }
            let fourth = try await RawPeer.connect(rig.port)
            let answer = String(decoding: try await fourth.receivedAll(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("Retry-After: "))
            #expect(rig.factory.render().contains("parley_refused_total{reason=\"conn_per_ip\"} 1\n"))
            for peer in peers { await peer.close() }
            for _ in 0..<3 { #expect(await rig.firstEnd() == .peerLost) }
            try await rig.opensAsBefore()
        }
    }

    @Test("Nine of ten calls may be up; the next is refused and the others are not disturbed")
    func calls() async throws {
        try await GatewayRig.run(settings: [("calls.max", "10")]) { rig in
            var peers: [RawPeer] = []
            for _ in 0..<9 { peers.append(try await RawPeer.open(rig.port)) }
            #expect(rig.gateway.activeCalls == 9)
            let tenth = try await RawPeer.connect(rig.port)
            #expect(try await tenth.status(RawPeer.handshake()) == 503)
            // Told before it is tried, to the balancer and to the provider, who can still go elsewhere.
            for request in [Self.ready, Self.hook] {
                let peer = try await RawPeer.connect(rig.port)
                #expect(try await peer.status(request) == 503)
            }
            for peer in peers {
                try await peer.send(RawPeer.frame(.text, "still"))
                _ = try await peer.received { bytes, _ in bytes == [0x81, 5] + Array("still".utf8) }
            }
            await peers[0].close()
            #expect(await rig.firstEnd() == .peerLost)
            try await rig.opensAsBefore()
            for peer in peers { await peer.close() }
        }
    }

    private static let ready = "GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    private static let hook =
        "POST /hooks/twilio/voice HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + "Content-Length: 11\r\n\r\nCallSid=CA1"

    // MARK: Who is let in

    private static let secure = """
        server: {public_url: https://voice.example.org}
        twilio: {auth_token_env: TOKEN}
        """

    private func secured() throws -> Configuration {
        try Configuration.parse(Self.secure, file: "f", environment: ["TOKEN": "parley-test-auth-token"])
    }

    @Test("A socket without Twilio's signature, or with a flipped bit in it, is refused before its 101")
    func socketSignature() async throws {
        try await GatewayRig.run(try secured()) { rig in
            let good = "X-Twilio-Signature: iDjiHOkqa59UL3ToVgE7isfK1ss=\r\n"
            for (header, status) in [
                ("", 401), (good.replacing("iDji", with: "jDji"), 403), ("X-Twilio-Signature: \r\n", 403),
            ] {
                let peer = try await RawPeer.connect(rig.port)
                #expect(try await peer.status(RawPeer.handshake("/media/twilio", header)) == status)
            }
            let native = try await RawPeer.connect(rig.port)
            #expect(try await native.status(RawPeer.handshake("/media/native", good)) == 403)
            let peer = try await RawPeer.open(rig.port, "/media/twilio", good)
            await peer.close()
            #expect(rig.factory.render().contains("parley_refused_total{reason=\"signature\"} 4\n"))
        }
    }

    @Test("A page whose own name was made to point here opens no socket and sends no form, nor does a nameless proxy")
    func rebinding() async throws {
        try await GatewayRig.run { rig in
            for (host, more) in [
                ("evil.example:\(rig.port)", ""), ("evil.example", "Origin: http://evil.example\r\n"),
                ("127.0.0.1", "Origin: http://evil.example\r\n"),
                ("127.0.0.1", "Origin: http://127.0.0.1\r\nOrigin: http://evil.example\r\n"),
                ("127.0.0.1", "X-Forwarded-For: 127.0.0.1\r\n"),
            ] {
                let peer = try await RawPeer.connect(rig.port)
                let handshake = RawPeer.handshake("/media/native", more).replacing(
                    "Host: 127.0.0.1", with: "Host: \(host)")
                #expect(try await peer.status(handshake) == 403, "\(host) \(more)")
            }
            let form = try await RawPeer.connect(rig.port)
            #expect(try await form.status(Self.hook.replacing("127.0.0.1", with: "evil.example")) == 403)
            try await rig.opensAsBefore()
        }
        let proxied = try Configuration.parse(
            "insecure: true\ntrusted_proxies: [127.0.0.1]", file: "f", environment: [:])
        try await GatewayRig.run(proxied) { rig in
            for request in [
                "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET /metrics HTTP/1.0\r\n\r\n",
                RawPeer.handshake(),
            ] {
                let peer = try await RawPeer.connect(rig.port)
                #expect(try await peer.status(request) == 403)
            }
        }
    }

    @Test("The token from the signed webhook opens its own call once; none, another's and a used one close with 1008")
    func tokens() async throws {
        try await GatewayRig.run(try secured()) { rig in
            let form = "CallSid=CA1"
            func hook(_ signature: String) async throws -> String {
                let peer = try await RawPeer.connect(rig.port)
                try await peer.send(
                    "POST /hooks/twilio/voice HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twilio-Signature: \(signature)\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n\(form)"
                )
                return String(decoding: try await peer.receivedAll(), as: UTF8.self)
            }
            #expect(try await hook("iDjiHOkqa59UL3ToVgE7isfK1ss=").hasPrefix("HTTP/1.1 403 "))
            let answer = try await hook(testSignature("https://voice.example.org/hooks/twilio/voiceCallSidCA1"))
            #expect(answer.contains("<Stream url=\"wss://voice.example.org/media/twilio\""))
            let token = try #require(
                answer.firstMatch(of: #/name="token" value="([A-Za-z0-9_-]+)"/#).map { String($0.1) })
            let header = "X-Twilio-Signature: iDjiHOkqa59UL3ToVgE7isfK1ss=\r\n"
            func start(_ token: String, _ call: String) async throws -> Int? {
                let peer = try await RawPeer.open(rig.port, "/media/twilio", header)
                try await peer.send(RawPeer.frame(.text, "start \(token) \(call)"))
                let bytes = try await peer.received { bytes, _ in bytes.count >= 4 }
                await peer.close()
                return bytes[0] == 0x88 ? Int(bytes[2]) << 8 | Int(bytes[3]) : nil
            }
            #expect(try await start("-", "CA1") == 1008)
            #expect(try await start(token, "CA2") == 1008)
            #expect(try await start(String(token.dropLast(2)) + "AA", "CA1") == 1008)
            #expect(try await start(token, "CA1") == nil)
            #expect(try await start(token, "CA1") == 1008)
            let counted = rig.factory.render()
            for (reason, count) in [("token_missing", 1), ("token_forged", 2), ("token_reused", 1)] {
                #expect(counted.contains("parley_refused_total{reason=\"\(reason)\"} \(count)\n"), "\(reason)")
            }
        }
    }

    // MARK: Beginning and end

    @Test("Stopping: not ready, nobody new, the call that is up goes on to its end")
    func drain() async throws {
        try await GatewayRig.run(settings: [("drain_delay", "60s")]) { rig in
            let peer = try await RawPeer.open(rig.port)
            try await peer.send(RawPeer.frame(.text, "one"))
            _ = try await peer.received { bytes, _ in bytes.count == 5 }
            let stopping = Task { await rig.gateway.stop() }
            var status = 0
            for _ in 0..<100 where status != 503 {
                let ready = try await RawPeer.connect(rig.port)
                status = try await ready.status("GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            }
            #expect(status == 503)
            let late = try await RawPeer.connect(rig.port)
            #expect(try await late.status(RawPeer.handshake()) == 503)
            try await peer.send(RawPeer.frame(.text, "two"))
            _ = try await peer.received { bytes, _ in bytes.count == 10 }
            rig.gateway.endCalls(within: .milliseconds(100))
            #expect(try await peer.closeCode([]) == 1001)
            #expect(await rig.firstEnd() == .shutdown)
            await stopping.value
        }
    }

    @Test("What is not ready is told, and no call is taken")
    func notReady() async throws {
        var routes = Routes()
        routes.notReady = { ["the recogniser is not loaded"] }
        try await GatewayRig.run(routes: routes) { rig in
            let peer = try await RawPeer.connect(rig.port)
            try await peer.send("GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            let answer = String(decoding: try await peer.receivedAll(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.hasSuffix("the recogniser is not loaded\n"))
            for request in [RawPeer.handshake(), Self.hook, Self.ready.replacing("GET", with: "HEAD")] {
                let peer = try await RawPeer.connect(rig.port)
                #expect(try await peer.status(request) == 503)
            }
            let live = try await RawPeer.connect(rig.port)
            #expect(try await live.status("HEAD /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") == 200)
        }
    }

    @Test("A port in use, or a certificate that is not there, is one clear line")
    func cannotStart() async throws {
        try await GatewayRig.run { rig in
            let taken = try Configuration.embedded.setting("server.port", to: "\(rig.port)", option: "--port")
            await #expect(
                throws: StartError(
                    "server.port: 127.0.0.1:\(rig.port) is in use; stop what listens there or choose another --port")
            ) {
                try await quietGateway(taken).run()
            }
        }
        let configuration = try Configuration.embedded.setting("server.port", to: "0", option: "--port")
        let missing = try Configuration.parse(
            "insecure: true\nserver: {tls: {certificate: /nowhere/a.pem, key: /nowhere/b.pem}}", file: "f",
            environment: [:])
        do {
            try await quietGateway(missing).run()
            Issue.record("it started")
        } catch let error as StartError {
            #expect(error.description.hasPrefix("server.tls.certificate: /nowhere/a.pem cannot be used"))
        }
        do {
            try await quietGateway(configuration, conformance: ("0.0.0.0", 0)).run()
            Issue.record("it started")
        } catch let error as StartError {
            #expect(error.description == "--conformance: 0.0.0.0 is not a loopback address; use 127.0.0.1:PORT")
        }
    }
}
