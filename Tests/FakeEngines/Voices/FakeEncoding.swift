/// How a fake voice's samples are written.
public enum FakeEncoding: Sendable {
    case mulaw, alaw, pcm16, float32

    public var bytesPerSample: Int {
        switch self {
        case .mulaw, .alaw: 1
        case .pcm16: 2
        case .float32: 4
        }
    }

    func bytes(_ samples: [Int16]) -> [UInt8] {
        switch self {
        case .mulaw: samples.map(Self.mulaw)
        case .alaw: samples.map(Self.alaw)
        case .pcm16: samples.map(\.littleEndian).withUnsafeBytes { Array($0) }
        case .float32:
            samples.flatMap { sample in
                let bits = (Float(sample) / 32_768).bitPattern
                return (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
            }
        }
    }

    /// ITU-T G.711, table 2a: sign, segment and step, all inverted.
    private static func mulaw(_ sample: Int16) -> UInt8 {
        let size = min(abs(Int(sample)), 32_635) + 132
        let segment = Int.bitWidth - 1 - size.leadingZeroBitCount - 7
        let step = size >> (segment + 3) & 15
        return ~UInt8((sample < 0 ? 128 : 0) | segment << 4 | step)
    }

    /// ITU-T G.711, table 1a: every second bit inverted.
    private static func alaw(_ sample: Int16) -> UInt8 {
        let size = (sample < 0 ? -Int(sample) - 1 : Int(sample)) >> 3
        let segment = size < 32 ? 0 : Int.bitWidth - 1 - size.leadingZeroBitCount - 4
        let step = size >> max(segment, 1) & 15
        return UInt8(segment << 4 | step) ^ (sample < 0 ? 0x55 : 0xD5)
    }
}
