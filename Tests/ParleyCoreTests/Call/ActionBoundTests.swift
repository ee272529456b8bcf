import Testing

@testable import ParleyCore

@Suite("Actions under way")
struct ActionBoundTests {
    @Test("Of a flood of actions 32 run; the agent is told that the others do not, and each that ends makes room")
    func flood() {
        var call = Call(settings: CallSettings(format: .telephone))
        var sink = Sink()
        call.handle(.started, at: .zero, into: &sink)
        let request = ActionRequest(name: "send", arguments: "{}")
        for _ in 0..<40 { call.handle(.reply(Generation(1), .action(request)), at: .zero, into: &sink) }
        func runs() -> [UInt32] {
            sink.steps.compactMap { if case .effect(.run(let invocation)) = $0 { invocation.number } else { nil } }
        }
        func told() -> [ActionResult.Outcome] {
            sink.steps.compactMap { if case .effect(.tellAgent(_, _, let outcome)) = $0 { outcome } else { nil } }
        }
        #expect(runs() == Array(1...32))
        #expect(told() == Array(repeating: .refused("too many actions are under way"), count: 8))
        call.handle(.action(ActionResult(number: 5, outcome: .committed)), at: .zero, into: &sink)
        call.handle(.reply(Generation(1), .action(request)), at: .zero, into: &sink)
        #expect(runs().last == 41 && told().last == .committed)
    }
}
