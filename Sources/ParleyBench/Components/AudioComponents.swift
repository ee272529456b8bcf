import ParleyCore

/// 20 ms of something like a voice, and of nothing.
enum Sound {
    /// A second of it, in frames: harmonics of 140 Hz that swell four times, with a little noise.
    static let voice: [[Int16]] = frames { index, noise in
        let time = Double(index) / 8_000
        let swell = 0.55 - 0.45 * Math.cos(time * 8 * .pi)
        let tone = (1...12).reduce(0.0) { $0 + Math.sin(time * 280 * .pi * Double($1)) / Double($1) }
        return swell * tone * 4_000 + noise * 60
    }
    static let silence: [[Int16]] = frames { _, noise in noise * 12 }

    private static func frames(_ sample: (Int, Double) -> Double) -> [[Int16]] {
        var state: UInt64 = 7
        return (0..<50).map { frame in
            (0..<160).map { index in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let noise = Double(Int32(truncatingIfNeeded: state >> 32)) / Double(Int32.max)
                return Int16(clamping: Int(sample(frame * 160 + index, noise)))
            }
        }
    }

    /// One frame of it, as samples and as mu-law.
    static let frame = voice[10]
    static let octets: [UInt8] = frame.map(MuLaw.encode)
}

struct MuLawIn: Component {
    static let name = "audio.mulaw.in"
    static let operation = "20 ms of mu-law into samples"
    private var samples = [Int16](repeating: 0, count: 160)
    mutating func run(_ times: Int) {
        for _ in 0..<times {
            var span = samples.mutableSpan
            MuLaw.decode(Sound.octets.span, into: &span)
        }
        keep(samples)
    }
}

struct MuLawOut: Component {
    static let name = "audio.mulaw.out"
    static let operation = "20 ms of samples into mu-law"
    private var octets = [UInt8](repeating: 0, count: 160)
    mutating func run(_ times: Int) {
        for _ in 0..<times {
            var span = octets.mutableSpan
            MuLaw.encode(Sound.frame.span, into: &span)
        }
        keep(octets)
    }
}

struct ResampleUp: Component {
    static let name = "audio.resample"
    static let operation = "20 ms from 8 to 16 kHz, as a recogniser wants it"
    private var resampler = Resampler(from: 8_000, to: 16_000)
    private var output: [Int16] = []
    init() { output.reserveCapacity(1_024) }
    mutating func run(_ times: Int) {
        for _ in 0..<times {
            output.removeAll(keepingCapacity: true)
            resampler.process(Sound.frame.span, appendingTo: &output)
        }
        keep(output)
    }
}

/// The detector over one kind of sound.
private final class Detection {
    private var detector = VoiceActivityDetector()
    private var frame = 0
    func run(_ times: Int, over frames: [[Int16]], isPlaying: Bool) {
        for _ in 0..<times {
            let samples = frames[frame]
            keep(detector.process(samples.span, playing: isPlaying ? Sound.octets.span : nil))
            frame = frame == frames.count - 1 ? 0 : frame + 1
        }
    }
}

struct DetectorSilence: Component {
    static let name = "vad.silence"
    static let operation = "20 ms of a quiet line judged"
    private var detection = Detection()
    mutating func run(_ times: Int) { detection.run(times, over: Sound.silence, isPlaying: false) }
}

struct DetectorVoice: Component {
    static let name = "vad.voice"
    static let operation = "20 ms of a voice judged"
    private var detection = Detection()
    mutating func run(_ times: Int) { detection.run(times, over: Sound.voice, isPlaying: false) }
}

struct DetectorPlaying: Component {
    static let name = "vad.playing"
    static let operation = "20 ms judged beside what we play"
    private var detection = Detection()
    mutating func run(_ times: Int) { detection.run(times, over: Sound.silence, isPlaying: true) }
}
