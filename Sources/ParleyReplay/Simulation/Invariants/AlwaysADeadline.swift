import ParleyCore

/// In every state of a call there is a deadline, and it comes in time though nothing else should ever happen: frames may stop,
/// and engines may say nothing any more.
struct AlwaysADeadline: Invariant {
    static let name = "always_a_deadline"

    /// The caller may be silent for this long; nothing else is waited for longer.
    private let longest: CallTime
    /// On the agent's turn: until a sound is made, or until what is played has been.
    private static let longestOnTurn = CallTime.milliseconds(2_500)
    private var turn = AgentsTurn()
    private var floor = Floor.free
    private var hasEnded = false

    init(settings: CallSettings) { longest = settings.noSpeechAfter }

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        turn.see(sight)
        switch sight {
        case .effect(.end): hasEnded = true
        case .effect(.note(.floor(let floor))): self.floor = floor
        case .settled(let deadline, _) where !hasEnded:
            guard let deadline else { return "nothing will wake the call" }
            let isAgents = turn.isOn && (floor == .free || floor == .agent)
            let most = isAgents ? Self.longestOnTurn : longest
            if deadline - now > most { return "the next deadline is \((deadline - now).milliseconds) ms away" }
        default: break
        }
        return nil
    }
}
