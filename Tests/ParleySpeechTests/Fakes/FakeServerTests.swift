import FakeEngines
import NIOCore
import Testing

@Suite("The servers that fakes are made of")
struct FakeServerTests {
    private static func text(_ news: [FakeProbe.News]) -> String {
        var bytes: [UInt8] = []
        for case .heard(.binary(let piece)) in news { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func request(_ server: FakeHTTPServer, _ text: String) async throws -> FakeProbe {
        let probe = try FakeProbe("tcp://127.0.0.1:\(server.port)")
        // What is sent before it stands is lost.
        #expect(try await probe.isOpen())
        probe.send(.binary(Array(text.utf8)))
        return probe
    }

    @Test("A request is read whole, and its answer leaves piece by piece")
    func http() async throws {
        let server = FakeHTTPServer { request, response in
            await response.head(201, headers: [("X-Number", "\(request.number)")])
            for piece in ["one ", "two"] { await response.write(piece) }
        }
        try await server.start()
        let probe = try await request(
            server, "POST /v1/x?a=b%20c&a=d HTTP/1.1\r\nHost: x\r\nX-Key: k\r\nContent-Length: 5\r\n\r\nhello")
        let whole =
            "HTTP/1.1 201 Scripted\r\nX-Number: 0\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n"
        try await probe.news.wait { Self.text($0) == whole }
        let request = try await server.requests.at(0)
        #expect(request.method == "POST")
        #expect(request.target.path == "/v1/x")
        #expect(request.target.query.map(\.value) == ["b c", "d"])
        #expect(request.headers["x-key"] == "k")
        #expect(request.text == "hello")

        // The connection takes another.
        probe.send(.binary(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)))
        let second = try await server.requests.at(1)
        #expect(second.connection == 0)
        await server.stop()
    }

    @Test("An answer is cut short of what it announced, or ends with the connection")
    func cut() async throws {
        let server = FakeHTTPServer { request, response in
            if request.target.path == "/cut" {
                await response.head(200, .length(100))
                await response.write("part")
                await response.cut()
            } else {
                await response.head(200, .untilClose)
                await response.write("all")
            }
        }
        try await server.start()
        for (path, body) in [("/cut", "part"), ("/all", "all")] {
            let probe = try await request(server, "GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await probe.news.first { if case .closed = $0 { true } else { false } }
            #expect(Self.text(probe.news.all).hasSuffix("\r\n\r\n" + body))
        }
        #expect(server.abandoned.all == [])
        await server.stop()
    }

    @Test("A client that goes before the end is noticed")
    func abandoned() async throws {
        let server = FakeHTTPServer { _, response in
            await response.head(200)
            await response.write("one")
            await response.hang()
        }
        try await server.start()
        let probe = try await request(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try await probe.news.wait { Self.text($0).hasSuffix("one\r\n") }
        probe.drop()
        #expect(try await server.abandoned.at(0) == 0)
        await server.stop()
    }

    @Test("Messages of a WebSocket come and go in order, and closing is told with its code")
    func webSocket() async throws {
        let server = FakeWebSocketServer(upgrade: { upgrade in
            guard upgrade.headers["X-Key"] == "k" else {
                return .refuse(status: 403, headers: [("X-Why", "key")], body: "no")
            }
            return .accept(headers: [("X-Session", "1")])
        }) { socket in
            while let message = await socket.next() {
                switch message {
                case .text("close"): return await socket.close(code: 4_321, reason: "asked")
                case .text(let text): await socket.send(text + "!")
                case .binary(let bytes): await socket.send(bytes.reversed())
                }
            }
        }
        try await server.start()
        let refused = try FakeProbe("ws://127.0.0.1:\(server.port)/x")
        #expect(try await refused.isOpen() == false)
        #expect(refused.closed?.contains("403") == true)

        let probe = try FakeProbe("ws://127.0.0.1:\(server.port)/x?y=z", headers: [("X-Key", "k")])
        #expect(try await probe.isOpen())
        for message in [FakeMessage.text("a"), .binary([1, 2]), .text("b"), .text("close")] { probe.send(message) }
        _ = try await probe.news.first { if case .closed = $0 { true } else { false } }
        #expect(probe.heard == [.text("a!"), .binary([2, 1]), .text("b!")])
        #expect(probe.closed?.contains("4321") == true, "\(probe.closed ?? "")")
        #expect(server.upgrades.all.map(\.target.text) == ["/x", "/x?y=z"])
        #expect(server.received.all.map(\.connection) == [1, 1, 1, 1])
        await server.stop()
    }

    @Test("A client's close is told with its code")
    func clientCloses() async throws {
        let server = FakeWebSocketServer { socket in while await socket.next() != nil {} }
        try await server.start()
        let probe = try FakeProbe("ws://127.0.0.1:\(server.port)/")
        #expect(try await probe.isOpen())
        probe.close()
        let socket = try await server.connections.at(0)
        #expect(try await socket.ended.at(0) == .closed(1_000))
        await server.stop()
    }

    @Test("Waiting for what does not come ends, and says what came")
    func record() async throws {
        let record = FakeRecord<Int>()
        record.append(7)
        await #expect(throws: FakeTimeout.self) { try await record.at(1, within: .milliseconds(20)) }
        async let second = record.at(1)
        record.append(8)
        #expect(try await second == 8)
    }
}
