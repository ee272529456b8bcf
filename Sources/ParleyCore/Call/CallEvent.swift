/// What can happen to a call. Caller audio comes beside these, through `Call.hear`, as it is lent and not kept.
public enum CallEvent: Equatable, Sendable {
    /// The stream is up and verified; the agent may speak.
    case started
    /// The caller pressed a key.
    case digit(Digit)
    /// The provider says that playout reached this mark (or that `clear` dropped it).
    case mark(Mark)
    /// The peer ended the stream in the way its protocol has for that.
    case stopped
    /// The call is over for a reason the shell found: the socket was lost, the peer broke the protocol, shutdown.
    case lost(EndReason)

    case recognizer(RecognizerAnswer)
    case reply(Generation, ReplyPart)
    case synthesizer(SynthesizerAnswer)
    /// What became of an action that was asked for; once per invocation.
    case action(ActionResult)
    /// The agent has something to say that nobody asked for: it is asked (`AgentRequest.Cause.nudged`) as soon as nobody
    /// speaks. Several before that are one.
    case nudge
    /// How the engines behind this call fare: for the record.
    case engine(EngineNews)

    /// Second opinions on the caller's audio will come from now on, or will not any more.
    case opinions(Bool)
    /// Log-odds (base e) that somebody speaks, judged on the audio up to a frame; the call's first is 0.
    case opinion(frame: Int, odds: Float)

    /// `nextDeadline` has passed.
    case deadline
}

/// What a recogniser session says.
public enum RecognizerAnswer: Equatable, Sendable {
    /// The words so far; may change.
    case partial(TurnID, String)
    /// The turn's words; will not change. Empty when nothing was said.
    case final(TurnID, String)
    /// No answer will come for this turn.
    case failed(TurnID)
}

/// One piece of the agent's reply, in order. A reply ends with `done` or `failed`.
public enum ReplyPart: Equatable, Sendable {
    /// Words to speak. May be any length: the call cuts them into clauses.
    case text(String)
    /// Sound in place of words, played in its order among them.
    case sound(Sound)
    /// What of this reply has not been played yet is not wanted any more; what follows is said in its place. After `done`
    /// nothing follows: the agent asks to be asked (`CallEvent.nudge`). Of a reply that is over it means nothing.
    case drop
    /// Run an action; its result comes back to the agent. The reply stays open until `done`.
    case action(ActionRequest)
    /// The agent settled a value (a slot of a flow): shown in the record, under this name.
    case set(String, String)
    /// What the agent now waits for, which tunes how the caller's next turn is heard.
    case expect(Expectation)
    /// When all of this reply has been heard, end the call.
    case end
    /// When all of this reply has been heard, transfer the call to a target that the configuration names.
    case transfer(String)
    case done
    case failed
}

/// Sound that an agent wants played: somebody else than a voice makes it.
public enum Sound: Equatable, Sendable {
    /// DTMF tones for the far end: `0-9 * #`, and `w` for half a second of silence.
    case keys(String)
    /// What is at this address, so many times over.
    case file(String, times: Int)
}

/// How the next turn should be listened to.
public struct Expectation: Equatable, Sendable {
    /// Keys that complete an answer: 1 for a menu, 10 for a phone number. 0: keys are not an answer.
    public var digits: Int
    /// Each key is an answer of its own, the pound key too, which ends one otherwise.
    public var takesEachKey: Bool
    /// Whether the caller can interrupt the prompt.
    public var interruption: Interruption
    /// Silence that ends the turn where the words do not tell; `nil`: as configured.
    public var hangover: CallTime?
    /// What was asked: how whole an answer sounds is judged by it.
    public var answer: AnswerKind

    public init(
        digits: Int = 0, takesEachKey: Bool = false, interruption: Interruption = .always, hangover: CallTime? = nil,
        answer: AnswerKind = .open
    ) {
        self.digits = digits
        self.takesEachKey = takesEachKey
        self.interruption = interruption
        self.hangover = hangover
        self.answer = answer
    }
}

/// When a caller who speaks over the agent stops it.
public enum Interruption: Equatable, Sendable {
    case always
    case never
    /// When so much of the reply has been played.
    case after(CallTime)
}

/// What a synthesiser session says, for one clause of one reply. Audio is in the leg's codec.
public enum SynthesizerAnswer: Equatable, Sendable {
    case audio(Generation, clause: Int, SpeechAudio)
    case done(Generation, clause: Int)
    case failed(Generation, clause: Int)
}

/// An action as the agent asked for it.
public struct ActionRequest: Equatable, Sendable {
    public var name: String
    /// A JSON object.
    public var arguments: String

    public init(name: String, arguments: String) {
        self.name = name
        self.arguments = arguments
    }
}

/// One run of an action. The key for "once" is (call, turn, name, canonical arguments).
public struct ActionInvocation: Equatable, Sendable {
    /// Counts from 1 within the call.
    public var number: UInt32
    public var generation: Generation
    public var turn: TurnID
    public var request: ActionRequest

    public init(number: UInt32, generation: Generation, turn: TurnID, request: ActionRequest) {
        self.number = number
        self.generation = generation
        self.turn = turn
        self.request = request
    }
}

/// What became of an action. `committed` and `answered` mean: durable, and may be spoken of.
public struct ActionResult: Equatable, Sendable {
    public enum Outcome: Equatable, Sendable {
        case committed
        /// Done, and this came back: a JSON object of values by name.
        case answered(String)
        /// Not done, by a rule: no consent, unknown action, bad arguments. The text says which.
        case refused(String)
        /// Not done, by a fault.
        case failed(String)
    }
    public var number: UInt32
    public var outcome: Outcome

    public init(number: UInt32, outcome: Outcome) {
        self.number = number
        self.outcome = outcome
    }
}
