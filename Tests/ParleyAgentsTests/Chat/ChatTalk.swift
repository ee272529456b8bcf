import ParleyActions
import ParleyCore
import Testing

@testable import ParleyAgents

/// One call with a chat machine, told what happens and when.
struct ChatTalk {
    var machine: ChatMachine
    var now = CallTime.zero
    /// Of the newest thing told.
    private(set) var effects: [ChatMachine.Effect] = []
    /// Of everything told.
    private(set) var all: [ChatMachine.Effect] = []
    private(set) var generation = Generation(0)
    private var turn = TurnID(0)
    private var invocations: UInt32 = 0

    init(
        models: [String] = ["first", "second"], targets: [String] = ["reception"], greeting: String? = nil,
        registry: ActionRegistry = .builtIn
    ) {
        var settings = ChatSettings(models: models, tools: ChatTools(registry, transferTargets: targets))
        settings.greeting = greeting
        machine = ChatMachine(settings, prompt: "S", seed: 7)
    }

    mutating func tell(_ event: ChatMachine.Event) {
        effects = machine.handle(event, at: now)
        all += effects
    }

    mutating func ask(
        _ cause: AgentRequest.Cause, heard: String = "", wasCut: Bool = false, inSameTurn: Bool = false
    ) {
        generation.number += 1
        if !inSameTurn { turn.number += 1 }
        tell(.asked(AgentRequest(generation: generation, turn: turn, cause: cause, heard: heard, wasCut: wasCut)))
    }

    mutating func say(_ text: String) { ask(.said(text)) }

    /// The newest request's stream says this.
    mutating func stream(_ events: ChatStreamEvent...) {
        guard let id = request?.id else { return }
        effects = []
        for event in events {
            let more = machine.handle(.stream(id, event), at: now)
            effects += more
            all += more
        }
    }

    mutating func fail(_ fault: ChatFault) {
        if let id = request?.id { tell(.failed(id, fault)) }
    }

    /// Time passes; what is due is told at its time.
    mutating func wait(_ time: CallTime) {
        let end = now + time
        var told: [ChatMachine.Effect] = []
        while let due = machine.nextDeadline, due <= end {
            now = max(now, due)
            tell(.deadline)
            told += effects
        }
        now = end
        effects = told
    }

    /// What became of the n-th action that was asked for.
    mutating func settle(_ number: Int = 0, _ outcome: ActionResult.Outcome = .committed) {
        guard actions.indices.contains(number) else { return }
        let (generation, request) = actions[number]
        invocations += 1
        tell(
            .finished(
                ActionInvocation(number: invocations, generation: generation, turn: turn, request: request), outcome))
    }

    // MARK: What was wanted

    /// The newest request.
    var request: ChatRequest? { requests.last }
    var requests: [ChatRequest] { all.compactMap { if case .send(let request) = $0 { request } else { nil } } }
    var hasSent: Bool { effects.contains { if case .send = $0 { true } else { false } } }
    var parts: [ReplyPart] { Self.parts(effects) }
    var allParts: [ReplyPart] { Self.parts(all) }
    var actions: [(Generation, ActionRequest)] {
        all.compactMap {
            if case .reply(let generation, .action(let request)) = $0 { (generation, request) } else { nil }
        }
    }
    /// "tool_rejected ...", of everything.
    var rows: [String] {
        all.compactMap { if case .news(let news) = $0 { "\(news.kind.rawValue) \(news.detail)" } else { nil } }
    }
    var stopped: [UInt32] { all.compactMap { if case .stop(let id) = $0 { id } else { nil } } }
    var spoken: String {
        allParts.compactMap { if case .text(let text) = $0 { String(text.dropLast()) } else { nil } }
            .joined(separator: " ")
    }

    private static func parts(_ effects: [ChatMachine.Effect]) -> [ReplyPart] {
        effects.compactMap { if case .reply(_, let part) = $0 { part } else { nil } }
    }
}

extension ModelCall {
    static func text(_ message: String = "Hi") -> ModelCall {
        ModelCall(name: "send_sms", arguments: #"{"message": "\#(message)"}"#)
    }
}
