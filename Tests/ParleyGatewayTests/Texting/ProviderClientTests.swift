import NIOCore
import NIOPosix
import ParleyMessaging
import Synchronization
import Testing

@testable import ParleyGateway

@Suite("Requests to providers", .timeLimit(.minutes(5)))
struct ProviderClientTests {
    /// A client for the length of one test.
    private func with(
        _ provider: TestProvider, _ body: (ProviderClient) async throws -> Void
    ) async throws {
        let client = ProviderClient(loop: MultiThreadedEventLoopGroup.singleton.next())
        do {
            try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
        await provider.stop()
    }

    private func post(_ base: String, path: String = "/texts") -> HTTPCall {
        HTTPCall(
            method: "POST", url: base + path, headers: [HTTPHeader("Authorization", "Basic abc")],
            body: Array("To=a&Body=b".utf8))
    }

    private let yes = ProviderClient.Departure(mayLeave: { true }, written: {})

    @Test("An answer comes back whole, over a connection that is kept")
    func accept() async throws {
        let provider = try await TestProvider.start { _ in
            .answer(201, headers: ["X-Note": "n"], body: #"{"sid":"SM1"}"#)
        }
        try await with(provider) { client in
            for _ in 0..<3 {
                let outcome = await client.carry(post(provider.base), within: .seconds(10), departure: yes)
                guard case .answer(let answer) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                #expect(answer.status == 201)
                #expect(answer.headers.contains(HTTPHeader("X-Note", "n")))
                #expect(answer.body == Array(#"{"sid":"SM1"}"#.utf8))
            }
            let requests = provider.requests
            #expect(requests.map(\.connection) == [1, 1, 1])
            #expect(requests.allSatisfy { $0.method == "POST" && $0.uri == "/texts" && $0.body == "To=a&Body=b" })
            #expect(requests[0].headers["authorization"] == "Basic abc")
            #expect(requests[0].headers["content-length"] == "11")
        }
    }

    @Test("Refusals, faults and redirects are answers like any other, and nothing is followed or repeated")
    func statuses() async throws {
        for (status, headers) in [
            (429, ["Retry-After": "7"]), (401, [:]), (500, [:]), (503, [:]), (302, ["Location": "/elsewhere"]),
            (307, ["Location": "/elsewhere"]), (308, ["Location": "/elsewhere"]),
        ] {
            let provider = try await TestProvider.start { _ in .answer(status, headers: headers, body: "no") }
            try await with(provider) { client in
                let outcome = await client.carry(post(provider.base), within: .seconds(10), departure: yes)
                guard case .answer(let answer) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                #expect(answer.status == status)
                for (name, value) in headers { #expect(answer.headers.contains(HTTPHeader(name, value))) }
                #expect(provider.requests.map(\.uri) == ["/texts"])
            }
        }
    }

    @Test("A question has no body and needs no leave")
    func question() async throws {
        let provider = try await TestProvider.start { _ in .answer(200, body: "{}") }
        try await with(provider) { client in
            let call = HTTPCall(method: "GET", url: provider.base + "/list?To=%2B1")
            let outcome = await client.carry(call, within: .seconds(10))
            guard case .answer(let answer) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(answer.status == 200)
            #expect(provider.requests.map(\.uri) == ["/list?To=%2B1"])
        }
    }

    @Test("A connection that is reset once the request was read: lost, and seen once")
    func reset() async throws {
        let provider = try await TestProvider.start { _ in .reset }
        try await with(provider) { client in
            #expect(await client.carry(post(provider.base), within: .seconds(10), departure: yes) == .lost(.reset))
            #expect(provider.requests.count == 1)
            #expect(provider.heads == 1)
        }
    }

    @Test("A kept connection that closes once the second request was read: that request is seen once")
    func keptConnection() async throws {
        let provider = try await TestProvider.start { $0.number == 2 ? .reset : .answer(201) }
        try await with(provider) { client in
            var asked = 0
            for number in 1...3 {
                let outcome = await client.carry(
                    HTTPCall(method: "POST", url: provider.base + "/\(number)", body: [0x61]), within: .seconds(10),
                    departure: yes)
                if number == 2 { #expect(outcome == .lost(.reset)) } else { asked += outcome.isAnswer ? 1 : 0 }
            }
            #expect(asked == 2)
            #expect(provider.requests.map(\.uri) == ["/1", "/2", "/3"])
            #expect(provider.requests.map(\.connection) == [1, 1, 2])
            #expect(provider.heads == 3)
        }
    }

    @Test("Without an answer it ends at its deadline", arguments: [TestProvider.Reply.silence, .half(200, body: "{")])
    func noAnswer(reply: TestProvider.Reply) async throws {
        let provider = try await TestProvider.start { _ in reply }
        try await with(provider) { client in
            #expect(
                await client.carry(post(provider.base), within: .milliseconds(300), departure: yes) == .lost(.timeout))
            #expect(provider.requests.count == 1)
        }
    }

    @Test("A late answer that is in time is one")
    func slowAnswer() async throws {
        let gate = Gate()
        let provider = try await TestProvider.start { _ in
            await gate.pass()
            return .answer(201)
        }
        try await with(provider) { client in
            async let outcome = client.carry(post(provider.base), within: .seconds(30), departure: yes)
            try await provider.received(1)
            gate.open()
            #expect(await outcome.isAnswer)
        }
    }

    @Test("A body of 2 MiB is not read: its answer says only its status")
    func largeAnswer() async throws {
        let large = String(repeating: "a", count: 2 << 20)
        let most = String(repeating: "a", count: HTTPAnswer.maxBytes)
        for (reply, length) in [
            (TestProvider.Reply.answer(201, body: large), 0), (.unmeasured(201, body: large), 0),
            (.answer(201, body: most), most.utf8.count), (.unmeasured(201, body: most), most.utf8.count),
        ] {
            let provider = try await TestProvider.start { _ in reply }
            try await with(provider) { client in
                let outcome = await client.carry(post(provider.base), within: .seconds(20), departure: yes)
                guard case .answer(let answer) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                #expect(answer.status == 201)
                #expect(answer.body.count == length)
            }
        }
    }

    @Test("Nobody listens, or no such name: not sent, and the last look is not asked")
    func refused() async throws {
        let provider = try await TestProvider.start { _ in .answer(201) }
        let port = provider.port
        try await with(provider) { client in
            await provider.stop()
            let asked = Atomic<Int>(0)
            for url in ["http://127.0.0.1:\(port)/", "http://nowhere.invalid/", "not a url", "ftp://127.0.0.1/"] {
                let outcome = await client.carry(
                    HTTPCall(method: "POST", url: url, body: [0x61]), within: .seconds(10),
                    departure: .init(
                        mayLeave: {
                            asked.add(1, ordering: .relaxed)
                            return true
                        }, written: {}))
                #expect(outcome == .notSent, "\(url)")
            }
            #expect(asked.load(ordering: .relaxed) == 0)
        }
    }

    // MARK: the last look

    @Test("A last look that says no: the connection stands, and no request arrives")
    func withheld() async throws {
        let provider = try await TestProvider.start { _ in .answer(201) }
        try await with(provider) { client in
            let outcome = await client.carry(
                post(provider.base), within: .seconds(10),
                departure: .init(mayLeave: { false }, written: { Issue.record("nothing was written") }))
            #expect(outcome == .withheld)
            try await provider.until { $0.heads == 1 }
            // The next one goes through, over another connection: the server is past what the first one sent.
            #expect(await client.carry(post(provider.base), within: .seconds(10), departure: yes).isAnswer)
            #expect(provider.requests.map(\.connection) == [2])
        }
    }

    @Test("The last look is asked once, before the body, which is told to be written after it")
    func order() async throws {
        let steps = Mutex<[String]>([])
        let provider = try await TestProvider.start { _ in
            steps.withLock { $0.append("read") }
            return .answer(201)
        }
        try await with(provider) { client in
            let outcome = await client.carry(
                post(provider.base), within: .seconds(10),
                departure: .init(
                    mayLeave: {
                        try? await provider.until { $0.heads == 1 }
                        steps.withLock { $0.append("look, \(provider.requests.count) read") }
                        return true
                    }, written: { steps.withLock { $0.append("written") } }))
            #expect(outcome.isAnswer)
            let seen = steps.withLock { $0 }
            #expect(seen.first == "look, 0 read")
            #expect(seen.sorted() == ["look, 0 read", "read", "written"])
        }
    }

    @Test("A last look that outlasts the deadline lets nothing leave, also when it says yes")
    func lateLook() async throws {
        let provider = try await TestProvider.start { _ in .answer(201) }
        try await with(provider) { client in
            let gate = Gate()
            let (ended, end) = AsyncStream<Void>.makeStream()
            let outcome = await client.carry(
                post(provider.base, path: "/late"), within: .milliseconds(300),
                departure: .init(
                    mayLeave: {
                        await gate.pass()
                        end.yield()
                        return true
                    }, written: { Issue.record("nothing was written") }))
            #expect(outcome == .notSent)
            gate.open()
            for await _ in ended { break }
            #expect(await client.carry(post(provider.base), within: .seconds(10), departure: yes).isAnswer)
            #expect(provider.requests.map(\.uri) == ["/texts"])
        }
    }

    // MARK: TLS

    @Test("A certificate that nobody knows, and one of another name: not sent; a known one is taken")
    func certificates() async throws {
        let provider = try await TestProvider.start(tls: try TestCertificate.context()) { _ in .answer(201) }
        try await with(provider) { client in
            #expect(
                await client.carry(
                    post("https://localhost:\(provider.port)"), within: .seconds(10), departure: yes) == .notSent)
            let knowing = ProviderClient(
                loop: MultiThreadedEventLoopGroup.singleton.next(), roots: try TestCertificate.roots())
            #expect(
                await knowing.carry(
                    post("https://127.0.0.1:\(provider.port)"), within: .seconds(10), departure: yes) == .notSent)
            #expect(provider.requests.isEmpty)
            #expect(
                await knowing.carry(post("https://localhost:\(provider.port)"), within: .seconds(10), departure: yes)
                    .isAnswer)
            #expect(provider.requests.count == 1)
            await knowing.shutdown()
        }
    }
}

extension ProviderClient.Outcome {
    fileprivate var isAnswer: Bool {
        if case .answer = self { true } else { false }
    }
}
