import NIOCore
import NIOPosix
import ParleyAgents
import ParleyCore
import Testing

@testable import ParleyGateway

@Suite("What a watcher of a call is told of its actions", .timeLimit(.minutes(1)))
struct ActionDeskTests {
    /// Keeps what it was told until the action has come to its end.
    private final class Watcher: EventReceiver {
        private let ended: EventLoopPromise<[CallWatch]>
        private var told: [CallWatch] = []

        init(_ ended: EventLoopPromise<[CallWatch]>) { self.ended = ended }

        func receive(_ event: CallEvent) { if case .action = event { ended.succeed(told) } }
        func hear(_ news: TextNews) {}
        func tell(_ watch: CallWatch) { told.append(watch) }
    }

    @Test(
        "A webhook that went out and was not answered is unknown, as on record: nobody says that it failed",
        arguments: [
            (TestProvider.Reply.silence, "unknown: no_answer_in_time"), (.reset, "unknown: connection_lost"),
            (.answer(500), "failed: http_500"), (.answer(409), "refused: http_409"),
            (.answer(200, body: "{}"), "answered"),
        ])
    func webhook(reply: TestProvider.Reply, outcome: String) async throws {
        let server = try await TestProvider.start { _ in reply }
        // Only silence is waited for to its end.
        let timeout = if case .silence = reply { "300ms" } else { "10s" }
        let bench = try WebhookBench(
            "url: \"\(server.base)/look\"\nallow_private: [127.0.0.1]\nallow_http: true\nmethod: POST\n"
                + "timeout: \(timeout)\n")
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let ended = loop.makePromise(of: [CallWatch].self)
        let inbox = try await loop.submit { CallInbox(Watcher(ended), on: loop) }.get()
        let desk = ActionDesk(
            ledger: bench.ledger, webhooks: bench.desk, call: "CALL1", caller: "+12125550123", inbox: inbox)
        desk.run(
            ActionInvocation(
                number: 1, generation: Generation(1), turn: TurnID(1),
                request: ActionRequest(name: "look_up", arguments: "{}")), at: .zero)
        let told = try await ended.futureResult.get()
        #expect(told == [.action(name: "look_up", outcome: outcome)])
        try await loop.submit { inbox.close() }.get()
        bench.close()
        await server.stop()
    }
}
