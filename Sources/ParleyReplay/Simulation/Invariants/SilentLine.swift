import ParleyCore

/// Never a silent call: whoever's turn it is, nobody is left on a line where nothing is said for longer than the caller may be
/// silent and a late answer may take.
struct SilentLine: Invariant {
    static let name = "silent_line"

    private let limit: CallTime
    private var lastSound = CallTime.zero

    init(faults: Int, settings: CallSettings) {
        // The line's own delay, and the longest pause that does not end a caller's turn.
        limit = settings.noSpeechAfter + DeadAir.limit(faults: faults) + .seconds(2)
    }

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .sent: lastSound = now
        case .input(.digit): lastSound = now
        case .tick(let tick):
            if tick.isSounding || tick.isCallerAudible { lastSound = now }
            if now - lastSound > limit { return "nobody was heard for \((now - lastSound).milliseconds) ms" }
        default: break
        }
        return nil
    }
}
