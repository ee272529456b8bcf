/// Sound as a WAV file holds it: one or two channels of 16-bit samples.
///
/// Source: Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" (RIFF WAVE) and the later
/// `WAVE_FORMAT_EXTENSIBLE`.
public struct WAV: Hashable, Sendable {
    /// How samples are kept in a file that is written.
    public enum Coding: Sendable {
        case linear16
        /// ITU-T G.711 mu-law; half the size, and what telephone calls sound like.
        case mulaw
    }

    /// Samples a second of each channel, 1...768 000.
    public let sampleRate: Int
    /// One or two channels, equally long. Of two, the left one comes first.
    public let channels: [[Int16]]

    /// One channel.
    public init(sampleRate: Int, samples: [Int16]) {
        self.init(sampleRate: sampleRate, channels: [samples])
    }

    /// Two channels; the shorter one is filled up with silence.
    public init(sampleRate: Int, left: [Int16], right: [Int16]) {
        let count = max(left.count, right.count)
        self.init(
            sampleRate: sampleRate,
            channels: [left, right].map { $0 + [Int16](repeating: 0, count: count - $0.count) })
    }

    private init(sampleRate: Int, channels: [[Int16]]) {
        precondition(WAV.sampleRates.contains(sampleRate), "a sample rate of 1...768 000")
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// The sound as one channel: that channel, or the mean of the two.
    public var mono: [Int16] {
        guard channels.count == 2 else { return channels[0] }
        return zip(channels[0], channels[1]).map { Int16((Int($0) + Int($1)) >> 1) }
    }

    /// The sound as one channel at another sample rate. Throws `unsupportedRate` where there is no way between the two.
    public func mono(at rate: Int) throws(WAVError) -> [Int16] {
        guard rate != sampleRate else { return mono }
        guard Resampler.supports(from: sampleRate, to: rate) else { throw .unsupportedRate(sampleRate) }
        return Resampler.resample(mono, from: sampleRate, to: rate)
    }

    /// The length of the sound, in seconds.
    public var seconds: Double { Double(channels[0].count) / Double(sampleRate) }

    static let sampleRates = 1...768_000
}

// MARK: - Reading

extension WAV {
    /// Reads a whole file.
    ///
    /// Understands linear PCM of 8, 16, 24 and 32 bits, 32-bit floating point, mu-law and A-law; one or two channels;
    /// any rate. Samples of more than 16 bits lose the rest. Chunks that are not understood are passed over. A length
    /// of the sound that was never filled in (0, or one near the largest there is, as recorders leave it when they
    /// write to a pipe or are stopped hard) means: to the end of the file.
    public init(_ bytes: [UInt8]) throws(WAVError) {
        guard bytes.count >= 12, bytes.name(at: 0) == "RIFF" else { throw .notRIFF }
        guard bytes.name(at: 8) == "WAVE" else { throw .notWAVE }

        var layout: Layout?
        var offset = 12
        while bytes.count - offset >= 8 {
            let name = bytes.name(at: offset)
            let size = Int(bytes.uint32(at: offset + 4))
            offset += 8
            let left = bytes.count - offset
            switch name {
            case "fmt ":
                guard size <= left else { throw .cutShort(chunk: "fmt", missing: size - left) }
                layout = try Layout(bytes[offset..<offset + size])
            case "data":
                guard let layout else { throw .formatMissing }
                var length = size
                if size >= 0x7FFF_0000 || size == 0 && bytes.uint32(at: 4) != bytes.count - 8 { length = left }
                guard length <= left else { throw .cutShort(chunk: "data", missing: length - left) }
                let sound = bytes[offset..<offset + length]
                self.init(
                    sampleRate: layout.sampleRate,
                    channels: (0..<layout.channels).map { layout.samples(of: sound, channel: $0) })
                return
            default:
                break
            }
            // Chunks begin at even places.
            guard size < left else { break }
            offset += size + (size & 1)
        }
        throw layout == nil ? .formatMissing : .dataMissing
    }

    /// What the `fmt ` chunk says.
    private struct Layout {
        enum Sample {
            case linear8, linear16, linear24, linear32, float32, mulaw, alaw

            var bytes: Int {
                switch self {
                case .linear8, .mulaw, .alaw: 1
                case .linear16: 2
                case .linear24: 3
                case .linear32, .float32: 4
                }
            }
        }

        let sample: Sample
        let channels: Int
        let sampleRate: Int

        init(_ chunk: ArraySlice<UInt8>) throws(WAVError) {
            let chunk = Array(chunk)
            guard chunk.count >= 16 else { throw .cutShort(chunk: "fmt", missing: 16 - chunk.count) }
            var tag = chunk.uint16(at: 0)
            if tag == 0xFFFE {
                guard chunk.count >= 40 else { throw .cutShort(chunk: "fmt", missing: 40 - chunk.count) }
                tag = chunk.uint16(at: 24)
                guard Array(chunk[26..<40]) == Layout.standardFormats else { throw .unsupportedFormat(0xFFFE, bits: 0) }
            }
            let bits = Int(chunk.uint16(at: 14))
            switch (tag, bits) {
            case (1, 8): sample = .linear8
            case (1, 16): sample = .linear16
            case (1, 24): sample = .linear24
            case (1, 32): sample = .linear32
            case (3, 32): sample = .float32
            case (6, 8): sample = .alaw
            case (7, 8): sample = .mulaw
            default: throw .unsupportedFormat(tag, bits: bits)
            }
            channels = Int(chunk.uint16(at: 2))
            guard (1...2).contains(channels) else { throw .unsupportedChannels(channels) }
            sampleRate = Int(chunk.uint32(at: 4))
            guard WAV.sampleRates.contains(sampleRate) else { throw .unsupportedRate(sampleRate) }
        }

        func samples(of sound: ArraySlice<UInt8>, channel: Int) -> [Int16] {
            sound.withUnsafeBytes { sound in
                let stride = sample.bytes * channels
                // A block that is not whole at the end is what a hard stop leaves: it is no sound.
                return [Int16](unsafeUninitializedCapacity: sound.count / stride) { samples, count in
                    count = sound.count / stride
                    for index in 0..<count {
                        samples[index] = one(sound, at: index * stride + channel * sample.bytes)
                    }
                }
            }
        }

        private func one(_ sound: UnsafeRawBufferPointer, at offset: Int) -> Int16 {
            switch sample {
            case .linear8: Int16(Int(sound[offset]) - 128) << 8
            case .linear16: sound.int16(at: offset)
            case .linear24: sound.int16(at: offset + 1)
            case .linear32: sound.int16(at: offset + 2)
            case .float32: Layout.sample(fromUnit: sound.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            case .mulaw: MuLaw.decode(sound[offset])
            case .alaw: ALaw.decode(sound[offset])
            }
        }

        private static func sample(fromUnit bits: UInt32) -> Int16 {
            let value = Float(bitPattern: UInt32(littleEndian: bits)) * 32_768
            if value.isNaN { return 0 }
            return Int16(min(max(value.rounded(), -32_768), 32_767))
        }

        /// What follows the old format tag in the identifier of an extensible format.
        static let standardFormats: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    }
}

// MARK: - Writing

extension WAV {
    /// The sound as a whole file. Files end at 4 GiB: longer sound must be split before.
    public func bytes(_ coding: Coding = .linear16) -> [UInt8] {
        let count = channels[0].count
        let sampleBytes = coding == .linear16 ? 2 : 1
        let block = sampleBytes * channels.count
        let isCoded = coding == .mulaw
        let headerBytes = isCoded ? 58 : 44
        let padding = (count * block) & 1

        var file: [UInt8] = []
        file.reserveCapacity(headerBytes + count * block + padding)
        file.append(name: "RIFF", size: headerBytes - 8 + count * block + padding)
        file += "WAVE".utf8
        file.append(name: "fmt ", size: isCoded ? 18 : 16)
        file.append(UInt16(isCoded ? 7 : 1))
        file.append(UInt16(channels.count))
        file.append(UInt32(sampleRate))
        file.append(UInt32(sampleRate * block))
        file.append(UInt16(block))
        file.append(UInt16(8 * sampleBytes))
        if isCoded {
            // Everything but linear PCM has an extension (empty here) and says how many samples there are.
            file.append(UInt16(0))
            file.append(name: "fact", size: 4)
            file.append(UInt32(clamping: count))
        }
        file.append(name: "data", size: count * block)
        for index in 0..<count {
            for channel in channels {
                switch coding {
                case .linear16: file.append(UInt16(bitPattern: channel[index]))
                case .mulaw: file.append(MuLaw.encode(channel[index]))
                }
            }
        }
        if padding == 1 { file.append(0 as UInt8) }
        return file
    }
}

/// Why a file is not sound that can be used.
public enum WAVError: Error, Hashable, Sendable, CustomStringConvertible {
    case notRIFF
    case notWAVE
    /// No `fmt ` chunk before the sound.
    case formatMissing
    /// No `data` chunk.
    case dataMissing
    /// The file ends before the chunk does; `missing` bytes.
    case cutShort(chunk: String, missing: Int)
    /// The format tag, and the bits of one sample.
    case unsupportedFormat(UInt16, bits: Int)
    case unsupportedChannels(Int)
    case unsupportedRate(Int)

    public var description: String {
        switch self {
        case .notRIFF: "this is not a WAV file: it does not begin with RIFF"
        case .notWAVE: "this is a RIFF file, but not one of sound (WAVE)"
        case .formatMissing: "this WAV file does not say its format (no fmt chunk before the sound)"
        case .dataMissing: "this WAV file has no sound in it (no data chunk)"
        case .cutShort(let chunk, let missing):
            "this WAV file is cut short: its \(chunk) chunk lacks \(missing) bytes; copy or record it again"
        case .unsupportedFormat(let tag, let bits):
            "this WAV file's coding (format \(tag), \(bits) bits) is not one Parley reads; "
                + "save it as 16-bit PCM or mu-law"
        case .unsupportedChannels(let count):
            "this WAV file has \(count) channels, and Parley reads one or two; save it as mono"
        case .unsupportedRate(let rate):
            "this WAV file's sample rate of \(rate) cannot be used; save it at one of 8000, 16000, 44100 or 48000"
        }
    }
}

// MARK: - Little-endian numbers

extension [UInt8] {
    fileprivate func name(at offset: Int) -> String {
        String(decoding: self[offset..<offset + 4], as: UTF8.self)
    }

    fileprivate func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
    }

    fileprivate func uint32(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) | UInt32(uint16(at: offset + 2)) << 16
    }

    fileprivate mutating func append(_ number: UInt16) {
        append(UInt8(truncatingIfNeeded: number))
        append(UInt8(truncatingIfNeeded: number >> 8))
    }

    fileprivate mutating func append(_ number: UInt32) {
        append(UInt16(truncatingIfNeeded: number))
        append(UInt16(truncatingIfNeeded: number >> 16))
    }

    fileprivate mutating func append(name: StaticString, size: Int) {
        name.withUTF8Buffer { append(contentsOf: $0) }
        append(UInt32(clamping: size))
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func int16(at offset: Int) -> Int16 {
        Int16(littleEndian: loadUnaligned(fromByteOffset: offset, as: Int16.self))
    }
}
