/// How much a call holds at one moment: each of these has a bound.
public struct CallLoad: Equatable, Sendable {
    /// Clauses and phrases of the reply that is being spoken.
    public var passages: Int
    /// Stretches of audio of it.
    public var clips: Int
    /// Audio that waits to be sent.
    public var waitingAudio: CallTime
    /// Marks that the peer has not returned.
    public var outstandingMarks: Int
    /// Clauses that the synthesiser is making.
    public var clausesInFlight: Int
    /// Text of the reply that no clause was made of yet, and words of the caller's that no reply has answered; UTF-8 units.
    public var heldText: Int
    /// Keys of an answer that is being keyed.
    public var keys: Int
    /// Actions whose outcome is not known.
    public var actionsInFlight: Int

    public init(
        passages: Int, clips: Int, waitingAudio: CallTime, outstandingMarks: Int, clausesInFlight: Int, heldText: Int,
        keys: Int, actionsInFlight: Int
    ) {
        self.passages = passages
        self.clips = clips
        self.waitingAudio = waitingAudio
        self.outstandingMarks = outstandingMarks
        self.clausesInFlight = clausesInFlight
        self.heldText = heldText
        self.keys = keys
        self.actionsInFlight = actionsInFlight
    }
}

extension Call {
    public var load: CallLoad {
        CallLoad(
            passages: book.passages.count, clips: book.clipCount, waitingAudio: book.waiting,
            outstandingMarks: book.outstandingMarks, clausesInFlight: clausesInFlight.count,
            heldText: splitter.length + carried.utf8.count, keys: keys.utf8.count,
            actionsInFlight: actionsInFlight.count)
    }
}
