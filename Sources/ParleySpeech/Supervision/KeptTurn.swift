import ParleyCore

/// One of the caller's turns until it is answered.
struct KeptTurn: Equatable, Sendable {
    enum Outcome: Equatable, Sendable {
        case words(String)
        /// No engine could say.
        case none
    }
    /// Known from its first pause or its end on.
    var id: TurnID?
    /// Its stretch of the kept audio.
    var start: Int
    var end: Int
    /// It is being spoken.
    private(set) var isOpen = true
    /// It has paused, so far as it is known.
    var isPaused = false
    /// All engines failed while it was being spoken.
    var isLost = false
    var outcome: Outcome?
    /// The session that listens has said something since it was given this turn.
    var hasSign = false
    /// Samples fed to it until then.
    var unanswered = 0
    /// So many sessions were given it.
    private(set) var sessions: Int
    /// When the session that listens was asked for its words, and when they are late.
    private(set) var asked = CallTime.zero
    private(set) var due = CallTime.zero

    init(start: Int, sessions: Int) {
        self.start = start
        self.sessions = sessions
        end = start
    }

    /// It is over, and its words are to come.
    var isOwed: Bool { !isOpen && outcome == nil }

    /// Where it is lost, that is its outcome.
    mutating func close(as id: TurnID, at now: CallTime, within time: CallTime) {
        self.id = id
        isOpen = false
        (asked, due) = (now, now + time)
        if isLost { outcome = Outcome.none }
    }

    /// Another session is given it.
    mutating func askAgain(at now: CallTime, within time: CallTime) {
        sessions += 1
        hasSign = false
        unanswered = 0
        if !isOpen { (asked, due) = (now, now + time) }
    }
}
