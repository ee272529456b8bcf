/// How an Opus encoder works. What each does is in RFC 6716 section 2.1.
public struct OpusSettings: Hashable, Sendable {
    /// What the sound is.
    public enum Application: Sendable {
        /// Speech, where being understood counts.
        case voice
        /// Music and all else, where being true counts.
        case audio
        /// Anything, with 2.5 ms of delay in place of 6.5 ms; has no in-band error correction.
        case lowDelay
    }

    public var application: Application
    /// Bits a second, 6 000...510 000. 24 000 is good speech at 16 kHz.
    public var bitrate: Int
    /// What may be spent to sound better, 0...10. 5 costs about 0.1 ms for a frame of 20 ms.
    public var complexity: Int
    /// Whether packets carry a rough copy of the frame before them, for `OpusDecoder.recover`. Takes effect with an
    /// `expectedLoss` above 0, frames of 10 ms or more, and enough bits (about 16 000 a second).
    public var hasErrorCorrection: Bool
    /// Per cent of packets that are expected to be lost, 0...100. The more, the more bits go into surviving that.
    public var expectedLoss: Int
    /// Whether silence is coded as packets of 1 or 2 octets, which need not be sent (DTX).
    public var isDiscontinuous: Bool

    public init(
        application: Application = .voice, bitrate: Int = 24_000, complexity: Int = 5, hasErrorCorrection: Bool = false,
        expectedLoss: Int = 0, isDiscontinuous: Bool = false
    ) {
        self.application = application
        self.bitrate = bitrate
        self.complexity = complexity
        self.hasErrorCorrection = hasErrorCorrection
        self.expectedLoss = expectedLoss
        self.isDiscontinuous = isDiscontinuous
    }
}
