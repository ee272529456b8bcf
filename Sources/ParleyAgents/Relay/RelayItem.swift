import ParleyCore

/// One thing of the play queue: a talk cycle with the sounds in it, or a sound on its own. It is spoken as one reply.
struct RelayItem: Equatable, Sendable {
    enum Piece: Equatable, Sendable {
        case text(String)
        case sound(Sound)

        /// Of the queue's bounds, in bytes.
        var weight: Int {
            switch self {
            case .text(let text): text.utf8.count
            case .sound(.keys(let keys)): keys.utf8.count
            case .sound(.file(let address, _)): address.utf8.count
            }
        }
    }

    private(set) var pieces: [Piece] = []
    private(set) var weight = 0
    /// So many pieces were handed out.
    private(set) var given = 0
    /// Handed out once, and taken back unheard.
    private(set) var wasGiven = false
    /// Nothing will be added.
    var isWhole = false
    /// `nil`: as configured. The newest message that says so decides, as with `isPreemptible`.
    var isInterruptible: Bool?
    var isPreemptible: Bool

    init(_ manner: RelayMessage.Manner, isPreemptible: Bool) {
        self.isPreemptible = isPreemptible
        take(manner)
    }

    mutating func take(_ manner: RelayMessage.Manner) {
        isInterruptible = manner.interruptible ?? isInterruptible
        isPreemptible = manner.preemptible ?? isPreemptible
    }

    mutating func append(_ piece: Piece) {
        weight += piece.weight
        pieces.append(piece)
    }

    /// What has not been handed out; it is from now on.
    mutating func handOut() -> ArraySlice<Piece> {
        defer { given = pieces.count }
        return pieces[given...]
    }

    /// Nobody heard any of it: it is handed out again.
    mutating func takeBack() {
        wasGiven = wasGiven || given > 0
        given = 0
    }
}
