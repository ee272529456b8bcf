import Testing

@testable import ParleyWire

@Suite("WebSocket handshake")
struct WebSocketHandshakeTests {
    @Test(
        "SHA-1 gives the digests of FIPS 180 and RFC 3174",
        arguments: [
            ("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
            (
                "0123456701234567012345670123456701234567012345670123456701234567", 10,
                "dea356a2cddd90c7a7ecedc5ebb563934f460452"
            ),
            ("a", 1_000_000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        ])
    func sha1(text: String, times: Int, digest: String) {
        let message = [UInt8](repeatElement(Array(text.utf8), count: times).joined())
        let hex = SHA1.hash(message).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == digest)
    }

    @Test("The key of RFC 6455 section 1.3 is answered as it says")
    func acceptKey() {
        #expect(WebSocketHandshake.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(WebSocketHandshake.key(0x7468_6520_7361_6D70, 0x6C65_206E_6F6E_6365) == "dGhlIHNhbXBsZSBub25jZQ==")
    }

    static let good: [WebSocketHandshake.Header] = [
        ("host", "voice.example.org"), ("UPGRADE", "WebSocket"), ("Connection", "keep-alive, Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("sec-websocket-version", " 13 "),
        ("Sec-WebSocket-Protocol", "a, b"), ("Sec-WebSocket-Protocol", "c"),
        ("Sec-WebSocket-Extensions", "permessage-deflate"),
    ]

    private func refusal(
        _ method: String = "GET", _ version: (Int, Int) = (1, 1), isServed: Bool = true,
        without: String? = nil, with extra: [WebSocketHandshake.Header] = []
    ) -> WebSocketHandshake.Refusal? {
        let headers = Self.good.filter { $0.name.lowercased() != without?.lowercased() } + extra
        do {
            _ = try WebSocketHandshake.validate(method: method, version: version, headers: headers, isServed: isServed)
            return nil
        } catch { return error }
    }

    @Test("A proper request is accepted")
    func accepted() throws {
        let request = try WebSocketHandshake.validate(method: "GET", version: (1, 1), headers: Self.good)
        #expect(request.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(request.protocols == ["a", "b", "c"])
    }

    @Test("Each thing that is wrong has its own answer")
    func refusals() {
        #expect(refusal("POST") == .method)
        #expect(refusal("get") == .method)
        #expect(refusal("GET", (1, 0)) == .httpVersion)
        #expect(refusal("GET", (2, 0)) == .httpVersion)
        #expect(refusal(isServed: false) == .unknownPath)
        for name in ["Host", "Upgrade", "Connection", "Sec-WebSocket-Key"] {
            #expect(refusal(without: name) == .badHeader(name))
        }
        #expect(refusal(with: [("Host", "other")]) == .badHeader("Host"))
        #expect(refusal(without: "Host", with: [("Host", "")]) == .badHeader("Host"))
        #expect(refusal(without: "Upgrade", with: [("Upgrade", "h2c")]) == .badHeader("Upgrade"))
        #expect(refusal(without: "Connection", with: [("Connection", "close")]) == .badHeader("Connection"))
        for key in ["AAAAAAA=", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=!", "dGhlIHNhbXBsZSBub25jZVh5"] {
            #expect(
                refusal(without: "Sec-WebSocket-Key", with: [("Sec-WebSocket-Key", key)])
                    == .badHeader("Sec-WebSocket-Key"))
        }
        #expect(refusal(with: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]) == .badHeader("Sec-WebSocket-Key"))
        #expect(refusal(without: "Sec-WebSocket-Version") == .webSocketVersion)
        for version in ["8", "14", "13, 8", "0x13"] {
            #expect(
                refusal(without: "Sec-WebSocket-Version", with: [("Sec-WebSocket-Version", version)])
                    == .webSocketVersion)
        }
        #expect(WebSocketHandshake.Refusal.httpVersion.status == 505)
        #expect(WebSocketHandshake.Refusal.unknownPath.status == 404)
        #expect(WebSocketHandshake.Refusal.method.status == 405)
        #expect(WebSocketHandshake.Refusal.badHeader("Host").status == 400)
        #expect(WebSocketHandshake.Refusal.webSocketVersion.status == 426)
        #expect(WebSocketHandshake.Refusal.webSocketVersion.headers.contains { $0 == ("Sec-WebSocket-Version", "13") })
    }

    private func failure(
        _ status: Int = 101, without: String? = nil, with extra: [WebSocketHandshake.Header] = []
    ) -> WebSocketHandshake.Failure? {
        let good: [WebSocketHandshake.Header] = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ]
        do {
            let chosen = try WebSocketHandshake.checkResponse(
                status: status, headers: good.filter { $0.name != without } + extra, key: "dGhlIHNhbXBsZSBub25jZQ==",
                offered: ["a", "b"])
            #expect(chosen == (extra.isEmpty ? nil : "b"))
            return nil
        } catch { return error }
    }

    @Test("A client believes only the answer to its own request")
    func response() {
        #expect(failure() == nil)
        #expect(failure(with: [("sec-websocket-protocol", "b")]) == nil)
        #expect(failure(200) == .status(200))
        #expect(failure(without: "Upgrade") == .badHeader("Upgrade"))
        #expect(failure(without: "Connection") == .badHeader("Connection"))
        #expect(failure(without: "Sec-WebSocket-Accept") == .badHeader("Sec-WebSocket-Accept"))
        #expect(
            failure(without: "Sec-WebSocket-Accept", with: [("Sec-WebSocket-Accept", "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=")])
                == .badHeader("Sec-WebSocket-Accept"))
        #expect(
            failure(with: [("Sec-WebSocket-Extensions", "permessage-deflate")])
                == .badHeader("Sec-WebSocket-Extensions"))
        #expect(failure(with: [("Sec-WebSocket-Protocol", "c")]) == .badHeader("Sec-WebSocket-Protocol"))
    }
}
