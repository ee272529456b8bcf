import ParleyCore
import Testing

@Suite("Halving the sample rate")
struct DecimatorTests {
    @Test("Passes speech within 0.1 dB and stops what would fold into it by 60 dB")
    func sweep() {
        for frequency in stride(from: 100.0, through: 3_400, by: 150) {
            let output = halved(Tone.samples(frequency, rate: 16_000, count: 3_200))
            let heard = Tone.measure(output[200..<1_400], frequency: frequency, rate: 8_000)
            #expect(heard.gain.magnitude < 0.1, "\(frequency) Hz: \(heard.gain) dB")
            #expect(heard.rest < -60, "\(frequency) Hz leaves \(heard.rest) dB beside it")
        }
        for frequency in stride(from: 4_600.0, through: 7_990, by: 121) {
            let left = Tone.level(halved(Tone.samples(frequency, rate: 16_000, count: 3_200))[200..<1_400])
            #expect(left < -60, "\(frequency) Hz leaves \(left) dB")
        }
    }

    @Test("The output is late by the delay it states")
    func delay() {
        var impulse = [Int16](repeating: 0, count: 320)
        impulse[100] = 20_000
        let output = halved(impulse)
        #expect(output.firstIndex(of: output.max()!) == (100 + Decimator.delay) / 2)
        #expect(output.max() == 10_000)
    }

    @Test("Frames of any even size give the same samples")
    func frames() {
        let seed: UInt64 = 77
        var random = SeededRandom(seed: seed)
        let sound = (0..<3_200).map { _ in Int16(truncatingIfNeeded: random.next()) }
        let whole = halved(sound, frame: 3_200)
        #expect(halved(sound) == whole)
        #expect(halved(sound, frame: 2) == whole)
        #expect(halved(sound, frame: 166) == whole)
        var decimator = Decimator()
        var output = [Int16](repeating: 0, count: 1_600)
        decimator.process(sound.span.extracting(first: 500), into: &output)
        decimator.reset()
        decimator.process(sound.span, into: &output)
        #expect(output == whole, "seed \(seed)")
    }

    private func halved(_ sound: [Int16], frame: Int = 320) -> [Int16] {
        var decimator = Decimator()
        var output: [Int16] = []
        var half = [Int16](repeating: 0, count: frame / 2)
        for start in stride(from: 0, to: sound.count, by: frame) {
            let count = min(frame, sound.count - start)
            decimator.process(sound.span.extracting(start..<start + count), into: &half)
            output += half.prefix(count / 2)
        }
        return output
    }
}
