import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyAgents

/// Plays a conversation against a machine, line by line, and writes down what came of it.
///
/// A line of the caller: `said …`, `cut …` (said over the reply), `keys …`, `cutkeys …`, `silence N`, `open`, and for actions
/// `committed`, `refused`, `failed`; of a text then `accepted`, `undelivered`.
struct FlowTranscript {
    var machine: FlowMachine
    private var number: UInt32 = 0
    private var asked: ActionInvocation?
    private(set) var slots: [(String, String)] = []
    private(set) var actions: [ActionRequest] = []
    private(set) var expectation = Expectation()
    private(set) var ended: ReplyPart?
    private(set) var isOpen = false

    init(_ flow: Flow, wallClock: Double = thursday, callID: String = firstCall, thread: ThreadContext? = nil) {
        machine = FlowMachine(
            flow: flow,
            call: CallFacts(
                callID: callID, from: "+15005550006", to: "", parameters: [:],
                wallClock: wallClock, thread: thread))
    }

    static let firstCall = "01JD0000000000000000000001"

    /// 19 November 2026, 15:10 UTC: ten past ten in New York.
    static let thursday: Double = 1_795_101_000

    /// - Returns: the words of the reply.
    mutating func line(_ line: String) -> String {
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        switch words[0] {
        case "open": return ask(.opening)
        case "said": return ask(.said(rest))
        case "cut": return ask(.said(rest), wasCut: true)
        case "keys": return ask(.keyed(rest))
        case "cutkeys": return ask(.keyed(rest), wasCut: true)
        case "silence": return ask(.silence(Int(rest) ?? 1))
        case "committed": return finish(.committed)
        case "refused": return finish(.refused("no_consent"))
        case "failed": return finish(.failed("disk"))
        case "undelivered":
            machine.heard(TextNews(message: "M", state: .failed))
            return ""
        case "accepted":
            machine.heard(TextNews(message: "M", state: .accepted))
            return ""
        default:
            Issue.record("no such line: \(line)")
            return ""
        }
    }

    mutating func ask(_ cause: AgentRequest.Cause, wasCut: Bool = false) -> String {
        number += 1
        let request = AgentRequest(generation: Generation(number), turn: TurnID(number), cause: cause, wasCut: wasCut)
        return take(machine.handle(request), Generation(number))
    }

    mutating func finish(_ outcome: ActionResult.Outcome) -> String {
        guard let invocation = asked else { return "(nothing to finish)" }
        asked = nil
        guard let (generation, parts) = machine.finished(invocation, outcome) else { return "" }
        return take(parts, generation)
    }

    mutating func cancel() { machine.cancel(Generation(number)) }

    private mutating func take(_ parts: [ReplyPart], _ generation: Generation) -> String {
        var text = ""
        ended = nil
        isOpen = parts.last != .done
        for part in parts {
            switch part {
            case .text(let words): text += words
            case .set(let name, let value): slots.append((name, value))
            case .expect(let expected): expectation = expected
            case .action(let request):
                actions.append(request)
                asked = ActionInvocation(
                    number: UInt32(actions.count), generation: generation, turn: TurnID(generation.number),
                    request: request)
            case .end, .transfer: ended = part
            case .sound, .drop, .done, .failed: break
            }
        }
        return text
    }

    func value(_ slot: String) -> String? { slots.last { $0.0 == slot }?.1 }
}
