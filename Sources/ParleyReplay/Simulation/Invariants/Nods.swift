import ParleyCore

/// What the caller says is taken for a nod only while the agent speaks its own words: a filler is nothing to nod to.
struct Nods: Invariant {
    static let name = "nods"

    /// What people say to "one moment", too.
    private static let hums: Set<String> = ["mhm", "uh huh", "um", "okay", "yeah"]
    /// Words of a reply left since the caller was last answered.
    private var hasSpoken = false

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .sent(let tag): if case .reply = tag.source { hasSpoken = true }
        case .effect(.ask): hasSpoken = false
        case .effect(.note(.callerTurn(let turn))):
            if turn.isBackchannel, !hasSpoken, !Self.hums.contains(turn.text) {
                return "\"\(turn.text)\" was taken for a nod to nobody"
            }
        default: break
        }
        return nil
    }
}
