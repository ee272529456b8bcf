import ParleyCore

/// Brings the speech of an engine into a leg's format: its sample rate, its frames of 20 ms, its codec, and its peaks
/// held at -3 dBFS. Mu-law for a mu-law leg goes through octet for octet as long as no peak is above that.
///
/// For engine adapters, off the event loops. Takes the chunks of one clause as they come; the state goes on from chunk
/// to chunk, so that no seam is heard. After `finish` it takes the next clause.
public struct SpeechEncoder {
    public let format: LegFormat

    private var encoder: any FrameEncoder
    private var resampler: Resampler
    private var limiter: Limiter
    private var packer: FramePacker
    private var decimator = Decimator()
    private var words: [WordEnd] = []
    private var passage = MuLawPassage()
    /// Something of this clause was not passed through: nor is what follows it.
    private var isLinear = false

    /// - Parameters:
    ///   - format: of the leg; 8 or 16 kHz.
    ///   - makeEncoder: makes the codec: `LegEncoder` or an Opus encoder.
    public init(
        format: LegFormat, makeEncoder: @Sendable () throws(CodecError) -> any FrameEncoder
    ) throws(CodecError) {
        guard [8_000, 16_000].contains(format.sampleRate) else {
            throw CodecError(
                code: -1, description: "a leg has 8000 or 16000 samples a second, not \(format.sampleRate)")
        }
        self.format = format
        encoder = try makeEncoder()
        resampler = Resampler(from: format.sampleRate, to: format.sampleRate)
        limiter = Limiter(sampleRate: format.sampleRate)
        packer = FramePacker(samplesPerFrame: format.samplesPerFrame)
    }

    /// Takes the next chunk of a clause, and gives the frames that are whole by now.
    ///
    /// - Returns: frames with the words told so far and not given yet; `nil` when no frame is whole: the words then
    ///   come with the next.
    public mutating func encode(_ chunk: SpeechChunk) throws(CodecError) -> SpeechAudio? {
        if let octets = chunk.mulaw, canPass(octets) {
            words += chunk.words
            return passed(passage.take(octets))
        }
        isLinear = true
        var resampled: [Int16] = []
        if chunk.sampleRate != resampler.inputRate {
            guard Resampler.supports(from: chunk.sampleRate, to: format.sampleRate) else {
                throw CodecError(
                    code: -1,
                    description: "a voice at \(chunk.sampleRate) samples a second cannot be brought to "
                        + "\(format.sampleRate); use one at 8000, 16000, 22050, 24000 or 48000")
            }
            resampler.flush(appendingTo: &resampled)
            resampler = Resampler(from: chunk.sampleRate, to: format.sampleRate)
        }
        words += chunk.words
        resampler.process(chunk.samples.span, appendingTo: &resampled)
        var limited: [Int16] = []
        // What was passed through until now is at the leg's own rate, and comes before.
        limiter.process(passage.drain().span, appendingTo: &limited)
        limiter.process(resampled.span, appendingTo: &limited)
        return try code(limited, isLast: false)
    }

    /// The clause has ended: gives the rest, its last frame filled up with silence.
    ///
    /// - Returns: `nil` when nothing was left.
    public mutating func finish() throws(CodecError) -> SpeechAudio? {
        guard isLinear else {
            defer { words.removeAll() }
            return passed(passage.finish())
        }
        isLinear = false
        var resampled: [Int16] = []
        resampler.flush(appendingTo: &resampled)
        var limited: [Int16] = []
        limiter.process(resampled.span, appendingTo: &limited)
        limiter.flush(appendingTo: &limited)
        return try code(limited, isLast: true)
    }

    /// Drops what has not been given, as when a clause is cancelled. The codec's own state stays: its peer's does, too.
    public mutating func reset() {
        resampler.reset()
        limiter = Limiter(sampleRate: format.sampleRate)
        packer.reset()
        decimator.reset()
        words.removeAll(keepingCapacity: true)
        passage = MuLawPassage()
        isLinear = false
    }

    private func canPass(_ octets: [UInt8]) -> Bool {
        format == .telephone && !isLinear && !MuLawPassage.isLoud(octets, ceiling: limiter.ceiling)
    }

    /// - Parameter frames: whole ones; with none, the words wait.
    private mutating func passed(_ frames: [UInt8]) -> SpeechAudio? {
        guard !frames.isEmpty else { return nil }
        defer { words.removeAll() }
        return SpeechAudio(payload: frames, frameBytes: format.samplesPerFrame, words: words)
    }

    private mutating func code(_ samples: [Int16], isLast: Bool) throws(CodecError) -> SpeechAudio? {
        let frames = (packer.pending + samples.count) / format.samplesPerFrame + (isLast ? 1 : 0)
        var coded = CodedFrames(
            isPacketed: format.codec == .opus, needsReference: format != .telephone,
            octets: frames * format.samplesPerFrame * (format.codec == .mulaw ? 1 : 2))
        try packer.append(samples.span) { frame throws(CodecError) in
            try coded.append(frame, encoder: &encoder, decimator: &decimator)
        }
        if isLast {
            try packer.flush { frame throws(CodecError) in
                try coded.append(frame, encoder: &encoder, decimator: &decimator)
            }
            decimator.reset()
        }
        let audio = coded.audio(words: words)
        if audio != nil || isLast { words.removeAll() }
        return audio
    }
}

/// Frames as they are coded, until they become `SpeechAudio`.
private struct CodedFrames {
    let isPacketed: Bool
    let needsReference: Bool
    private(set) var count = 0
    private var payload: [UInt8] = []
    private var packets: [[UInt8]] = []
    private var reference: [UInt8] = []

    /// - Parameter octets: what the frames will need, where they are not packets. A call holds them while they play, and what an
    ///   array takes as it grows is up to twice of that.
    init(isPacketed: Bool, needsReference: Bool, octets: Int) {
        self.isPacketed = isPacketed
        self.needsReference = needsReference
        if !isPacketed { payload.reserveCapacity(octets) }
    }

    mutating func append(
        _ frame: Span<Int16>, encoder: inout any FrameEncoder, decimator: inout Decimator
    ) throws(CodecError) {
        if isPacketed {
            var packet: [UInt8] = []
            try encoder.encode(frame, into: &packet)
            packets.append(packet)
        } else {
            try encoder.encode(frame, into: &payload)
        }
        count += 1
        guard needsReference else { return }
        if frame.count == 320 {
            var narrow = [Int16](repeating: 0, count: 160)
            decimator.process(frame, into: &narrow)
            MuLaw.encode(narrow.span, appendingTo: &reference)
        } else {
            MuLaw.encode(frame, appendingTo: &reference)
        }
    }

    /// `nil` when there are no frames.
    func audio(words: [WordEnd]) -> SpeechAudio? {
        guard count > 0 else { return nil }
        return isPacketed
            ? SpeechAudio(packets: packets, reference: reference, words: words)
            : SpeechAudio(payload: payload, frameBytes: payload.count / count, reference: reference, words: words)
    }
}
