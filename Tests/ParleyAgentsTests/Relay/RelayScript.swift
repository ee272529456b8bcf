import ParleyCore
import ParleyNetwork

@testable import ParleyAgents

/// A machine on a clock of the test's, with what it did in short lines.
struct RelayScript {
    private(set) var machine: RelayMachine
    private(set) var now = CallTime.zero
    private var generation: UInt32 = 0
    private var turn: UInt32 = 0

    static let facts = CallFacts(
        callID: "01JB0000000000000000000000", from: "+15550100001", to: "+15550100002",
        parameters: ["callReference": "ref-204", "token": "secret", "parley.notes": "1"], wallClock: 1_795_212_345.678)

    static func settings(_ change: (inout RelaySettings) -> Void = { _ in }) throws -> RelaySettings {
        let url = "wss://app.example.org/relay"
        var settings = RelaySettings(name: "app", address: try NetworkAddress(url, schemes: [.wss]), url: url) {
            words in
            words.contains("robot") ? (words.contains("book") ? .partOfMore : .alone) : nil
        }
        change(&settings)
        return settings
    }

    /// - Parameter isOpen: the connection stands, and `setup` has been sent.
    init(isOpen: Bool = true, _ change: (inout RelaySettings) -> Void = { _ in }) throws {
        machine = RelayMachine(try Self.settings(change), call: Self.facts)
        _ = machine.handle(.began, at: .zero)
        if isOpen { _ = machine.handle(.opened, at: .zero) }
    }

    mutating func pass(_ milliseconds: Int) { now += .milliseconds(milliseconds) }

    /// To the machine's own deadline, and past it.
    mutating func due() -> [String] {
        guard let deadline = machine.nextDeadline else { return ["no deadline"] }
        now = max(now, deadline)
        return handle(.deadline)
    }

    mutating func handle(_ event: RelayMachine.Event) -> [String] { machine.handle(event, at: now).map(Self.line) }

    /// The call asks in a new turn, or in one before.
    mutating func ask(_ cause: AgentRequest.Cause, turn: UInt32? = nil, heard: String = "") -> [String] {
        generation += 1
        self.turn += turn == nil ? 1 : 0
        let request = AgentRequest(
            generation: Generation(generation), turn: TurnID(turn ?? self.turn), cause: cause, heard: heard)
        return handle(.asked(request))
    }

    mutating func app(_ json: String) -> [String] { handle(.received(Array(json.utf8))) }

    mutating func text(_ token: String, last: Bool = true, _ more: String = "") -> [String] {
        app(#"{"type":"text","token":"\#(token)","last":\#(last)\#(more)}"#)
    }

    /// The caller cuts in: what the call tells of it.
    mutating func bargeIn(heard: String, of generation: UInt32? = nil) -> [String] {
        let cut = Generation(generation ?? self.generation)
        let turn = AgentTurn(
            generation: cut, heard: heard, unheard: "the rest", began: now - .milliseconds(910), ended: now)
        return handle(.noted(.bargeIn(.confirmed))) + handle(.cancelled(cut)) + handle(.noted(.agentTurn(turn)))
    }

    /// All of a reply was heard.
    mutating func played(_ generation: UInt32? = nil) -> [String] {
        handle(
            .noted(
                .agentTurn(
                    AgentTurn(
                        generation: Generation(generation ?? self.generation), heard: "All of it.", unheard: "",
                        began: .zero, ended: now))))
    }

    static func line(_ effect: RelayMachine.Effect) -> String {
        switch effect {
        case .connect: "connect"
        case .send(let notice): "> " + String(decoding: notice.json, as: UTF8.self)
        case .ping: "ping"
        case .close(let code, let reason): "close \(code) \(reason)"
        case .answer(let generation, let part): "\(generation.number) " + line(part)
        case .nudge: "nudge"
        case .news(let kind, let detail): "news \(kind.rawValue): \(detail)"
        case .report(let ending):
            "report \(ending.status.rawValue) \(ending.fault.map { "\($0.rawValue)" } ?? "-") "
                + "\(ending.seconds) s \(ending.handoff ?? "-") \(ending.isCallOver ? "over" : "up")"
        }
    }

    private static func line(_ part: ReplyPart) -> String {
        switch part {
        case .text(let text): "'\(text)'"
        case .sound(.keys(let keys)): "keys \(keys)"
        case .sound(.file(let address, let times)): "file \(address) x\(times)"
        case .drop: "drop"
        case .set(let name, let value): "set \(name)=\(value)"
        case .expect(let expectation):
            "expect\(expectation.takesEachKey ? " keys" : "")\(expectation.interruption == .never ? " protected" : "")"
        case .end: "end"
        case .done: "done"
        case .failed: "failed"
        case .action, .transfer: "\(part)"
        }
    }
}
