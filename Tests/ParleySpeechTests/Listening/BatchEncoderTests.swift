import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Audio on its way to a recogniser")
struct BatchEncoderTests {
    private func encode(_ encoder: inout BatchEncoder, _ samples: [Int16]) -> [[UInt8]] {
        var out: [[UInt8]] = []
        encoder.append(samples.span) { out.append($0) }
        return out
    }

    @Test("Mu-law of a telephone leg goes through without an octet changed")
    func bitExact() {
        var encoder = BatchEncoder(AudioShape(.mulaw, rate: 8_000), legRate: 8_000, batch: .milliseconds(16))
        // Negative zero is the one octet with a twin: it sounds the same as silence.
        let octets = (0...255).map { UInt8($0) }.filter { $0 != 0x7F }
        let out = encode(&encoder, octets.map { MuLaw.decode($0) })
        let rest = encoder.finish() ?? []
        #expect(out.flatMap { $0 } + rest == octets)
    }

    @Test("Linear samples go low byte first")
    func littleEndian() {
        var encoder = BatchEncoder(AudioShape(.pcm16, rate: 16_000), legRate: 16_000, batch: .milliseconds(1))
        #expect(
            encode(&encoder, [0x0102, -2] + [Int16](repeating: 0, count: 14)).first?.prefix(4) == [2, 1, 0xFE, 0xFF])
    }

    @Test("Batches have their length, and the last of a turn at least the shortest that is taken")
    func shortest() {
        var encoder = BatchEncoder(
            AudioShape(.mulaw, rate: 8_000), legRate: 8_000, batch: .milliseconds(60), shortest: .milliseconds(60))
        #expect(encode(&encoder, [Int16](repeating: 900, count: 160 * 4)).map(\.count) == [480])
        let last = encoder.finish() ?? []
        #expect(last.count == 480)
        #expect(last[159] == MuLaw.encode(900) && last[160...].allSatisfy { $0 == MuLaw.silence })
        #expect(encoder.finish() == nil)
    }

    @Test("Where the engine takes neither rate, all of a turn is brought to its own")
    func resampled() {
        var encoder = BatchEncoder(AudioShape(.pcm16, rate: 24_000), legRate: 16_000, batch: .milliseconds(20))
        var octets = 0
        for _ in 0..<10 {
            octets += encode(&encoder, [Int16](repeating: 1_000, count: 320)).reduce(0) { $0 + $1.count }
        }
        octets += encoder.finish()?.count ?? 0
        #expect(octets == 24_000 / 5 * 2)
    }

    @Test("A dropped turn leaves nothing for the next")
    func reset() {
        var encoder = BatchEncoder(AudioShape(.mulaw, rate: 8_000), legRate: 8_000, batch: .milliseconds(60))
        _ = encode(&encoder, [Int16](repeating: 900, count: 160))
        encoder.reset()
        #expect(encoder.finish() == nil)
    }

    @Test(
        "The form is the one that loses nothing",
        arguments: [
            ([8_000, 16_000], [AudioEncoding.mulaw, .pcm16], 8_000, AudioShape(.mulaw, rate: 8_000)),
            ([8_000, 16_000], [.mulaw, .pcm16], 16_000, AudioShape(.pcm16, rate: 16_000)),
            ([8_000, 24_000], [.mulaw, .pcm16], 16_000, AudioShape(.pcm16, rate: 24_000)),
            ([8_000, 16_000], [.pcm16], 8_000, AudioShape(.pcm16, rate: 8_000)),
            ([16_000], [.pcm16], 8_000, AudioShape(.pcm16, rate: 16_000)),
            ([8_000], [.pcm16], 16_000, AudioShape(.pcm16, rate: 8_000)),
        ])
    func shape(rates: [Int], encodings: [AudioEncoding], leg: Int, expected: AudioShape) {
        #expect(
            AudioShape(for: RecognizerCapabilities(rates: rates, encodings: encodings), legRate: leg) == expected)
    }
}
