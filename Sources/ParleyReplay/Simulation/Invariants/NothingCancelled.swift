import ParleyCore

/// Once a reply is cancelled none of its frames leaves, and while the agent is held none at all; and what the carrier still has of
/// it is dropped.
struct NothingCancelled: Invariant {
    static let name = "nothing_cancelled"

    private var cancelled: Set<Generation> = []
    private var isHeld = false
    /// So much was left to play when it was cancelled, by the input that the call is dealing with, and nobody has dropped it.
    private var left = CallTime.zero
    /// When the carrier has played all that was sent, by the clock.
    private var playEnd = CallTime.zero

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .effect(.cancelReply(let generation)), .effect(.retractReply(let generation)),
            .effect(.cancelSpeech(let generation)):
            cancelled.insert(generation)
            left = max(left, playEnd - now)
        case .effect(.clear): (playEnd, left) = (now, .zero)
        case .effect(.end): left = .zero
        case .settled:
            defer { left = .zero }
            if left > .milliseconds(40) { return "\(left.milliseconds) ms of what was cancelled are left to play" }
        case .effect(.note(.bargeIn(let state))): isHeld = state == .paused
        case .sent(let tag):
            playEnd = max(playEnd, now) + .frame
            if isHeld { return "a frame left while the agent was held" }
            if case .reply(let generation, _) = tag.source, cancelled.contains(generation) {
                return "a frame of reply \(generation.number) left after it was cancelled"
            }
        default: break
        }
        return nil
    }
}
