import ParleyCore

/// In every state of a call there is a deadline, and it comes in time though nothing else should ever happen: frames may stop,
/// and engines may say nothing any more.
struct AlwaysADeadline: Invariant {
    static let name = "always_a_deadline"

    /// The caller may be silent for this long; nothing else is waited for longer.
    private let longest: CallTime
    /// On the agent's turn: until a sound is made, or until what is played has been.
    private let longestOnTurn: CallTime
    private var turn = AgentsTurn()
    private var floor = Floor.free
    private var hasEnded = false

    /// - Parameter isTold: the carrier says truly what was played; else the call cannot know whose turn it is.
    init(settings: CallSettings, isTold: Bool) {
        longest = settings.noSpeechAfter
        longestOnTurn = isTold ? settings.sayAgainAfter : settings.noSpeechAfter
    }

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        turn.see(sight)
        switch sight {
        case .effect(.end): hasEnded = true
        case .effect(.note(.floor(let floor))): self.floor = floor
        case .settled(let deadline, _) where !hasEnded:
            guard let deadline else { return "nothing will wake the call" }
            let isAgents = turn.isOn && (floor == .free || floor == .agent)
            let most = isAgents ? longestOnTurn : longest
            if deadline - now > most { return "the next deadline is \((deadline - now).milliseconds) ms away" }
        default: break
        }
        return nil
    }
}
