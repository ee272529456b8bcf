import ParleyCore
import ParleyNetwork

/// The platform's side of the protocol for one call: told what the call asks and what the application says, it answers both.
///
/// Pure: no socket, no clock. Times count from the session's start. What the application wants played waits in a queue of
/// items; each is spoken as one reply. It goes into the reply that is open, or else the call is nudged and asks for it.
struct RelayMachine: Sendable {
    enum Event: Sendable {
        /// Once, first.
        case began
        case asked(AgentRequest)
        case cancelled(Generation)
        case retracted(Generation)
        case noted(CallNote)
        /// The call is over. Once, last.
        case ended(EndReason)

        /// The connection stands.
        case opened
        /// A text message, at most `RelayMessage.longest` bytes.
        case received([UInt8])
        /// A binary message: the protocol has none.
        case receivedBinary
        /// The connection is gone, or never stood.
        case lost(String)

        /// `nextDeadline` has passed.
        case deadline
    }

    enum Effect: Equatable, Sendable {
        case connect
        case send(RelayNotice)
        case ping
        /// Let go of the connection: nothing more is heard of it.
        case close(code: UInt16, reason: String)
        case answer(Generation, ReplyPart)
        case nudge
        case news(EngineNews.Kind, String)
        /// Tell the callback, where there is one. Once.
        case report(RelayEnding)
    }

    enum Link: Equatable, Sendable {
        case connecting
        case open(since: CallTime)
        case away(until: CallTime)
        /// No connection will be made any more.
        case gone
    }

    /// The newest request, and what is being said to it.
    struct Reply: Sendable {
        var request: AgentRequest
        /// More may be added.
        var isOpen = true
        /// What the application is told of the request; empty where it is not asked.
        var notices: [RelayNotice] = []
        /// It was told in the session that stands.
        var isTold = false
        /// Without a connection it fails then.
        var failsAt: CallTime?
        /// What is spoken of the application's.
        var item: RelayItem?
        var lastToken = CallTime.zero
        var isGreeting = false
        /// The caller asked whether a machine speaks, among other things: what the application says is read first, and no
        /// sentence of it claims to be a person's.
        var truth: TrueSentences?
        var isInterruptible = true
        /// It ends the call.
        var isFarewell = false
        /// All of it was handed out, and the call has not said that it was heard.
        var mayBePlaying = false

        var generation: Generation { request.generation }
    }

    /// A reply that the caller stopped, until the application has been told.
    struct Cut: Sendable {
        var generation: Generation
        var heard: String?
        var milliseconds = 0
    }

    let settings: RelaySettings
    let facts: CallFacts
    let ids: RelayIdentifiers

    var link = Link.connecting
    /// Begun so far.
    var sessions = 1
    var reconnectsLeft: Int
    /// A session stood.
    var hasStood = false
    /// Why the last connection is not there.
    var fault: RelayEnding.Fault?
    var nextPing: CallTime?
    /// In a row.
    var badMessages = 0
    /// The length of the last session that stood, in whole seconds; counted while it stands.
    var lastSeconds = 0
    var hasReported = false
    var isCallOver = false

    /// What the next session is told first.
    var untold: [RelayNotice] = []

    var queue: [RelayItem] = []
    var reply: Reply?
    /// The reply before was taken back unheard: what it answered, and in which session that was told.
    var retracted: (request: AgentRequest, session: Int?)?
    var cut: Cut?
    /// The caller has taken the floor: what was cut is told as soon as it is known.
    var isBargeIn = false
    /// The sound has been stopped since then; whether the caller means it is not known yet.
    var heldSince: CallTime?
    /// Tokens of a cycle that the caller stopped: dropped to its end, or until the caller was heard again.
    var isStale = false
    /// The application has ended the session.
    var isOver = false
    /// The call knows that something waits.
    var isNudged = false
    var language: String
    var floor = Floor.free
    var lastPartial = ""
    var newest = Generation(0)

    var now = CallTime.zero
    var out: [Effect] = []

    init(_ settings: RelaySettings, call facts: CallFacts) {
        self.settings = settings
        self.facts = facts
        ids = RelayIdentifiers(name: settings.name, callID: facts.callID)
        reconnectsLeft = settings.reconnects
        language = settings.language
    }

    mutating func handle(_ event: Event, at now: CallTime) -> [Effect] {
        self.now = now
        guard !isCallOver else { return [] }
        switch event {
        case .began: out.append(.connect)
        case .asked(let request): ask(request)
        case .cancelled(let generation): cancel(generation)
        case .retracted(let generation): retract(generation)
        case .noted(let note): take(note)
        case .ended(let reason): end(reason)
        case .opened: open()
        case .received(let message): receive(message)
        case .receivedBinary: refuse("a binary message")
        case .lost(let reason): lose(reason)
        case .deadline: passDeadlines()
        }
        defer { out = [] }
        return out
    }

    // MARK: Deadlines

    /// When `deadline` is due at the latest.
    var nextDeadline: CallTime? {
        guard !isCallOver else { return nil }
        var due = [reply?.isOpen == true ? reply?.failsAt : nil, stallsAt]
        switch link {
        case .away(let until): due.append(until)
        case .open: due.append(nextPing)
        case .connecting, .gone: break
        }
        return due.compactMap { $0 }.min()
    }

    /// A talk cycle of which nothing more comes.
    private var stallsAt: CallTime? {
        guard let reply, reply.isOpen, let item = reply.item, !item.isWhole else { return nil }
        return reply.lastToken + settings.stallTime
    }

    private mutating func passDeadlines() {
        if case .away(let until) = link, now >= until { connectAgain() }
        if let ping = nextPing, now >= ping, case .open = link {
            nextPing = now + settings.pingTime
            out.append(.ping)
        }
        if let due = stallsAt, now >= due {
            reply?.item?.isWhole = true
            out.append(.news(.stalled, "a talk cycle was not finished"))
            pump()
        }
        if reply?.isOpen == true, let due = reply?.failsAt, now >= due { failReply() }
    }

    // MARK: Out

    /// Where no connection stands, it is let fall: the session that follows knows nothing of it.
    mutating func send(_ notice: RelayNotice) {
        guard case .open = link else { return }
        out.append(.send(notice))
    }

    mutating func info(_ name: String, _ value: String) { send(info(ofPlatform: name, value)) }

    func info(ofPlatform name: String, _ value: String) -> RelayNotice {
        .info(name, value, at: Int64((facts.wallClock * 1_000).rounded()) + Int64(now.milliseconds))
    }
}
