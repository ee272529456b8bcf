#if LocalSpeech
import ParleyCore
import ParleySpeech
import ParleySpeechLocal

/// How long engines are said to take. On a virtual clock a result is there at the request plus this, whatever the machine
/// needed for it.
public struct EngineLatency: Equatable, Sendable {
    /// Of one decode: this and so much for each second of the turn. Moonshine on two idle cores: 30 ms a second.
    public var decode = CallTime.milliseconds(40)
    public var decodePerSecond = CallTime.milliseconds(35)
    /// Of the first sound of a clause, and for each second of sound. joe on two idle cores: 85 ms a second.
    public var speak = CallTime.milliseconds(20)
    public var speakPerSecond = CallTime.milliseconds(90)
    /// What the work really took, in place of all of these: as fast or slow as the machine, and never twice the same.
    public var isMeasured = false

    public init() {}

    func time(of work: EngineWork) -> CallTime {
        switch work {
        case .decoded(let seconds, let took):
            isMeasured ? CallTime(took) : decode + Self.share(decodePerSecond, seconds)
        case .spoken(let seconds, let isFirst, let took):
            isMeasured ? CallTime(took) : (isFirst ? speak : .zero) + Self.share(speakPerSecond, seconds)
        }
    }

    private static func share(_ time: CallTime, _ seconds: Double) -> CallTime {
        CallTime(nanoseconds: Int64(Double(time.nanoseconds) * seconds))
    }
}

/// The embedded engines, in step with a virtual clock. Loaded once, for one call after another.
public final class EmbeddedEngines: VirtualEngines {
    private let stepped: SteppedThreads
    private let recognizer: any SpeechRecognizer
    private let synthesizer: any SpeechSynthesizer
    private let silero: SileroLibrary?

    /// - Parameters:
    ///   - directory: as `scripts/engines.sh` leaves it.
    ///   - voice: as `speech.voice`. flite's voices have the same samples every time; joe's are a little different in each
    ///     process, and so are the calls it speaks in.
    ///   - threads: as `speech.threads`.
    ///   - hasSecondOpinion: as on a machine with time for it.
    /// - Throws: `EngineError` for what is missing or damaged, with the mend.
    public init(
        directory: String, voice: String = "slt", threads: Int = 2, hasSecondOpinion: Bool = true,
        latency: EngineLatency = EngineLatency()
    ) throws(EngineError) {
        guard let voice = LocalSpeech.Voice(rawValue: voice) else {
            throw EngineError(engine: voice, message: "is no embedded voice; set speech.voice to joe, slt, rms, awb or kal16")
        }
        let stepped = SteppedThreads(count: threads)
        self.stepped = stepped
        (recognizer, synthesizer) = try LocalSpeech.stepped(
            directory: directory, voice: voice, threads: stepped.threads
        ) { [unowned stepped] in stepped.pause(for: latency.time(of: $0)) }
        guard hasSecondOpinion else {
            silero = nil
            return
        }
        let (library, line) = LocalSpeech.openSilero(directory: directory)
        guard let library else { throw EngineError(engine: "silero", message: line) }
        silero = library
    }

    public func begin(on clock: VirtualClock) throws(EngineError) -> VirtualSpeech {
        stepped.begin(clock)
        var speech = VirtualSpeech(recognizer: recognizer, synthesizer: synthesizer)
        if let silero {
            var offline = try OfflineOpinion(library: silero)
            speech.opinion = { frame, isWanted, answer in
                offline.feed(frame, isWanted: isWanted, answer: answer)
            }
        }
        return speech
    }

    public func settle() { stepped.settle() }
    public func end() { stepped.end() }
}
#endif
