import Foundation

/// What a caller of these tests says.
enum CallerVoice {
    /// A second of harmonics after half a second of silence, as 8 kHz PCM.
    static func wav() -> [UInt8] {
        let samples = (0..<12_000).map { index -> Int16 in
            guard index >= 4_000 else { return 0 }
            let time = Double(index) / 8_000
            return Int16((1...10).reduce(0.0) { $0 + sin(2 * .pi * 140 * Double($1) * time) / Double($1) } * 4_000)
        }
        var bytes = Array("RIFF".utf8)
        func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        func append(_ value: UInt16) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        append(UInt32(36 + samples.count * 2))
        bytes += Array("WAVEfmt ".utf8)
        append(UInt32(16))
        for value in [UInt16(1), 1] { append(value) }
        append(UInt32(8_000))
        append(UInt32(16_000))
        for value in [UInt16(2), 16] { append(value) }
        bytes += Array("data".utf8)
        append(UInt32(samples.count * 2))
        for sample in samples { append(UInt16(bitPattern: sample)) }
        return bytes
    }
}
