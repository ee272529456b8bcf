import NIOCore
import NIOPosix
import NIOSSL
import ParleyActions
import ParleyCore
import ParleyNetwork
import Synchronization
import Testing

@testable import ParleyGateway

@Suite("Webhooks, over a real server", .timeLimit(.minutes(3)))
struct WebhookDeskTests {
    private static let here = "allow_private: [127.0.0.1]\nallow_http: true\n"

    private func yaml(_ server: TestProvider, _ more: String = "", path: String = "/look") -> String {
        "url: \"\(server.base)\(path)\"\n" + Self.here + more
    }

    /// Does the work, and takes bench and server down.
    private func with(
        _ server: TestProvider, _ bench: WebhookBench, _ body: (WebhookBench) async throws -> Void
    ) async throws {
        do {
            try await body(bench)
        } catch {
            bench.close()
            throw error
        }
        bench.close()
        await server.stop()
    }

    @Test("What was asked for arrives as configured, and its answer becomes values")
    func plain() async throws {
        let server = try await TestProvider.start { _ in
            .answer(200, headers: ["Content-Type": "application/json"], body: #"{"slots":[{"t":"9:00"}],"open":true}"#)
        }
        let bench = try WebhookBench(
            """
            url: "\(server.base)/v1/{{ .parameters.day }}?q={{ .parameters.q }}"
            \(Self.here)method: POST
            parameters: {type: object, properties: {day: {type: string}, q: {type: string}, n: {type: integer}}, required: [day]}
            headers: {X-Caller: "{{ .contact.number }}"}
            header_env: {Authorization: LOOK_UP_AUTH}
            signing_env: LOOK_UP_SECRET
            idempotency_key: Idempotency-Key
            body: {n: "{{ .parameters.n }}", day: "{{ .parameters.day }}"}
            result: {first_free: slots.0.t, is_open: open, more: "slots.1.t?"}
            """, environment: ["LOOK_UP_AUTH": "Bearer hush", "LOOK_UP_SECRET": "shh"])
        try await with(server, bench) { bench in
            let outcome = await bench.run(#"{"day":"a/b","q":"x&y","n":2}"#)
            #expect(outcome == .answered(#"{"first_free":"9:00","is_open":true,"more":null}"#))
            let request = try #require(server.requests.first)
            #expect(request.method == "POST" && request.uri == "/v1/a%2Fb?q=x%26y")
            #expect(request.body == #"{"day":"a/b","n":2}"#)
            #expect(request.headers["authorization"] == "Bearer hush")
            #expect(request.headers["x-caller"] == "+12125550123")
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.headers["idempotency-key"]?.count == 64)
            #expect(request.headers["host"] == "127.0.0.1:\(server.port)")
            // HMAC-SHA256 of `1773500966.` and the body, as another program made it.
            #expect(
                request.headers["parley-signature"]
                    == "t=1773500966,v1=da5c810526815dc8c1a3c03ebb9f4fff16979254260694a5a6f2c043f8cb75b2")
            let rows = try bench.rows()
            #expect(rows == ["answered http_200"])
        }
    }

    @Test("The same again is told the same and sent once, while it is under way and afterwards")
    func once() async throws {
        let gate = Gate()
        let server = try await TestProvider.start { _ in
            await gate.pass()
            return .answer(200, body: "{}")
        }
        let bench = try WebhookBench(yaml(server))
        try await with(server, bench) { bench in
            async let first = bench.run()
            try await server.received(1)
            // Its row is there already: this one waits for the same end.
            async let second = bench.run()
            gate.open()
            #expect(await [first, second] == [.answered("{}"), .answered("{}")])
            #expect(await bench.run() == .answered("{}"))
            #expect(server.requests.count == 1)
            #expect(await bench.run(turn: 2) == .answered("{}"))
            #expect(server.requests.count == 2)
        }
    }

    @Test("429 with Retry-After is waited for, and sent again with the same key and a fresh connection")
    func retryAfter() async throws {
        let times = Mutex<[NIODeadline]>([])
        let server = try await TestProvider.start { request in
            times.withLock { $0.append(.now()) }
            return request.number == 1 ? .answer(429, headers: ["Retry-After": "1"]) : .answer(200, body: "{}")
        }
        let bench = try WebhookBench(yaml(server, "method: POST\nidempotency_key: X-Key\n"))
        try await with(server, bench) { bench in
            #expect(await bench.run() == .answered("{}"))
            let requests = server.requests
            #expect(requests.count == 2)
            #expect(requests[0].headers["x-key"] == requests[1].headers["x-key"])
            let seen = times.withLock { $0 }
            #expect(seen[1] - seen[0] >= .milliseconds(990))
            let rows = try bench.rows()
            #expect(rows == ["answered http_200"])
        }
    }

    @Test("A POST without a key is never sent twice, a GET is; in the end it fails with what the server said")
    func failing() async throws {
        let server = try await TestProvider.start { _ in .answer(503, body: "sorry") }
        let post = try WebhookBench(yaml(server, "method: POST\n"))
        try await with(server, post) { bench in
            #expect(await bench.run() == .failed("http_503"))
            #expect(server.requests.count == 1)
            let rows = try bench.rows()
            #expect(rows == ["failed http_503"])
        }
        let other = try await TestProvider.start { _ in .answer(503) }
        let get = try WebhookBench(yaml(other, "retries: 2\n"))
        try await with(other, get) { bench in
            #expect(await bench.run() == .failed("http_503"))
            #expect(other.requests.count == 3)
        }
    }

    @Test(
        "What a server makes of it",
        arguments: [
            (TestProvider.Reply.answer(500), ActionResult.Outcome.failed("http_500"), "failed http_500"),
            (.answer(409, body: "taken"), .refused("http_409"), "refused http_409"),
            (
                .answer(200, body: "<html>"), .failed("http_200: the answer is not JSON"),
                "failed http_200: the answer is not JSON"
            ),
            (
                .answer(302, headers: ["Location": "http://169.254.169.254/latest/meta-data/"]),
                .failed("http_302: redirects are not followed"), "failed http_302: redirects are not followed"
            ),
            (
                .answer(307, headers: ["Location": "/look"]), .failed("http_307: redirects are not followed"),
                "failed http_307: redirects are not followed"
            ),
            (.answer(200, body: #"{"b":1}"#), .failed("result_missing: x"), "failed result_missing: x"),
            (.reset, .failed("connection_lost"), "unknown connection_lost"),
            (
                .answer(200, body: String(repeating: " ", count: 1_048_577)), .failed("answer_too_large"),
                "failed answer_too_large"
            ),
            (
                .unmeasured(200, body: String(repeating: " ", count: 1_048_577)), .failed("answer_too_large"),
                "failed answer_too_large"
            ),
        ])
    func answers(reply: TestProvider.Reply, outcome: ActionResult.Outcome, row: String) async throws {
        let server = try await TestProvider.start { _ in reply }
        let bench = try WebhookBench(yaml(server, "method: POST\nresult: {x: a}\n"))
        try await with(server, bench) { bench in
            #expect(await bench.run() == outcome)
            #expect(server.requests.count == 1)
            let rows = try bench.rows()
            #expect(rows == [row])
        }
    }

    @Test(
        "A server that does not answer, or not to the end, is waited for as long as configured: nobody knows what it did"
    )
    func slow() async throws {
        for reply in [TestProvider.Reply.silence, .half(200, body: "{}")] {
            let server = try await TestProvider.start { _ in reply }
            let bench = try WebhookBench(yaml(server, "timeout: 300ms\n"))
            try await with(server, bench) { bench in
                let began = NIODeadline.now()
                #expect(await bench.run() == .failed("no_answer_in_time"))
                #expect(.now() - began < .seconds(3))
                let rows = try bench.rows()
                #expect(rows == ["unknown no_answer_in_time"])
                #expect(await bench.run() == .failed("no_answer_in_time"))
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("When the caller hangs up, what may be abandoned ends at once, the rest comes to its end")
    func hangUp() async throws {
        let gate = Gate()
        let server = try await TestProvider.start { _ in
            await gate.pass()
            return .answer(200, body: "{}")
        }
        let idle = try WebhookBench(yaml(server, "abandon_ok: true\n"))
        let dear = try WebhookBench(yaml(server))
        async let abandoned = idle.run()
        async let finished = dear.run()
        try await server.received(2)
        let began = NIODeadline.now()
        idle.desk.ended("CALL1")
        dear.desk.ended("CALL1")
        #expect(await abandoned == .failed("abandoned"))
        #expect(.now() - began < .milliseconds(500))
        #expect(try idle.rows() == ["unknown abandoned"])
        gate.open()
        #expect(await finished == .answered("{}"))
        #expect(try dear.rows() == ["answered http_200"])
        idle.close()
        dear.close()
        await server.stop()
    }

    @Test("What may be abandoned and comes after the call's end never leaves")
    func late() async throws {
        let server = try await TestProvider.start { _ in .answer(200, body: "{}") }
        let bench = try WebhookBench(yaml(server, "abandon_ok: true\n"), isLive: false)
        try await with(server, bench) { bench in
            #expect(await bench.run() == .failed("abandoned"))
            #expect(server.heads == 0)
            let rows = try bench.rows()
            #expect(rows == ["failed abandoned"])
        }
    }

    @Test("Drained, nothing is under way any more")
    func drain() async throws {
        let gate = Gate()
        let server = try await TestProvider.start { _ in
            await gate.pass()
            return .answer(200, body: "{}")
        }
        let bench = try WebhookBench(yaml(server))
        try await with(server, bench) { bench in
            async let outcome = bench.run()
            try await server.received(1)
            async let drained: Void = bench.desk.drain()
            gate.open()
            await drained
            let rows = try bench.rows()
            #expect(rows == ["answered http_200"])
            #expect(await outcome == .answered("{}"))
        }
    }
}
