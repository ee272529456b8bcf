import ParleyCore

/// One answer of the model, from the moment it may be wanted until what was heard of it is known.
///
/// The model begins when the caller's turn is over; whether the call wants the answer is known only when the words have
/// been read: until then it is a draft, and nothing of it leaves.
struct RealtimeReply {
    /// A response that is still to be asked for.
    struct Want: Equatable {
        /// In place of the session's instructions.
        var instructions: String?
        var mayCall = true
        /// The answer is to be these words. Nothing is handed out before the model has said them, and nothing else is.
        var mustSay: String?
        /// Nobody asked for it.
        var mayBeEmpty = false
    }

    enum Ending: Equatable {
        /// The call took another turn; what was heard of it, once that is known.
        case cut(heard: String?)
        /// As if it had never been.
        case discarded
    }

    let number: Int
    /// `nil`: a draft.
    var generation: Generation?
    let turn: TurnID
    var want: Want?
    var ending: Ending?
    var speech: RealtimeSpeech
    /// What the call will be told if it asks.
    var held: [ReplyPart] = []
    /// Calls of functions that wait for the call to ask.
    var heldCalls: [RealtimeCalls.Asked] = []
    /// The server's names of its messages.
    var items: [String] = []
    /// Its calls of functions.
    var callItems: [String] = []
    /// Our own items that were made for it.
    var ownItems: [String] = []
    /// What the caller said, as it was put down.
    var asked: String?
    /// Its only words; `nil`: the model finds its own.
    var mustSay: String?
    /// What the model has said in their place so far.
    var unproven = ""
    var isProven = false
    /// What the model has said since the last stop.
    var sentence = ""
    /// Of that, what may become a person's claim.
    var pending = ""
    /// Is no part of one, and is handed out next.
    var withheld = ""
    /// Words of the model's own were handed out.
    var hasWords = false
    /// The model has said that it is a person: the truth is said next.
    var owesTruth = false
    /// How often it has said something else.
    var falseStarts = 0
    var characters = 0
    var responses = 0
    var calls = 0
    /// A function gave its result, and the model has not spoken since.
    var owesWords = false
    /// It ends the call, or hands it over.
    var isFarewell = false
    /// A response of it was asked for again: it was empty, or did not end.
    var wasAskedAgain = false
    /// The model has said a word, not stops or spaces alone.
    var hasSpoken = false
    /// It pressed keys, or nobody asked for it: there need be nothing to hear.
    var mayBeSilent = false
    /// It did something that stays done.
    var hasActed = false
    /// It is longer than a reply may be: what else comes is let fall.
    var isFull = false
    /// The call has been told that this was all, or that no more comes.
    var isDone = false
    /// When what was handed out will have been played, if it was played at once.
    var playEnd = CallTime.zero
    /// The first sound without a word about it.
    var wordlessSince: CallTime?

    init(number: Int, generation: Generation?, turn: TurnID, want: Want, engine: String) {
        speech = RealtimeSpeech(engine: engine)
        self.number = number
        self.generation = generation
        self.turn = turn
        self.want = want
        mustSay = want.mustSay
    }

    /// Nobody can say yet how much of it the model should know of.
    var isUnsettled: Bool { ending == .cut(heard: nil) && !items.isEmpty }
    var isDraft: Bool { generation == nil }
}
