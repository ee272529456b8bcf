import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import ParleyCaller
import ParleyGateway
import ParleyLedger
import Synchronization
import Testing

/// The flow of docs/webhook-actions.md, in a call through a gateway of its own.
@Suite("A webhook in a call", .timeLimit(.minutes(2)))
struct WebhookCallTests {
    /// A gateway with one webhook to a server here, its flow, and one call to it.
    private func call(_ server: BookingServer, more: String = "") async throws -> (CallRecord, String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-webhook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (ledger, flow, messaging, wav) = (
            folder.appending(path: "ledger.sqlite").path, folder.appending(path: "flow.yaml").path,
            folder.appending(path: "messaging.yaml").path, folder.appending(path: "caller.wav").path
        )
        try """
        settings: {name: Bright Smile Dental, time_zone: America/New_York, language: en}
        steps:
          - {id: look, ask: wants_times, kind: yes_no, prompt: "Shall I look for a free time?"}
          - id: free_times
            action: free_times
            arguments: {day: "2026-12-01"}
            results: [first_free, count]
            on_refused: none
            on_failed: sorry
          - {id: tell, end: "The first of {{count}} free times is {{first_free}}. Goodbye."}
          - {id: none, end: "There is none. Goodbye."}
          - {id: sorry, end: "I could not look. Goodbye."}
        """.write(toFile: flow, atomically: true, encoding: .utf8)
        try """
        actions:
          - name: free_times
            kind: webhook
            description: Looks up the free times of a day.
            parameters: {type: object, properties: {day: {type: string, format: date}}, required: [day]}
            method: POST
            url: "http://127.0.0.1:\(server.port)/v1/days/{{ .parameters.day }}"
            header_env: {Authorization: BOOKING_AUTHORIZATION}
            body: {caller: "{{ .contact.number }}"}
            result: {first_free: slots.0, count: total}
            allow_private: [127.0.0.1]
            allow_http: true
            \(more)
        """.write(toFile: messaging, atomically: true, encoding: .utf8)
        try Data(CallerVoice.wav()).write(to: URL(fileURLWithPath: wav))
        let gateway = try Gatekeeper(
            ledger: ledger, settings: "messaging: {file: \"\(messaging)\"}\nvad: {second_opinion: \"off\"}",
            environment: ["BOOKING_AUTHORIZATION": "Bearer canary-5f1c"], agent: flow)
        var options = CallOptions(url: "ws://127.0.0.1:\(try await gateway.port())/media/twilio")
        options.audio = wav
        options.from = "+12125550123"
        _ = try await ParleyCall.run(options) { _ in }
        await gateway.stopped()
        let reader = try LedgerReader(path: ledger)
        let first = try #require(try reader.calls().first)
        let record = try #require(try reader.call(first.id))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: ledger))
        #expect(bytes.range(of: Data("canary-5f1c".utf8)) == nil)
        return (record, record.turns.filter { $0.side == "agent" }.map(\.text).joined(separator: " "))
    }

    @Test("Its result is in the next sentence, and in the record")
    func answered() async throws {
        let server = try await BookingServer.start(status: 200, body: #"{"slots":["9:15 a.m.","11"],"total":2}"#)
        let (record, said) = try await call(server)
        #expect(said.contains("The first of 2 free times is 9:15 a.m. Goodbye."))
        #expect(record.actions.map { "\($0.name) \($0.outcome) \($0.rule)" } == ["free_times answered http_200"])
        let variables = Dictionary(uniqueKeysWithValues: record.variables.map { ($0.name, $0.value) })
        #expect(variables["first_free"] == "9:15 a.m." && variables["count"] == "2")
        let requests = server.requests
        #expect(requests.map(\.line) == ["POST /v1/days/2026-12-01"])
        #expect(requests.first?.body == #"{"caller":"+12125550123"}"#)
        #expect(requests.first?.authorization == "Bearer canary-5f1c")
        await server.stop()
    }

    @Test("What the server says no to, and what it fails at, take the flow's own ways")
    func others() async throws {
        for (status, body, words, row) in [
            (409, "canary of the answer", "There is none. Goodbye.", "refused http_409"),
            (500, "canary of the answer", "I could not look. Goodbye.", "failed http_500"),
            (200, #"{"slots":[],"total":0}"#, "I could not look. Goodbye.", "failed result_missing: first_free"),
        ] {
            let server = try await BookingServer.start(status: status, body: body)
            let (record, said) = try await call(server)
            #expect(said.contains(words))
            #expect(record.actions.map { "\($0.outcome) \($0.rule)" } == [row])
            await server.stop()
        }
    }

    @Test("An action that nothing gives the awaited value of stops the gateway at its start, with the reason")
    func awaited() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-webhook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let flow = folder.appending(path: "flow.yaml").path
        try """
        settings: {name: Test, time_zone: UTC}
        steps:
          - {id: look, action: free_times, results: [frist_free], on_failed: bye}
          - {id: bye, end: "{{frist_free}}"}
        """.write(toFile: flow, atomically: true, encoding: .utf8)
        let messaging = folder.appending(path: "messaging.yaml").path
        try """
        actions:
          - {name: free_times, kind: webhook, description: Looks., url: "https://a.example/", result: {first_free: a}}
        """.write(toFile: messaging, atomically: true, encoding: .utf8)
        let configuration = try Configuration.parse(
            "insecure: true\nagent: {flow: \"\(flow)\"}\nmessaging: {file: \"\(messaging)\"}\n", file: "test",
            environment: [:])
        do throws(StartError) {
            _ = try GatewayProcess.messaging(configuration, try GatewayProcess.agent(flow))
            Issue.record("it was taken")
        } catch {
            #expect(
                error.description.contains(
                    "flow.yaml:3: steps.look.results: `frist_free` is nothing that free_times gives; it gives first_free"
                ))
        }
    }
}

/// Somebody's booking system: answers every request alike, and keeps what arrived.
private final class BookingServer: Sendable {
    struct Request: Sendable {
        var line: String
        var authorization: String?
        var body: String
    }
    private let channel: any Channel
    private let seen: Box
    var port: Int { channel.localAddress?.port ?? 0 }
    var requests: [Request] { seen.requests.withLock { $0 } }

    private final class Box: Sendable {
        let requests = Mutex<[Request]>([])
    }

    private init(_ channel: any Channel, _ seen: Box) {
        self.channel = channel
        self.seen = seen
    }

    static func start(status: Int, body: String) async throws -> BookingServer {
        let seen = Box()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(status: status, answer: body, seen: seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return BookingServer(channel, seen)
    }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let status: Int
        private let answer: String
        private let seen: Box
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(status: Int, answer: String, seen: Box) {
            (self.status, self.answer, self.seen) = (status, answer, seen)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body(var piece): body.writeBuffer(&piece)
            case .end:
                guard let head else { return }
                let request = Request(
                    line: "\(head.method.rawValue) \(head.uri)",
                    authorization: head.headers.first(name: "Authorization"),
                    body: String(buffer: body))
                seen.requests.withLock { $0.append(request) }
                let headers = HTTPHeaders([("Content-Length", String(answer.utf8.count))])
                context.write(
                    wrapOutboundOut(
                        .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers))),
                    promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
