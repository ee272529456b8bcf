import ParleyCore

/// P2: while it is the agent's turn, the caller hears something within 1.5 s; within 3 s where one thing goes wrong, and 5 s
/// where two do.
///
/// Measured at the caller's ear. What the network held up counts as heard when it would have come without that: no gateway
/// can send sound through a line that carries none.
struct DeadAir: Invariant {
    static let name = "dead_air"

    /// The way to the ear on a line without faults, at the most, and what counting in frames adds.
    private static let way = CallTime.milliseconds(140)

    private let limit: CallTime
    private var turn = AgentsTurn()
    private var silentSince: CallTime?
    /// The first frame that left in this silence, and the last one.
    private var brokenAt: CallTime?
    private var lastSent = CallTime.zero
    /// Every silence on the agent's turn, in milliseconds.
    private(set) var gaps: [Int] = []

    init(faults: Int) {
        limit = Self.limit(faults: faults)
    }

    static func limit(faults: Int) -> CallTime {
        switch faults {
        case 0: .milliseconds(1_500)
        case 1: .seconds(3)
        default: .seconds(5)
        }
    }

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        turn.see(sight)
        switch sight {
        case .sent:
            lastSent = now
            if silentSince != nil, brokenAt == nil { brokenAt = now }
        case .effect(.clear): clear(at: now)
        case .tick(let tick): return pass(tick, at: now)
        default: break
        }
        return nil
    }

    private mutating func pass(_ tick: Sight.Tick, at now: CallTime) -> String? {
        let isCallers = tick.isCallerAudible || tick.floor == .caller || tick.floor == .overlap
        guard turn.isOn, !tick.isSounding, !isCallers else {
            if let silentSince { gaps.append((end(now) - silentSince).milliseconds) }
            silentSince = nil
            brokenAt = nil
            return nil
        }
        let since = silentSince ?? now
        silentSince = since
        guard end(now) - since > limit + Self.way else { return nil }
        return "nothing was heard for \((end(now) - since).milliseconds) ms on the agent's turn"
    }

    /// What left just before will not be heard; what left earlier would have been, and the silence after it is another one.
    private mutating func clear(at now: CallTime) {
        if let brokenAt, let since = silentSince, brokenAt + Self.way <= now {
            gaps.append((end(now) - since).milliseconds)
            silentSince = min(now, lastSent + Self.way)
        }
        brokenAt = nil
    }

    private func end(_ now: CallTime) -> CallTime { brokenAt.map { min(now, $0 + Self.way) } ?? now }
}
