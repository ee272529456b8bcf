import COpus
import ParleyCore

/// Codes one stream of mono sound as Opus packets (RFC 6716), through the system's libopus.
///
/// One after another, from one thread at a time. Allocates when it is made, not for a frame.
public final class OpusEncoder: FrameEncoder {
    /// Samples a second: 8 000, 16 000, 24 000 or 48 000.
    public let sampleRate: Int
    public private(set) var settings: OpusSettings

    private let state: OpaquePointer
    private let packet: UnsafeMutablePointer<UInt8>

    /// Throws when the rate is none of Opus's, when a setting is out of range, or when memory is short.
    public init(sampleRate: Int, settings: OpusSettings = OpusSettings()) throws(CodecError) {
        try Opus.check(sampleRate: sampleRate)
        var answer: Int32 = 0
        let state = opus_encoder_create(Int32(sampleRate), 1, settings.application.code, &answer)
        try Opus.check(answer, "make an encoder")
        guard let state else { throw CodecError(code: Int(OPUS_ALLOC_FAIL), description: "no memory for Opus") }
        self.sampleRate = sampleRate
        self.settings = settings
        self.state = state
        packet = .allocate(capacity: OpusEncoder.largestPacket)
        try apply(settings)
    }

    deinit {
        packet.deallocate()
        opus_encoder_destroy(state)
    }

    /// Samples by which the sound is late after decoding: 6.5 ms, or 2.5 for `lowDelay`.
    public var lookahead: Int {
        var samples: Int32 = 0
        _ = parley_opus_encoder_get_lookahead(state, &samples)
        return Int(samples)
    }

    /// Changes how the next frames are coded. The application can only change before the first frame or after `reset`.
    ///
    /// Throws when a setting is out of range; those that come before it in `OpusSettings` are then in force.
    public func apply(_ settings: OpusSettings) throws(CodecError) {
        guard (6_000...510_000).contains(settings.bitrate) else {
            throw CodecError(
                code: Int(OPUS_BAD_ARG), description: "Opus has no bitrate of \(settings.bitrate); use 6000 to 510000")
        }
        try Opus.check(
            parley_opus_encoder_set_application(state, settings.application.code), "change the application now")
        try Opus.check(
            parley_opus_encoder_set_bitrate(state, Int32(settings.bitrate)), "use bitrate \(settings.bitrate)")
        try Opus.check(
            parley_opus_encoder_set_complexity(state, Int32(clamping: settings.complexity)),
            "use complexity \(settings.complexity) (0 to 10)")
        try Opus.check(
            parley_opus_encoder_set_inband_fec(state, settings.hasErrorCorrection ? 1 : 0), "use error correction")
        try Opus.check(
            parley_opus_encoder_set_packet_loss(state, Int32(clamping: settings.expectedLoss)),
            "expect a loss of \(settings.expectedLoss) per cent (0 to 100)")
        try Opus.check(parley_opus_encoder_set_dtx(state, settings.isDiscontinuous ? 1 : 0), "use DTX")
        self.settings = settings
    }

    /// Appends the packet of one 20 ms frame.
    public func encode(_ frame: Span<Int16>, into out: inout [UInt8]) throws(CodecError) {
        guard frame.count == sampleRate / 50 else {
            throw .wrongFrameLength(frame.count, expected: sampleRate / 50)
        }
        try encodePacket(frame, into: &out)
    }

    /// Appends the packet of one frame of 2.5, 5, 10, 20, 40 or 60 ms.
    public func encodePacket(_ frame: Span<Int16>, into out: inout [UInt8]) throws(CodecError) {
        guard Opus.isFrame(frame.count, sampleRate: sampleRate) else {
            throw CodecError(
                code: Int(OPUS_BAD_ARG),
                description: "Opus has no frame of \(frame.count) samples at \(sampleRate); use 2.5 to 60 ms")
        }
        let answer = frame.withUnsafeBufferPointer { frame in
            guard let samples = frame.baseAddress else { return OPUS_BAD_ARG }
            return opus_encode(
                state, samples, Int32(frame.count), packet, Int32(OpusEncoder.largestPacket))
        }
        let length = try Opus.check(answer, "code a frame")
        out.append(contentsOf: UnsafeBufferPointer(start: packet, count: length))
    }

    /// Forgets the sound so far; the settings stay.
    public func reset() { _ = parley_opus_encoder_reset(state) }

    /// Three frames of the 1 275 octets that one can have at most (RFC 6716 section 3.4), and their lengths.
    private static let largestPacket = 4_000
}

extension OpusSettings.Application {
    fileprivate var code: Int32 {
        switch self {
        case .voice: OPUS_APPLICATION_VOIP
        case .audio: OPUS_APPLICATION_AUDIO
        case .lowDelay: OPUS_APPLICATION_RESTRICTED_LOWDELAY
        }
    }
}
