import ParleyCore
import ParleySpeech
import Testing

@Suite("Mu-law from a voice to a telephone")
struct MuLawPassageTests {
    /// Every octet that is not above -3 dBFS; both zeros are among them.
    private static let quiet = (0...255).map { UInt8($0) }.filter { MuLaw.decode($0).magnitude <= 23_197 }
    private static let octets = (0..<1_000).map { quiet[$0 * 5 % quiet.count] }
    private static let loud: UInt8 = 0x00

    private func encoder(_ format: LegFormat = .telephone) throws -> SpeechEncoder {
        try SpeechEncoder(format: format) { () throws(CodecError) in
            guard let encoder = LegEncoder(format) else { throw CodecError(code: 0, description: "no such codec") }
            return encoder
        }
    }

    private func played(_ chunks: [SpeechChunk], by encoder: inout SpeechEncoder) throws -> [UInt8] {
        var payload: [UInt8] = []
        for chunk in chunks { payload += try encoder.encode(chunk)?.payload ?? [] }
        return payload + (try encoder.finish()?.payload ?? [])
    }

    private func cut(_ octets: [UInt8], _ size: Int) -> [SpeechChunk] {
        stride(from: 0, to: octets.count, by: size).map {
            SpeechChunk(mulaw: Array(octets[$0..<min($0 + size, octets.count)]))
        }
    }

    @Test("Octets go through unchanged, however they are cut", arguments: [1, 159, 160, 161, 1_000])
    func exact(size: Int) throws {
        var encoder = try encoder()
        let expected = Self.octets + [UInt8](repeating: MuLaw.silence, count: 120)
        // Twice: a clause leaves nothing to the next.
        for _ in 0..<2 { #expect(try played(cut(Self.octets, size), by: &encoder) == expected) }
        // Coded again, the second of the two zeros would have become the first.
        #expect(Self.octets.contains(0x7F))
    }

    @Test("Frames leave as soon as 5 ms follow them; words go with them")
    func frames() throws {
        var encoder = try encoder()
        let word = WordEnd(textEnd: 3, audioEnd: 10)
        #expect(try encoder.encode(SpeechChunk(mulaw: Array(Self.octets[..<199]), words: [word])) == nil)
        let first = try #require(try encoder.encode(SpeechChunk(mulaw: [Self.octets[199]])))
        #expect(first.payload == Array(Self.octets[..<160]) && first.words == [word] && first.frameBytes == 160)
        #expect(first.reference == [])
    }

    @Test("A peak is held at -3 dB, with what stands before it, and all of the clause is heard")
    func limited() throws {
        var encoder = try encoder()
        let chunks =
            cut(Self.octets, 500) + [SpeechChunk(mulaw: [UInt8](repeating: Self.loud, count: 80))]
            + cut(Self.octets, 500)
        let payload = try played(chunks, by: &encoder)
        #expect(payload.count == 2_080)
        #expect(payload.map { MuLaw.decode($0).magnitude }.max() ?? 0 <= 23_197)
        // What had left before, and what is 5 ms from the peak, is as it was.
        #expect(Array(payload[..<960]) == Array(Self.octets[..<960]))
        // The next clause goes through again.
        #expect(try played(cut(Self.octets, 160), by: &encoder).prefix(1_000).elementsEqual(Self.octets))
    }

    @Test("A loud voice of mu-law sounds as the same voice in samples does")
    func asBefore() throws {
        let loud = (0..<800).map { UInt8($0 % 2 == 0 ? 0x00 : 0x80) }
        var (one, other) = (try encoder(), try encoder())
        let samples = SpeechChunk(samples: loud.map { MuLaw.decode($0) }, sampleRate: 8_000)
        #expect(try played(cut(loud, 130), by: &one) == played([samples], by: &other))
    }

    @Test("A clause that began in samples stays so, and one that began in mu-law may go on in samples")
    func mixed() throws {
        let tone = (0..<320).map { MuLaw.decode(Self.octets[$0]) }
        var encoder = try encoder()
        let begun = [SpeechChunk(samples: tone, sampleRate: 8_000), SpeechChunk(mulaw: Array(Self.octets[..<160]))]
        #expect(try played(begun, by: &encoder).count == 480)
        let turned = [
            SpeechChunk(mulaw: Array(Self.octets[..<170])),
            SpeechChunk(samples: [Int16](repeating: 0, count: 720), sampleRate: 24_000),
        ]
        #expect(try played(turned, by: &encoder).count == 480)
    }

    @Test("Other legs hear mu-law as samples")
    func otherLegs() throws {
        let wide = LegFormat(codec: .linear16, sampleRate: 16_000)
        var (one, other) = (try encoder(wide), try encoder(wide))
        let samples = SpeechChunk(samples: Self.octets.map { MuLaw.decode($0) }, sampleRate: 8_000)
        #expect(try played(cut(Self.octets, 77), by: &one) == played([samples], by: &other))
    }

    @Test("What is dropped with a cancelled clause is not heard in the next")
    func reset() throws {
        var encoder = try encoder()
        _ = try encoder.encode(SpeechChunk(mulaw: [UInt8](repeating: 0x10, count: 100)))
        encoder.reset()
        #expect(try played(cut(Self.octets, 500), by: &encoder).prefix(1_000).elementsEqual(Self.octets))
    }
}
