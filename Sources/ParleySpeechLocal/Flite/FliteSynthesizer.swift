#if LocalSpeech
import ParleyCore
import ParleySpeech

extension FliteVoice: ClauseVoice {}

/// flite's voices: first sound within some 15 ms of work, exact word ends, a few megabytes.
public final class FliteSynthesizer: SpeechSynthesizer {
    public let name = "flite"

    private let voice: FliteVoice
    private let memory: SpokenBefore
    private let threads: EngineThreads

    init(voice: FliteVoice, memory: SpokenBefore, threads: EngineThreads) {
        self.voice = voice
        self.memory = memory
        self.threads = threads
    }

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        ClauseSession(voice: voice, memory: memory, threads: threads, answer: answer)
    }
}
#endif
