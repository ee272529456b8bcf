import ParleyCore
import ParleyOpus

/// A leg's Opus packets, back into samples: a hole in the sequence is filled by what the next packet carries of the one
/// before, and by concealment.
struct OpusLeg {
    /// A longer hole is a pause of the sender's, not loss.
    private static let longestHole = 25

    private let decoder: OpusDecoder
    private var samples: [Int16] = []
    private var next: UInt16?

    init(sampleRate: Int) throws(CodecError) {
        decoder = try OpusDecoder(sampleRate: sampleRate)
        // A packet holds 120 ms at most (RFC 6716 section 3.1).
        samples.reserveCapacity(sampleRate * 120 / 1_000 * 2)
    }

    /// - Returns: the samples of this packet and of those lost before it; `nil` for one that is late or no Opus packet.
    mutating func decode(_ packet: UnsafeRawBufferPointer, sequence: UInt16) -> [Int16]? {
        let ahead = next.map { sequence &- $0 } ?? 0
        guard ahead < 0x8000 else { return nil }
        let lost = Int(ahead) <= Self.longestHole ? Int(ahead) : 0
        samples.removeAll(keepingCapacity: true)
        do throws(CodecError) {
            try decoder.decode(packet.bindMemory(to: UInt8.self).span, afterLosing: lost, appendingTo: &samples)
        } catch {
            return nil
        }
        next = sequence &+ 1
        return samples
    }
}
