import ParleyCore
import Testing

@Suite("WAV files")
struct WAVTests {
    let samples: [Int16] = [0, 1, -1, 1_000, -1_000, 32_767, -32_768]

    @Test("What is written is read back", arguments: [8_000, 16_000, 22_050, 44_100, 48_000])
    func roundTrip(rate: Int) throws {
        let mono = WAV(sampleRate: rate, samples: samples)
        #expect(try WAV(mono.bytes()) == mono)
        let stereo = WAV(sampleRate: rate, left: samples, right: [5, 6])
        #expect(stereo.channels[1] == [5, 6, 0, 0, 0, 0, 0])
        #expect(try WAV(stereo.bytes()) == stereo)
        let empty = WAV(sampleRate: rate, samples: [])
        #expect(try WAV(empty.bytes()) == empty)
        #expect(try WAV(empty.bytes(.mulaw)) == empty)
    }

    @Test("Mu-law files hold the telephone's octets, and pad an odd number of them")
    func muLaw() throws {
        let mono = WAV(sampleRate: 8_000, samples: samples)
        let bytes = mono.bytes(.mulaw)
        #expect(bytes.count == 58 + 7 + 1)
        #expect(bytes.suffix(8) == (samples.map { MuLaw.encode($0) } + [0])[...])
        let expected = samples.map { MuLaw.decode(MuLaw.encode($0)) }
        #expect(try WAV(bytes).channels == [expected])
        let stereo = try WAV(WAV(sampleRate: 8_000, left: samples, right: samples).bytes(.mulaw))
        #expect(stereo.channels == [expected, expected])
    }

    /// Octet by octet, so that writer and reader cannot be wrong in the same way.
    @Test("The bytes of a small file are as the format says")
    func bytes() {
        let expected: [UInt8] =
            Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0]
            + [1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0]
            + Array("data".utf8) + [4, 0, 0, 0, 0x01, 0x02, 0xFF, 0xFF]
        #expect(WAV(sampleRate: 8_000, samples: [0x0201, -1]).bytes() == expected)
    }

    @Test("Two channels become one by their mean")
    func mean() {
        #expect(
            WAV(sampleRate: 8_000, left: [100, 32_767, -32_768, 3], right: [300, 32_767, -32_768, 4]).mono
                == [200, 32_767, -32_768, 3])
        #expect(WAV(sampleRate: 8_000, samples: [1, 2]).mono == [1, 2])
        #expect(WAV(sampleRate: 8_000, samples: [Int16](repeating: 0, count: 4_000)).seconds == 0.5)
    }

    @Test("Sound of any usual rate becomes a leg's")
    func otherRates() throws {
        let sound = Tone.samples(1_000, rate: 44_100, count: 4_410)
        let wav = WAV(sampleRate: 44_100, left: sound, right: sound)
        #expect(try wav.mono(at: 44_100) == sound)
        #expect(try wav.mono(at: 8_000) == Resampler.resample(sound, from: 44_100, to: 8_000))
        #expect(throws: WAVError.unsupportedRate(7_999)) { try WAV(sampleRate: 7_999, samples: []).mono(at: 8_000) }
    }

    @Test(
        "Every coding that files come in is understood",
        arguments: [
            (1, 8, [0x80, 0xFF, 0x00], [0, 127 << 8, -32_768]),
            (1, 16, [0x00, 0x80, 0xFF, 0x7F], [-32_768, 32_767]),
            (1, 24, [0xFF, 0x34, 0x12, 0x00, 0x00, 0x80], [0x1234, -32_768]),
            (1, 32, [0xFF, 0xFF, 0x34, 0x12], [0x1234]),
            (
                3, 32, [0, 0, 0, 0x3F, 0, 0, 0x80, 0xBF, 0, 0, 0x80, 0x7F, 0, 0, 0xC0, 0x7F],
                [16_384, -32_768, 32_767, 0]
            ),
            (6, 8, [0xD5, 0xAA], [8, 32_256]),
            (7, 8, [0xFF, 0x00], [0, -32_124]),
        ])
    func codings(tag: Int, bits: Int, data: [Int], expected: [Int]) throws {
        let data = data.map { UInt8($0) }
        let plain = riff(format(tag: tag, bits: bits), chunk("data", data))
        #expect(try WAV(plain).channels[0].map { Int($0) } == expected)
        let extensible = riff(extensible(tag: tag, bits: bits), chunk("data", data))
        #expect(try WAV(extensible) == WAV(plain))
    }

    @Test("Chunks that say nothing about the sound are passed over, also odd ones")
    func otherChunks() throws {
        let bytes = riff(
            chunk("LIST", [1, 2, 3]), format(), chunk("fact", [0, 0, 0, 0]), chunk("odd ", [9]),
            chunk("data", [1, 0, 2, 0]), chunk("LIST", [7, 7]))
        #expect(try WAV(bytes).channels == [[1, 2]])
    }

    @Test("A length that was never filled in means: to the end", arguments: [0, 0xFFFF_FFFF, 0x7FFF_F000])
    func openLength(size: Int) throws {
        var bytes = riff(format(), chunk("data", [1, 0, 2, 0, 3]))
        bytes.removeLast()
        bytes.replaceSubrange(4..<8, with: [0, 0, 0, 0])
        bytes.replaceSubrange(40..<44, with: (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) })
        #expect(try WAV(bytes).channels == [[1, 2]])
    }

    @Test("A file that truly holds no sound is empty, whatever follows")
    func emptyData() throws {
        #expect(try WAV(riff(format(), chunk("data", []), chunk("LIST", [1, 2, 3, 4]))).channels == [[]])
    }

    @Test("What cannot be used is refused, and the refusal names it")
    func refusals() {
        #expect(throws: WAVError.notRIFF) { try WAV([]) }
        #expect(throws: WAVError.notRIFF) { try WAV(Array("OggS and some more".utf8)) }
        #expect(throws: WAVError.notWAVE) { try WAV(Array("RIFF1234AVI and more".utf8)) }
        #expect(throws: WAVError.formatMissing) { try WAV(riff(chunk("data", [1, 2]))) }
        #expect(throws: WAVError.dataMissing) { try WAV(riff(format())) }
        #expect(throws: WAVError.unsupportedFormat(85, bits: 16)) { try WAV(riff(format(tag: 85))) }
        #expect(throws: WAVError.unsupportedFormat(1, bits: 12)) { try WAV(riff(format(bits: 12))) }
        #expect(throws: WAVError.unsupportedChannels(6)) { try WAV(riff(format(channels: 6))) }
        #expect(throws: WAVError.unsupportedChannels(0)) { try WAV(riff(format(channels: 0))) }
        #expect(throws: WAVError.unsupportedRate(0)) { try WAV(riff(format(rate: 0))) }
        #expect(throws: WAVError.cutShort(chunk: "fmt", missing: 2)) {
            try WAV(riff(chunk("fmt ", [UInt8](repeating: 0, count: 14))))
        }
        #expect("\(WAVError.unsupportedFormat(85, bits: 16))".contains("save it as 16-bit PCM"))
    }

    @Test("A file cut anywhere is refused, and says how much is missing")
    func truncation() throws {
        let whole = WAV(sampleRate: 8_000, left: samples, right: samples)
        for bytes in [whole.bytes(), whole.bytes(.mulaw)] {
            for length in 0..<bytes.count {
                #expect(throws: WAVError.self) { try WAV(Array(bytes.prefix(length))) }
            }
            #expect(throws: WAVError.cutShort(chunk: "data", missing: 3)) { try WAV(Array(bytes.dropLast(3))) }
        }
    }

    @Test("No file makes the reader fail in any other way than by its errors")
    func mutations() {
        var random = SeededRandom(seed: 20_240)
        let whole = WAV(sampleRate: 8_000, left: samples, right: samples)
        let seeds = [
            whole.bytes(), whole.bytes(.mulaw),
            riff(chunk("LIST", [1, 2, 3]), extensible(tag: 3, bits: 32), chunk("data", [1, 0, 2, 0])),
        ]
        var read = 0
        for _ in 0..<30_000 {
            var bytes = seeds[random.below(seeds.count)]
            for _ in 0...random.below(4) {
                switch random.below(4) {
                case 0: bytes[random.below(bytes.count)] = UInt8(random.below(256))
                case 1: bytes[random.below(bytes.count)] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
                case 2: bytes.insert(UInt8(random.below(256)), at: random.below(bytes.count))
                default: bytes.removeLast(random.below(3))
                }
            }
            if let wav = try? WAV(bytes) {
                read += 1
                #expect(wav.mono.count <= bytes.count)
            }
        }
        #expect(read > 1_000, "the mutations must leave some files readable, or they test nothing")
    }
}

// MARK: - Files from pieces

private func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    Array(name.utf8) + number(body.count, bytes: 4) + body + [UInt8](repeating: 0, count: body.count & 1)
}

private func riff(_ chunks: [UInt8]...) -> [UInt8] {
    let body = Array("WAVE".utf8) + chunks.joined()
    return Array("RIFF".utf8) + number(body.count, bytes: 4) + body
}

private func format(tag: Int = 1, bits: Int = 16, channels: Int = 1, rate: Int = 8_000) -> [UInt8] {
    chunk("fmt ", fields(tag: tag, bits: bits, channels: channels, rate: rate))
}

private func extensible(tag: Int, bits: Int) -> [UInt8] {
    let guid = number(tag, bytes: 2) + [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    return chunk(
        "fmt ",
        fields(tag: 0xFFFE, bits: bits, channels: 1, rate: 8_000) + number(22, bytes: 2) + number(bits, bytes: 2)
            + number(4, bytes: 4) + guid)
}

private func fields(tag: Int, bits: Int, channels: Int, rate: Int) -> [UInt8] {
    let block = channels * bits / 8
    return number(tag, bytes: 2) + number(channels, bytes: 2) + number(rate, bytes: 4)
        + number(rate * block, bytes: 4) + number(block, bytes: 2) + number(bits, bytes: 2)
}

private func number(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
