import COpus
import ParleyCore

/// Decodes one stream of Opus packets (RFC 6716) to mono sound, through the system's libopus.
///
/// One after another, from one thread at a time. Allocates when it is made, not for a packet, as long as the array it
/// appends to has room. Stereo packets become mono.
public final class OpusDecoder {
    /// Samples a second of what comes out: 8 000, 16 000, 24 000 or 48 000, whatever the encoder was given.
    public let sampleRate: Int

    private let state: OpaquePointer
    /// Room for the longest packet there is: 120 ms.
    private let sound: UnsafeMutablePointer<Int16>
    private let room: Int

    /// Throws when the rate is none of Opus's, or when memory is short.
    public init(sampleRate: Int) throws(CodecError) {
        try Opus.check(sampleRate: sampleRate)
        var answer: Int32 = 0
        let state = opus_decoder_create(Int32(sampleRate), 1, &answer)
        try Opus.check(answer, "make a decoder")
        guard let state else { throw CodecError(code: Int(OPUS_ALLOC_FAIL), description: "no memory for Opus") }
        self.sampleRate = sampleRate
        self.state = state
        room = sampleRate * 120 / 1_000
        sound = .allocate(capacity: room)
    }

    deinit {
        sound.deallocate()
        opus_decoder_destroy(state)
    }

    /// Samples that a packet decodes to: 2.5 to 120 ms of them. Throws when it is no Opus packet.
    public func sampleCount(of packet: Span<UInt8>) throws(CodecError) -> Int {
        let answer = packet.withUnsafeBufferPointer { packet in
            guard let octets = packet.baseAddress else { return OPUS_INVALID_PACKET }
            return opus_packet_get_nb_samples(octets, Int32(clamping: packet.count), Int32(sampleRate))
        }
        return try Opus.check(answer, "read a packet of \(packet.count) octets")
    }

    /// Appends the sound of the next packet. Throws when it is no Opus packet; nothing is then appended, and the
    /// packet should be treated as lost.
    ///
    /// - Returns: the number of samples appended.
    @discardableResult
    public func decode(_ packet: Span<UInt8>, appendingTo samples: inout [Int16]) throws(CodecError) -> Int {
        let count = try sampleCount(of: packet)
        return try decode(packet, count: count, isRecovering: false, appendingTo: &samples)
    }

    /// Appends the sound of the next packet after `lost` packets that did not come: those are taken to be as long as
    /// this one, the last of them is recovered from it, and the ones before are concealed.
    ///
    /// - Parameter lost: 0...250; what lies outside is taken as the nearest of these.
    /// - Returns: the number of samples appended.
    @discardableResult
    public func decode(
        _ packet: Span<UInt8>, afterLosing lost: Int, appendingTo samples: inout [Int16]
    ) throws(CodecError) -> Int {
        let count = try sampleCount(of: packet)
        let lost = min(max(lost, 0), 250)
        if lost > 0 {
            for _ in 1..<lost { try conceal(count, appendingTo: &samples) }
            try recover(count, from: packet, appendingTo: &samples)
        }
        let decoded = try decode(packet, count: count, isRecovering: false, appendingTo: &samples)
        return lost * count + decoded
    }

    /// Appends a guess at the sound of a packet that was lost, from what came before. Fades out within about 60 ms.
    ///
    /// - Parameter count: samples that are missing, a multiple of 2.5 ms and at most 120 ms.
    public func conceal(_ count: Int, appendingTo samples: inout [Int16]) throws(CodecError) {
        try check(missing: count)
        let answer = opus_decode(state, nil, 0, sound, Int32(count), 0)
        append(try Opus.check(answer, "conceal \(count) samples"), to: &samples)
    }

    /// Appends the sound of a packet that was lost, from the copy in the one after it. Where that has no copy, this
    /// conceals. Then `decode` the packet itself.
    ///
    /// - Parameter count: samples that are missing, a multiple of 2.5 ms and at most 120 ms.
    public func recover(
        _ count: Int, from next: Span<UInt8>, appendingTo samples: inout [Int16]
    ) throws(CodecError) {
        try check(missing: count)
        _ = try sampleCount(of: next)
        try decode(next, count: count, isRecovering: true, appendingTo: &samples)
    }

    /// Forgets the sound so far.
    public func reset() { _ = parley_opus_decoder_reset(state) }

    @discardableResult
    private func decode(
        _ packet: Span<UInt8>, count: Int, isRecovering: Bool, appendingTo samples: inout [Int16]
    ) throws(CodecError) -> Int {
        let answer = packet.withUnsafeBufferPointer { packet in
            opus_decode(
                state, packet.baseAddress, Int32(clamping: packet.count), sound, Int32(count),
                isRecovering ? 1 : 0)
        }
        let decoded = try Opus.check(answer, "decode a packet of \(packet.count) octets")
        append(decoded, to: &samples)
        return decoded
    }

    private func check(missing count: Int) throws(CodecError) {
        guard count > 0, count <= room, count % (sampleRate / 400) == 0 else {
            throw CodecError(
                code: Int(OPUS_BAD_ARG),
                description: "Opus cannot fill in \(count) samples at \(sampleRate); ask for a multiple of 2.5 ms")
        }
    }

    private func append(_ count: Int, to samples: inout [Int16]) {
        samples.append(contentsOf: UnsafeBufferPointer(start: sound, count: count))
    }
}
