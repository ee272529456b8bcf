import ParleyCore

/// What the caller says is taken for a nod only while the agent speaks its own words: a filler is nothing to nod to. Of a call that
/// is being ended or transferred nothing that is said is answered any more.
struct Nods: Invariant {
    static let name = "nods"

    /// What people say to "one moment", too.
    private static let hums: Set<Substring> = ["mhm", "uh", "huh", "um", "okay", "yeah", "right"]
    /// Words of a reply left since the caller was last answered.
    private var hasSpoken = false
    private var isFarewell = false

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .sent(let tag): if case .reply = tag.source { hasSpoken = true }
        case .input(.reply(_, .end)), .input(.reply(_, .transfer)), .effect(.note(.bridged(.cannotContinue))),
            .effect(.note(.bridged(.noSpeechGoodbye))), .effect(.note(.bridged(.transferring))):
            isFarewell = true
        case .effect(.ask): (hasSpoken, isFarewell) = (false, false)
        case .effect(.note(.callerTurn(let turn))):
            let isHum = turn.text.split(separator: " ").allSatisfy(Self.hums.contains)
            if turn.isBackchannel, !hasSpoken, !isFarewell, !isHum {
                return "\"\(turn.text)\" was taken for a nod to nobody"
            }
        default: break
        }
        return nil
    }
}
