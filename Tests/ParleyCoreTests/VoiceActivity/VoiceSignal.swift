import ParleyCore

/// A voice-like signal over a line at about -65 dBFS: a pitch of 115 to 165 Hz that glides, two formants that move, syllables;
/// about -20 dBFS. What stands still is a buzz, and the detector takes it for one.
struct VoiceSignal {
    private let sampleRate: Double
    /// A buzz instead: nothing moves. The detector believes in it at first, and is never sure.
    var isSteady = false
    private var phase = 0.0
    private var time = 0.0
    private var gain = 0.0
    private var noise: UInt64 = 0x9E37_79B9_7F4A_7C15

    init(sampleRate: Double = 8_000) { self.sampleRate = sampleRate }

    mutating func next(speaking: Bool) -> Int16 {
        noise ^= noise << 13
        noise ^= noise >> 7
        noise ^= noise << 17
        let hiss = Double(Int64(bitPattern: noise) % 1_000) / 1_000 * 24
        // A voice dies away within 60 ms.
        gain = speaking ? 1 : gain * 0.992
        guard gain > 0.001 else { return Int16(hiss) }
        if isSteady { return Int16(hiss + buzz() * gain * 2_600) }
        time += 1 / sampleRate
        let pitch = 140 + 25 * Math.sin(2 * .pi * 1.7 * time)
        phase += pitch / sampleRate
        let (first, second) = (550 + 180 * Math.sin(2 * .pi * 3.1 * time), 1_500 + 400 * Math.sin(2 * .pi * 2.3 * time))
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

    private mutating func buzz() -> Double {
        phase += 220 / sampleRate
        return (1...10).reduce(0) { $0 + Math.sin(2 * .pi * phase * Double($1)) / Double($1) }
    }
}
