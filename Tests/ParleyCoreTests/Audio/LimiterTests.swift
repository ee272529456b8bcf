import ParleyCore
import Testing

@Suite("Peaks")
struct LimiterTests {
    @Test("Sound below the ceiling passes sample for sample, in chunks of any size")
    func untouched() {
        let sound = Tone.samples(300, rate: 8_000, count: 1_234, amplitude: 23_000)
        #expect(limited(sound) == sound)
        #expect(limited(sound, chunk: 1) == sound)
        #expect(limited([]) == [])
        #expect(limited([5]) == [5])
    }

    @Test("Nothing passes the ceiling of -3 dB, and nothing is clipped", arguments: [200.0, 1_000, 3_000])
    func loud(frequency: Double) {
        let sound = Tone.samples(frequency, rate: 8_000, count: 8_000, amplitude: 32_767)
        let output = limited(sound)
        #expect(output.count == sound.count)
        #expect(output.allSatisfy { $0.magnitude <= 23_197 })
        // A clipped tone would carry harmonics of -20 dB and more.
        let heard = Tone.measure(output[400..<7_600], frequency: frequency, rate: 8_000, amplitude: 23_197)
        #expect(heard.gain.magnitude < 0.1 && heard.rest < -50)
    }

    @Test("A burst is held down and the sound after it comes back within a fifth of a second")
    func burst() {
        let quiet = Tone.samples(500, rate: 8_000, count: 4_000, amplitude: 10_000)
        var sound = quiet
        for index in 1_000..<1_160 { sound[index] = quiet[index] * 3 }
        let output = limited(sound)
        #expect(output.allSatisfy { $0.magnitude <= 23_197 })
        let flat = zip(output, output.dropFirst()).filter { $0 == $1 && $0.magnitude >= 23_196 }
        #expect(flat.isEmpty, "a clipped peak is flat")
        #expect(output[..<900] == quiet[..<900])
        #expect(output[2_600...] == quiet[2_600...])
    }

    @Test("Noise of full scale stays below, however it is cut")
    func noise() {
        let seed: UInt64 = 9
        var random = SeededRandom(seed: seed)
        let sound = (0..<4_001).map { _ in Int16(truncatingIfNeeded: random.next()) >> (random.below(40) == 0 ? 0 : 3) }
        let whole = limited(sound)
        #expect(whole.count == sound.count)
        #expect(whole.allSatisfy { $0.magnitude <= 23_197 })
        for chunk in [1, 39, 40, 41, 1_000] { #expect(limited(sound, chunk: chunk) == whole, "seed \(seed)") }
    }

    private func limited(_ sound: [Int16], chunk: Int = 100) -> [Int16] {
        var limiter = Limiter(sampleRate: 8_000)
        var output: [Int16] = []
        for start in stride(from: 0, to: sound.count, by: chunk) {
            limiter.process(sound.span.extracting(start..<min(start + chunk, sound.count)), appendingTo: &output)
        }
        limiter.flush(appendingTo: &output)
        return output
    }
}
