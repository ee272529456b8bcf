import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyAgents

/// One customer's thread with a flow, by voice and text, as the gateway keeps it.
struct ThreadDesk {
    let flow: Flow
    var thread: ConversationThread
    /// UTC milliseconds since 1970.
    var now: Int64
    private(set) var turn = TextTurn()
    private var calls = 0

    init(_ flow: Flow, at wallClock: Double = FlowTranscript.thursday) {
        self.flow = flow
        now = Int64(wallClock * 1_000)
        thread = ConversationThread(number: "+12125550123", updatedAt: now)
    }

    /// - Returns: the reply; empty for silence.
    mutating func text(_ body: String) -> String {
        now += 60_000
        let meaning = InboundText.meaning(
            of: body, languages: .english, context: thread.inboundContext(isOptedOut: false))
        turn = FlowTextSide(flow).answer(body, meaning: meaning, thread: thread, at: now)
        _ = thread.handle(.textCameIn(body), at: now)
        for event in turn.events { _ = thread.handle(event, at: now) }
        return turn.reply ?? ""
    }

    mutating func learn(_ slot: String, _ value: String) {
        _ = thread.handle(.learned(slot: slot, value: value), at: now)
    }

    /// A call: its lines as in `FlowTranscript`, after the opening.
    ///
    /// - Returns: the replies, the opening first, and the slots that were asked for.
    mutating func call(_ lines: [String]) -> (replies: [String], asked: [String]) {
        now += 3_600_000
        calls += 1
        let id = "01JD000000000000000000000\(calls)"
        var transcript = FlowTranscript(
            flow, wallClock: Double(now) / 1_000, callID: id, thread: ThreadContext(thread, at: now))
        _ = thread.handle(.callBegan, at: now)
        var replies: [String] = []
        var asked: [String] = []
        for line in ["open"] + lines {
            replies.append(transcript.line(line))
            switch transcript.machine.position {
            case .asking(let step):
                if let slot = flow.step(step)?.ask?.slot, asked.last != slot { asked.append(slot) }
            case .consenting(let step): if asked.last != step { asked.append(step) }
            default: break
            }
        }
        var notes = CallNotes(flow: flow, callID: id)
        for (name, value) in transcript.slots {
            for event in notes.note(name, value) { _ = thread.handle(event, at: now) }
        }
        for action in transcript.actions where action.name == "send_sms" {
            _ = thread.handle(.textSent(action.arguments), at: now)
        }
        _ = thread.handle(
            .callEnded(PastCall(id: id, endedAt: now, endReason: "completed", summary: "")), at: now)
        return (replies, asked)
    }
}
