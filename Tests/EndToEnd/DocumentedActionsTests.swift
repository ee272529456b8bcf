import FakeProvider
import Foundation
import Logging
import ParleyAgents
import ParleyCaller
import ParleyCore
import ParleyGateway
import ParleyLedger
import ParleySpeech
import Synchronization
import Testing

/// The two actions of docs/send-texts.md, as they are written there, in calls.
@Suite("The documented actions", .timeLimit(.minutes(2)))
struct DocumentedActionsTests {
    private static let actions = """
        actions:
          - name: send_booking_confirmation
            description: Send when the booking is final.
            parameters: {type: object, properties: {booking_reference: {type: string}}, required: [booking_reference]}
            message: "Hi, your booking is confirmed! Reference: {{ .parameters.booking_reference }}. Reply to this message if you need to make changes."
          - name: send_summary_sms
            description: Send a short summary of what was agreed.
            message: ""
        """
    private static let summary = "A cleaning on Tuesday at 3 pm."

    /// Both at once are in no order; the summary's words are the agent's own.
    private func expect(_ texts: [ReceivedText], reference: String) {
        #expect(
            texts.map(\.body).sorted(by: >) == [
                "Bright Smile Dental: Hi, your booking is confirmed! Reference: \(reference). Reply to this message if "
                    + "you need to make changes. Reply STOP to opt out",
                "Bright Smile Dental: \(Self.summary) Reply STOP to opt out",
            ])
        #expect(texts.allSatisfy { $0.to == "+12125550123" && $0.from == TextBench.sender })
    }

    private func call(_ port: Int, in folder: URL) async throws {
        let wav = folder.appending(path: "caller.wav").path
        try Data(CallerVoice.wav()).write(to: URL(fileURLWithPath: wav))
        var options = CallOptions(url: "ws://127.0.0.1:\(port)/media/twilio")
        options.audio = wav
        options.from = "+12125550123"
        _ = try await ParleyCall.run(options) { _ in }
    }

    @Test("From a flow's steps, in a call through a gateway of its own")
    func flow() async throws {
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider, actions: Self.actions)
        let flow = bench.folder.appending(path: "flow.yaml").path
        try """
        settings: {name: Bright Smile Dental, time_zone: America/New_York, language: en}
        steps:
          - id: may_text
            consent: "May {{business}} text you the confirmation? Message and data rates may apply. Reply STOP to end texts. Please say yes or no."
            on_no: bye
          - id: confirmation
            action: send_booking_confirmation
            arguments: {booking_reference: "BK-204815"}
            on_refused: bye
            on_failed: bye
          - id: summary
            action: send_summary_sms
            arguments: {message: "\(Self.summary)"}
            on_refused: bye
            on_failed: bye
          - id: bye
            end: "Goodbye."
        """.write(toFile: flow, atomically: true, encoding: .utf8)
        let gateway = try Gatekeeper(
            ledger: bench.ledger, settings: bench.settings, environment: bench.environment, agent: flow)
        let port = try await gateway.port()
        provider.route(TextBench.publicURL, toPort: port)
        try await call(port, in: bench.folder)
        expect(try await provider.taken(2), reference: "BK-204815")
        try await provider.settled()
        await gateway.stopped()
        let record = try #require(try LedgerReader(path: bench.ledger).conversation("+12125550123"))
        #expect(record.lines.filter { $0.kind == "text_out" }.allSatisfy { $0.what.hasSuffix("[delivered]") })
        await provider.stop()
        bench.remove()
    }

    @Test("From a scripted agent's tool calls; it hears that both are on their way")
    func toolCalls() async throws {
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider, actions: Self.actions)
        let agent = ToolAgent(calls: [
            ActionRequest(name: "record_consent", arguments: "{}"),
            ActionRequest(name: "send_booking_confirmation", arguments: #"{"booking_reference":"BK-7"}"#),
            ActionRequest(name: "send_summary_sms", arguments: #"{"message":"\#(Self.summary)"}"#),
        ])
        let configuration = try Configuration.parse(
            "insecure: true\nledger: {path: \"\(bench.ledger)\"}\nserver: {port: 0}\n"
                + "messaging: {file: \"\(bench.messagingFile)\"}\n", file: "test", environment: [:])
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let process = try GatewayProcess(
            configuration: configuration, agent: agent, environment: bench.environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: { told.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await process.runUntilStopped(recognizer: InstantRecognizer(), synthesizer: InstantSynthesizer())
            }
            for await port in ports {
                try await call(port, in: bench.folder)
                break
            }
            expect(try await provider.taken(2), reference: "BK-7")
            await process.gateway.stop()
            try await group.waitForAll()
        }
        #expect(agent.outcomes == [.committed, .committed, .committed])
        #expect(agent.news.filter { $0.isOnItsWay == true }.count >= 1)
        await provider.stop()
        bench.remove()
    }
}

/// Asks one thing, and after the answer makes its tool calls one after the other.
private final class ToolAgent: Agent, AgentSession {
    let name = "tools"
    let calls: [ActionRequest]
    private struct State {
        var answer: (@Sendable (Generation, ReplyPart) -> Void)?
        var generation = Generation(0)
        var outcomes: [ActionResult.Outcome] = []
        var news: [TextNews] = []
    }
    private let state = Mutex(State())
    var outcomes: [ActionResult.Outcome] { state.withLock { $0.outcomes } }

    var news: [TextNews] { state.withLock { $0.news } }

    init(calls: [ActionRequest]) { self.calls = calls }

    func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession {
        state.withLock { $0.answer = answer }
        return self
    }

    func ask(_ request: AgentRequest) {
        let answer = state.withLock { state in
            state.generation = request.generation
            return state.answer
        }
        if case .said = request.cause, outcomes.isEmpty {
            answer?(request.generation, .action(calls[0]))
        } else {
            answer?(request.generation, .text("May we text you the confirmation?"))
            answer?(request.generation, .done)
        }
    }

    func cancel(_ generation: Generation) {}
    func heard(_ news: TextNews) { state.withLock { $0.news.append(news) } }

    func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {
        let (answer, generation, count) = state.withLock { state in
            state.outcomes.append(outcome)
            return (state.answer, state.generation, state.outcomes.count)
        }
        if count < calls.count {
            answer?(generation, .action(calls[count]))
        } else {
            answer?(generation, .text("Done. Goodbye."))
            answer?(generation, .end)
            answer?(generation, .done)
        }
    }
}
