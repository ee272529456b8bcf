#if LocalSpeech
import ParleyCore
import ParleySpeech

/// What speech costs the embedded engines on this machine: the time of one thread for a second of sound.
public struct EngineCost: Equatable, Sendable {
    public var recognizing: Double
    public var speaking: Double

    public init(recognizing: Double, speaking: Double) { (self.recognizing, self.speaking) = (recognizing, speaking) }

    /// An ordinary exchange on a telephone: the caller's sentence, the agent's, and some silence.
    private static let (turn, reply, exchange) = (2.5, 4.0, 8.0)
    /// A turn is recognised in its first silence; where it goes on after that, once more.
    private static let recognitions = 1.5
    /// Busier than this, and one answer in twenty comes after more than a second: measured with 20 callers on two cores, where this
    /// says 17.
    private static let busy = 0.5

    /// How many conversations these engines hold at once while callers are answered within a second, where no line is said twice.
    public func conversations(threads: Int, cores: Int) -> Int {
        let work = (Self.turn * Self.recognitions * recognizing + Self.reply * speaking) / Self.exchange
        return max(1, Int(Double(min(threads, cores)) * Self.busy / work))
    }
}

extension LocalSpeech {
    /// Speaks a sentence and recognises it: the quickest of three each. Loads the model, and blocks for a second or two.
    public static func measure(directory: String, voice: Voice) throws(EngineError) -> EngineCost {
        let files = EngineFiles(directory: directory)
        let speaker = try clauseVoice(voice, directory: directory)
        let model = try MoonshineModel(library: try openLibrary(files).get(), files: files)
        var samples: [Int16] = []
        var sampleRate = TurnAudio.modelRate
        let speaking = try quickest { () throws(EngineError) in
            samples = []
            try speaker.speak("I would like to book a cleaning for Tuesday afternoon, please.") { chunk in
                samples += chunk.samples
                sampleRate = chunk.sampleRate
                return true
            }
        }
        let seconds = Double(samples.count) / Double(sampleRate)
        guard seconds > 0 else { throw EngineError(engine: speaker.name, message: "spoke a sentence without a sound") }
        let heard = Resampler.resample(samples, from: sampleRate, to: TurnAudio.modelRate).map { Float($0) / 32_768 }
        let recognizing = quickest { _ = model.decode(heard) }
        return EngineCost(recognizing: recognizing / seconds, speaking: speaking / seconds)
    }

    /// In seconds.
    private static func quickest<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) -> Double {
        let clock = ContinuousClock()
        var quickest = Double.infinity
        for _ in 0..<3 {
            let start = clock.now
            try work()
            quickest = min(quickest, (clock.now - start) / .seconds(1))
        }
        return quickest
    }
}
#endif
