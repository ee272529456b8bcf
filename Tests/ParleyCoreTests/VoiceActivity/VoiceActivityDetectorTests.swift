import ParleyCore
import Testing

@Suite("The voice activity detector")
struct VoiceActivityDetectorTests {
    /// Runs 20 ms frames of a signal; `played` is what the caller hears meanwhile.
    private func run(
        _ detector: inout VoiceActivityDetector, frames: Int, sampleRate: Int = 8_000,
        played: ((Int) -> Int16)? = nil, _ signal: (Int) -> Int16
    ) -> [VoiceActivity] {
        let size = sampleRate / 50
        return (0..<frames).map { frame in
            let samples = (0..<size).map { signal(frame * size + $0) }
            guard let played else { return detector.process(samples.span) }
            let reference = (0..<160).map { MuLaw.encode(played(frame * 160 + $0)) }
            return detector.process(samples.span, playing: reference.span)
        }
    }

    /// One second of voice at 8 kHz and 16 kHz, read round and round.
    private static let narrow = samples(rate: 8_000)
    private static let wide = samples(rate: 16_000)

    private static func samples(rate: Double) -> [Int16] {
        var signal = VoiceSignal(sampleRate: rate)
        return (0..<Int(rate) * 4).map { _ in signal.next(speaking: true) }
    }

    private func voice(_ index: Int, rate: Int = 8_000, gain: Double = 1) -> Int16 {
        let samples = rate == 8_000 ? Self.narrow : Self.wide
        return Int16(Double(samples[index % samples.count]) * gain)
    }

    private func hiss(_ index: Int, amplitude: Int) -> Int16 {
        var random = SplitMix(seed: UInt64(index))
        return Int16(Int(random.next() % UInt64(2 * amplitude + 1)) - amplitude)
    }

    @Test("A quiet line is silence; a voice is speech within three frames, and silence again within fifteen")
    func voiceOnAQuietLine() {
        var detector = VoiceActivityDetector()
        let silent = run(&detector, frames: 100) { hiss($0, amplitude: 8) }
        #expect(silent.filter(\.isSpeech).count == 0)
        let spoken = run(&detector, frames: 25) { voice($0) }
        let late = spoken.prefix { !$0.isSpeech }.count
        #expect(late <= 3)
        let sure = spoken.suffix(20).filter { $0.isSpeech && $0.isVoiced && $0.score > 0.6 }
        #expect(sure.count == 20)
        let confirmed = spoken.prefix { !$0.isConfirmed }.count
        #expect(confirmed <= 14)
        #expect(spoken.suffix(10).filter(\.isConfirmed).count == 10)
        let after = run(&detector, frames: 25) { hiss($0, amplitude: 8) }
        let quiet = after.prefix { $0.isSpeech }.count
        #expect(quiet <= 15)
        #expect(after.suffix(15).filter(\.isVoiced).count == 0)
    }

    @Test("Noise that is there from the first frame is not taken for a caller; a voice over it is")
    func noisyLine() {
        var detector = VoiceActivityDetector()
        // White noise at about -38 dBFS.
        let noise = run(&detector, frames: 150) { hiss($0, amplitude: 700) }
        #expect(noise.filter(\.isSpeech).count <= 8)
        #expect(noise.suffix(100).filter(\.isSpeech).count == 0)
        let spoken = run(&detector, frames: 25) { voice($0) &+ hiss($0, amplitude: 700) }
        #expect(spoken.suffix(15).filter(\.isSpeech).count == 15)
    }

    @Test("Our own voice coming back 20 dB down, 100 ms late, is not the caller; the caller over it is")
    func echo() {
        var detector = VoiceActivityDetector()
        // Syllables: 200 ms on, 100 ms off, so that there is something to mistake for a caller.
        func agent(_ index: Int) -> Int16 { index >= 0 && index / 800 % 3 < 2 ? voice(index) : 0 }
        func echo(_ index: Int) -> Int16 { agent(index - 800) / 10 + hiss(index, amplitude: 8) }
        let heard = run(&detector, frames: 250, played: agent) { echo($0) }
        #expect(heard.filter(\.isSpeech).count == 0)
        let both = run(&detector, frames: 25, played: { agent($0) }) { echo($0) / 2 + voice($0 * 5 / 4) / 2 }
        #expect(both.filter(\.isSpeech).count > 0)
    }

    @Test(
        "A key, ringback and a beep are tones within 100 ms, and never speech",
        arguments: [[697, 1_209], [440, 480], [1_000]])
    func tones(frequencies: [Double]) {
        var detector = VoiceActivityDetector()
        _ = run(&detector, frames: 50) { hiss($0, amplitude: 8) }
        func tone(_ index: Int) -> Int16 {
            let sum = frequencies.reduce(0.0) { $0 + Math.sin(2 * .pi * $1 * Double(index) / 8_000) }
            return Int16(sum * 4_000) + hiss(index, amplitude: 8)
        }
        let heard = run(&detector, frames: 25, tone)
        #expect(heard.dropFirst(5).filter(\.isTone).count == 20)
        let after = run(&detector, frames: 25) { hiss($0, amplitude: 8) }
        #expect((heard + after).filter(\.isSpeech).count == 0)
    }

    @Test("The echo's delay and gain are found")
    func echoPath() throws {
        var detector = VoiceActivityDetector()
        func agent(_ index: Int) -> Int16 { index >= 0 && index / 800 % 3 < 2 ? voice(index) : 0 }
        _ = run(&detector, frames: 250, played: agent) { agent($0 - 960) / 10 + hiss($0, amplitude: 8) }
        let found = detector.echoPath
        let path = try #require(found)
        // 120 ms, within a frame; 20 dB down, and what the learning adds for the loudest band.
        #expect((5...7).contains(path.delay))
        #expect((-23...(-15)).contains(path.gain))
    }

    @Test("Wideband legs are judged by what a telephone would carry")
    func wideband() {
        var detector = VoiceActivityDetector(sampleRate: 16_000)
        let silent = run(&detector, frames: 100, sampleRate: 16_000) { hiss($0, amplitude: 8) }
        #expect(silent.filter(\.isSpeech).count == 0)
        let spoken = run(&detector, frames: 25, sampleRate: 16_000) { voice($0, rate: 16_000) }
        #expect(spoken.suffix(20).filter(\.isSpeech).count == 20)
    }

    @Test("The same sound gives the same decisions, and extremes do not trap")
    func determinism() {
        for signal in [{ (_: Int) -> Int16 in .max }, { $0 % 2 == 0 ? .min : .max }, { _ in 0 }] {
            var first = VoiceActivityDetector()
            var second = VoiceActivityDetector()
            let (left, right) = (run(&first, frames: 50, signal), run(&second, frames: 50, signal))
            #expect(left == right)
        }
    }
}
