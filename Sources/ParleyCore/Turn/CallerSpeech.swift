/// Follows the caller's speech frame by frame: when it began, when it was last voiced, how long it has been silent.
///
/// Counts media time, in frames, so that a jittery line is not mistaken for a pause; arrival times are kept only to be
/// reported.
struct CallerSpeech: Sendable {
    /// What one frame changed.
    enum Change: Equatable, Sendable {
        case none
        case began
        /// Silent long enough to decode what is there.
        case paused
        /// Spoke on after a pause.
        case resumed
    }

    private(set) var isActive = false
    /// Arrival of the first voiced frame of the run.
    private(set) var began = CallTime.zero
    private(set) var lastVoiced = CallTime.zero
    /// Frames since the first voiced one, that one counted.
    private(set) var frames = 0
    private(set) var voicedFrames = 0
    /// Frames since the last voiced one.
    private(set) var silentFrames = 0
    private(set) var hasPaused = false
    /// The detector was sure of it at some time in this run.
    private(set) var wasConfirmed = false
    /// Frames in a row, up to the last one, that the detector is sure of.
    private(set) var sureFrames = 0
    /// Frames since the agent's sound was stopped for it; `nil` while it is not.
    private(set) var heldFrames: Int?
    /// Of these the voiced ones.
    private(set) var heldVoicedFrames = 0
    /// The agent took the floor back in this run: it takes more to stop it again.
    private(set) var isDiscounted = false
    private var wasVoiced = false

    /// From the first voiced frame to the last one.
    var spoken: CallTime { Self.time(frames - silentFrames) }
    var voiced: CallTime { Self.time(voicedFrames) }
    /// Since the last voiced frame.
    var silence: CallTime { Self.time(silentFrames) }
    var length: CallTime { Self.time(frames) }
    /// For so long the detector has been sure of it, without a break.
    var sure: CallTime { Self.time(sureFrames) }
    /// Since the agent's sound was stopped for it.
    var held: CallTime { Self.time(heldFrames ?? 0) }
    var heldVoiced: CallTime { Self.time(heldVoicedFrames) }
    private static func time(_ frames: Int) -> CallTime {
        CallTime(nanoseconds: CallTime.frame.nanoseconds * Int64(frames))
    }

    /// Voiced frames just before the detector made up its mind: they belong to the run.
    private var candidate: (began: CallTime, frames: Int, voiced: Int, silent: Int)?

    /// - Parameter pauseAfter: silent frames that make a pause.
    mutating func hear(_ activity: VoiceActivity, at now: CallTime, pauseAfter: Int) -> Change {
        guard isActive else { return wait(activity, at: now) }
        frames += 1
        if activity.isConfirmed { wasConfirmed = true }
        sureFrames = activity.isConfirmed ? sureFrames + 1 : 0
        heldFrames = heldFrames.map { $0 + 1 }
        defer { wasVoiced = activity.isVoiced }
        // In a turn, two voiced frames in a row are speech, though too short for the detector to say so again: the
        // "check" and the "up" of a check-up.
        if activity.isVoiced && (activity.isSpeech || wasVoiced) {
            voicedFrames += 1
            if heldFrames != nil { heldVoicedFrames += 1 }
            silentFrames = 0
            lastVoiced = now
            guard hasPaused else { return .none }
            hasPaused = false
            return .resumed
        }
        silentFrames += 1
        guard !hasPaused, silentFrames >= pauseAfter else { return .none }
        hasPaused = true
        return .paused
    }

    /// The agent's sound was stopped for this run.
    mutating func hold() { (heldFrames, heldVoicedFrames) = (0, 0) }

    /// The agent speaks on over this run.
    mutating func discount() {
        heldFrames = nil
        isDiscounted = true
    }

    /// The turn is over, or was never one.
    mutating func reset() { self = CallerSpeech() }

    private mutating func wait(_ activity: VoiceActivity, at now: CallTime) -> Change {
        if activity.isVoiced {
            var next = candidate ?? (began: now, frames: 0, voiced: 0, silent: 0)
            next = (next.began, next.frames + 1, next.voiced + 1, 0)
            candidate = next
        } else if let held = candidate {
            // Two unvoiced frames in a row end a run that the detector did not believe in.
            candidate = held.silent >= 1 ? nil : (held.began, held.frames + 1, held.voiced, held.silent + 1)
        }
        guard activity.isSpeech else { return .none }
        let run = candidate ?? (began: now, frames: 1, voiced: 1, silent: 0)
        candidate = nil
        isActive = true
        wasConfirmed = activity.isConfirmed
        (began, frames, voicedFrames, silentFrames) = (run.began, run.frames, run.voiced, run.silent)
        lastVoiced = now
        return .began
    }
}
