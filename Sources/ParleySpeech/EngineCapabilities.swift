import ParleyCore

/// How samples cross to an engine and back.
public enum AudioEncoding: String, Equatable, Sendable, CaseIterable {
    /// G.711 mu-law, 8 bits a sample; 8 000 samples a second.
    case mulaw
    /// Linear, 16 bits a sample, little-endian.
    case pcm16
}

/// What a recogniser takes and tells, for `doctor`, the documents' table and whoever stands before it.
public struct RecognizerCapabilities: Equatable, Sendable {
    /// Samples a second, the preferred one first.
    public var rates: [Int]
    /// The preferred one first. Mu-law from a mu-law leg goes through without a sample changed.
    public var encodings: [AudioEncoding]
    /// Words come while the caller speaks, so that silence from it means something.
    public var hasPartials: Bool
    /// It has an endpointing of its own, which Parley overrules.
    public var endsTurns: Bool
    /// It says when each word was spoken.
    public var hasWordTimes: Bool
    /// Audio goes out in messages of this length; `zero`: a turn in one, when it is over.
    public var batch: CallTime

    public init(
        rates: [Int] = [8_000, 16_000], encodings: [AudioEncoding] = [.pcm16], hasPartials: Bool = true,
        endsTurns: Bool = false, hasWordTimes: Bool = false, batch: CallTime = .frame
    ) {
        self.rates = rates
        self.encodings = encodings
        self.hasPartials = hasPartials
        self.endsTurns = endsTurns
        self.hasWordTimes = hasWordTimes
        self.batch = batch
    }
}

/// What a voice gives.
public struct SynthesizerCapabilities: Equatable, Sendable {
    /// Samples a second that it can be asked for, the preferred one first.
    public var rates: [Int]
    public var encodings: [AudioEncoding]
    /// It says when each word ends; else that is reckoned.
    public var hasWordTimes: Bool
    /// Audio comes while it still works on the clause.
    public var isStreaming: Bool

    public init(
        rates: [Int] = [8_000], encodings: [AudioEncoding] = [.pcm16], hasWordTimes: Bool = false,
        isStreaming: Bool = true
    ) {
        self.rates = rates
        self.encodings = encodings
        self.hasWordTimes = hasWordTimes
        self.isStreaming = isStreaming
    }
}
