import ParleyCore

/// P5: nothing in a call grows without bound.
struct Bounds: Invariant {
    static let name = "bounds"

    /// What a call may hold: far above what an honest one does, far below what would hurt.
    private static let most = CallLoad(
        passages: 64, clips: 1_024, waitingAudio: .seconds(60), outstandingMarks: 512, clausesInFlight: 2,
        heldText: 16 * 1_024, keys: 64, actionsInFlight: 32)

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        guard case .settled(_, let load) = sight else { return nil }
        let most = Self.most
        let isWithin =
            load.passages <= most.passages && load.clips <= most.clips && load.waitingAudio <= most.waitingAudio
            && load.outstandingMarks <= most.outstandingMarks && load.clausesInFlight <= most.clausesInFlight
            && load.heldText <= most.heldText && load.keys <= most.keys
            && load.actionsInFlight <= most.actionsInFlight
        return isWithin ? nil : "more than a call may hold: \(load)"
    }
}
