import ParleyCore
import ParleySpeech
import Testing

@Suite("Bringing a voice into a leg's format")
struct SpeechEncoderTests {
    static let linear16k = LegFormat(codec: .linear16, sampleRate: 16_000)

    @Test(
        "However a voice is cut into chunks, the leg gets the same frames",
        arguments: [8_000, 16_000, 22_050, 24_000, 48_000])
    func chunks(rate: Int) throws {
        let sound = ramp(rate: rate, count: rate * 313 / 1_000)
        for format in [LegFormat.telephone, Self.linear16k] {
            let whole = try frames(of: sound, rate: rate, format: format, chunk: sound.count)
            #expect(whole.frames.count == 16, "313 ms are 16 frames of 20 ms")
            for chunk in [1, 97, 441, 1_000] {
                #expect(try frames(of: sound, rate: rate, format: format, chunk: chunk) == whole)
            }
        }
    }

    @Test("A telephone leg gets mu-law and needs no reference; the sound is the voice's")
    func telephone() throws {
        let sound = ramp(rate: 8_000, count: 800)
        var encoder = try speechEncoder(.telephone)
        let first = try #require(try encoder.encode(SpeechChunk(samples: sound, sampleRate: 8_000)))
        let rest = try #require(try encoder.finish())
        #expect(first.frameBytes == 160 && first.reference == [] && rest.reference == [])
        #expect(first.frameCount + rest.frameCount == 5)
        #expect(first.payload + rest.payload == sound.map { MuLaw.encode($0) })
    }

    @Test("A wideband leg gets the same sound as mu-law beside it, frame for frame")
    func reference() throws {
        let sound = ramp(rate: 16_000, count: 3_200)
        let (audio, _) = try whole(sound, rate: 16_000, format: Self.linear16k)
        #expect(audio.allSatisfy { $0.frameBytes == 640 && $0.reference.count == $0.frameCount * 160 })
        let played = audio.flatMap(\.payload)
        let samples = stride(from: 0, to: played.count, by: 2).map {
            Int16(bitPattern: UInt16(played[$0]) | UInt16(played[$0 + 1]) << 8)
        }
        #expect(samples == sound)
        // The same loudness, but for mu-law's rounding.
        let heard = audio.flatMap(\.reference).map { MuLaw.decode($0) }
        #expect((Level.dBFS(heard.span) - Level.dBFS(sound.span)).magnitude < 0.5)
    }

    @Test("Packets of a codec with frames of any size keep their borders, and a reference beside them")
    func packets() throws {
        let format = LegFormat(codec: .opus, sampleRate: 16_000)
        let (audio, _) = try whole(ramp(rate: 16_000, count: 1_000), rate: 16_000, format: format) { CountingEncoder() }
        var lengths: [Int] = []
        for part in audio {
            #expect(part.reference.count == part.frameCount * 160)
            for index in 0..<part.frameCount { lengths.append(part.range(ofFrame: index).count) }
        }
        #expect(lengths == [1, 2, 3, 4])
    }

    @Test("Words go with the frames, each once, and wait where no frame is whole yet")
    func words() throws {
        var encoder = try speechEncoder(.telephone)
        let one = WordEnd(textEnd: 5, audioEnd: 3)
        let two = WordEnd(textEnd: 11, audioEnd: 50)
        let three = WordEnd(textEnd: 14, audioEnd: 55)
        let silence = [Int16](repeating: 0, count: 1_000)
        #expect(try encoder.encode(SpeechChunk(samples: Array(silence[..<10]), sampleRate: 8_000, words: [one])) == nil)
        let audio = try encoder.encode(SpeechChunk(samples: silence, sampleRate: 8_000, words: [two]))
        #expect(audio?.words == [one, two])
        #expect(try encoder.encode(SpeechChunk(samples: [], sampleRate: 8_000, words: [three])) == nil)
        #expect(try encoder.finish()?.words == [three])
        #expect(try encoder.finish() == nil)
    }

    @Test("A loud voice is held at -3 dB")
    func peaks() throws {
        let square = (0..<2_205).map { $0 / 60 % 2 == 0 ? Int16.max : .min }
        let (audio, _) = try whole(square, rate: 22_050, format: Self.linear16k)
        let octets = audio.flatMap(\.payload)
        let loudest = stride(from: 0, to: octets.count, by: 2).map {
            Int16(bitPattern: UInt16(octets[$0]) | UInt16(octets[$0 + 1]) << 8).magnitude
        }.max()
        #expect(loudest == 23_197)
    }

    @Test("The next clause, and one after a reset, begin as the first did")
    func clauses() throws {
        // Whole frames: no silence at the end hides what is left over.
        let sound = ramp(rate: 22_050, count: 4_410)
        var encoder = try speechEncoder(Self.linear16k)
        var clauses: [Frames] = []
        for clause in 0..<3 {
            var frames = Frames()
            frames.add(try encoder.encode(SpeechChunk(samples: sound, sampleRate: 22_050)))
            frames.add(try encoder.finish())
            clauses.append(frames)
            if clause == 1 {
                _ = try encoder.encode(
                    SpeechChunk(samples: sound, sampleRate: 22_050, words: [WordEnd(textEnd: 1, audioEnd: 1)]))
                encoder.reset()
            }
        }
        #expect(clauses[0] == clauses[1] && clauses[0] == clauses[2])
    }

    @Test("A rate that no voice has is refused, and one that changes is followed")
    func rates() throws {
        var encoder = try speechEncoder(.telephone)
        for rate in [0, -8_000, 1, 7_999, .max] {
            #expect(throws: CodecError.self) { try encoder.encode(SpeechChunk(samples: [1], sampleRate: rate)) }
        }
        var count = 0
        for rate in [24_000, 8_000] {
            let sound = [Int16](repeating: 100, count: rate / 10)
            count += try encoder.encode(SpeechChunk(samples: sound, sampleRate: rate))?.frameCount ?? 0
        }
        let rest = try #require(try encoder.finish())
        #expect(count + rest.frameCount == 10)
        #expect(rest.payload.last == MuLaw.encode(100), "nothing is lost at the change")
        #expect(throws: CodecError.self) { try speechEncoder(LegFormat(codec: .linear16, sampleRate: 44_100)) }
    }

    @Test("What the codec refuses comes out")
    func codecError() throws {
        let refusal = CodecError(code: -7, description: "no")
        #expect(throws: refusal) {
            try SpeechEncoder(format: .telephone) { () throws(CodecError) in throw refusal }
        }
        var encoder = try SpeechEncoder(format: .telephone) { RefusingEncoder(refusal: refusal) }
        #expect(throws: refusal) {
            try encoder.encode(SpeechChunk(samples: [Int16](repeating: 0, count: 900), sampleRate: 8_000))
        }
    }
}

// MARK: - Voices and codecs to test with

/// A saw below the ceiling.
private func ramp(rate: Int, count: Int) -> [Int16] {
    (0..<count).map { Int16(truncatingIfNeeded: ($0 * 997 * 8_000 / rate) % 20_000 - 10_000) }
}

private func speechEncoder(_ format: LegFormat) throws -> SpeechEncoder {
    try SpeechEncoder(format: format) { () throws(CodecError) in
        guard let encoder = LegEncoder(format) else { throw CodecError(code: 0, description: "no such codec") }
        return encoder
    }
}

private func whole(
    _ sound: [Int16], rate: Int, format: LegFormat, makeEncoder: (@Sendable () -> any FrameEncoder)? = nil
) throws -> (audio: [SpeechAudio], count: Int) {
    var encoder =
        try makeEncoder.map { make in
            try SpeechEncoder(format: format) { () throws(CodecError) in make() }
        } ?? speechEncoder(format)
    let parts = [try encoder.encode(SpeechChunk(samples: sound, sampleRate: rate)), try encoder.finish()]
    let audio = parts.compactMap { $0 }
    return (audio, audio.reduce(0) { $0 + $1.frameCount })
}

private struct Frames: Equatable {
    var frames: [[UInt8]] = []
    var reference: [UInt8] = []

    mutating func add(_ audio: SpeechAudio?) {
        guard let audio else { return }
        for index in 0..<audio.frameCount { frames.append(Array(audio.payload[audio.range(ofFrame: index)])) }
        reference += audio.reference
    }
}

private func frames(of sound: [Int16], rate: Int, format: LegFormat, chunk: Int) throws -> Frames {
    var encoder = try speechEncoder(format)
    var frames = Frames()
    for start in stride(from: 0, to: sound.count, by: chunk) {
        let samples = Array(sound[start..<min(start + chunk, sound.count)])
        frames.add(try encoder.encode(SpeechChunk(samples: samples, sampleRate: rate)))
    }
    frames.add(try encoder.finish())
    return frames
}

/// The n-th frame becomes n octets.
private struct CountingEncoder: FrameEncoder {
    var count = 0

    mutating func encode(_ frame: Span<Int16>, into out: inout [UInt8]) throws(CodecError) {
        count += 1
        for _ in 0..<count { out.append(UInt8(count)) }
    }
}

private struct RefusingEncoder: FrameEncoder {
    let refusal: CodecError

    mutating func encode(_ frame: Span<Int16>, into out: inout [UInt8]) throws(CodecError) { throw refusal }
}
