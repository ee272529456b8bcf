import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import ParleyCore
import ParleyNetwork
import Synchronization
import Testing

@testable import ParleyGateway

/// What names lead to is not the operator's to say, nor the caller's.
@Suite("Where webhooks go, over real sockets", .timeLimit(.minutes(2)))
struct WebhookAddressTests {
    /// Answers with these, one list after the other, the last one for ever; and counts.
    private final class Names: Sendable {
        private let answers: [[String]]
        private let count = Mutex(0)
        var asked: Int { count.withLock { $0 } }

        init(_ answers: [String]...) { self.answers = answers }

        var resolver: HostResolver {
            HostResolver { _, loop in
                let index = self.count.withLock { count in
                    defer { count += 1 }
                    return count
                }
                let answer = self.answers[min(index, self.answers.count - 1)]
                return loop.makeSucceededFuture(answer.compactMap { IPAddress($0) })
            }
        }
    }

    private func run(_ yaml: String, _ names: Names, trust: TLSTrust? = nil) async throws -> (String, [String]) {
        let bench = try WebhookBench(yaml, resolver: names.resolver, trust: trust)
        defer { bench.close() }
        let outcome = await bench.run()
        return ("\(outcome)", try bench.rows())
    }

    @Test(
        "A name that leads inside is refused, by each address that it has",
        arguments: [
            ["127.0.0.1"], ["::1"], ["10.0.0.7"], ["169.254.169.254"], ["::ffff:169.254.169.254"], ["fd00:ec2::254"],
            ["93.184.216.34", "127.0.0.1"], ["2606:4700::1111", "::1"], ["64:ff9b::7f00:1"],
        ])
    func inside(addresses: [String]) async throws {
        let server = try await TestProvider.start { _ in .answer(200, body: "{}") }
        let names = Names(addresses)
        let (outcome, rows) = try await run("url: \"http://rebind.example:\(server.port)/\"\nallow_http: true\n", names)
        #expect(outcome.hasPrefix("refused(\"address_refused: "))
        #expect(rows.count == 1 && rows[0].hasPrefix("refused address_refused: "))
        #expect(server.connections == 0)
        await server.stop()
    }

    @Test("A name that leads elsewhere the second time: it is asked for once, also for a second try")
    func rebinding() async throws {
        let server = try await TestProvider.start { request in
            request.number == 1 ? .answer(503, headers: ["Retry-After": "0"]) : .answer(200, body: "{}")
        }
        // The name server says another thing each time; the first was allowed, and that is where both tries go.
        let names = Names(["127.0.0.1"], ["169.254.169.254"], ["10.0.0.1"])
        let yaml = "url: \"http://rebind.example:\(server.port)/\"\nallow_http: true\nallow_private: [127.0.0.1]\n"
        let (outcome, _) = try await run(yaml, names)
        #expect(outcome == "answered(\"{}\")")
        #expect(names.asked == 1)
        #expect(
            server.requests.map { $0.headers["host"] } == Array(repeating: "rebind.example:\(server.port)", count: 2))
        await server.stop()
    }

    @Test("Where the first address does not answer the next one is asked; where none does, nothing was sent")
    func several() async throws {
        let server = try await TestProvider.start { _ in .answer(200, body: "{}") }
        let yaml = "url: \"http://a.example:\(server.port)/\"\nallow_http: true\nallow_private: [127.0.0.0/8]\n"
        let (outcome, _) = try await run(yaml, Names(["127.0.0.2", "127.0.0.1"]))
        #expect(outcome == "answered(\"{}\")")
        await server.stop()
        let (none, rows) = try await run(yaml + "retries: 0\n", Names(["127.0.0.2", "127.0.0.3"]))
        #expect(none == "failed(\"no_connection\")")
        #expect(rows == ["failed no_connection"])
    }

    @Test("A name that nobody knows, and a name server that does not answer")
    func unknown() async throws {
        let yaml = "url: https://nowhere.example/\ntimeout: 200ms\n"
        #expect(try await run(yaml, Names([])).0 == "failed(\"host_unknown\")")
        let bench = try WebhookBench(
            yaml,
            resolver: HostResolver { _, loop in
                let never = loop.makePromise(of: [IPAddress].self)
                _ = loop.scheduleTask(in: .seconds(5)) { never.succeed([]) }
                return never.futureResult
            })
        let began = NIODeadline.now()
        #expect(await bench.run() == .failed("no_connection_in_time"))
        #expect(.now() - began < .seconds(3))
        bench.close()
    }

    @Test("The certificate must be of the name that was written, wherever the name leads")
    func certificates() async throws {
        let server = try await TestProvider.start(tls: try TestCertificate.context()) { _ in .answer(200, body: "{}") }
        let file = NSTemporaryDirectory() + "parley-roots-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: file) }
        let pem = try TestCertificate.roots().map { try $0.toDERBytes() }
            .map {
                "-----BEGIN CERTIFICATE-----\n\(Data($0).base64EncodedString(options: .lineLength64Characters))\n-----END CERTIFICATE-----\n"
            }
        try pem.joined().write(toFile: file, atomically: true, encoding: .utf8)
        let trust = try TLSTrust(file: file)
        func yaml(_ host: String) -> String {
            "url: \"https://\(host):\(server.port)/\"\nallow_private: [127.0.0.1]\n"
        }
        #expect(try await run(yaml("localhost"), Names(["127.0.0.1"]), trust: trust).0 == "answered(\"{}\")")
        #expect(
            try await run(yaml("other.example"), Names(["127.0.0.1"]), trust: trust).0 == "failed(\"tls_untrusted\")")
        #expect(try await run(yaml("127.0.0.1"), Names([]), trust: trust).0 == "failed(\"tls_untrusted\")")
        #expect(try await run(yaml("localhost"), Names(["127.0.0.1"])).0 == "failed(\"tls_untrusted\")")
        #expect(server.requests.count == 1)
        await server.stop()
    }

    @Test("The system's own names are asked for by their addresses")
    func system() async throws {
        let server = try await TestProvider.start { _ in .answer(200, body: "{}") }
        let yaml = "url: \"http://localhost:\(server.port)/\"\nallow_http: true\n"
        let refused = try WebhookBench(yaml)
        #expect(await refused.run() == .refused("address_refused: loopback"))
        refused.close()
        let allowed = try WebhookBench(yaml + "allow_private: [127.0.0.1, \"::1\"]\n")
        #expect(await allowed.run() == .answered("{}"))
        allowed.close()
        await server.stop()
    }
}
