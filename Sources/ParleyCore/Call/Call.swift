/// One telephone call, as a value: told what happened and when, it says what to do.
///
/// Pure: no clock, no socket, no task, no lock. A live call, a replayed one, a test and a benchmark are this with another feeder.
/// Audio frames come through `hear`, everything else through `handle`; both send the playout that is due, so that outgoing
/// frames ride on the wake-up of incoming ones.
public struct Call: ~Copyable, Sendable {
    /// What the caller is doing.
    enum Listening: Sendable {
        /// Nobody speaks, or the caller may not.
        case idle
        /// A turn is going on, or may be about to end.
        case turn(TurnID)
    }

    /// What the agent is doing.
    enum Replying: Sendable {
        case idle
        /// Asked, and not all of the answer is here.
        case open(Generation)
        /// All text is here; speech may still be made or played.
        case closed(Generation)
    }

    /// What a reply answers, and how the question before it was listened to.
    struct Pending: Sendable {
        var cause: AgentRequest.Cause
        var expectation: Expectation
    }

    /// Why the line will be closed when what is being said has been heard.
    enum Farewell: Equatable, Sendable {
        case end(EndReason)
        case transfer(String)
    }

    let settings: CallSettings
    var detector: VoiceActivityDetector
    var preRoll: PreRoll
    var speech = CallerSpeech()
    /// What the recogniser has said of the turn going on.
    var words = TurnWords()
    var line = LineNoise()
    var book: PlayoutBook
    var splitter = ClauseSplitter()

    var listening = Listening.idle
    /// The newest turn that is over and whose words have not come.
    var awaiting: TurnID?
    /// When it was over.
    var awaitingSince = CallTime.zero
    /// When the agent's sound was stopped last.
    var heldSince = CallTime.zero
    /// Words that no reply has answered yet, as the caller spoke on: they go with the turn that follows.
    var carried = ""
    /// The same for what is not words: asked again when nothing follows.
    var unanswered: AgentRequest.Cause?
    /// The turn that these belong to.
    var unansweredTurn = TurnID(0)
    /// What the reply that is due answers; `nil` once it did something that stays done.
    var pending: Pending?
    var replying = Replying.idle
    /// What the clauses of the reply under way are spoken under: the reply's own number, and a new one once some of it was
    /// dropped, as a voice speaks no more under a number that was cancelled.
    var speaking = Generation(0)
    var expectation = Expectation()
    var farewell: Farewell?
    var endReason: EndReason?
    /// When `handle(.deadline, at:)` is due at the latest. Other events may come first; each moves it. Kept, so that asking for it
    /// does not copy the call.
    public private(set) var nextDeadline: CallTime?
    /// The same, read in place also where the call stands in an optional of a class.
    public var due: CallTime? { mutating get { nextDeadline } }
    public internal(set) var floor = Floor.free
    /// What the newest frame was taken for.
    public private(set) var activity = VoiceActivity.silence

    var lastTurn = TurnID(0)
    var lastGeneration = Generation(0)
    var lastInvocation: UInt32 = 0
    /// The turn that the current reply answers.
    var answering = TurnID(0)
    var waterfall = Waterfall(turn: TurnID(0), generation: Generation(0))
    /// Times of the turn going on, until a reply takes them over.
    var turnTimes = Waterfall(turn: TurnID(0), generation: Generation(0))
    /// Times of the oldest turn whose wait was bridged and that no reply was heard after yet: whatever is said until one is,
    /// the caller has waited since then.
    var owed: Waterfall?
    /// The turn that ended last: when it began, and how much of it was voiced.
    var turnBegan = CallTime.zero
    var turnVoiced = CallTime.zero
    /// The detector was sure of a voice in it.
    var turnWasConfirmed = false
    var hasAnswered = false

    /// Clauses asked for and not yet whole: their number and words, oldest first.
    var clausesInFlight: [(clause: Int, text: String)] = []
    var lastClause = 0
    var actionsInFlight: [ActionInvocation] = []

    /// What the caller heard last, for the agent's memory.
    var heardBefore = (text: "", wasCut: false)
    /// Nothing has been playing and it is the agent's turn, since then.
    var waitingSince: CallTime?
    /// How many rungs of the ladder this wait has climbed.
    var bridges = 0
    /// Replies in a row that never came.
    var failures = 0
    /// Both sides are silent since then.
    var quietSince: CallTime?
    /// The silence that the reply under way answers began then; `nil` once anybody was heard. A reply that says nothing does not
    /// end it.
    var silentSince: CallTime?
    var silences = 0

    /// The agent wants to be asked.
    var isNudged = false

    var keys = ""
    var lastKey = CallTime.zero

    public init(settings: CallSettings) {
        self.settings = settings
        book = PlayoutBook(clearReturnsMarks: settings.clearReturnsMarks)
        preRoll = PreRoll(samplesPerFrame: settings.format.samplesPerFrame)
        detector = VoiceActivityDetector(sampleRate: settings.format.sampleRate)
    }

    /// How our own sound comes back, as far as this call has shown it: after what time, and its gain in dB.
    public var echoPath: (delay: CallTime, gain: Float)? {
        detector.echoPath.map { (CallTime(nanoseconds: CallTime.frame.nanoseconds * Int64($0.delay)), $0.gain) }
    }

    public var hasEnded: Bool { endReason != nil }

    /// Takes 20 ms of the caller's audio, at the leg's sample rate.
    public mutating func hear(_ samples: Span<Int16>, at now: CallTime, into sink: inout some CallEffectSink) {
        guard !hasEnded else { return }
        activity = detect(samples, at: now)
        if settings.format.sampleRate == 8_000 {
            sink.consult(samples, isWanted: detector.wantsOpinion)
        } else {
            sink.consult(detector.narrow.span, isWanted: detector.wantsOpinion)
        }
        listen(activity, at: now, into: &sink)
        if case .turn = listening { sink.feed(samples) }
        preRoll.append(samples)
        advance(at: now, into: &sink)
    }

    /// Takes 20 ms of the caller whose sound is not there any more, only what was made of it.
    ///
    /// - Parameter isNoisy: see `isLineNoisy`.
    public mutating func hear(
        _ activity: VoiceActivity, isNoisy: Bool, at now: CallTime, into sink: inout some CallEffectSink
    ) {
        guard !hasEnded else { return }
        self.activity = activity
        line.isNoisy = isNoisy
        listen(activity, at: now, into: &sink)
        advance(at: now, into: &sink)
    }

    /// Silence on this line is not believed.
    public var isLineNoisy: Bool { line.isNoisy }

    /// Takes anything else that happened.
    public mutating func handle(_ event: CallEvent, at now: CallTime, into sink: inout some CallEffectSink) {
        guard !hasEnded else { return }
        switch event {
        case .started: ask(.opening, at: now, into: &sink)
        case .digit(let digit): press(digit, at: now, into: &sink)
        case .mark(let mark):
            if !book.reached(mark, at: now) { sink.perform(.note(.dropped(.lateMark))) }
        case .stopped: end(.callerHungUp, at: now, into: &sink)
        case .lost(let reason): end(reason, at: now, into: &sink)
        case .recognizer(let answer): take(answer, at: now, into: &sink)
        case .reply(let generation, let part): take(part, of: generation, at: now, into: &sink)
        case .synthesizer(let answer): take(answer, at: now, into: &sink)
        case .action(let result): take(result, at: now, into: &sink)
        case .opinions(let willCome): return detector.hasSecondOpinion = willCome
        case .opinion(let frame, let odds): return detector.take(opinion: odds, ofFrame: frame)
        case .nudge: isNudged = true
        case .engine(let news): return sink.perform(.note(.engine(news)))
        case .deadline: break
        }
        advance(at: now, into: &sink)
    }

    /// What time alone brings about; then the playout that is due.
    private mutating func advance(at now: CallTime, into sink: inout some CallEffectSink) {
        defer { nextDeadline = earliestDeadline() }
        guard !hasEnded else { return }
        passDeadlines(at: now, into: &sink)
        guard !hasEnded else { return }
        let hadSent = book.sentFrames
        book.send(lead: settings.lead, at: now, into: &sink)
        if !hasAnswered, book.sentFrames > hadSent { noteFirstFrame(at: now, into: &sink) }
        settle(at: now, into: &sink)
    }

    private mutating func detect(_ samples: Span<Int16>, at now: CallTime) -> VoiceActivity {
        var isPlaying = false
        let activity = book.withPlaying(at: now, changing: &detector) { playing, detector in
            isPlaying = playing != nil
            return detector.process(samples, playing: playing)
        }
        if !isPlaying { line.hear(Level.dBFS(samples)) }
        return activity
    }
}
