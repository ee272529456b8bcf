import ParleyCore

/// Once a reply is cancelled none of its frames leaves, and while the agent is held none at all.
struct NothingCancelled: Invariant {
    static let name = "nothing_cancelled"

    private var cancelled: Set<Generation> = []
    private var isHeld = false

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .effect(.cancelReply(let generation)), .effect(.retractReply(let generation)),
            .effect(.cancelSpeech(let generation)):
            cancelled.insert(generation)
        case .effect(.note(.bargeIn(let state))): isHeld = state == .paused
        case .sent(let tag):
            if isHeld { return "a frame left while the agent was held" }
            if case .reply(let generation, _) = tag.source, cancelled.contains(generation) {
                return "a frame of reply \(generation.number) left after it was cancelled"
            }
        default: break
        }
        return nil
    }
}
