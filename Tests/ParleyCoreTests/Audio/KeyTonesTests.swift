import ParleyCore
import Testing

/// ITU-T Q.23, table 1 and 5.2: two tones each, none of them off by more than 1.5 %.
@Suite("Keys as tones")
struct KeyTonesTests {
    private static let rows = [697.0, 770, 852, 941]
    private static let columns = [1_209.0, 1_336, 1_477]
    private static let keys: [(key: String, row: Int, column: Int)] = [
        ("1", 0, 0), ("2", 0, 1), ("3", 0, 2), ("4", 1, 0), ("5", 1, 1), ("6", 1, 2), ("7", 2, 0), ("8", 2, 1),
        ("9", 2, 2), ("*", 3, 0), ("0", 3, 1), ("#", 3, 2),
    ]

    @Test(
        "Each key is its own two tones, 100 ms long, with as much silence behind", arguments: [8_000, 16_000, 24_000])
    func tones(rate: Int) throws {
        for (key, row, column) in Self.keys {
            let samples = try #require(KeyTones.samples(key, sampleRate: rate))
            #expect(samples.count == rate / 5)
            let tone = samples[..<(rate / 10)]
            #expect(samples[(rate / 10)...].allSatisfy { $0 == 0 })
            // Both tones are there at their own pitch, equally loud, and nothing else is.
            for wanted in [Self.rows[row], Self.columns[column]] {
                let found = Tone.measure(tone, frequency: wanted, rate: rate, amplitude: 8_192)
                #expect(abs(found.gain) < 0.3, "\(key) at \(wanted) Hz: \(found.gain) dB")
            }
            let level = Tone.level(tone, amplitude: 8_192)
            #expect(abs(level - 3.01) < 0.3, "\(key): both together are at \(level) dB")
        }
    }

    @Test("w is half a second of silence; what is no key is refused, and so is nothing")
    func others() {
        #expect(KeyTones.samples("w", sampleRate: 8_000) == [Int16](repeating: 0, count: 4_000))
        #expect(KeyTones.samples("1w2", sampleRate: 8_000)?.count == 7_200)
        for keys in ["", "A", "1 2", "é", String(repeating: "1", count: 65)] {
            #expect(KeyTones.samples(keys, sampleRate: 8_000) == nil, "\(keys)")
        }
    }
}
