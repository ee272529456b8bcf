import ParleyCore

/// P2: at most two fillers in a turn of the agent's, and something better within 20 s: its words, a request to say it again, a
/// transfer or a goodbye. Nobody is asked to say it again twice without a word of the agent's in between.
struct Ladder: Invariant {
    static let name = "ladder"

    private static let longest = CallTime.seconds(20)
    private var turn = AgentsTurn()
    private var fillers = 0
    private var hasAskedAgain = false
    private var waitingSince: CallTime?

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        turn.see(sight)
        switch sight {
        case .effect(.note(.bridged(.oneMoment))):
            fillers += 1
            if fillers > 2 { return "\(fillers) fillers in one turn" }
        case .effect(.note(.bridged(let said))):
            progress()
            if said == .sayAgain, hasAskedAgain { return "asked to say it again, and again" }
            hasAskedAgain = said == .sayAgain
        case .heard(let tag): if case .reply = tag.source { progress() }
        case .sent(let tag):
            guard case .reply = tag.source else { break }
            waitingSince = nil
            hasAskedAgain = false
        case .tick(let tick):
            guard turn.isOn, !tick.isCallerAudible, tick.floor != .caller else {
                progress()
                break
            }
            let since = waitingSince ?? now
            waitingSince = since
            if now - since > Self.longest {
                return "neither an answer nor a way out for \((now - since).milliseconds) ms"
            }
        default: break
        }
        return nil
    }

    private mutating func progress() {
        fillers = 0
        waitingSince = nil
    }
}
