/// When silence ends the caller's turn.
///
/// Words decide how much silence is enough: little after a whole answer, more where more is coming, the usual where nobody
/// can tell or the recogniser has said nothing. On a noisy line silence is not believed alone. Pure: the same moment is
/// always judged alike, and more silence never takes an end back.
public struct EndpointPolicy: Equatable, Sendable {
    /// After an answer that is whole.
    public var shortest = CallTime.milliseconds(300)
    /// Where the words do not tell, or none have come.
    public var usual = CallTime.milliseconds(500)
    /// After half an answer, such as a day without its time, and after the first words of what may become a sentence: some
    /// callers leave it at that.
    public var longer = CallTime.milliseconds(800)
    /// After words that do not tell, in a sentence that has got going.
    public var fluent = CallTime.milliseconds(440)
    /// After words that cannot be the end, where any sentence may be the answer.
    public var trailing = CallTime.milliseconds(840)
    /// After words that cannot be the end of the answer that was asked for, as in the middle of a number. A per-question
    /// hangover that is longer still is kept.
    public var longest = CallTime.milliseconds(1_100)
    /// Where a sentence is asked for, what was spoken for less than this may be its beginning; afterwards it is under way. Of
    /// 197 pauses inside recorded turns 37 in a hundred begin before, of 299 ends 8.
    public var underWay = CallTime.seconds(2)
    /// On a noisy line the words must have stood unchanged for this long, by decodes that are this far apart (they come every 500 ms).
    public var steady = CallTime.milliseconds(600)
    /// Silence that ends a turn on a noisy line though the words never came or went on changing: they are the noise's.
    public var noisy = CallTime.milliseconds(1_000)
    /// Noise that is taken for speech does not hold a whole answer up for longer than this.
    public var settled = CallTime.milliseconds(1_200)
    /// Silence is believed, however noisy the line is.
    public var trustsSilence = false
    /// A turn that never falls silent ends here.
    public var maximumTurn = CallTime.seconds(30)

    public init() {}

    /// Silence alone decides.
    public static func fixed(_ hangover: CallTime) -> EndpointPolicy {
        var policy = EndpointPolicy()
        (policy.shortest, policy.usual, policy.longer) = (hangover, hangover, hangover)
        (policy.fluent, policy.trailing, policy.longest) = (hangover, hangover, hangover)
        policy.trustsSilence = true
        return policy
    }

    /// What is known of a turn at one moment. Times are the line's own: 20 ms for each frame heard.
    public struct Moment: Equatable, Sendable {
        /// Since the last voiced frame.
        public var silence: CallTime
        /// Since the first voiced frame.
        public var length: CallTime
        /// Of the words so far; `nil` until words have come that were heard up to this pause.
        public var completeness: Completeness?
        /// The words so far, this pause or not, and how long they have stood through two decodes or more; `nil` without.
        public var steady: (completeness: Completeness, for: CallTime)?
        /// From the first voiced frame to the last one.
        public var spoken: CallTime { length - silence }
        /// Any sentence may be the answer.
        public var asksForSentence = false
        /// The question's own hangover, in place of `usual`.
        public var hangover: CallTime?
        /// Speech stands so little over the line's noise that the detector cannot be sure of silence.
        public var isNoisy = false

        public init(silence: CallTime, length: CallTime) {
            self.silence = silence
            self.length = length
        }

        public static func == (left: Moment, right: Moment) -> Bool {
            left.silence == right.silence && left.length == right.length && left.completeness == right.completeness
                && left.steady?.completeness == right.steady?.completeness && left.steady?.for == right.steady?.for
                && left.asksForSentence == right.asksForSentence
                && left.hangover == right.hangover && left.isNoisy == right.isNoisy
        }
    }

    /// Why a turn ended.
    public enum Reason: String, Sendable {
        /// The answer was whole.
        case complete
        /// The usual silence: the words did not tell, or could be all.
        case usual
        /// A little more than the usual silence: a sentence had only begun.
        case brief
        /// The usual silence: no words had come for this pause.
        case noWords = "no_words"
        /// More was expected and did not come.
        case incomplete
        /// Noise covers the line, and the words no longer changed.
        case settled
        /// The turn was as long as a turn may be.
        case maximum
    }

    public enum Verdict: Equatable, Sendable {
        case end(Reason)
        /// Ends with this much silence, if nothing else happens until then; `nil`: silence alone does not end it.
        case wait(until: CallTime?)
    }

    public func judge(_ moment: Moment) -> Verdict {
        if moment.length >= maximumTurn { return .end(.maximum) }
        let hangover = moment.hangover ?? usual
        let (enough, reason) = hangoverNow(moment, usual: hangover)
        guard moment.isNoisy, !trustsSilence else {
            return moment.silence >= enough ? .end(reason) : .wait(until: enough)
        }
        if let steady = moment.steady {
            if steady.for >= settled, steady.completeness == .complete { return .end(.settled) }
            if steady.for >= self.steady, moment.silence >= enough { return .end(.settled) }
        }
        let last = max(noisy, enough)
        return moment.silence >= last ? .end(reason) : .wait(until: last)
    }

    /// The longest silence that any words can make this wait for: what a deadline must allow for.
    public func bound(hangover: CallTime?) -> CallTime { max(longest, trailing, hangover ?? usual) }

    private func hangoverNow(_ moment: Moment, usual: CallTime) -> (CallTime, Reason) {
        // Words of this pause come later than that: whoever sets so little wants silence alone to decide.
        if usual < shortest { return (usual, .noWords) }
        return switch moment.completeness {
        case nil: (usual, .noWords)
        case .complete: (shortest, .complete)
        case .plausible: (usual, .usual)
        case .unknown where moment.asksForSentence && moment.spoken < underWay: (max(longer, usual), .brief)
        case .unknown where moment.asksForSentence && moment.hangover == nil: (min(fluent, usual), .usual)
        case .unknown: (usual, .usual)
        case .incomplete(let missing) where missing.isCertain:
            (max(moment.asksForSentence ? trailing : longest, usual), .incomplete)
        case .incomplete: (max(longer, usual), .incomplete)
        }
    }
}
