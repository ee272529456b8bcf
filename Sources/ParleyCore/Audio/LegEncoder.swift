/// Codes frames for the legs that need no codec library: mu-law and linear PCM.
public struct LegEncoder: FrameEncoder, Sendable {
    public let format: LegFormat

    /// `nil` for Opus, whose encoder is in `ParleyOpus`.
    public init?(_ format: LegFormat) {
        guard format.codec != .opus else { return nil }
        self.format = format
    }

    /// Appends 1 (mu-law) or 2 (linear) octets a sample. Throws when the frame is not `samplesPerFrame` long.
    public mutating func encode(_ frame: Span<Int16>, into out: inout [UInt8]) throws(CodecError) {
        guard frame.count == format.samplesPerFrame else {
            throw .wrongFrameLength(frame.count, expected: format.samplesPerFrame)
        }
        switch format.codec {
        case .mulaw:
            MuLaw.encode(frame, appendingTo: &out)
        case .linear16, .opus:
            out.reserveRoom(for: 2 * frame.count)
            for index in frame.indices {
                let bits = UInt16(bitPattern: frame[index])
                out.append(UInt8(truncatingIfNeeded: bits))
                out.append(UInt8(truncatingIfNeeded: bits >> 8))
            }
        }
    }
}

extension CodecError {
    /// The codec was given a frame of a length that it does not code. Code -1, which libopus has for the same.
    public static func wrongFrameLength(_ count: Int, expected: Int) -> CodecError {
        CodecError(code: -1, description: "a frame has \(expected) samples here, and not \(count)")
    }
}
