import ParleyCore

/// A stretch of speech as an engine makes it, of any length.
public struct SpeechChunk: Sendable {
    /// Mono, 16-bit. Of a chunk that came as mu-law these are decoded on each reading; a change makes it a linear one.
    public var samples: [Int16] {
        get { mulaw.map { $0.map { MuLaw.decode($0) } } ?? linear }
        _modify {
            if mulaw != nil {
                linear = samples
                mulaw = nil
            }
            yield &linear
        }
    }
    /// The octets as they came, where the engine speaks 8 kHz mu-law (G.711): a leg that does, too, gets them unchanged.
    public private(set) var mulaw: [UInt8]?
    /// Samples a second: 8 000, 16 000, 22 050, 24 000 or 48 000; the same for all of a clause.
    public var sampleRate: Int
    /// Ends of words, from the clause's start: those known by now and not told before.
    public var words: [WordEnd]
    /// Empty where `mulaw` has the sound.
    private var linear: [Int16]

    public init(samples: [Int16], sampleRate: Int, words: [WordEnd] = []) {
        linear = samples
        self.sampleRate = sampleRate
        self.words = words
    }

    /// - Parameter mulaw: 8 000 octets a second.
    public init(mulaw: [UInt8], words: [WordEnd] = []) {
        linear = []
        self.mulaw = mulaw
        sampleRate = 8_000
        self.words = words
    }

    /// Without decoding anything.
    public var sampleCount: Int { mulaw?.count ?? linear.count }
}
