import ParleyCore

/// The sound of one clause as it comes over a wire, cut anywhere: makes chunks of whole samples.
struct ClauseSound {
    /// No clause is longer: it is cut at some 220 characters, which are spoken in 20 s.
    static let longestSeconds = 120

    private(set) var format: VoiceFormat
    /// The first half of a sample whose second half has not come.
    private var odd: UInt8?
    private(set) var samples = 0

    init(_ format: VoiceFormat) { self.format = format }

    /// What the server says that it sends.
    mutating func change(to format: VoiceFormat) throws(VoiceFault) {
        guard format != self.format else { return }
        guard format.isPlayable else {
            throw VoiceFault("it sends \(format.rate) samples a second, which Parley does not take", isRetryable: false)
        }
        guard samples == 0 else { throw VoiceFault("its format changed within a clause") }
        self.format = format
        odd = nil
    }

    /// - Returns: without words; `nil` where no sample is whole.
    mutating func chunk(_ octets: [UInt8]) throws(VoiceFault) -> SpeechChunk? {
        let chunk = whole(octets)
        samples += chunk.sampleCount
        guard samples <= Self.longestSeconds * format.rate else {
            throw VoiceFault("more than \(Self.longestSeconds) s of sound for one clause")
        }
        return chunk.sampleCount > 0 ? chunk : nil
    }

    /// Nothing but words.
    func chunk(of words: [WordEnd]) -> SpeechChunk {
        format.encoding == .mulaw
            ? SpeechChunk(mulaw: [], words: words) : SpeechChunk(samples: [], sampleRate: format.rate, words: words)
    }

    private mutating func whole(_ octets: [UInt8]) -> SpeechChunk {
        guard format.encoding == .pcm16 else { return SpeechChunk(mulaw: octets) }
        var bytes = octets[...]
        var samples: [Int16] = []
        samples.reserveCapacity(octets.count / 2 + 1)
        if let first = odd, let second = bytes.popFirst() {
            samples.append(Int16(bitPattern: UInt16(first) | UInt16(second) << 8))
            odd = nil
        }
        bytes.withUnsafeBytes { bytes in
            for place in stride(from: 0, to: bytes.count - 1, by: 2) {
                samples.append(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int16.self)))
            }
        }
        if bytes.count % 2 == 1 { odd = bytes.last }
        return SpeechChunk(samples: samples, sampleRate: format.rate)
    }
}
