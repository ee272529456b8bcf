/// What the energy detector and the second opinion say together: for the confirmed decision, the end of speech and the score.
///
/// The detector's own speech decision starts speech at once; the opinion, which comes 20 ms late, only ends it sooner, starts
/// what the detector missed, and confirms. Pure; called once for each 20 ms frame. Weights and thresholds were chosen on the
/// telephony corpus' DEV split with the detector's scores for speakers that it was not fitted on.
struct PairedSpeech: Sendable {
    /// Log-odds (base e) at which the decisions are taken, and for how many frames in a row.
    private enum Rule {
        static let own: Float = 0.8
        static let other: Float = 0.5
        /// The opinion says much against speech and little for it: other people's voices are speech to it, too.
        static let heard: ClosedRange<Float> = -4...2
        static let start: (odds: Float, frames: Int) = (0.4, 1)
        /// Ends a start that was never confirmed.
        static let dropped: (odds: Float, frames: Int) = (0, 2)
        static let over: (odds: Float, frames: Int) = (-0.4, 4)
        static let confirmed: (odds: Float, frames: Int) = (2.5, 1)
        static let confirmedAlone: (odds: Float, frames: Int) = (2.2, 2)
        static let lost: (odds: Float, frames: Int) = (-0.4, 3)
    }

    /// Smoothed log-odds of the pair; the detector's own where there is no opinion.
    private(set) var odds: Float = -4
    private(set) var isSpeech = false
    private(set) var isConfirmed = false
    private var wasConfirmed = false
    private var wasOwnSpeech = false
    private var runs = (start: 0, dropped: 0, over: 0, confirmed: 0, lost: 0)

    /// - Parameters:
    ///   - own: the detector's smoothed log-odds of this frame.
    ///   - isOwnSpeech: its own fast decision.
    ///   - other: the newest opinion's log-odds; `nil` where there is none that counts.
    ///   - isBurst: a tone's end; nothing starts in it and what runs ends.
    mutating func handle(own: Float, isOwnSpeech: Bool, other: Float?, isBurst: Bool) {
        odds = own
        if let other {
            let heard = min(max(other, Rule.heard.lowerBound), Rule.heard.upperBound)
            odds = Rule.own * own + Rule.other * heard
        }
        let confirmed = other == nil ? Rule.confirmedAlone : Rule.confirmed
        runs.start = odds >= Rule.start.odds ? runs.start + 1 : 0
        runs.dropped = odds < Rule.dropped.odds ? runs.dropped + 1 : 0
        runs.over = odds < Rule.over.odds ? runs.over + 1 : 0
        runs.confirmed = odds >= confirmed.odds ? runs.confirmed + 1 : 0
        runs.lost = odds < Rule.lost.odds ? runs.lost + 1 : 0

        if isBurst {
            isSpeech = false
        } else if isSpeech {
            let isOver = wasConfirmed ? runs.over >= Rule.over.frames : runs.dropped >= Rule.dropped.frames
            if isOver { isSpeech = false }
        } else if (isOwnSpeech && !wasOwnSpeech) || runs.start >= Rule.start.frames {
            (isSpeech, runs.dropped, runs.over) = (true, 0, 0)
        }
        wasOwnSpeech = isOwnSpeech

        if !isSpeech {
            (isConfirmed, wasConfirmed) = (false, false)
        } else if isConfirmed {
            if runs.lost >= Rule.lost.frames { isConfirmed = false }
        } else if runs.confirmed >= confirmed.frames {
            (isConfirmed, wasConfirmed) = (true, true)
        }
    }
}
