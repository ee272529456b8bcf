import ParleyCore

/// Sounds that every call's caller and agent are made of, computed once: a voice that the detector takes for one, a buzz that
/// it doubts, and the line's own noise.
final class SoundPool: Sendable {
    static let shared = SoundPool()

    /// 20 ms of one of these.
    enum Sound: Equatable, Sendable {
        case quiet, voice, buzz
        /// A voice dies away within 60 ms.
        case dying(Int)
    }

    private static let quietFrames = 64
    private static let voiceFrames = 400
    private static let buzzFrames = 50
    static let dyingFrames = 5

    private let samples: [Int16]
    /// 8 s of the agent's voice, mu-law.
    let spoken: [UInt8]

    private init() {
        var samples: [Int16] = []
        samples.reserveCapacity(160 * 600)
        var voice = FormantVoice()
        func append(_ frames: Int, speaking: Bool) {
            // As a telephone's line carries it.
            for _ in 0..<frames * 160 { samples.append(MuLaw.decode(MuLaw.encode(voice.next(speaking: speaking)))) }
        }
        append(Self.quietFrames, speaking: false)
        append(Self.voiceFrames, speaking: true)
        append(Self.dyingFrames, speaking: false)
        voice.isSteady = true
        append(Self.buzzFrames, speaking: true)
        self.samples = samples
        let first = Self.quietFrames * 160
        spoken = samples[first..<first + Self.voiceFrames * 160].map { MuLaw.encode($0) }
    }

    /// - Parameter number: of the frame; sounds go on from one to the next.
    func lend<Result>(_ sound: Sound, _ number: Int, to body: (Span<Int16>) -> Result) -> Result {
        let frame =
            switch sound {
            case .quiet: number % Self.quietFrames
            case .voice: Self.quietFrames + number % Self.voiceFrames
            case .dying(let step): Self.quietFrames + Self.voiceFrames + min(step, Self.dyingFrames - 1)
            case .buzz: Self.quietFrames + Self.voiceFrames + Self.dyingFrames + number % Self.buzzFrames
            }
        return samples.withUnsafeBufferPointer { samples in
            body(UnsafeBufferPointer(rebasing: samples[frame * 160..<frame * 160 + 160]).span)
        }
    }
}

/// A voice-like signal over a line at about -65 dBFS: a pitch of 115 to 165 Hz that glides, two formants that move, syllables;
/// about -20 dBFS. What stands still is a buzz, and the detector takes it for one.
private struct FormantVoice {
    var isSteady = false
    private var phase = 0.0
    private var time = 0.0
    private var gain = 0.0
    private var noise = SplitMix64(seed: 1)
    private static let rate = 8_000.0

    mutating func next(speaking: Bool) -> Int16 {
        let hiss = noise.unit() * 24
        gain = speaking ? 1 : gain * 0.992
        guard gain > 0.001 else { return Int16(hiss) }
        if isSteady {
            phase += 220 / Self.rate
            let buzz = (1...10).reduce(0.0) { $0 + Math.sin(2 * .pi * phase * Double($1)) / Double($1) }
            return Int16(hiss + buzz * gain * 2_600)
        }
        time += 1 / Self.rate
        let pitch = 140 + 25 * Math.sin(2 * .pi * 1.7 * time)
        phase += pitch / Self.rate
        let first = 550 + 180 * Math.sin(2 * .pi * 3.1 * time)
        let second = 1_500 + 400 * Math.sin(2 * .pi * 2.3 * time)
        var voiced = 0.0
        for harmonic in 1...20 {
            let frequency = pitch * Double(harmonic)
            func near(_ formant: Double, _ width: Double) -> Double {
                let distance = (frequency - formant) / width
                return 1 / (1 + distance * distance)
            }
            voiced +=
                Math.sin(2 * .pi * phase * Double(harmonic))
                * (near(first, 150) + 0.5 * near(second, 250) + 0.1 / Double(harmonic))
        }
        let syllable = 0.7 + 0.3 * Math.sin(2 * .pi * 4.3 * time)
        return Int16(max(-32_000, min(32_000, hiss + voiced * syllable * gain * 2_600)))
    }
}
