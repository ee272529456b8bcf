/// How audio travels on a call's media socket, both ways.
public struct LegFormat: Hashable, Sendable {
    public enum Codec: String, Sendable {
        /// ITU-T G.711 mu-law, one octet a sample, 8 kHz.
        case mulaw
        /// 16-bit little-endian linear PCM.
        case linear16
        /// RFC 6716; one packet a frame.
        case opus
    }

    public var codec: Codec
    /// Samples a second of the audio the call hears and plays: 8 000 or 16 000.
    public var sampleRate: Int

    public init(codec: Codec, sampleRate: Int) {
        self.codec = codec
        self.sampleRate = sampleRate
    }

    public static let telephone = LegFormat(codec: .mulaw, sampleRate: 8_000)

    /// Samples in one 20 ms frame.
    public var samplesPerFrame: Int { sampleRate / 50 }
}
