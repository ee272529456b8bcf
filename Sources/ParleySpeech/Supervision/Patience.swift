import ParleyCore

/// How long a recogniser is waited for before another attempt is made.
public struct RecognizerPatience: Equatable, Sendable {
    /// From a turn's end to its words.
    public var final: CallTime
    /// So much of a turn's audio may be fed to an engine that tells words while the caller speaks, before it gives a first sign.
    public var sign: CallTime
    /// So much audio of turns that are not settled is kept to be fed again; the oldest is dropped first.
    public var kept: CallTime
    /// So many answers that fit nothing asked, within `garbageWindow`, and the session is broken.
    public var garbage: Int
    public var garbageWindow: CallTime

    public init(
        final: CallTime = .seconds(2), sign: CallTime = .seconds(2), kept: CallTime = .seconds(15), garbage: Int = 10,
        garbageWindow: CallTime = .seconds(10)
    ) {
        self.final = final
        self.sign = sign
        self.kept = kept
        self.garbage = garbage
        self.garbageWindow = garbageWindow
    }
}

/// How long a voice is waited for before another one takes over.
public struct VoicePatience: Equatable, Sendable {
    /// From a clause's turn to be spoken to its first sound.
    public var first: CallTime
    /// From sound to sound while the caller is about to have heard all that is here, and more is to come.
    public var gap: CallTime
    /// "About to": so much of what was handed out is left to play.
    public var margin: CallTime
    /// The same as `gap` where the clause has reached its expected length, and only its end is missing.
    public var end: CallTime
    /// More sound than this is not one clause's.
    public var longest: CallTime

    public init(
        first: CallTime = .milliseconds(1_200), gap: CallTime = .milliseconds(800),
        margin: CallTime = .milliseconds(200), end: CallTime = .milliseconds(1_200), longest: CallTime = .seconds(120)
    ) {
        self.first = first
        self.gap = gap
        self.margin = margin
        self.end = end
        self.longest = longest
    }
}
