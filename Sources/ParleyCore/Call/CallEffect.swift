/// What a call wants done. Plain facts: the shell carries them out and decides nothing.
public enum CallEffect: Equatable, Sendable {
    /// Drop what the provider has queued and not played.
    case clear
    case mark(Mark)

    /// The caller may have finished: decode what is there.
    case pauseTurn(TurnID)
    /// The turn is over: its final, please.
    case finishTurn(TurnID)
    /// Nobody wants this turn's words any more.
    case cancelTurn(TurnID)

    case ask(AgentRequest)
    /// Nobody wants the rest of this reply.
    case cancelReply(Generation)
    /// Nobody heard any of this reply and nothing was done by it: as if it had never been asked for. What it answered is
    /// asked again, perhaps with more words.
    case retractReply(Generation)
    case tellAgent(Generation, ActionInvocation, ActionResult.Outcome)

    case speak(Generation, clause: Int, String)
    /// Make this sound, and answer as a voice does.
    case sound(Generation, clause: Int, Sound)
    case cancelSpeech(Generation)

    case run(ActionInvocation)

    /// For the ledger and whoever watches.
    case note(CallNote)

    /// Send the call on, then close the stream.
    case transfer(String)
    /// Close the stream. Nothing comes after this.
    case end(EndReason)
}

/// Takes what a call does. Frames and samples are lent for the length of the call and must be copied to be kept.
public protocol CallEffectSink {
    /// Send one 20 ms frame, in the leg's codec.
    mutating func play(_ frame: Span<UInt8>)
    /// Give one frame of the caller's audio to the recogniser, at the leg's sample rate.
    mutating func feed(_ samples: Span<Int16>)
    /// One frame of the caller's audio at 8 kHz, each one of the call in order, for whoever gives second opinions.
    ///
    /// - Parameter isWanted: whether an opinion on it would be of use.
    mutating func consult(_ samples: Span<Int16>, isWanted: Bool)
    mutating func perform(_ effect: CallEffect)
}

extension CallEffectSink {
    public mutating func consult(_ samples: Span<Int16>, isWanted: Bool) {}
}

/// A question to the agent. Its answer carries the same generation.
public struct AgentRequest: Equatable, Sendable {
    public enum Cause: Equatable, Sendable {
        /// The call has just begun.
        case opening
        /// The caller said something.
        case said(String)
        /// The caller keyed something.
        case keyed(String)
        /// Nothing was said for a while; the n-th time in a row, from 1.
        case silence(Int)
        /// The agent asked to be asked (`CallEvent.nudge`).
        case nudged
    }

    public var generation: Generation
    public var turn: TurnID
    public var cause: Cause
    /// What the caller really heard of the reply before, and whether that was cut short.
    public var heard: String
    public var wasCut: Bool

    public init(generation: Generation, turn: TurnID, cause: Cause, heard: String = "", wasCut: Bool = false) {
        self.generation = generation
        self.turn = turn
        self.cause = cause
        self.heard = heard
        self.wasCut = wasCut
    }
}

/// Something worth knowing about a call as it goes: for the ledger, the console, a test.
public enum CallNote: Equatable, Sendable {
    case floor(Floor)
    /// What the caller seems to be saying.
    case partial(TurnID, String)
    case callerTurn(CallerTurn)
    case agentTurn(AgentTurn)
    /// A reply's first frame has left; the waterfall of that turn is whole.
    case answered(Waterfall)
    /// The agent was stopped by the caller (`paused`), and then lost the floor or took it back.
    case bargeIn(BargeIn)
    /// This stage keeps the caller waiting: what is done about it follows.
    case late(EngineRole)
    /// A stage was late, and this was said to bridge it.
    case bridged(Phrase)
    /// The agent settled a value under this name.
    case variable(String, String)
    case dropped(Dropped)
    /// An engine was late, failed or gave way to another one.
    case engine(EngineNews)
}

/// Who may speak.
public enum Floor: String, Sendable {
    case free, caller, agent
    /// Both; nobody has won yet.
    case overlap
}

public enum BargeIn: String, Sendable {
    case paused, confirmed, resumed
}

/// Words that need no engine: recorded clips, loaded at start.
public enum Phrase: String, Sendable, CaseIterable {
    /// "One moment, please."
    case oneMoment = "one_moment"
    /// "Sorry, please say that again."
    case sayAgain = "say_again"
    /// "I did not hear anything. Goodbye."
    case noSpeechGoodbye = "no_speech_goodbye"
    /// "Let me transfer you."
    case transferring
    /// "I am sorry, we cannot continue. Goodbye."
    case cannotContinue = "cannot_continue"
}

/// Late or unknown news that a call ignored.
public enum Dropped: String, Sendable {
    case lateMark = "late_mark"
    case lateAudio = "late_audio"
    case lateText = "late_text"
    case lateWords = "late_words"
}

/// What the caller said in one turn.
public struct CallerTurn: Equatable, Sendable {
    public var turn: TurnID
    public var text: String
    /// Keys, where the caller used them instead of speech.
    public var isKeyed: Bool
    /// "mhm" and its kin: noted, not answered.
    public var isBackchannel: Bool
    public var began: CallTime
    public var ended: CallTime

    public init(turn: TurnID, text: String, isKeyed: Bool, isBackchannel: Bool, began: CallTime, ended: CallTime) {
        self.turn = turn
        self.text = text
        self.isKeyed = isKeyed
        self.isBackchannel = isBackchannel
        self.began = began
        self.ended = ended
    }
}

/// What the caller heard of one reply.
public struct AgentTurn: Equatable, Sendable {
    public var generation: Generation
    /// Heard, not sent: cut at the last word that was played.
    public var heard: String
    /// What would have followed, had the caller not cut in.
    public var unheard: String
    /// The word in the middle of which it was cut; `nil` between words, and where the voice tells no phones.
    public var cutWord: CutWord?
    /// Its own first frame left, behind a bridging phrase or without one; where none did, as `ended`.
    public var began: CallTime
    public var ended: CallTime
    public var wasCut: Bool { !unheard.isEmpty }

    public init(
        generation: Generation, heard: String, unheard: String, cutWord: CutWord? = nil, began: CallTime,
        ended: CallTime
    ) {
        self.cutWord = cutWord
        self.generation = generation
        self.heard = heard
        self.unheard = unheard
        self.began = began
        self.ended = ended
    }
}

/// A word that was heard in part: no word of the record's, which has whole ones.
public struct CutWord: Equatable, Sendable {
    public var text: String
    /// Of its `phones`, how many were heard to their end.
    public var phonesHeard: Int
    public var phones: Int

    public init(text: String, phonesHeard: Int, phones: Int) {
        self.text = text
        self.phonesHeard = phonesHeard
        self.phones = phones
    }
}

/// When each stage of one turn was reached. A stage that did not happen is `nil` (keys have no endpoint).
///
/// Where a wait was bridged and the first reply that was heard afterwards answers something later (what the caller said again, a
/// silence, a late result), what comes before `asked` is of the turn that has waited longest.
public struct Waterfall: Equatable, Sendable {
    public var turn: TurnID
    public var generation: Generation
    /// The caller's last voiced frame came in.
    public var lastVoiced: CallTime?
    /// Silence long enough to decode speculatively.
    public var paused: CallTime?
    /// The turn was declared over, and why; `nil` for keys and for a line that fell dead.
    public var endpoint: CallTime?
    public var ending: EndpointPolicy.Reason?
    public var final: CallTime?
    public var asked: CallTime?
    public var firstText: CallTime?
    public var firstClause: CallTime?
    public var firstAudio: CallTime?
    /// The first frame of the answer left. Fillers and clips do not count.
    public var firstFrame: CallTime?

    public init(turn: TurnID, generation: Generation) {
        self.turn = turn
        self.generation = generation
    }

    /// Caller's last voiced frame received, to first reply frame written.
    public var edge: CallTime? {
        guard let lastVoiced, let firstFrame else { return nil }
        return firstFrame - lastVoiced
    }
}
