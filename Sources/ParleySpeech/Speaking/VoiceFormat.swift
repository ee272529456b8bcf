import ParleyCore

/// What a voice's sound is made of; one channel.
public struct VoiceFormat: Equatable, Sendable {
    public var encoding: AudioEncoding
    /// Samples a second.
    public var rate: Int

    public init(_ encoding: AudioEncoding, rate: Int) {
        self.encoding = encoding
        self.rate = rate
    }

    public static let telephone = VoiceFormat(.mulaw, rate: 8_000)

    var bytesPerSample: Int { encoding == .mulaw ? 1 : 2 }

    /// Whether it can be brought to every leg's rate; mu-law is for 8 kHz alone.
    var isPlayable: Bool {
        guard encoding == .pcm16 else { return rate == 8_000 }
        return Resampler.supports(from: rate, to: 8_000) && Resampler.supports(from: rate, to: 16_000)
    }

    /// How long so many bytes of it sound, in milliseconds.
    func milliseconds(of bytes: Int) -> Int { bytes / bytesPerSample * 1_000 / rate }
}
