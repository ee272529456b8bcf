import ParleyCore
import ParleyOpus

/// The caller's end of a leg's codec, both ways. Costs may be plain: this is one call, not a gateway's thousand.
struct LegCodec {
    private let format: LegFormat
    private var encoder: OpusEncoder?
    private var decoder: OpusDecoder?

    init(format: LegFormat) throws(CodecError) {
        self.format = format
        guard format.codec == .opus else { return }
        // Ready for loss, as a browser's encoder is: each packet carries a copy of the one before.
        let settings = OpusSettings(bitrate: 24_000, hasErrorCorrection: true, expectedLoss: 5)
        encoder = try OpusEncoder(sampleRate: format.sampleRate, settings: settings)
        decoder = try OpusDecoder(sampleRate: format.sampleRate)
    }

    /// One frame of `format.samplesPerFrame` samples, encoded.
    mutating func encode(_ frame: [Int16]) throws(CodecError) -> [UInt8] {
        var out: [UInt8] = []
        switch format.codec {
        case .mulaw: out = frame.map(MuLaw.encode)
        case .linear16:
            for sample in frame { out += [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)] }
        case .opus: try encoder?.encode(frame.span, into: &out)
        }
        return out
    }

    /// What one message of agent audio holds.
    mutating func decode(_ octets: [UInt8]) throws(CodecError) -> [Int16] {
        switch format.codec {
        case .mulaw: return octets.map(MuLaw.decode)
        case .linear16:
            return (0..<octets.count / 2).map {
                Int16(bitPattern: UInt16(octets[$0 * 2]) | UInt16(octets[$0 * 2 + 1]) << 8)
            }
        case .opus:
            var samples: [Int16] = []
            try decoder?.decode(octets.span, appendingTo: &samples)
            return samples
        }
    }
}
